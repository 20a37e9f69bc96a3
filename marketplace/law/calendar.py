"""The working days of the years whose holidays were published; the table of a year is a rule, `calendar.holidays`."""

from datetime import date
from typing import Any

from .book import Provision, on
from .rules.days import Calendar

KEY = "calendar.holidays"


def tables(first: date, last: date) -> list[Provision]:
    """The tables of the years between two days, as far as there are any."""
    books = [on(date(year, 12, 31)) for year in range(first.year, last.year + 1)]
    return [book.entry(KEY) for book in books if KEY in book]


def working_days(first: date, last: date) -> Calendar:
    """What is known of the working days between two days."""
    found = tables(first, last)
    return Calendar(
        off=days_of(found, "off"),
        worked=days_of(found, "worked"),
        years=frozenset(table.effective_from.year for table in found),
    )


def days_of(found: list[Provision], name: str) -> frozenset[date]:
    values: list[Any] = [table.value for table in found]
    return frozenset(date.fromisoformat(day) for value in values for day in value[name])
