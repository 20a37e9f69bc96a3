"""A licence that lives at random through everything that moves money, and a simple model that lives through the same.

Days pass, reports, corrections and milestones are accepted, transfers arrive (too little, too much, late, twice, for a
named line), are reversed, claims are written off, the contract is terminated, and the licensee tries what is not its to
do. What else may happen to money comes as classes of rules beside this one (`living_invoices.py`, `living_claims.py`,
`living_shares.py`, `living_on.py`): the machine has them as its bases, this one last.
"""

from collections import Counter
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Fact, Milestone, SalesReport
from marketplace.core.errors import Conflict, Forbidden
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.checking_shares import of_sharing
from marketplace.settlement.models import LedgerLine, Obligation, Payment
from marketplace.settlement.services.ledger import broken_bookings
from tests.contracts.living import ENTRY, PILOT, SIGNED
from tests.settlement.simple_books import Books, Line, Money

SHEET = ENTRY | {"terms": [ENTRY["terms"][0], PILOT, ENTRY["terms"][1]]}
CHECKED_EACH = 10
LAST_DAY = date(2031, 9, 1)
AMOUNTS = st.one_of(
    st.integers(1, 200), st.integers(1, 8_000_000), st.sampled_from([5_000_000, 3_000_000, 9_999_999_999])
)
GROSS = st.integers(0, 500_000_000)


def yuan(fen):
    return Decimal(fen) / 100


def royalty_of(gross):
    """5 % of it in fen, half up."""
    return (gross * 5 + 50) // 100


def noon(day):
    return datetime.combine(day, time(12), ZoneInfo("Asia/Shanghai"))


def go(day):
    """Let it be noon of a day."""
    return time_machine.travel(noon(day), tick=False)


class Life(RuleBasedStateMachine):
    """One licence, from its delivery on. `licence` is made once; each life is undone at its end.

    Over all lives of a class `steps` counts how often the invariants were checked: once at the beginning of a life,
    and once after each rule. `done` counts the deeds that really happened, not those that were refused.
    """

    licence = None
    steps = lives = 0
    done: Counter[str]

    def __init__(self):
        super().__init__()
        type(self).lives += 1
        self.stack = ExitStack()
        self.undo = self.stack.enter_context(transaction.atomic())
        self.today, self.number, self.is_over = SIGNED, 0, False
        self.clock = go(self.today)
        self.clock.start()
        first = Line("upfront", SIGNED + timedelta(days=30), SIGNED, 5_000_000)
        self.model = Books(lambda _day: Fraction(6, 100), [first], [], ("upfront", "pilot", "royalty"))
        self.reported, self.given_up, self.facts = {}, set(), {}
        self.demand: tuple[date, date] | None = None
        self.licence.deliver(SIGNED)

    @classmethod
    def rules_run(cls):
        return cls.steps - cls.lives

    def did(self, deed):
        self.done[deed] += 1

    def teardown(self):
        transaction.set_rollback(True)
        self.stack.close()
        self.clock.stop()

    # Days

    def pass_days(self, count):
        self.clock.stop()
        self.today += timedelta(days=count)
        self.clock = go(self.today)
        self.clock.start()
        contracts.tick(self.licence.contract, self.today)
        services.bill_all(self.today)

    @precondition(lambda self: self.today < LAST_DAY)
    @rule(count=st.integers(1, 40))
    def days_pass(self, count):
        self.pass_days(count)

    # What is owed

    @precondition(lambda self: not self.is_over and self.today < LAST_DAY and "pilot" not in self.reported)
    @rule()
    def the_milestone_is_accepted(self):
        self.pass_days(1)
        row = Milestone.objects.get(contract=self.licence.row, slug="pilot")
        row = contracts.claim(row, reached_on=self.today, note="验收报告。", by=self.licence.buyer)
        contracts.accept(row, by=self.licence.seller)
        self.reported["pilot"] = 0
        self.did("milestone accepted")
        self.model.charges.append(Line("pilot", self.today + timedelta(days=30), self.today, 3_000_000))

    def open_reports(self):
        return SalesReport.objects.filter(contract=self.licence.row, corrects=None, state="due").order_by("first")

    @precondition(lambda self: not self.is_over and self.today < LAST_DAY)
    @rule(gross=GROSS)
    def a_report_is_accepted(self, gross):
        self.pass_days(1)
        row = self.open_reports().first()
        if row is None:
            return
        row = contracts.submit_report(row, {"gross": f"{yuan(gross)}"}, by=self.licence.buyer)
        row = contracts.accept_report(row, by=self.licence.seller)
        key = f"royalty:{row.first.year}-Q{(row.first.month + 2) // 3}"
        due = row.last + timedelta(days=60)
        self.reported[key] = (row, due, royalty_of(gross))
        self.did("report accepted")
        self.model.charges.append(Line(key, due, self.today, royalty_of(gross)))

    @precondition(lambda self: not self.is_over and self.today < LAST_DAY and len(self.reported) > 1)
    @rule(gross=GROSS, place=st.integers(0, 99))
    def a_report_is_corrected(self, gross, place):
        keys = [key for key in self.reported if key != "pilot"]
        if not keys:
            return
        self.pass_days(1)
        key = keys[place % len(keys)]
        row, due, before = self.reported[key]
        row = contracts.correct(row, {"gross": f"{yuan(gross)}"}, note="复核。", by=self.licence.buyer)
        row = contracts.accept_report(row, by=self.licence.seller)
        more = royalty_of(gross) - before
        self.did("corrected up" if more > 0 else "corrected down")
        self.reported[key] = (row, due, royalty_of(gross))
        made = f"{key}:adj-sales-{row.public_id}"
        if Obligation.objects.filter(contract=self.licence.row, key=made).exists() or more:
            self.model.charges.append(Line(made, due if more > 0 else self.today, self.today, more))

    # What is paid

    @rule(amount=AMOUNTS, names=st.sampled_from(["", "", "upfront", "pilot", "royalty:2027-Q1"]))
    def money_arrives(self, amount, names):
        known = Obligation.objects.filter(contract=self.licence.row, key=names).exists()
        self.number += 1
        facts = {"reference": f"T{self.number}", "obligation": names if known else ""}
        payment = services.record(self.licence.contract, yuan(amount), on=self.today, by=self.licence.seller, **facts)
        self.facts[payment.pk] = self.arrives(payment, amount, facts["obligation"])
        self.did("paid")

    def arrives(self, payment, amount, names):
        """The model hears of money, the licensee's or a guarantor's."""
        money = Money(payment.on, amount, names, payment.fact.key)
        self.model.payments.append(money)
        return money

    def goes_back(self, pk, money):
        """The model hears that a payment does not count any more."""
        self.model.payments.remove(money)

    @precondition(lambda self: self.facts)
    @rule(place=st.integers(0, 99))
    def the_same_transfer_arrives_again(self, place):
        payment = Payment.objects.get(pk=list(self.facts)[place % len(self.facts)])
        facts = {"reference": payment.reference, "obligation": payment.fact.content.get("obligation", "")}
        again = services.record(self.licence.contract, payment.amount, on=payment.on, by=self.licence.seller, **facts)
        assert again.pk == payment.pk
        with pytest.raises(Conflict):
            services.record(self.licence.contract, payment.amount + 1, on=payment.on, by=self.licence.seller, **facts)

    @precondition(lambda self: self.facts)
    @rule(place=st.integers(0, 99))
    def a_payment_is_reversed(self, place):
        pk = list(self.facts)[place % len(self.facts)]
        services.reverse_payment(Payment.objects.get(pk=pk), "退汇", by=self.licence.seller)
        self.goes_back(pk, self.facts.pop(pk))
        self.did("payment reversed")
        with pytest.raises(Conflict):
            services.reverse_payment(Payment.objects.get(pk=pk), "退汇", by=self.licence.seller)

    @rule(place=st.integers(0, 99))
    def a_claim_is_written_off(self, place):
        rows = list(Obligation.objects.filter(contract=self.licence.row).order_by("id"))
        row = rows[place % len(rows)]
        if row.unpaid > 0 and row.key not in self.given_up:
            services.write_off(row, "办公会决定核销", gives_up_cover=True, by=self.licence.seller)
            self.given_up.add(row.key)
            self.did("written off")
            return
        with pytest.raises(Conflict):
            services.write_off(row, "办公会决定核销", by=self.licence.seller)

    # What is nobody else's to do

    @precondition(lambda self: self.facts)
    @rule(place=st.integers(0, 99))
    def the_licensee_tries_what_is_the_licensors(self, place):
        payment = Payment.objects.get(pk=list(self.facts)[place % len(self.facts)])
        row = Obligation.objects.filter(contract=self.licence.row).earliest("id")
        contract, by = self.licence.contract, self.licence.buyer
        for act in (
            lambda: services.record(contract, "1", on=self.today, reference="X", by=by),
            lambda: services.reverse_payment(payment, "x", by=by),
            lambda: services.write_off(row, "x", by=by),
        ):
            with pytest.raises(Forbidden):
                act()

    # The end

    @precondition(lambda self: not self.is_over and self.today < LAST_DAY and self.number > 5)
    @rule()
    def the_contract_is_terminated(self):
        if self.licence.state == "paying" and self.is_overdue():
            self.demands()
            self.pass_days(45)
        if self.licence.state == "defaulted":
            contracts.terminate(self.licence.contract, "逾期未付", by=self.licence.seller)
            self.is_over = True
            self.did("terminated")

    def demands(self):
        row = contracts.demand(self.licence.contract, by=self.licence.seller)
        self.demand = (self.today, row.cure_until)
        self.did("demanded")

    def is_overdue(self):
        """Whether something is late that the books have not given up."""
        return bool(set(self.model.until(self.today).overdue()) - self.given_up)

    # What is always so

    @invariant()
    def the_step_is_counted(self):
        type(self).steps += 1

    @invariant()
    def the_product_finds_no_difference_itself(self):
        """Its own check looks at much that the simple models prove after each step, so it comes less often."""
        if self.steps % CHECKED_EACH == 0:
            assert differences([self.licence.contract]) == []
            assert list(of_sharing()) == []

    @invariant()
    def every_booking_and_every_book_adds_up_to_zero(self):
        assert list(broken_bookings()) == []
        sums = LedgerLine.objects.order_by().values_list("account__book").annotate(total=Sum("amount"))
        assert {book: total for book, total in sums if round(total, 2)} == {}

    @invariant()
    def everything_is_as_the_simple_model_says(self):
        standing = self.model.until(self.today)
        expected = {line.key: self.row_of(standing, line) for line in standing.lines}
        rows = Obligation.objects.filter(contract=self.licence.row)
        found = {row.key: (row.amount, row.paid, row.interest, row.interest_paid, str(row.state)) for row in rows}
        assert found == expected
        assert self.licence.contract.billing.credit == yuan(standing.all_credit)

    def row_of(self, standing, line):
        state = standing.state(line)
        if line.key in self.given_up and state != "paid":
            state = "written_off"
        return (*(yuan(each) for each in (line.amount, line.paid, line.interest, line.interest_paid)), state)

    @invariant()
    def no_more_is_paid_than_arrived(self):
        payments = Payment.objects.standing().filter(contract=self.licence.row)
        rows = Obligation.objects.filter(contract=self.licence.row)
        paid = sum(row.paid + row.interest_paid for row in rows)
        assert paid + self.licence.contract.billing.credit == sum(each.amount for each in payments)
        assert Fact.objects.standing().filter(contract=self.licence.row, kind="PAID").count() == payments.count()
