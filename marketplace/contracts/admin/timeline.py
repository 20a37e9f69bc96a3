"""The timeline of a licence: what has happened and which days are ahead, in the order of the days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.showing import countdown, exact

from ..models import Contract, Fact, Milestone, SalesReport
from ..rules import clockwork
from ..rules.events import Kind
from ..rules.statement import LineState, Statement
from ..wording import EVENTS, line_name
from .page import Page

State = Contract.State


@dataclass(frozen=True, slots=True)
class Moment:
    """One day of the licence. `tone` is past, today, ahead or late."""

    on: date
    what: str
    note: str = ""
    tone: str = "past"
    countdown: str = ""


def timeline(page: Page) -> list[Moment]:
    """Every day of the licence, the earliest first."""
    found = [*behind(page), *ahead(page)]
    return sorted(found, key=lambda each: each.on)


# What has happened


def behind(page: Page) -> Iterator[Moment]:
    contract = page.contract
    yield Moment(timezone.localdate(contract.created_at), _("begun: applied for, or drawn up"))
    if contract.law_on and contract.sheet:
        yield Moment(contract.law_on, _("terms agreed, version %(number)d") % {"number": contract.sheet.number})
    titles = {row.slug: str(row) for row in page.milestones}
    yield from (of_fact(fact, titles) for fact in page.facts)
    if contract.demanded_on:
        yield Moment(contract.demanded_on, _("overdue payments demanded"))
    if contract.ended_on:
        yield Moment(contract.ended_on, _("ended: %(state)s") % {"state": contract.get_state_display()})


def of_fact(fact: Fact, titles: dict[str, str]) -> Moment:
    """One fact in words, with what it was about."""
    kind, content = Kind(fact.kind), fact.content
    note = ""
    if kind is Kind.PAID:
        note = f"{exact(Decimal(content['amount']))} · {content.get('reference', '')}".rstrip(" ·")
    elif kind is Kind.SALES:
        note = f"{content['from']} – {content['to']}"
    elif kind is Kind.MILESTONE:
        note = titles.get(content.get("milestone", ""), "")
    elif kind is Kind.EXTENDED:
        note = _("%(months)s months") % {"months": content.get("months", "")}
    return Moment(fact.on, str(EVENTS[kind]), note)


# What is ahead


def ahead(page: Page) -> Iterator[Moment]:
    contract, statement = page.contract, page.statement
    if contract.notice and contract.notice.is_running:
        yield coming(page, contract.notice.ends_on, _("the public notice ends"))
    if contract.cure_until and contract.may_be_cured(page.today):
        yield coming(page, contract.cure_until, _("last day to cure"))
    if statement is None or contract.state not in Contract.RUNNING:
        return
    if contract.state == State.IN_TRIAL and contract.trial_ends_on:
        yield coming(page, contract.trial_ends_on, _("election day: keep or stop"))
    yield from milestones(page)
    yield from reports(page, statement)
    yield from payments(page, statement)
    yield from ends(page, statement)


def coming(page: Page, on: date, what: Any, note: str = "") -> Moment:
    tone = "late" if on < page.today else "today" if on == page.today else "ahead"
    return Moment(on, str(what), note, tone, countdown(on, page.today))


def milestones(page: Page) -> Iterator[Moment]:
    for row in page.milestones:
        if row.state == Milestone.State.CLAIMED and row.answer_by:
            yield coming(page, row.answer_by, _("silence confirms a milestone"), str(row))
        elif row.due_on and row.state in (Milestone.State.PENDING, Milestone.State.REJECTED, Milestone.State.MISSED):
            yield coming(page, row.due_on, _("milestone due"), str(row))


def reports(page: Page, statement: Statement) -> Iterator[Moment]:
    laid_out = {(row.royalty, row.first) for row in page.reports}
    for row in page.reports:
        if row.state in (SalesReport.State.DUE, SalesReport.State.QUERIED):
            yield coming(page, row.due_on, _("sales report due"), str(row))
        elif row.state == SalesReport.State.SUBMITTED and row.answer_by:
            yield coming(page, row.answer_by, _("silence accepts a sales report"), str(row))
    for due in statement.reports_due:
        if (due.royalty, due.first) not in laid_out:
            yield coming(page, due.due_on, _("sales report due"), f"{due.first} – {due.last}")


def payments(page: Page, statement: Statement) -> Iterator[Moment]:
    assert page.sheet is not None
    for line in clockwork.unpaid(statement):
        note = f"{line_name(line, page.sheet)} · {exact(line.unpaid)}"
        what = _("payment overdue") if line.state is LineState.OVERDUE else _("payment due")
        yield coming(page, line.due_on, what, note)


def ends(page: Page, statement: Statement) -> Iterator[Moment]:
    if statement.ends_on and statement.ends_on >= page.today:
        yield coming(page, statement.ends_on, _("the licence ends"))
    if statement.sell_off_until and statement.sell_off_until >= page.today:
        yield coming(page, statement.sell_off_until, _("last day to sell off stock"))
