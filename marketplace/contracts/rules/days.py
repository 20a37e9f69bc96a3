"""Rules of licence terms: how months are added, how periods tile a licence, what part of a year counts.

A period in months ends on the same day number or on the month's last day (Civil Code §202), at 24:00 (§203); the day
on which it begins is not counted (§201). So twelve months from 31 December end with 31 December, that day included.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from marketplace.law.rules.days import add_months

from .sheet import Period

FAR = date.max  # the last day of what has no end
ONE_DAY = timedelta(days=1)
MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


class Span(NamedTuple):
    """A period with its name ("2027", "2027-H1", "2027-Q1", "2027-03"); both days belong to it."""

    label: str
    first: date
    last: date


def later(day: date, *, months: int = 0, days: int = 0) -> date:
    """Months first, then days; what has no end stays without one."""
    if day == FAR:
        return FAR
    return add_months(day, months) + timedelta(days=days)


@lru_cache(maxsize=4096)  # calendars are the same for every contract
def period_of(day: date, every: Period) -> Span:
    """The whole calendar period that a day lies in."""
    length = MONTHS[every]
    number = (day.month - 1) // length
    start = number * length + 1
    last_month = start + length - 1
    last = date(day.year, last_month, monthrange(day.year, last_month)[1])
    return Span(_label(day.year, number + 1, every), date(day.year, start, 1), last)


def _label(year: int, number: int, every: Period) -> str:
    if every is Period.YEAR:
        return f"{year}"
    if every is Period.MONTH:
        return f"{year}-{number:02}"
    return f"{year}-{'Q' if every is Period.QUARTER else 'H'}{number}"


def cut(span: Span, first: date, last: date) -> Span:
    """What of a period lies between two days."""
    return Span(span.label, max(span.first, first), min(span.last, last))


def periods(first: date, last: date, every: Period) -> Iterator[Span]:
    """Calendar periods that tile the days from first to last without gap or overlap, cut at both ends."""
    day = first
    while day <= last:
        span = cut(period_of(day, every), first, last)
        yield span
        if span.last == FAR:
            return
        day = span.last + ONE_DAY


def days_of(first: date, last: date) -> int:
    """How many days there are from first to last, both counted; none when they are the wrong way round."""
    return max((last - first).days + 1, 0)


def days_in_year(year: int) -> int:
    return 366 if isleap(year) else 365


def part_of_year(year: int, first: date, last: date) -> int:
    """How many days of a calendar year lie from first to last."""
    return days_of(max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))


def licence_year_start(signed_on: date, number: int) -> date:
    """The first day of the n-th year of a licence; the first one begins with the signature."""
    return signed_on if number <= 1 else add_months(signed_on, 12 * (number - 1)) + ONE_DAY
