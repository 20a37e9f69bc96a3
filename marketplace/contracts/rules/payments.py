"""Rules of licence terms: which money pays which line, and what being late costs.

Money goes to the line it names; else to interest first and then to the oldest principal (Civil Code §561, DOMAIN 5.4).
What is left is a credit that later lines use. A negative line is set off against what is open of the same royalty and
then carried forward; by itself it is never paid out.
"""

from bisect import insort
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from marketplace.core.money import ZERO, to_fen

from .days import ONE_DAY
from .events import Paid
from .statement import LineState, Obligation, Step

RateOf = Callable[[date], Decimal]
"""The yearly rate that the law has on a day."""
DAYS_OF_RATE = 365

INTEREST = ":interest"
EQUITY = "EQUITY"


def free(day: date) -> Decimal:
    """No interest, whatever the day."""
    return ZERO


@dataclass(slots=True)
class Debt:
    """A line while it is being paid. `weight` is the sum of unpaid amount × days for which interest has run.

    `late_on` is the day after it was due: on that day whoever has not paid is in breach.
    """

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

    @property
    def late_on(self) -> date:
        return self.due_on + ONE_DAY


@dataclass(frozen=True, slots=True)
class Lateness:
    """What is agreed: a yearly rate, and days of grace that cost nothing when kept. Where nothing is, the law's rate.

    The law's rate is that of the breach (DOMAIN 5.1): of the day after each line was due, whatever it becomes later.
    """

    agreed: Decimal | None = None
    grace_days: int = 0
    legal: RateOf = free

    def rate(self, debt: Debt) -> Decimal:
        return self.legal(debt.late_on) if self.agreed is None else self.agreed

    def is_late(self, debt: Debt, day: date) -> bool:
        return day > debt.due_on + timedelta(days=self.grace_days)

    def run(self, debt: Debt, day: date) -> None:
        """Let interest run to a day: from the day after due, once the grace has passed unused."""
        is_open = debt.amount > 0 and debt.paid < debt.amount
        if is_open and self.is_late(debt, day) and self.rate(debt):
            since = max(debt.since, debt.due_on)
            debt.weight += debt.unpaid * (day - since).days
            debt.since = day

    def interest(self, debt: Debt) -> Decimal:
        """Interest so far, rounded once (DOMAIN 5.3 step 10)."""
        return to_fen(debt.weight * self.rate(debt) / DAYS_OF_RATE) if debt.weight else ZERO

    def step(self, debt: Debt, interest: Decimal) -> tuple[Step, ...]:
        """How the interest came about: which rate, and of which day where the law has set it; none without interest."""
        if not interest:
            return ()
        day = "AGREED" if self.agreed is not None else debt.late_on.isoformat()
        return (Step("interest", interest, {"yearly_rate": self.rate(debt), "rate_of": day}),)


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
    interest = lateness.interest(debt)
    return Obligation(
        key=debt.key,
        term=debt.term,
        kind=debt.kind,
        cause=debt.cause,
        arose_on=debt.arose_on,
        due_on=debt.due_on,
        amount=debt.amount,
        paid=debt.paid,
        interest=interest,
        interest_paid=debt.interest_paid,
        state=state_of(debt, lateness, as_of),
        steps=(*debt.steps, *lateness.step(debt, interest)),
    )
