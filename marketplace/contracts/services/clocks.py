"""Clocks: what a contract does by itself when its day comes: a trial ends, silence accepts, a report is opened.

The row is the queue: `Contract.next_clock_on`. Everything is asked of what stands in the database, never of what was
done last time: a tick that was missed is made up for in the order of the days, one that runs twice finds nothing left
to do, and one that is killed leaves nothing half done, for a contract's tick is one transaction.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from marketplace.core.access import SYSTEM

from ..models import Contract, Milestone, SalesReport
from ..reading import statement_of
from ..rules import reminding
from ..rules.statement import Statement
from ..telling import tell
from . import ending, milestones, owing, reports, running, schedule

log = logging.getLogger(__name__)
State = Contract.State
DAY = timedelta(days=1)
BATCH = 200
MOST_ACTS = 2000
"""More than any contract can have missed; a clock that does the same again and again is stopped there."""


class Counts(NamedTuple):
    """What a round came to: contracts that were ticked, and those that failed and will be tried again."""

    ticked: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens by itself on a day."""

    on: date
    does: Callable[[], Any]


def tick_all(today: date, *, batch: int = BATCH) -> Counts:
    """Tick every contract whose day has come. May run twice, at the same time, or die half way."""
    ticked = set_aside = last = 0
    while rows := list(waiting(today).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]):
        last = rows[-1]
        for pk in rows:
            done = tick_row(pk, today)
            ticked, set_aside = ticked + (done is True), set_aside + (done is False)
    return Counts(ticked, set_aside)


def waiting(today: date) -> Any:
    """The queue: contracts whose day has come, and those that run and were never wound up."""
    never = Q(next_clock_on=None, state__in=Contract.RUNNING)
    return Contract.objects.filter(Q(next_clock_on__lte=today) | never)


def tick_row(pk: int, today: date) -> bool | None:
    """Tick one contract of the queue: True when done, None when another worker has it, False when it failed."""
    try:
        with transaction.atomic():
            row = waiting(today).filter(pk=pk).select_for_update(skip_locked=True, no_key=True).first()
            if row is not None:
                live(row, today)
        return None if row is None else True
    except (OperationalError, InterfaceError):
        log.exception("The database failed at contract %s; the next round tries it again.", pk)
        return False
    except Exception:
        log.exception("Contract %s could not be ticked; it is set aside until tomorrow.", pk)
        waiting(today).filter(pk=pk).update(next_clock_on=today + DAY)
        return False


@transaction.atomic
def tick(contract: Contract, today: date) -> Contract:
    """Do what is due by itself, in the order of the days, remind people, and set the next day. Twice is once."""
    row = Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    live(row, today)
    return Contract.objects.get(pk=contract.pk)


def live(contract: Contract, today: date) -> None:
    """Let a locked contract live until the end of a day."""
    for _each in range(MOST_ACTS):
        contract = Contract.objects.select_related("sheet").get(pk=contract.pk)
        statement = statement_of(contract, today) if contract.is_signed else None
        first = min(dues(contract, statement, today), key=lambda due: due.on, default=None) if statement else None
        if first is None:
            break
        first.does()
    else:
        raise RuntimeError(f"The clock of contract {contract.pk} does the same again and again.")
    remind(contract, statement, today)
    wind(contract, statement, today)


def wind(contract: Contract, statement: Statement | None, today: date) -> None:
    """Set the next day of the clock. It is no act: the row's version stays."""
    upon = schedule.next_clock(contract, statement, today) if statement else None
    Contract.objects.filter(pk=contract.pk).update(next_clock_on=upon)


def dues(contract: Contract, statement: Statement, today: date) -> Iterator[Due]:
    """What has not happened yet and should have by today."""
    if contract.state not in schedule.WATCHED:
        return
    yield from of_state(contract, today)
    yield from of_milestones(contract, today)
    yield from of_reports(contract, statement, today)
    if ending.is_over(contract, statement, today):
        yield Due(today, partial(owing.complete, contract, day=today, by=SYSTEM))


def of_state(contract: Contract, today: date) -> Iterator[Due]:
    trial = schedule.last_of_trial(contract)
    if trial and trial < today:
        yield Due(trial + DAY, partial(running.end_trial, contract, by=SYSTEM))
    if contract.state == State.CURING and contract.cure_until and contract.cure_until < today:
        over = contract.cure_until + DAY
        yield Due(over, partial(owing.default, contract, day=over, by=SYSTEM))


def of_milestones(contract: Contract, today: date) -> Iterator[Due]:
    for row in schedule.open_milestones(contract):
        if row.state == Milestone.State.CLAIMED and row.answer_by and row.answer_by < today:
            yield Due(row.answer_by + DAY, partial(milestones.accept_by_silence, row, by=SYSTEM))
        elif row.state != Milestone.State.CLAIMED and row.due_on and row.due_on < today:
            yield Due(row.due_on + DAY, partial(milestones.miss, row, by=SYSTEM))


def of_reports(contract: Contract, statement: Statement, today: date) -> Iterator[Due]:
    for row in schedule.open_reports(contract):
        if row.state == SalesReport.State.SUBMITTED and row.answer_by and row.answer_by < today:
            yield Due(row.answer_by + DAY, partial(reports.accept_report_by_silence, row, by=SYSTEM))
    for period in schedule.unopened(contract, statement):
        yield Due(period.last + DAY, partial(reports.open_report, contract, period))


def remind(contract: Contract, statement: Statement | None, today: date) -> None:
    """Remind of each matter that waits, once a step; only of the last step where several were missed."""
    if statement is None or contract.state not in schedule.WATCHED:
        return
    steps = schedule.steps_on(today, contract)
    for matter in schedule.matters(contract, statement):
        step = reminding.step_reached(matter.due_on, today, steps)
        if step is not None:
            tell(contract, matter.about, on=matter.due_on, step=step, sides=matter.sides_at(step, steps))
