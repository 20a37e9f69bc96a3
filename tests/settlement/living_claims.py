"""Guarantees in a licence that lives at random: demanded, claimed, answered, compensated, recovered, shared, undone.

Three guarantees stand: of a company that bears four fifths, of a pool that bears two fifths after a waiting period, and
a deposit. `simple_claims.py` lives through the same.
"""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marketplace.core.errors import Conflict, Invalid
from marketplace.settlement import services
from marketplace.settlement.models import Claim, Loss, Payment, Recourse, Recovery
from marketplace.settlement.services.ledger import balances
from tests.contracts.making import decider_of
from tests.settlement.claiming import make_issued
from tests.settlement.living_books import yuan
from tests.settlement.simple_claims import Claim as SimpleClaim
from tests.settlement.simple_claims import Cover, Register

KINDS = ("COMPANY", "RISK_POOL", "DEPOSIT")
COVERS = (
    Cover(4_000_000, Fraction(4, 5), 24),
    Cover(1_999_999, Fraction(2, 5), 6, waiting_days=40),
    Cover(500_000, Fraction(1), 24, is_own_money=True),
)
PLACE, PERCENT, DAYS_AGO = st.integers(0, 99), st.integers(1, 110), st.integers(0, 25)


def make_covers(licence):
    """The guarantees, as `COVERS` has them."""
    return [make_issued(licence, kind, **terms_of(each)) for kind, each in zip(KINDS, COVERS, strict=True)]


def terms_of(cover):
    share = Decimal(cover.share.numerator) / cover.share.denominator
    days = {"period_months": cover.months, "waiting_days": cover.waiting_days}
    return {"cover_amount": yuan(cover.amount), "cover_share": share, **days}


class Claims:
    """Rules and what always holds, for a machine that lives through books as well. `guarantees` are made once."""

    guarantees = ()

    def __init__(self):
        super().__init__()
        self.register = Register(list(COVERS))
        self.paid_by_claims = {}

    def debts(self, day):
        return {key: (line.due, line.open + line.interest - line.interest_paid) for key, line in self.late(day).items()}

    def late(self, day):
        return self.model.until(day).overdue()

    def number_of_transfer(self):
        self.number += 1
        return f"G{self.number}"

    def one_of(self, place, *states):
        """A claim in one of these states, with its row; nothing where there is none."""
        found = [pk for pk, claim in self.register.claims.items() if claim.state in states]
        pk = found[place % len(found)] if found else None
        return (self.register.claims[pk], Claim.objects.get(pk=pk)) if found else (None, None)

    def is_in(self, *states):
        return any(claim.state in states for claim in self.register.claims.values())

    def is_default(self):
        """A demand that is not paid, and its days are over; whatever became of the contract."""
        return self.demand is not None and self.today > self.demand[1]

    def decider(self, claim):
        return decider_of(self.guarantees[claim.cover].guarantor)

    def ago(self, days, earliest):
        return max(self.today - timedelta(days=days), earliest)

    # Default and claim

    @precondition(lambda self: self.demand is None)
    @rule(days=st.sampled_from([1, 20, 45]))
    def payment_is_demanded(self, days):
        if not self.is_overdue():
            with pytest.raises(Conflict):
                self.demands()
            return
        self.demands()
        self.pass_days(days)

    @rule(place=st.integers(0, len(COVERS) - 1), fewer=st.integers(0, 3))
    def a_claim_is_filed(self, place, fewer):
        lines = self.register.claimable(place, self.debts, self.today)
        keys = list(lines)[: len(lines) - fewer] or list(lines)
        given = {"obligations": keys if len(keys) < len(lines) else (), "by": self.licence.seller}
        if not self.is_default() or not lines or self.register.has_open(place):
            with pytest.raises(Conflict):
                services.file_claim(self.guarantees[place], **given)
            return
        row = services.file_claim(self.guarantees[place], **given)
        claim = SimpleClaim(place, self.today, {key: lines[key] for key in keys})
        is_again = self.register.is_again(claim)
        self.register.file(row.pk, claim)
        self.did("claim filed")
        if is_again:
            self.did("claimed again")
        if COVERS[place].is_own_money:
            self.register.accept(claim, sum(line.claimed for line in claim.lines.values()))

    @precondition(lambda self: self.is_in("filed"))
    @rule(place=PLACE, percent=PERCENT)
    def a_claim_is_accepted(self, place, percent):
        """All of it, a part, or more than it asks for, which is refused."""
        claim, row = self.one_of(place, "filed")
        amount = sum(line.claimed for line in claim.lines.values()) * percent // 100
        given = {"amount": yuan(amount), "reasons": "先行认可。", "by": self.decider(claim)}
        if amount < 1 or percent > 100:
            with pytest.raises(Invalid):
                services.accept_claim(row, **given)
            return
        services.accept_claim(row, **given)
        self.register.accept(claim, amount)
        self.did("claim accepted")

    @precondition(lambda self: self.is_in("filed", "asked"))
    @rule(place=PLACE)
    def more_is_asked_and_supplied(self, place):
        claim, row = self.one_of(place, "filed", "asked")
        if claim.state == "filed":
            services.ask_about_claim(row, "请补充。", by=self.decider(claim))
            claim.state = "asked"
            return
        services.supply_claim(row, "已补充。", by=self.licence.seller)
        claim.state = "filed"
        self.did("claim supplied")

    @precondition(lambda self: self.is_in("filed", "asked", "accepted"))
    @rule(place=PLACE, is_refused=st.booleans())
    def a_claim_is_refused_or_withdrawn(self, place, is_refused):
        claim, row = self.one_of(place, "filed", "asked", "accepted")
        if is_refused and claim.state != "accepted":
            services.refuse_claim(row, "OTHER", "不在承保范围。", by=self.decider(claim))
            self.register.release(claim, "refused")
            self.did("claim refused")
            return
        services.withdraw_claim(row, "另行协商。", by=self.licence.seller)
        self.register.release(claim, "withdrawn")
        self.did("claim withdrawn")

    # Compensation

    @precondition(lambda self: self.is_in("accepted"))
    @rule(place=PLACE, days=DAYS_AGO)
    def a_compensation_arrives(self, place, days):
        """On a day since the claim: exactly what is due of each line."""
        claim, row = self.one_of(place, "accepted")
        on = self.ago(days, claim.filed)
        due = self.register.due(claim, self.debts(on), self.debts(self.today))
        given = {"on": on, "reference": self.number_of_transfer(), "by": self.licence.seller}
        with pytest.raises((Conflict, Invalid)):
            services.compensate(row, yuan(sum(due.values()) + 1), **given)
        if not due:
            return
        services.compensate(row, yuan(sum(due.values())), **given)
        claim.state, claim.since = "closed" if COVERS[claim.cover].is_own_money else "compensated", on
        lines = {
            each.loss.obligation.key: each for each in row.lines.select_related("loss__obligation", "payment__fact")
        }
        for key, amount in due.items():
            self.paid_by_claims[lines[key].payment_id] = self.arrives(lines[key].payment, amount, key)
        assert {key for key, line in lines.items() if line.payment_id} == set(due)
        self.register.compensate(claim, due, self.debts(on), self.debts(self.today))
        self.did("compensated")

    @precondition(lambda self: self.is_in("compensated", "closed"))
    @rule(place=PLACE)
    def a_compensation_goes_back(self, place):
        claim, row = self.one_of(place, "compensated", "closed")
        is_touched = not COVERS[claim.cover].is_own_money and (claim.recoveries or claim.recourse != "owed")
        if is_touched or self.register.has_open(claim.cover):
            with pytest.raises(Conflict):
                services.reverse_compensation(row, "退汇。", by=self.licence.seller)
            return
        payments = list(row.lines.exclude(payment=None).order_by("-id").values_list("payment_id", flat=True))
        services.reverse_compensation(row, "退汇。", by=self.licence.seller)
        self.go_back(payments)
        self.register.take_back(claim)
        self.did("compensation reversed")

    def go_back(self, payments):
        for pk in payments:
            self.goes_back(pk, self.paid_by_claims.pop(pk))

    @precondition(lambda self: self.paid_by_claims)
    @rule(place=PLACE)
    def a_guarantors_payment_is_taken_back_by_another_door(self, place):
        payment = Payment.objects.get(pk=list(self.paid_by_claims)[place % len(self.paid_by_claims)])
        with pytest.raises(Conflict):
            services.reverse_payment(payment, "退汇", by=self.licence.seller)

    # Recovery

    def recourses(self):
        found = [each for each in self.register.claims.values() if each.state in ("compensated", "closed")]
        return [each for each in found if not COVERS[each.cover].is_own_money]

    @precondition(lambda self: self.recoverable())
    @rule(place=PLACE, percent=PERCENT, costs=st.sampled_from([0, 0, 0, 5, 100]), days=DAYS_AGO)
    def the_licensee_pays_a_guarantor(self, place, percent, costs, days):
        """A part of what it owes, all of it or more, which is refused; some of it, or all, is costs."""
        pk, claim = self.recoverable()[place % len(self.recoverable())]
        on = self.ago(days, claim.since)
        owed = self.register.owed_to_licensor(claim, self.debts(on), self.debts(self.today))
        amount = max((claim.paid - claim.recovered + sum(owed.values())) * percent // 100, 1)
        costs = amount * costs // 100
        parts = self.register.shared(claim, amount - costs, owed)
        recourse = Recourse.objects.exclude(state="cancelled").get(claim_id=pk)
        given = {"on": on, "reference": self.number_of_transfer(), "costs": yuan(costs), "by": self.decider(claim)}
        if parts is None:
            with pytest.raises(Invalid):
                services.record_recovery(recourse, yuan(amount), **given)
            return
        row = services.record_recovery(recourse, yuan(amount), **given)
        assert services.record_recovery(recourse, yuan(amount), **given).pk == row.pk
        self.did("recovered of one paid in full" if claim.recourse == "paid" else "recovered")
        self.register.recover(claim, row.pk, costs, parts, owed)

    def recoverable(self):
        """The claims on which something may be recovered, for the guarantor or through it."""
        found = [(pk, each) for pk, each in self.register.claims.items() if each in self.recourses()]
        return [(pk, each) for pk, each in found if each.recourse != "forgone"]

    def owing(self):
        """The claims of which the licensee still owes the guarantor something."""
        return [(pk, each) for pk, each in self.recoverable() if each.recourse != "paid"]

    def recoveries(self, *, is_passed):
        found = [(claim, pk, each) for claim in self.recourses() for pk, each in claim.recoveries.items()]
        return [each for each in found if each[2].parts and each[2].is_passed == is_passed]

    @precondition(lambda self: self.recoveries(is_passed=False))
    @rule(place=PLACE)
    def a_part_is_passed_on(self, place):
        found = self.recoveries(is_passed=False)
        _claim, pk, recovery = found[place % len(found)]
        row = Recovery.objects.get(pk=pk)
        services.pass_on(row, on=self.today, reference=self.number_of_transfer(), by=self.licence.seller)
        for part in row.parts.select_related("loss__obligation", "payment__fact"):
            key = part.loss.obligation.key
            self.paid_by_claims[part.payment_id] = self.arrives(part.payment, recovery.parts[key], key)
        recovery.is_passed = True
        self.did("part passed on")

    @precondition(lambda self: self.recoveries(is_passed=True))
    @rule(place=PLACE)
    def a_part_is_returned(self, place):
        found = self.recoveries(is_passed=True)
        _claim, pk, recovery = found[place % len(found)]
        row = Recovery.objects.get(pk=pk)
        payments = list(row.parts.order_by("-id").values_list("payment_id", flat=True))
        with pytest.raises(Conflict):
            services.reverse_recovery(row, "退票。", by=decider_of(row.recourse.creditor))
        services.return_part(row, "未到账。", by=self.licence.seller)
        self.go_back(payments)
        recovery.is_passed = False
        self.did("part returned")

    @precondition(lambda self: any(each.recoveries for each in self.recourses()))
    @rule(place=PLACE)
    def a_recovery_is_reversed(self, place):
        found = [(claim, pk) for claim in self.recourses() for pk in claim.recoveries]
        claim, pk = found[place % len(found)]
        row = Recovery.objects.get(pk=pk)
        if claim.recoveries[pk].is_passed or claim.is_forgone:
            with pytest.raises(Conflict):
                services.reverse_recovery(row, "退票。", by=self.decider(claim))
            return
        services.reverse_recovery(row, "退票。", by=self.decider(claim))
        claim.recovered -= claim.recoveries.pop(pk).guarantor
        self.did("recovery reversed")

    @precondition(lambda self: self.owing())
    @rule(place=PLACE)
    def a_guarantor_gives_the_rest_up(self, place):
        pk, claim = self.owing()[place % len(self.owing())]
        recourse = Recourse.objects.exclude(state="cancelled").get(claim_id=pk)
        services.forgo(recourse, "风险委员会决议。", by=self.decider(claim))
        claim.is_forgone = True
        self.did("recourse forgone")

    # What is always so

    @invariant()
    def the_contract_is_as_the_simple_model_says(self):
        """A demand is lifted once it is paid, also after the end."""
        if self.demand is not None and self.is_cured():
            self.demand = None
        row = self.licence.contract
        assert (row.demanded_on, row.cure_until) == (self.demand or (None, None))
        assert row.state == self.expected_state()

    def expected_state(self):
        if self.is_over:
            return "terminated"
        if self.demand is None:
            return "paying"
        return "defaulted" if self.today > self.demand[1] else "curing"

    def is_cured(self):
        """What was demanded is paid; after default all that is late. What the books gave up is not waited for."""
        demanded_on, cure_until = self.demand
        wanted = set(self.late(demanded_on))
        if self.today > cure_until:
            wanted |= set(self.late(self.today))
        return not (wanted & self.model.until(self.today).unpaid()) - self.given_up

    @invariant()
    def claims_are_as_the_simple_model_says(self):
        self.register.settle()
        rows = Claim.objects.filter(contract=self.licence.row)
        found = {row.pk: (str(row.state), row.paid, row.accepted) for row in rows}
        assert found == {pk: self.row_of_claim(claim) for pk, claim in self.register.claims.items()}
        owed = Recourse.objects.filter(contract=self.licence.row).exclude(state="cancelled")
        expected = {
            pk: (claim.recourse, yuan(claim.paid), yuan(claim.recovered))
            for pk, claim in self.register.claims.items()
            if claim in self.recourses()
        }
        assert {row.claim_id: (str(row.state), row.amount, row.paid) for row in owed} == expected

    def row_of_claim(self, claim):
        accepted = [line.accepted for line in claim.lines.values() if line.accepted is not None]
        return claim.state, yuan(claim.paid), yuan(sum(accepted)) if accepted else None

    @invariant()
    def losses_are_as_the_simple_model_says(self):
        rows = Loss.objects.filter(obligation__contract=self.licence.row).select_related("obligation")
        found = {row.obligation.key: (row.amount, row.claimed, row.compensated, row.borne) for row in rows}
        register = self.register
        assert found == {
            key: tuple(map(yuan, (lost, register.held(key), register.compensated(key), register.borne[key])))
            for key, lost in register.lost.items()
        }

    @invariant()
    def no_loss_is_claimed_twice_and_nothing_recovered_twice(self):
        for key, lost in self.register.lost.items():
            assert self.register.compensated(key) <= self.register.held(key) <= lost
        for place, cover in enumerate(COVERS):
            assert self.register.used(place) <= cover.amount
        for claim in self.register.claims.values():
            assert 0 <= claim.recovered <= claim.paid

    @invariant()
    def the_books_of_guarantors_are_as_the_simple_model_says(self):
        for place, guarantee in enumerate(self.guarantees):
            if guarantee.guarantor is not None:
                found = balances(account__book=guarantee.guarantor)
                assert {kind: amount for kind, amount in found.items() if amount} == self.books_of(place)

    def books_of(self, place):
        mine = [claim for claim in self.recourses() if claim.cover == place]
        booked = [each for claim in mine for each in claim.recoveries.values()]
        paid, recovered = sum(claim.paid for claim in mine), sum(claim.recovered for claim in mine)
        forgone = sum(claim.paid - claim.recovered for claim in mine if claim.is_forgone)
        costs, parts = sum(each.costs for each in booked), sum(each.licensor for each in booked)
        passed = sum(each.licensor for each in booked if each.is_passed)
        sums = {
            "RECOURSE": paid - recovered - forgone, "WRITTEN_OFF": forgone, "COMPENSATION": -paid, "COSTS": -costs,
            "BANK": recovered + costs + parts, "TO_PASS_ON": passed - parts, "PASSED_ON": -passed,
        }  # fmt: skip
        return {kind: yuan(amount) for kind, amount in sums.items() if amount}
