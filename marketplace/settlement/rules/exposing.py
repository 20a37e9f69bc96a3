"""Rules of exposure: what a guarantor stands in for on a day, guarantee by guarantee and due day by due day.

The cover counts from the day on which the guarantee was issued until it is released, or until no payment that it
covers can be claimed any more; what was compensated by then is exposure no more.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from marketplace.contracts.rules.guaranteeing import covered_until
from marketplace.contracts.rules.sheet import Cover
from marketplace.core.money import ZERO, to_fen


class Life(NamedTuple):
    """The days of one guarantee: issued, released, and the last due day that it can be for (None: not known)."""

    issued_on: date
    released_on: date | None
    last_due_on: date | None


class Due(NamedTuple):
    """One payment that a guarantee covers on a day: what is open of it, the share that is covered, and until when."""

    key: str
    due_on: date
    open: Decimal
    covered: Decimal
    until: date


def ends_on(life: Life, months: int | None, legal_months: int) -> date | None:
    """The last day on which anything can be claimed; None while that is not known."""
    return None if life.last_due_on is None else covered_until(life.last_due_on, months, legal_months)


def stands(life: Life, day: date, last_day: date | None) -> bool:
    return (
        life.issued_on <= day
        and (life.released_on is None or day < life.released_on)
        and (last_day is None or day <= last_day)
    )


def left(cover_amount: Decimal, compensated: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
    """The cover that is left on a day, after what had been compensated by then."""
    return cover_amount - sum((amount for on, amount in compensated if on <= day), ZERO)


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
