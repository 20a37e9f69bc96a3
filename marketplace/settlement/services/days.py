"""Days of the law: the last day of a term that begins today, and which legal value it is."""

from datetime import date
from typing import NamedTuple

from marketplace import law
from marketplace.law import calendar
from marketplace.law.rules.days import last_day


class Term(NamedTuple):
    """Its last day, and the rule that it was counted by."""

    until: date
    rule: str


def term(key: str, begins: date, place: str) -> Term:
    """The days of a legal value, counted as the Civil Code counts days (201, 203)."""
    book = law.on(begins, place)
    known = calendar.working_days(begins, date(begins.year + 1, 12, 31))
    entry = book.entry(key)
    return Term(last_day(begins, book.days(key), entry.unit, known), entry.reference)
