"""The schedule: what people are reminded of, and on which day a contract has something to do by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace import law

from ..models import Contract, Milestone, SalesReport, Signature
from ..rules import clockwork, reminding
from ..rules.statement import ReportDue, Statement
from . import ending

State = Contract.State
SELLER, BUYER = Signature.Side.SELLER, Signature.Side.BUYER
BOTH = (SELLER, BUYER)
EARLY_ENDS = (State.TERMINATED, State.RETURNED)
WATCHED = (*Contract.RUNNING, *EARLY_ENDS)
"""States in which something may still happen by itself; after an early end, the last reports and payments."""
DAY = timedelta(days=1)
IDLE = timedelta(days=30)
"""Longer than this nobody leaves a contract that runs unlooked at."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something with a day that people are reminded of; from the last step on `escalated` hear of it too."""

    about: str
    due_on: date
    sides: tuple[str, ...] = BOTH
    escalated: tuple[str, ...] = ()

    def sides_at(self, step: int, steps: reminding.Steps) -> tuple[str, ...]:
        return (*self.sides, *self.escalated) if step >= reminding.escalated(steps) else self.sides


def steps_on(day: date, contract: Contract) -> reminding.Steps:
    """The days before and after a due day on which people are reminded, as they are now."""
    steps: reminding.Steps = law.on(day, contract.law_place).table("reminder.days")
    return steps


def matters(contract: Contract, statement: Statement) -> Iterator[Matter]:
    """What waits under a contract, each with its day."""
    if trial := last_of_trial(contract):
        yield Matter("election", trial)
    if contract.cure_until and contract.may_be_cured(statement.as_of):
        yield Matter("cure", contract.cure_until)
    if contract.state == State.PAYING and statement.ends_on:
        yield Matter("end", statement.ends_on)
    for line in clockwork.unpaid(statement, contract.written_off):
        yield Matter(f"pay:{line.key}"[:80], line.due_on)
    yield from _report_matters(contract)
    yield from _milestone_matters(contract)


def _report_matters(contract: Contract) -> Iterator[Matter]:
    for report in open_reports(contract):
        name = f"{report.royalty}:{report.first.isoformat()}"
        if report.state == SalesReport.State.SUBMITTED and report.answer_by:
            yield Matter(f"answer-report:{name}", report.answer_by, (SELLER,))
        elif report.state != SalesReport.State.SUBMITTED:
            yield Matter(f"report:{name}", report.due_on, (BUYER,), (SELLER,))


def _milestone_matters(contract: Contract) -> Iterator[Matter]:
    for milestone in open_milestones(contract):
        if milestone.state == Milestone.State.CLAIMED and milestone.answer_by:
            yield Matter(f"answer-milestone:{milestone.slug}", milestone.answer_by, (milestone.confirmed_by,))
        elif milestone.due_on:
            yield Matter(f"milestone:{milestone.slug}", milestone.due_on, (milestone.declared_by,))


def open_reports(contract: Contract) -> list[SalesReport]:
    """Reports that are due, asked back or wait for an answer."""
    return list(contract.sales_reports.exclude(state=SalesReport.State.ACCEPTED))


def open_milestones(contract: Contract) -> list[Milestone]:
    """Milestones that may still be missed or wait for an answer; after an early end only the latter."""
    waiting = [Milestone.State.CLAIMED]
    if contract.state not in EARLY_ENDS:
        waiting += [Milestone.State.PENDING, Milestone.State.REJECTED]
    return list(contract.milestones.filter(state__in=waiting))


def last_of_trial(contract: Contract) -> date | None:
    """The last day of a trial that runs: as agreed, or that of the licence where it is over sooner."""
    if contract.state != State.IN_TRIAL or contract.trial_ends_on is None:
        return None
    return min(contract.trial_ends_on, contract.ends_on or contract.trial_ends_on)


def unopened(contract: Contract, statement: Statement) -> list[ReportDue]:
    """Periods that have closed and for which no report lies there to be filled in."""
    if not statement.reports_due:
        return []
    rows = contract.sales_reports.filter(corrects=None).values_list("royalty", "first")
    known = set(rows)
    return [each for each in statement.reports_due if (each.royalty, each.first) not in known]


def next_clock(contract: Contract, statement: Statement, day: date) -> date | None:
    """The next day on which something happens by itself: not after `day` when something waits to be done already.

    A contract that runs always has one, so that an empty day means a clock that was never set.
    """
    if contract.state not in WATCHED:
        return None
    waiting = list(matters(contract, statement))
    if contract.state in EARLY_ENDS and not (waiting or statement.reports_due):
        return None
    steps = steps_on(day, contract)
    reminders = [reminding.next_day(each.due_on, day, steps) for each in waiting]
    ahead = [each for each in (statement.next_day, *reminders, *over_days(statement)) if each and each > day]
    idle = [day + IDLE] if contract.state in Contract.RUNNING else []
    return min([*ahead, *waiting_days(contract, statement, day), *idle], default=None)


def over_days(statement: Statement) -> list[date]:
    """The days after the licence and after the selling off."""
    return [day + DAY for day in (statement.ends_on, statement.sell_off_until) if day]


def waiting_days(contract: Contract, statement: Statement, day: date) -> Iterator[date]:
    """The days on which the machine acts on what is there now; one that has passed was missed and is made up for."""
    if trial := last_of_trial(contract):
        yield trial + DAY
    if contract.state == State.CURING and contract.cure_until:
        yield contract.cure_until + DAY
    for milestone in open_milestones(contract):
        last = milestone.answer_by if milestone.state == Milestone.State.CLAIMED else milestone.due_on
        if last:
            yield last + DAY
    for report in open_reports(contract):
        if report.state == SalesReport.State.SUBMITTED and report.answer_by:
            yield report.answer_by + DAY
    if unopened(contract, statement) or ending.is_over(contract, statement, day):
        yield day
