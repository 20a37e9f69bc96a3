"""Rules of licence terms: when a royalty's calendar year is made up to its minimum, and for how many of its days.

A year closes when its last report was accepted, at the latest when the last one should have been. The minimum counts
from the first day that is paid for (after a trial, from its agreed licence year) to the last day of the licence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .days import ONE_DAY, days_in_year, licence_year_start, part_of_year, periods
from .history import History
from .sheet import Royalty


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A year that closes on a day; the minimum holds for `days` `of` the year's."""

    year: int
    on: date
    due_on: date
    days: int
    of: int


def year_ends(history: History, royalty: Royalty, accepted_on: Mapping[date, date]) -> Iterator[YearEnd]:
    """The years with a minimum up to that of the day, also one that will close later.

    `accepted_on` says when the period that begins on a day was first reported.
    """
    start, minimum_from = history.royalties_from, _minimum_from(history, royalty)
    if start is None or minimum_from is None:
        return
    for year in range(minimum_from.year, min(history.as_of.year, history.last_day.year) + 1):
        days = part_of_year(year, minimum_from, history.last_day)
        first, last = max(start, date(year, 1, 1)), min(history.selling_until, date(year, 12, 31))
        closed_on = _closed_on(royalty, first, last, accepted_on)
        if days:
            due_on = max(closed_on, last + timedelta(days=royalty.report_days + royalty.pay_days))
            yield YearEnd(year, closed_on, due_on, days, days_in_year(year))


def _minimum_from(history: History, royalty: Royalty) -> date | None:
    paying_from = history.course.kept_on if history.sheet.trial else history.signed_on
    if royalty.minimum_yearly is None or paying_from is None or history.signed_on is None:
        return None
    return max(paying_from, licence_year_start(history.signed_on, royalty.minimum_from_year))


def _closed_on(royalty: Royalty, first: date, last: date, accepted_on: Mapping[date, date]) -> date:
    latest = last + timedelta(days=royalty.report_days + royalty.answer_days)
    days = [accepted_on.get(span.first) for span in periods(first, last, royalty.period)]
    told = [day for day in days if day]
    return min(latest, max(last + ONE_DAY, *told)) if days and len(told) == len(days) else max(latest, last + ONE_DAY)
