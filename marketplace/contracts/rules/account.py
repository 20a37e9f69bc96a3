"""Rules of licence terms: the running account of one royalty: set-off, yearly minimum, caps, corrections.

Reports are booked in the order in which they were accepted, so that a line once made never changes. A correction is
booked as a line of its own: what everything so far would have come to with the right figures, less what was charged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from marketplace.core.money import ZERO, to_fen

from .days import Span
from .events import Sales
from .royalty import NOTHING, Earned, earn, explain
from .sheet import Counted, Royalty
from .statement import Step


@dataclass(slots=True)
class Credits:
    """What may still be set off against royalties, by the fixed term that it was charged under."""

    left: dict[str, Decimal] = field(default_factory=dict)

    def add(self, term: str, amount: Decimal) -> None:
        self.left[term] = self.left.get(term, NOTHING) + amount

    def of(self, terms: Sequence[str]) -> Decimal:
        return sum((self.left.get(each, NOTHING) for each in terms), NOTHING)

    def take(self, terms: Sequence[str], amount: Decimal, used: dict[str, Decimal]) -> None:
        """Move an amount from the first balances that have it to what one royalty has used."""
        for term in terms:
            part = min(amount, self.left.get(term, NOTHING))
            self._move(term, part, used)
            amount -= part

    def give_back(self, terms: Sequence[str], amount: Decimal, used: dict[str, Decimal]) -> None:
        """Return an amount to the balances that it was taken from, the last one first."""
        for term in reversed(terms):
            part = min(amount, used.get(term, NOTHING))
            self._move(term, -part, used)
            amount -= part

    def _move(self, term: str, amount: Decimal, used: dict[str, Decimal]) -> None:
        self.left[term] = self.left.get(term, NOTHING) - amount
        used[term] = used.get(term, NOTHING) + amount


class Stated(NamedTuple):
    """A period's figures, and how much could be set off in all, by this period and those before it."""

    span: Span
    sales: Sales
    settable: Decimal


class Closed(NamedTuple):
    """A year that has ended with its agreed minimum, already for the part of the year that counts."""

    year: int
    minimum: Decimal


class Booked(NamedTuple):
    """Steps 5 to 9 of a report."""

    earned: Earned
    set_off: Decimal
    covered: Decimal
    capped: Decimal
    amount: Decimal


@dataclass(slots=True)
class Run:
    """The sums that a pass over the items of an account has reached."""

    royalty: Royalty
    before: dict[int, Decimal] = field(default_factory=dict)
    set_off: Decimal = NOTHING
    total: Decimal = ZERO
    years: dict[int, Decimal] = field(default_factory=dict)
    true_ups: dict[int, Decimal] = field(default_factory=dict)

    def state(self, item: Stated) -> Booked:
        """Book a report: steps 3 to 9. One that comes after its year was made up is covered by the true-up first."""
        year = item.span.first.year
        earned = self._earn(item.sales, year)
        set_off = max(min(earned.payable, item.settable - self.set_off), NOTHING)
        due = _least(earned.payable - set_off, self.royalty.period_cap)
        covered = min(due, self.true_ups.get(year, NOTHING))
        capped = _least(due - covered, self._room())
        amount = to_fen(capped)
        self.set_off += set_off
        self.total += amount
        self.years[year] = self.years.get(year, ZERO) + amount
        if covered:
            self.true_ups[year] -= covered
        return Booked(earned, set_off, covered, capped, amount)

    def _earn(self, sales: Sales, year: int) -> Earned:
        if self.royalty.counted is Counted.PERIOD:
            return earn(self.royalty, sales, NOTHING)
        counter = year if self.royalty.counted is Counted.YEAR else 0
        before = self.before.get(counter, NOTHING)
        earned = earn(self.royalty, sales, before)
        self.before[counter] = before + earned.adjusted
        return earned

    def close(self, item: Closed) -> Decimal:
        """Book what a year falls short of its minimum (step 6), as far as the lifetime cap leaves room."""
        short = max(item.minimum - self.years.get(item.year, ZERO), ZERO)
        short = _least(short, self._room())
        self.total += short
        self.true_ups[item.year] = short
        return short

    def _room(self) -> Decimal | None:
        cap = self.royalty.lifetime_cap
        return None if cap is None else cap - self.total


def _least(amount: Decimal, cap: Decimal | None) -> Decimal:
    return amount if cap is None else min(amount, cap)


def _clamped(item: Stated | Closed, settable: Decimal) -> Stated | Closed:
    if isinstance(item, Stated) and item.settable > settable:
        return item._replace(settable=settable)
    return item


@dataclass(slots=True)
class Account:
    """All that is booked under one royalty. `charged` is what became lines, the cap of the whole sheet respected."""

    royalty: Royalty
    credits: Credits
    run: Run = field(init=False)
    items: list[Stated | Closed] = field(default_factory=list)
    places: dict[date, int] = field(default_factory=dict)
    used: dict[str, Decimal] = field(default_factory=dict)
    charged: Decimal = ZERO

    def __post_init__(self) -> None:
        self.run = Run(self.royalty)

    @property
    def is_paid_up(self) -> bool:
        """After the lifetime cap nothing more accrues (DOMAIN 5.2)."""
        return self.royalty.lifetime_cap is not None and self.charged >= self.royalty.lifetime_cap

    def state(self, span: Span, sales: Sales) -> tuple[Decimal, list[Step]]:
        """Book a period's first report; the amount and how it was reached."""
        settable = self.run.set_off + self.credits.of(self.royalty.credits)
        item = Stated(span, sales, settable)
        self.places[span.first] = len(self.items)
        self.items.append(item)
        booked = self.run.state(item)
        self.credits.take(self.royalty.credits, booked.set_off, self.used)
        return booked.amount, [*explain(self.royalty, booked.earned), *self._explain(booked)]

    def correct(self, span: Span, sales: Sales) -> tuple[Decimal, list[Step]]:
        """Book the difference that other figures make to all that has been booked."""
        place = self.places[span.first]
        stated = self.items[place]
        assert isinstance(stated, Stated)
        self.items[place] = stated._replace(sales=sales)
        booked = self._run_again(place)
        amount = self.run.total - self.charged
        steps = [*explain(self.royalty, booked.earned), *self._explain(booked)]
        restated = Step("restated", self.run.total, {"period": span.label, "now": booked.amount})
        return amount, [*steps, restated, Step("difference", amount, {"charged": self.charged})]

    def _run_again(self, shown: int) -> Booked:
        """Pass over all items anew; return what is now booked at one place. What others set off since is gone."""
        settable = self.run.set_off + self.credits.of(self.royalty.credits)
        self.items = [_clamped(each, settable) for each in self.items]
        run, before = Run(self.royalty), self.run.set_off
        booked = [run.state(each) if isinstance(each, Stated) else run.close(each) for each in self.items]
        self.run = run
        self.credits.take(self.royalty.credits, max(run.set_off - before, NOTHING), self.used)
        self.credits.give_back(self.royalty.credits, max(before - run.set_off, NOTHING), self.used)
        found = booked[shown]
        assert isinstance(found, Booked)
        return found

    def close(self, year: int, share: Decimal, *, days: int, of: int) -> tuple[Decimal, list[Step]]:
        """Book what a year falls short of its share of the yearly minimum."""
        item = Closed(year, to_fen(share))
        booked = self.run.years.get(year, ZERO)
        self.items.append(item)
        amount = self.run.close(item)
        assert self.royalty.minimum_yearly is not None
        inputs = {"minimum_yearly": self.royalty.minimum_yearly, "days": Decimal(days), "of": Decimal(of)}
        return amount, [
            Step("minimum", item.minimum, inputs),
            Step("short", max(item.minimum - booked, ZERO), {"year": str(year), "booked": booked}),
            *_ending(self.royalty, amount, amount),
        ]

    def _explain(self, booked: Booked) -> list[Step]:
        left = booked.earned.payable - booked.set_off
        after = _least(left, self.royalty.period_cap) - booked.covered
        return [
            Step("credited", left, {"set_off": booked.set_off}),
            Step("minimum", after, {"at": "YEAR_END", "covered": booked.covered}),
            *_ending(self.royalty, booked.capped, booked.amount),
        ]


def _ending(royalty: Royalty, capped: Decimal, amount: Decimal) -> list[Step]:
    """Steps 7 to 9. Tax is charged by invoice on top and changes no amount here (step 8)."""
    caps = {"period_cap": royalty.period_cap, "lifetime_cap": royalty.lifetime_cap}
    return [
        Step("capped", capped, {name: cap for name, cap in caps.items() if cap is not None}),
        Step("taxed", capped, {"vat": "BY_INVOICE"}),
        Step("rounded", amount, {"half_up_to": "0.01"}),
    ]
