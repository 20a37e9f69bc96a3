"""Rules of exposure: what a guarantor stands in for on a day, guarantee by guarantee and due day by due day.

The cover counts while the guarantee stands (`contracts.lasting`); what was compensated by then is exposure no more.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from marketplace.contracts.rules.guaranteeing import covered_until
from marketplace.contracts.rules.sheet import Cover
from marketplace.core.money import ZERO, to_fen


class Due(NamedTuple):
    """One payment that a guarantee covers on a day: what is open of it, the share that is covered, and until when."""

    key: str
    due_on: date
    open: Decimal
    covered: Decimal
    until: date


def paid(compensated: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
    """What had been compensated by a day."""
    return sum((amount for on, amount in compensated if on <= day), ZERO)


def left(cover_amount: Decimal, most: Decimal, compensated: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
    """What a guarantee stands for on a day: its cover after what had been compensated by then, `most` at the most."""
    return min(cover_amount - paid(compensated, day), most)


def by_due_day(
    cover: Cover, debts: Iterable[tuple[str, date, Decimal]], *, room: Decimal, legal_months: int, day: date
) -> list[Due]:
    """What is open by the day it falls due, each with what the guarantee would pay of it while its cover lasts."""
    found = []
    for key, due_on, owed in sorted(debts, key=lambda each: (each[1], each[0])):
        until = covered_until(due_on, cover.period_months, legal_months)
        covered = ZERO if day > until else min(room, to_fen(owed * cover.cover_share))
        room -= covered
        found.append(Due(key, due_on, owed, covered, until))
    return found
