"""Rules of licence terms: on which days lines arise, in the order in which they are booked.

On one day fixed amounts come first, then yearly fees, reports, yearly minimums, and the buy-out last. An amount for a
period that the licence cuts is owed for the days that are left of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum
from operator import itemgetter
from typing import Any, NamedTuple

from marketplace.law.rules.days import add_months

from .days import Span, days_of, period_of, periods
from .history import History
from .reports import Report
from .sheet import AnyTerm, Buyout, Equity, Fixed, Maintenance, MaintenanceEnd, Royalty, TriggerKind
from .years import year_ends


class Rank(IntEnum):
    """What comes before what on one day."""

    FIXED = 0
    MAINTENANCE = 1
    REPORT = 2
    YEAR_END = 3
    BUYOUT = 4


class Happening(NamedTuple):
    """Something that makes a line; `of` is the part of a period, the report, or the year that it is about."""

    on: date
    rank: Rank
    place: int
    term: AnyTerm
    of: Any = None


class Part(NamedTuple):
    """A period of the schedule with how many of its days count."""

    span: Span
    days: int
    whole: int


def happenings(history: History, met: Mapping[str, date | None], reports: Sequence[Report]) -> list[Happening]:
    """All that has made a line by the day of the history, in order, and after it what the calendar will bring."""
    found = [*_of_terms(history, met, reports), *_of_reports(history, reports)]
    found.sort(key=itemgetter(0, 1, 2))
    return found


def _of_terms(history: History, met: Mapping[str, date | None], reports: Sequence[Report]) -> Iterator[Happening]:
    for place, term in enumerate(history.sheet.terms):
        if isinstance(term, Fixed | Equity):
            day = met.get(term.id)
            if day and day <= history.last_day:
                yield Happening(day, Rank.FIXED, place, term)
            if isinstance(term, Fixed):
                for part in parts(history, term):
                    yield Happening(part.span.last, Rank.FIXED, place, term, part)
        elif isinstance(term, Maintenance):
            for day in anniversaries(history, term):
                yield Happening(day, Rank.MAINTENANCE, place, term)
        elif isinstance(term, Royalty) and term.minimum_yearly is not None:
            for end in year_ends(history, term, _accepted_on(term, reports)):
                yield Happening(end.on, Rank.YEAR_END, place, term, end)
        elif isinstance(term, Buyout) and history.bought_on:
            yield Happening(history.bought_on, Rank.BUYOUT, place, term)


def _of_reports(history: History, reports: Sequence[Report]) -> Iterator[Happening]:
    """A trial shelters from paying for what was sold in it until it is over."""
    terms = {each.id: each for each in history.sheet.terms} if reports else {}
    over_on = history.course.over_on
    for place, report in enumerate(reports):
        if report.span is None or (history.sheet.trial and over_on is None):
            continue
        day = max(report.sales.on, over_on) if history.sheet.trial and over_on else report.sales.on
        yield Happening(day, Rank.REPORT, place, terms[report.sales.royalty], report)


def _accepted_on(royalty: Royalty, reports: Sequence[Report]) -> dict[date, date]:
    """When each period was first reported, by its first day."""
    return {
        report.span.first: report.sales.on
        for report in reversed(reports)
        if report.span and report.sales.royalty == royalty.id
    }


def parts(history: History, term: Fixed) -> Iterator[Part]:
    """The periods at whose ends a repeating amount falls due, from the first day that is paid for, and one ahead."""
    if term.trigger is None or term.trigger.kind is not TriggerKind.PERIOD_END or term.trigger.every is None:
        return
    start = history.course.kept_on if history.sheet.trial else history.signed_on
    if start is None:
        return
    for span in periods(start, history.last_day, term.trigger.every):
        whole = period_of(span.first, term.trigger.every)
        yield Part(span, days_of(span.first, span.last), days_of(whole.first, whole.last))
        if span.last > history.as_of:
            return


def anniversaries(history: History, term: Maintenance) -> Iterator[date]:
    """The days of a yearly fee, and one ahead. No fee is owed for a year that has no day of the licence."""
    start = history.course.ends_on if history.sheet.trial else history.signed_on
    if start is None or (history.sheet.trial and history.course.kept_on is None):
        return
    first_sale = history.first_sale_on if term.until is MaintenanceEnd.FIRST_SALE else None
    months = 12
    while (day := add_months(start, months)) < history.last_day and (first_sale is None or day < first_sale):
        yield day
        if day > history.as_of:
            return
        months += 12
