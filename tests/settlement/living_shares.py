"""Sharing in a licence that lives at random: planned, proposed, approved, paid, returned, reversed, given back.

The owner is a university in Beijing. Eleven people share, by plans of thirds, sevenths, elevenths and 70/29.9/0.1 %.
`simple_shares.py` lives through the same; only how much of a receipt is earned is read from the books, where
`living_books.py` proves it.
"""

from fractions import Fraction

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marketplace.core.errors import Conflict, Invalid
from marketplace.settlement import services
from marketplace.settlement.models import Allocation, ClawBack, Distribution, Hold, Payment, Payout, PayoutLine, Share
from marketplace.settlement.services.ledger import trial_balance
from tests.contracts.living import SIGNED
from tests.settlement.living_books import LAST_DAY, yuan
from tests.settlement.sharing import make_sharing
from tests.settlement.simple_shares import Line, Treasury

PLANS = (
    (("1/3", "1/3", "1/3"), ()),
    (("70%", "29.9%", "0.1%"), (("OWNER", "60%"), ("COLLEGE", "29.9%"), ("TRANSFER_OFFICE", "10.1%"))),
    (("1/7",) * 7, (("OWNER", "1/3"), ("COLLEGE", "2/3"))),
    (("1/11",) * 11, (("OWNER", "100%"),)),
)
RATES = ("0.5", "0.7", "0.666667", "0.999999", "1")
PLACE, PERCENT = st.integers(0, 99), st.integers(1, 110)
ACCOUNTS = ("SHARED", "FUNDS", "REWARD_OWED", "CLAW_BACK", "PAID_OUT")


def fraction(text):
    return Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def lines_of(plan):
    people, rest = PLANS[plan]
    lines = [Line("INVENTOR", fraction(share), place) for place, share in enumerate(people)]
    return lines + [Line(role, fraction(share)) for role, share in rest]


def chosen(rows, place, *states):
    """One of those that are in one of these states, by its key."""
    found = [(pk, each) for pk, each in rows.items() if each.state in states]
    return found[place % len(found)]


def make_owner(go, sheet):
    """A university with eleven people; the first plan is signed."""
    sharing = make_sharing(go, sheet=sheet)
    sharing.people = [sharing.payee(f"发明人{number}") for number in range(1, 12)]
    sharing.plan(*PLANS[0][0])
    return sharing


class Shares:
    """Rules and what always holds, for a machine that lives through books as well. `sharing` is made once."""

    sharing = None

    def __init__(self):
        super().__init__()
        self.treasury = Treasury(lines_of(0), [(SIGNED, Fraction(1, 2))], self.earned)

    def goes_back(self, pk, money):
        super().goes_back(pk, money)
        for each in self.treasury.sharings.values():
            if each.payment == pk and each.state in ("proposed", "noticed"):
                self.treasury.withdraw(each)
                self.did("proposal withdrawn by its receipt")
            elif each.payment == pk and each.counts:
                self.treasury.reverse(each)
                self.did("distribution reversed by its receipt")

    def has(self, *states):
        return any(each.state in states for each in self.treasury.sharings.values())

    def has_batch(self, *states):
        return any(each.state in states for each in self.treasury.batches.values())

    # What is shared, and how

    @rule(plan=st.integers(0, len(PLANS) - 1))
    def another_plan_is_signed(self, plan):
        people, rest = PLANS[plan]
        self.sharing.plan(*people, rest=rest)
        self.treasury.lines = lines_of(plan)
        self.did("plan signed")

    @precondition(lambda self: self.today < LAST_DAY)
    @rule(rate=st.sampled_from(RATES))
    def the_owner_lays_down_a_rate(self, rate):
        """For what arrives from the next day on."""
        self.pass_days(1)
        self.sharing.rule(rate, effective_from=self.today)
        self.treasury.rates.append((self.today, Fraction(rate)))

    @rule(amount=st.one_of(st.integers(1, 200), st.integers(1, 1_000_000)))
    def a_cost_is_recorded(self, amount):
        row = self.sharing.cost(f"{amount / 100:.2f}")
        self.treasury.costs[row.pk] = amount
        self.did("cost recorded")

    # From receipt to approval

    def earned(self, pk):
        made = Allocation.objects.filter(payment_id=pk)
        sums = made.aggregate(principal=Sum("principal", default=0), interest=Sum("interest", default=0))
        return round(sum(sums.values()) * 100)

    @rule(place=PLACE)
    def a_receipt_is_proposed(self, place):
        payments = list(Payment.objects.filter(contract=self.licence.row).order_by("pk"))
        if not payments:
            return
        self.propose(payments[place % len(payments)].pk)

    def propose(self, pk):
        payment = Payment.objects.get(pk=pk)
        live = [each for each in self.treasury.sharings.values() if each.payment == payment.pk]
        left = self.earned(payment.pk) - self.treasury.shared_of(payment.pk)
        if left <= 0 or any(each.state in ("proposed", "noticed") for each in live):
            with pytest.raises(Conflict):
                self.sharing.propose(payment)
            return
        row = self.sharing.propose(payment)
        self.treasury.sharings[row.pk] = self.treasury.propose(payment.pk, left, payment.on)
        self.did("proposed")

    @precondition(lambda self: self.has("proposed", "noticed"))
    @rule(place=PLACE)
    def a_proposal_is_shown_and_approved(self, place):
        """One step at a time; a proposal by an earlier plan, or of more than is earned, is refused."""
        pk, sharing = chosen(self.treasury.sharings, place, "proposed", "noticed")
        row = Distribution.objects.select_related("plan").get(pk=pk)
        if sharing.state == "proposed" and sharing.pool:
            with pytest.raises(Conflict):
                services.approve(row, by=self.sharing.approver)
            self.sharing.noticed(row)
            sharing.state = "noticed"
            return
        is_earned = self.treasury.is_earned(sharing)
        if row.plan.state != "signed" or not is_earned:
            self.did("refused by an earlier plan" if is_earned else "refused as less is earned")
            with pytest.raises(Conflict):
                services.approve(row, by=self.sharing.approver)
            return
        services.approve(row, by=self.sharing.approver)
        self.treasury.approve(sharing)
        self.did("approved")

    @precondition(lambda self: self.has("proposed", "noticed"))
    @rule(place=PLACE)
    def a_proposal_is_withdrawn(self, place):
        pk, sharing = chosen(self.treasury.sharings, place, "proposed", "noticed")
        services.withdraw(Distribution.objects.get(pk=pk), "重算", by=self.sharing.officer)
        self.treasury.withdraw(sharing)
        self.did("proposal withdrawn")

    @precondition(lambda self: self.has("approved", "paid"))
    @rule(place=PLACE)
    def a_distribution_is_reversed(self, place):
        pk, sharing = chosen(self.treasury.sharings, place, "approved", "paid")
        services.reverse_distribution(Distribution.objects.get(pk=pk), "分错", by=self.sharing.officer)
        self.did("distribution reversed")
        self.treasury.reverse(sharing)
        with pytest.raises(Conflict):
            services.reverse_distribution(Distribution.objects.get(pk=pk), "分错", by=self.sharing.officer)

    @precondition(lambda self: self.has("approved"))
    @rule(place=PLACE, who=PLACE)
    def a_share_is_disputed_or_its_dispute_resolved(self, place, who):
        pk, sharing = chosen(self.treasury.sharings, place, "approved")
        mine = [number for number, share in enumerate(sharing.shares) if share.person is not None]
        number = mine[who % len(mine)]
        row, share = self.rows_of(pk)[number], sharing.shares[number]
        if not share.is_disputed and self.treasury.is_with_the_bank(share):
            with pytest.raises(Conflict):
                services.dispute(row, "比例不符", by=self.sharing.people[share.person].user)
            return
        if share.is_disputed:
            services.resolve_hold(Hold.objects.standing().get(share=row), "核对无误", by=self.sharing.approver)
        else:
            services.dispute(row, "比例不符", by=self.sharing.people[share.person].user)
        share.is_disputed = not share.is_disputed
        self.did("disputed")

    def rows_of(self, pk):
        return list(Share.objects.filter(distribution_id=pk).order_by("id"))

    # The bank

    @rule()
    def a_batch_is_made(self):
        approved = [each for each in self.treasury.sharings.values() if each.state == "approved"]
        if not all(self.treasury.is_earned(each) for each in approved):
            self.did("kept back as less is earned")
        if not self.treasury.payable():
            with pytest.raises(Conflict):
                services.make_payout(self.sharing.book, by=self.sharing.officer)
            return
        row = services.make_payout(self.sharing.book, by=self.sharing.officer)
        batch = self.treasury.batches[row.pk] = self.treasury.make_batch()
        self.did("batch made")
        if any(each.off for each in batch.transfers):
            self.did("set off")

    @precondition(lambda self: self.has_batch("made"))
    @rule(place=PLACE)
    def a_file_is_taken_and_paid(self, place):
        """One after the other; a batch whose file nobody took is not paid."""
        pk, batch = chosen(self.treasury.batches, place, "made")
        row = Payout.objects.get(pk=pk)
        given = {"on": timezone.localdate(), "reference": f"B{pk}", "by": self.sharing.officer}
        if not batch.is_taken:
            with pytest.raises(Conflict):
                services.mark_paid(row, **given)
            is_held = any(each.share.is_disputed for each in batch.transfers)
            if is_held or not all(self.treasury.is_earned(each.sharing) for each in batch.transfers):
                with pytest.raises(Conflict):
                    services.take_file(row, by=self.sharing.officer)
                return
            content = services.take_file(row, by=self.sharing.officer).decode("utf-8-sig").splitlines()
            amounts = [f"{each.amount / 100:.2f}" for each in batch.transfers if each.amount]
            assert [line.split(",")[4] for line in content[1:-1]] == amounts
            batch.is_taken = True
            return
        services.mark_paid(row, **given)
        self.treasury.pay(batch)
        self.did("batch paid")

    @precondition(lambda self: self.has_batch("made"))
    @rule(place=PLACE)
    def a_batch_is_withdrawn(self, place):
        pk, batch = chosen(self.treasury.batches, place, "made")
        services.withdraw_payout(Payout.objects.get(pk=pk), "缓发", by=self.sharing.officer)
        self.treasury.withdraw_batch(batch)
        self.did("batch withdrawn")

    @precondition(lambda self: self.has_batch("paid"))
    @rule(place=PLACE, which=PLACE)
    def the_bank_returns_a_transfer(self, place, which):
        pk, batch = chosen(self.treasury.batches, place, "paid")
        number = which % len(batch.transfers)
        transfer, row = batch.transfers[number], PayoutLine.objects.filter(payout_id=pk).order_by("id")[number]
        is_owed_back = any(debt.share is transfer.share for debt in self.treasury.debts)
        if transfer.outcome != "paid" or not transfer.amount or is_owed_back:
            with pytest.raises(Conflict):
                services.return_transfer(row, "账号有误", by=self.sharing.officer)
            return
        services.return_transfer(row, "账号有误", by=self.sharing.officer)
        self.treasury.give_back(transfer)
        self.did("transfer returned")

    @precondition(lambda self: self.treasury.debts)
    @rule(place=PLACE, percent=PERCENT)
    def somebody_gives_back(self, place, percent):
        """A part of what they owe, all of it, or more, which is refused."""
        number = place % len(self.treasury.debts)
        debt, row = self.treasury.debts[number], ClawBack.objects.filter(book=self.sharing.book).order_by("id")[number]
        amount = max(debt.left * percent // 100, 1)
        self.number += 1
        given = {"on": timezone.localdate(), "reference": f"Z{self.number}", "by": self.sharing.officer}
        if amount > debt.left:
            with pytest.raises((Conflict, Invalid)):
                services.give_back(row, yuan(amount), **given)
            return
        services.give_back(row, yuan(amount), **given)
        services.give_back(row, yuan(amount), **given)  # the same money once
        debt.settled += amount
        self.did("given back")
        self.treasury.book(PAID_OUT=amount, CLAW_BACK=-amount)

    # What is always so

    @invariant()
    def every_sharing_is_as_the_simple_model_says(self):
        names = ("pk", "payment_id", "received", "costs", "net", "pool", "retained", "state")
        found = list(Distribution.objects.filter(book=self.sharing.book).order_by("id").values_list(*names))
        assert found == [(pk, *self.row_of_sharing(each)) for pk, each in sorted(self.treasury.sharings.items())]
        shares = Share.objects.filter(distribution__book=self.sharing.book).order_by("distribution_id", "id")
        expected = [share for _pk, each in sorted(self.treasury.sharings.items()) for share in each.shares]
        assert list(shares.values_list("amount", "state")) == [(yuan(row.amount), row.state) for row in expected]

    def row_of_sharing(self, each):
        amounts = (each.received, each.costs, each.net, each.pool, each.retained)
        return (each.payment, *(yuan(amount) for amount in amounts), each.state)

    @invariant()
    def every_transfer_and_debt_is_as_the_simple_model_says(self):
        rows = PayoutLine.objects.filter(payout__book=self.sharing.book).order_by("id")
        expected = [each for batch in self.treasury.batches.values() for each in batch.transfers]
        sums = [(yuan(each.amount), yuan(each.off), each.outcome) for each in expected]
        assert list(rows.values_list("amount", "set_off", "outcome")) == sums
        debts = ClawBack.objects.filter(book=self.sharing.book).order_by("id").values_list("amount", "settled")
        assert list(debts) == [(yuan(each.amount), yuan(each.settled)) for each in self.treasury.debts]

    @invariant()
    def no_more_is_shared_than_was_received(self):
        amounts = dict(Payment.objects.standing().filter(contract=self.licence.row).values_list("pk", "amount"))
        for pk in {each.payment for each in self.treasury.sharings.values()}:
            assert yuan(self.treasury.shared_of(pk)) <= amounts.get(pk, 0)

    @invariant()
    def the_books_of_the_owner_are_as_the_simple_model_says(self):
        found = trial_balance(self.sharing.book)
        assert {name: found[name] for name in ACCOUNTS} == {
            name: yuan(self.treasury.booked.get(name, 0)) for name in ACCOUNTS
        }
