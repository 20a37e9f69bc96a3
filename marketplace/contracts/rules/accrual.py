"""Rules of licence terms: the lines that have arisen, each with its amount, its due day and its steps.

Everything is booked in the order of its days under one cap; a line once made never changes, and the cap of the whole
sheet cuts the line that reaches it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketplace.core.money import ZERO, to_fen

from .account import Account, Credits
from .days import Span
from .history import History
from .payments import EQUITY, Debt, Lateness, settle
from .reports import Report
from .schedule import Happening, Part, Rank
from .sheet import Buyout, Equity, Fixed, Maintenance, Royalty
from .statement import Step
from .years import YearEnd


@dataclass(slots=True)
class Books:
    """The lines so far, the shares owed beside them, the royalties' accounts, and the room under the sheet's cap."""

    history: History
    lateness: Lateness
    room: Decimal | None
    debts: list[Debt] = field(default_factory=list)
    shares: list[Debt] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    credits: Credits = field(default_factory=Credits)
    due_days: dict[tuple[str, date], date] = field(default_factory=dict)

    def book(self, happening: Happening) -> None:
        """Make the line of something that happened."""
        BOOKINGS[happening.rank](self, happening)

    def account(self, royalty: Royalty) -> Account:
        if royalty.id not in self.accounts:
            self.accounts[royalty.id] = Account(royalty, self.credits)
        return self.accounts[royalty.id]

    def charge(self, debt: Debt, steps: list[Step]) -> Decimal:
        """Add a line as far as the cap of the sheet leaves room; return what was charged."""
        if self.room is not None:
            if debt.amount > self.room:
                debt.amount = self.room
                steps.append(Step("total_cap", self.room, {"cap": self.history.sheet.total_cap or ZERO}))
            self.room -= debt.amount
        debt.steps = (*steps, Step("due", debt.amount, {"due_on": debt.due_on.isoformat()}))
        self.debts.append(debt)
        return debt.amount


def _fix(books: Books, happening: Happening) -> None:
    term, day = happening.term, happening.on
    if isinstance(term, Equity):
        _owe_shares(books, term, day)
        return
    assert isinstance(term, Fixed)
    assert term.trigger is not None
    cause = term.trigger.kind.value
    amount, key, steps = term.amount, term.id, [Step("amount", term.amount, {"trigger": cause})]
    if isinstance(happening.of, Part):
        amount, key = _part(term, happening.of, steps), f"{term.id}:{happening.of.span.label}"
    debt = Debt(key, term.id, "FIXED", cause, day, day + timedelta(days=term.pay_days), to_fen(amount))
    charged = books.charge(debt, steps)
    if term.creditable:
        books.credits.add(term.id, charged)


def _part(term: Fixed, part: Part, steps: list[Step]) -> Decimal:
    """The amount of a period, for the days that count of it."""
    if part.days == part.whole:
        return term.amount
    amount = to_fen(term.amount * part.days / part.whole)
    steps.append(Step("pro_rata", amount, {"days": Decimal(part.days), "of": Decimal(part.whole)}))
    return amount


def _owe_shares(books: Books, term: Equity, day: date) -> None:
    """Shares are owed as shares: shown with the value agreed for them, outside every sum and cap of cash."""
    assert term.trigger is not None
    steps = (Step("valuation", to_fen(term.valuation), {"percent": term.percent}),)
    due_on = day + timedelta(days=term.pay_days)
    value = to_fen(term.valuation)
    books.shares.append(Debt(term.id, term.id, EQUITY, term.trigger.kind.value, day, due_on, value, steps))


def _maintain(books: Books, happening: Happening) -> None:
    term, day = happening.term, happening.on
    assert isinstance(term, Maintenance)
    due_on = day + timedelta(days=term.pay_days)
    key = f"{term.id}:{day.year}"
    debt = Debt(key, term.id, "MAINTENANCE", "ANNIVERSARY", day, due_on, to_fen(term.amount))
    books.charge(debt, [Step("amount", debt.amount, {"until": term.until.value})])


def _report(books: Books, happening: Happening) -> None:
    """A period's first report makes its line, a later one a line of what it changes."""
    royalty, report = happening.term, happening.of
    assert isinstance(royalty, Royalty)
    assert isinstance(report, Report)
    assert report.span
    account = books.account(royalty)
    if report.span.first in account.places:
        _adjust(books, account, report, report.span, happening.on)
        return
    due_on = _due_on(books.history, royalty, report.span, happening.on)
    books.due_days[royalty.id, report.span.first] = due_on
    amount, steps = account.state(report.span, report.sales)
    key = f"{royalty.id}:{report.span.label}"
    debt = Debt(key, royalty.id, "ROYALTY", "SALES", happening.on, due_on, amount)
    account.charged += books.charge(debt, steps)


def _due_on(history: History, royalty: Royalty, span: Span, arose_on: date) -> date:
    """So long after the report is due, whenever it comes (step 10); what a trial sheltered, so long after the trial."""
    due_on = span.last + timedelta(days=royalty.report_days + royalty.pay_days)
    over_on = history.course.over_on
    if history.sheet.trial and over_on and over_on == arose_on:
        return max(due_on, over_on + timedelta(days=royalty.pay_days))
    return due_on


def _adjust(books: Books, account: Account, report: Report, span: Span, day: date) -> None:
    """What was short was due with the line it belongs to, so that interest runs from there (DOMAIN 5.3)."""
    amount, steps = account.correct(span, report.sales)
    royalty = account.royalty
    due_on = books.due_days[royalty.id, span.first] if amount > 0 else day
    key = f"{royalty.id}:{span.label}:adj-{report.sales.id}"
    debt = Debt(key, royalty.id, "ROYALTY", "CORRECTION", day, due_on, amount)
    account.charged += books.charge(debt, steps)


def _make_up(books: Books, happening: Happening) -> None:
    royalty, end = happening.term, happening.of
    assert isinstance(royalty, Royalty)
    assert isinstance(end, YearEnd)
    assert royalty.minimum_yearly is not None
    account = books.account(royalty)
    share = royalty.minimum_yearly * end.days / end.of
    amount, steps = account.close(end.year, share, days=end.days, of=end.of)
    if not amount:
        return
    key = f"{royalty.id}:{end.year}:true-up"
    debt = Debt(key, royalty.id, "MINIMUM", "YEAR_END", end.on, end.due_on, amount)
    account.charged += books.charge(debt, steps)


def _buy_out(books: Books, happening: Happening) -> None:
    option, day = happening.term, happening.on
    assert isinstance(option, Buyout)
    paid = _paid_before(books, day) if option.credit_paid else ZERO
    amount = to_fen(max(option.price - option.credit_paid * paid, ZERO))
    due_on = day + timedelta(days=option.pay_days)
    steps = [
        Step("price", option.price, {}),
        Step("credited", amount, {"paid_before": paid, "credit_paid": option.credit_paid}),
    ]
    books.charge(Debt(option.id, option.id, "BUYOUT", "BUYOUT_EXERCISED", day, due_on, amount), steps)


def _paid_before(books: Books, day: date) -> Decimal:
    """What had been paid on lines, interest aside, on the day before."""
    debts = [replace(each) for each in books.debts if each.arose_on < day]
    payments = [each for each in books.history.payments if each.on < day]
    terms = {each.id for each in books.history.sheet.terms}
    settle(debts, payments, books.lateness, terms=terms, as_of=day)
    return sum((each.paid for each in debts), ZERO)


BOOKINGS: Mapping[Rank, Callable[[Books, Happening], Any]] = {
    Rank.FIXED: _fix,
    Rank.MAINTENANCE: _maintain,
    Rank.REPORT: _report,
    Rank.YEAR_END: _make_up,
    Rank.BUYOUT: _buy_out,
}
