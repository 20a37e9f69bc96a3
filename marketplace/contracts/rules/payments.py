"""Rules of licence terms: which money pays which line, and what being late costs.

Money goes to the line it names; else to interest first and then to the oldest principal (Civil Code §561, DOMAIN 5.4).
What is left is a credit that later lines use. A negative line is set off against what is open of the same royalty and
then carried forward; by itself it is never paid out.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from marketplace.core.money import ZERO, to_fen

from .events import Paid
from .statement import LineState, Obligation, Step

DAYS_OF_RATE = 365
INTEREST = ":interest"
EQUITY = "EQUITY"


@dataclass(slots=True)
class Debt:
    """A line while it is being paid. `weight` is the sum of unpaid amount × days for which interest has run."""

    key: str
    term: str
    kind: str
    cause: str
    arose_on: date
    due_on: date
    amount: Decimal
    steps: tuple[Step, ...] = ()
    paid: Decimal = ZERO
    interest_paid: Decimal = ZERO
    weight: Decimal = ZERO
    since: date = date.min

    @property
    def unpaid(self) -> Decimal:
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Lateness:
    """What is agreed, or the law's default: a yearly rate, and days of grace that cost nothing when kept."""

    rate: Decimal = ZERO
    grace_days: int = 0

    def is_late(self, debt: Debt, day: date) -> bool:
        return day > debt.due_on + timedelta(days=self.grace_days)

    def run(self, debt: Debt, day: date) -> None:
        """Let interest run to a day: from the day after due, once the grace has passed unused."""
        if self.rate and debt.amount > 0 and debt.paid < debt.amount and self.is_late(debt, day):
            since = max(debt.since, debt.due_on)
            debt.weight += debt.unpaid * (day - since).days
            debt.since = day

    def interest(self, debt: Debt) -> Decimal:
        """Interest so far, rounded once (DOMAIN 5.3 step 10)."""
        return to_fen(debt.weight * self.rate / DAYS_OF_RATE) if debt.weight else ZERO


@dataclass(slots=True)
class Till:
    """The open lines, oldest first, and the money and set-offs that wait for later ones."""

    lateness: Lateness
    open: list[tuple[date, date, str, Debt]] = field(default_factory=list)
    credit: Decimal = ZERO
    named: dict[str, Decimal] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    carried: dict[str, list[Debt]] = field(default_factory=dict)

    def charge(self, debt: Debt) -> None:
        """A line arises: it takes what is carried forward for its royalty, what was paid for it, and any credit."""
        day = debt.arose_on
        self.known.add(debt.key)
        if debt.amount < 0:
            self.carried.setdefault(debt.term, []).append(debt)
            for other in [each for *_, each in self.open if each.term == debt.term]:
                self._set_off(other, day)
        elif debt.amount > 0:
            insort(self.open, (debt.due_on, debt.arose_on, debt.key, debt))
            self._set_off(debt, day)
        if debt.key in self.named:
            money = self.named.pop(debt.key)
            self._spread(self._pay(debt, money, day) if debt.amount > 0 else money, day)
        if self.credit and debt.amount > 0:
            self.credit = self._pay(debt, self.credit, day)

    def receive(self, payment: Paid, *, is_ours: bool) -> None:
        """Money arrives: for the named line, which it waits for when `is_ours` says that it may yet arise."""
        money, name = payment.amount, payment.obligation.removesuffix(INTEREST)
        if name and is_ours and name not in self.known:
            self.named[name] = self.named.get(name, ZERO) + money
            return
        debt = next((each for *_, key, each in self.open if key == name), None) if name else None
        self._spread(self._pay(debt, money, payment.on) if debt else money, payment.on)

    def _spread(self, money: Decimal, day: date) -> None:
        """Interest first, then principal, oldest first; what is left is a credit."""
        for *_, debt in self.open:
            if not money or not self.lateness.is_late(debt, day):
                break  # who comes later is not late either
            money = self._pay_interest(debt, money, day)
        for *_, debt in list(self.open):
            if not money:
                return
            money = self._pay_principal(debt, money)
        self.credit += money

    @property
    def unused(self) -> Decimal:
        """Money that no line has taken yet."""
        return sum(self.named.values(), self.credit)

    def _set_off(self, debt: Debt, day: date) -> None:
        for source in self.carried.get(debt.term, ()):
            given = source.paid - source.amount
            if given:
                source.paid -= given - self._pay(debt, given, day)

    def _pay(self, debt: Debt, money: Decimal, day: date) -> Decimal:
        """Pay a line's interest and then its principal; return what is left."""
        return self._pay_principal(debt, self._pay_interest(debt, money, day))

    def _pay_interest(self, debt: Debt, money: Decimal, day: date) -> Decimal:
        self.lateness.run(debt, day)
        if not debt.weight:
            return money
        part = min(money, self.lateness.interest(debt) - debt.interest_paid)
        debt.interest_paid += part
        return money - part

    def _pay_principal(self, debt: Debt, money: Decimal) -> Decimal:
        """Its interest so far has been paid, if there is money at all."""
        part = min(money, debt.unpaid)
        debt.paid += part
        if part and debt.paid == debt.amount:
            self.open.remove((debt.due_on, debt.arose_on, debt.key, debt))
        return money - part


def settle(
    debts: Sequence[Debt], payments: Iterable[Paid], lateness: Lateness, *, terms: Collection[str], as_of: date
) -> Till:
    """Pay the lines, which come in the order in which they arose, with the money, day by day up to a day.

    On one day lines arise before money arrives. A payment may name a line of one of the `terms` before it arises. The
    lines are changed in place.
    """
    till, place = Till(lateness), 0
    for payment in payments:
        while place < len(debts) and debts[place].arose_on <= payment.on:
            till.charge(debts[place])
            place += 1
        till.receive(payment, is_ours=term_of(payment) in terms)
    for debt in debts[place:]:
        till.charge(debt)
    for *_, debt in till.open:
        lateness.run(debt, as_of)
    return till


def term_of(payment: Paid) -> str:
    """The term whose line a payment names."""
    return payment.obligation.split(":", 1)[0]


def state_of(debt: Debt, lateness: Lateness, as_of: date) -> LineState:
    """Interest is paid before principal; overdue is what the grace did not save. No money settles shares."""
    if debt.kind == EQUITY:
        return LineState.OPEN
    if debt.paid == debt.amount:
        return LineState.PAID
    if debt.amount > 0 and lateness.is_late(debt, as_of):
        return LineState.OVERDUE
    return LineState.PART_PAID if debt.paid or debt.interest_paid else LineState.OPEN


def line_of(debt: Debt, lateness: Lateness, as_of: date) -> Obligation:
    """The line as it is shown."""
    return Obligation(
        key=debt.key,
        term=debt.term,
        kind=debt.kind,
        cause=debt.cause,
        arose_on=debt.arose_on,
        due_on=debt.due_on,
        amount=debt.amount,
        paid=debt.paid,
        interest=lateness.interest(debt),
        interest_paid=debt.interest_paid,
        state=state_of(debt, lateness, as_of),
        steps=debt.steps,
    )
