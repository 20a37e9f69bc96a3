"""Who owes what, as plainly as DOMAIN 5.4 says it: in whole fen and fractions, sharing no code with the engine.

A line arises on a day and is due on another; interest runs on what is unpaid from the day after it was due, at the
rate of that day; money pays the line that it names, else all interest and then the principal, oldest first; what is
left waits as a credit. A line below zero is set off against lines of its own term.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor


@dataclass
class Line:
    key: str
    due: date
    arose: date
    amount: int
    paid: int = 0
    interest_paid: int = 0
    grown: Fraction = Fraction(0)

    @property
    def term(self) -> str:
        return self.key.split(":")[0]

    @property
    def interest(self) -> int:
        return floor(self.grown + Fraction(1, 2))

    @property
    def open(self) -> int:
        return self.amount - self.paid


@dataclass
class Money:
    day: date
    amount: int
    names: str
    order: str  # of payments of one day


@dataclass
class Books:
    """All that was agreed and paid; `until(day)` lives through it from the beginning."""

    rate: Callable[[date], Fraction]
    charges: list[Line] = field(default_factory=list)
    payments: list[Money] = field(default_factory=list)
    terms: tuple[str, ...] = ()
    known: dict[object, "Standing"] = field(default_factory=dict)

    def until(self, today: date) -> "Standing":
        """Lived through once for a day and all that is known by then."""
        key = (today, len(self.charges), tuple((each.order, each.day, each.amount) for each in self.payments))
        if key not in self.known:
            self.known[key] = self.lived(today)
        return self.known[key]

    def lived(self, today: date) -> "Standing":
        standing = Standing(self.rate, terms=self.terms)
        days = {each.arose for each in self.charges} | {each.day for each in self.payments} | {today}
        for day in sorted(each for each in days if each <= today):
            standing.grow(day)
            for each in self.charges:
                if each.arose == day:
                    standing.charge(each)
            for money in sorted(self.payments, key=lambda one: one.order):
                if money.day == day:
                    standing.receive(money)
        return standing


@dataclass
class Standing:
    """Where everything stands at the end of a day."""

    rate: Callable[[date], Fraction]
    lines: list[Line] = field(default_factory=list)
    credit: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    today: date = date.min

    @property
    def all_credit(self) -> int:
        return self.credit + sum(self.waiting.values())

    def rate_of(self, line: Line) -> Fraction:
        """The yearly rate of the first day on which the line is late, for as long as it is."""
        return self.rate(line.due + timedelta(days=1))

    def oldest_first(self) -> list[Line]:
        return sorted((each for each in self.lines if each.amount > 0), key=lambda x: (x.due, x.arose, x.key))

    def grow(self, day: date) -> None:
        for line in self.lines:
            if line.open > 0:
                late = max((day - max(self.today, line.due)).days, 0)
                line.grown += Fraction(line.open) * self.rate_of(line) * late / 365
        self.today = day

    def charge(self, made: Line) -> None:
        line = Line(made.key, made.due, made.arose, made.amount)
        self.lines.append(line)
        if line.amount > 0:
            line.grown = Fraction(line.amount) * self.rate_of(line) / 365 * max((line.arose - line.due).days, 0)
        for other in self.oldest_first():
            self.set_off(other)
        self.spread(self.pay(line, self.waiting.pop(line.key, 0)))
        if line.amount > 0:
            self.credit = self.pay(line, self.credit)

    def set_off(self, line: Line) -> None:
        for source in self.lines:
            if source.amount < 0 and source.term == line.term:
                given = source.paid - source.amount
                source.paid -= given - self.pay(line, given)

    def receive(self, money: Money) -> None:
        known = {line.key: line for line in self.lines}
        if money.names and money.names not in known and money.names.split(":")[0] in self.terms:
            self.waiting[money.names] = self.waiting.get(money.names, 0) + money.amount
            return
        left = self.pay(known[money.names], money.amount) if money.names in known else money.amount
        self.spread(left)

    def spread(self, left: int) -> None:
        for line in self.oldest_first():
            left = self.pay_interest(line, left)
        for line in self.oldest_first():
            left = self.pay_principal(line, left)
        self.credit += left

    def pay(self, line: Line, money: int) -> int:
        return self.pay_principal(line, self.pay_interest(line, money)) if line.amount > 0 else money

    def pay_interest(self, line: Line, money: int) -> int:
        part = min(money, line.interest - line.interest_paid)
        line.interest_paid += part
        return money - part

    def pay_principal(self, line: Line, money: int) -> int:
        part = min(money, line.open)
        line.paid += part
        return money - part

    def overdue(self) -> dict[str, Line]:
        """What is late, by its key."""
        return {line.key: line for line in self.lines if self.state(line) == "overdue"}

    def unpaid(self) -> set[str]:
        """The keys of what lacks principal or interest."""
        return {line.key for line in self.lines if line.open > 0 or line.interest > line.interest_paid}

    def state(self, line: Line) -> str:
        if line.open == 0:
            return "paid"
        if line.amount > 0 and self.today > line.due:
            return "overdue"
        return "part_paid" if line.paid or line.interest_paid else "due"
