"""Rules of the cash-flow calendar: what falls due and what comes, month by month."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from marketplace.core.money import ZERO

MOST_MONTHS = 60

Dated = tuple[date, Decimal]


class Month(NamedTuple):
    """One month: what fell or falls due in it, what the terms will make due, what came, and what of it is open."""

    first: date
    due: Decimal = ZERO
    planned: Decimal = ZERO
    came: Decimal = ZERO
    open: Decimal = ZERO

    @property
    def expected(self) -> Decimal:
        return self.due + self.planned

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"


def first_of(day: date, months: int = 0) -> date:
    """The first day of the month so many months away."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def calendar(
    first: date, count: int, *, due: Iterable[Dated], planned: Iterable[Dated], came: Iterable[Dated],
    open: Iterable[Dated],
) -> list[Month]:  # fmt: skip
    """`count` months from that of `first` on; days outside of them are left out. At most MOST_MONTHS."""
    if not 1 <= count <= MOST_MONTHS:
        raise ValueError(f"A calendar has 1 to {MOST_MONTHS} months.")
    columns = {"due": due, "planned": planned, "came": came, "open": open}
    sums: dict[tuple[str, date], Decimal] = {}
    for name, amounts in columns.items():
        for day, amount in amounts:
            key = (name, first_of(day))
            sums[key] = sums.get(key, ZERO) + amount
    months = [first_of(first, place) for place in range(count)]
    return [Month(month, *(sums.get((name, month), ZERO) for name in columns)) for month in months]


def total(months: Iterable[Month]) -> Month:
    """The sums over all months, under the first of them."""
    rows = list(months)
    names = ("due", "planned", "came", "open")
    return Month(rows[0].first, *(sum((getattr(row, name) for row in rows), ZERO) for name in names))
