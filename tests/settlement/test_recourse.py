"""Compensation, recourse and recoveries: what the guarantor pays, what comes back, and who gets which part of it.

50 328.77 are lost when it is claimed. The guarantor pays 40 000 of it five days later, so 10 369.86 stay.
"""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Fact
from marketplace.core.errors import Forbidden, Invalid
from marketplace.settlement import services
from marketplace.settlement.models import Claim, Journal, Loss, Obligation, Payment, Recourse, Recovery
from tests.contracts.making import decider_of
from tests.refusals import code_of
from tests.rows import reread

from .claiming import LATER, PAID_ON, TWO_PAYMENTS, make_defaulted, make_issued, make_stranger

pytestmark = pytest.mark.usefixtures("everything_adds_up")

COSTS, NET = Decimal(200), Decimal(4800)
GUARANTOR, LICENSOR = Decimal("3811.80"), Decimal("988.20")
"""4 800 in the proportion of 40 000 to 10 369.86, which is open on the day of the compensation."""


@pytest.fixture
def defaulted(db, go):
    return make_defaulted(go)


@pytest.fixture
def accepted(defaulted):
    defaulted.file()
    defaulted.accept()
    return defaulted


@pytest.fixture
def compensated(accepted):
    accepted.compensate("40000")
    return accepted


def field_of(call):
    with pytest.raises(Invalid) as fault:
        call()
    return set(fault.value.fields)


# Compensation


def test_a_compensation_pays_the_obligation_and_begins_recourse(compensated):
    row = Obligation.objects.get(key="upfront")
    assert row.paid + row.interest_paid == 40_000
    assert (compensated.recourse.amount, compensated.recourse.state) == (Decimal(40_000), "owed")


def test_the_licensor_books_money_and_the_guarantor_its_recourse(compensated):
    assert compensated.books(compensated.contract.seller)["BANK"] == 40_000
    assert compensated.books(compensated.guarantee.guarantor) == {"RECOURSE": 40_000, "COMPENSATION": -40_000}


def test_it_uses_the_cover_up(compensated):
    assert reread(compensated.guarantee).used_amount == 40_000


def test_what_arrived_must_be_what_is_due(accepted):
    assert field_of(lambda: accepted.compensate("39999.99")) == {"amount"}


def test_it_arrived_between_the_claim_and_today(accepted):
    for day in (date(2027, 3, 14), date(2027, 3, 21)):
        accepted.go(PAID_ON)
        claim = Claim.objects.get()
        given = {"on": day, "reference": "G1", "by": accepted.seller}
        assert field_of(lambda given=given, claim=claim: services.compensate(claim, Decimal(40_000), **given)) == {"on"}


def test_a_transfer_has_a_reference(accepted):
    assert field_of(lambda: accepted.compensate("40000", reference=" ")) == {"reference"}


def test_only_the_licensor_records_that_it_arrived(accepted):
    for by in (accepted.guarantor, accepted.buyer, make_stranger()):
        with pytest.raises(Forbidden):
            services.compensate(Claim.objects.get(), Decimal(40_000), on=PAID_ON, reference="G1", by=by)


def test_what_the_licensee_has_paid_meanwhile_is_not_compensated(accepted):
    """20 000 came; what is still lost is 30 328.77, and the guarantor bears four fifths of that."""
    accepted.licence.pay("20000", date(2027, 3, 15), "T1")
    claim = accepted.compensate("24263.02", on=date(2027, 3, 15))
    assert (claim.paid, claim.accepted) == (Decimal("24263.02"), Decimal(40_000))


def test_nothing_is_compensated_once_all_is_paid(accepted):
    accepted.licence.pay("50328.77", date(2027, 3, 15), "T1")
    assert code_of(lambda: accepted.compensate("40000")) == "nothing_lost"


def test_a_full_compensation_cures_the_default(go, db):
    found = make_defaulted(go, cover_share=Decimal(1), cover_amount=Decimal(90_000))
    found.file()
    found.accept()
    found.compensate("50328.77", on=date(2027, 3, 15))
    assert found.contract.state == "paying"
    assert found.recourse.left == Decimal("50328.77")


def test_a_compensation_twice_is_refused(compensated):
    assert code_of(lambda: compensated.compensate("40000", reference="G2")) == "conflict"


def test_a_compensation_that_is_taken_back_leaves_what_was_before(compensated):
    claim = services.reverse_compensation(Claim.objects.get(), "退汇。", by=compensated.seller)
    assert (claim.state, claim.paid, Loss.objects.get().compensated) == ("accepted", 0, 0)
    assert compensated.books(compensated.guarantee.guarantor) == {}
    assert Recourse.objects.get().state == "cancelled"
    assert reread(compensated.guarantee).used_amount == 0


def test_after_that_it_is_recorded_anew(compensated):
    services.reverse_compensation(Claim.objects.get(), "记错日期。", by=compensated.seller)
    compensated.compensate("40000", reference="G1")
    assert compensated.books(compensated.guarantee.guarantor)["RECOURSE"] == 40_000


def test_a_compensation_of_a_terminated_contract_is_taken_back_too(compensated):
    contracts.terminate(compensated.contract, "逾期不付。", by=compensated.seller)
    assert services.reverse_compensation(Claim.objects.get(), "退汇。", by=compensated.seller).state == "accepted"


def test_its_payment_is_not_taken_back_by_another_door(compensated):
    payment, fact = Payment.objects.get(), Fact.objects.get(kind="PAID")
    assert code_of(lambda: services.reverse_payment(payment, "记错。", by=compensated.seller)) == "of_a_claim"
    assert code_of(lambda: contracts.revoke_fact(fact, "记错。", by=compensated.seller)) == "of_a_claim"


def test_while_another_claim_is_open_it_is_not_taken_back(go, db):
    found = make_defaulted(go, sheet=TWO_PAYMENTS)
    found.file(obligations=["upfront"])
    found.accept(amount=Decimal(10_000), reasons="先行认可一部分。")
    first = found.compensate("10000")
    found.file(obligations=["second"])
    assert code_of(lambda: services.reverse_compensation(first, "退汇。", by=found.seller)) == "claim_open"


# Recovery


def test_a_recovery_is_shared_after_costs_by_what_each_has_borne(compensated):
    row = compensated.recover("5000", costs="200")
    assert (row.guarantor_part, row.licensor_part) == (GUARANTOR, LICENSOR)
    assert compensated.books(compensated.guarantee.guarantor) == {
        "RECOURSE": Decimal(40_000) - GUARANTOR, "COMPENSATION": -40_000, "BANK": 5000, "COSTS": -COSTS,
        "TO_PASS_ON": -LICENSOR,
    }  # fmt: skip


def test_the_licensors_part_pays_the_licensee_from_the_day_on_which_it_paid(compensated):
    before = compensated.books(compensated.contract.seller)["BANK"]
    compensated.pass_on(compensated.recover("5000", costs="200"))
    assert compensated.books(compensated.contract.seller)["BANK"] == before + LICENSOR
    assert Payment.objects.latest("id").on == LATER


def test_a_recovery_comes_part_by_part(compensated):
    for number in range(3):
        compensated.recover("1000", reference=f"R{number}")
    assert (compensated.recourse.state, Recovery.objects.count()) == ("part_paid", 3)


def test_the_same_transfer_twice_is_one_recovery(compensated):
    assert compensated.recover("1000").pk == compensated.recover("1000").pk
    assert code_of(lambda: compensated.recover("2000")) == "reference_used"


def test_no_more_is_recovered_than_is_owed(compensated):
    assert field_of(lambda: compensated.recover("60000")) == {"amount"}


@pytest.mark.parametrize(("amount", "costs", "field"), [("0", "0", "amount"), ("10", "11", "costs")])
def test_a_recovery_is_some_money_and_its_costs_lie_within(compensated, amount, costs, field):
    assert field in field_of(lambda: compensated.recover(amount, costs=costs))


def test_only_the_guarantor_that_paid_records_a_recovery(compensated):
    for by in (compensated.seller, compensated.buyer, make_stranger()):
        with pytest.raises(Forbidden):
            services.record_recovery(compensated.recourse, Decimal(1), on=LATER, reference="R1", by=by)


def test_with_the_last_of_it_the_claim_is_closed(compensated):
    compensated.go(LATER)
    owed = compensated.licence.statement(LATER).line("upfront")
    rest = owed.unpaid + owed.interest - owed.interest_paid
    row = compensated.recover(str(40_000 + rest))
    assert Claim.objects.get().state == "compensated"  # the licensor waits for its part
    compensated.pass_on(row)
    assert (Claim.objects.get().state, compensated.contract.state) == ("closed", "paying")


def test_paid_in_full_the_guarantor_still_takes_what_is_the_licensors(compensated):
    """What the licensee had paid the licensor itself went back after the last of the recourse."""
    direct = compensated.licence.pay("10500", LATER, "T1")
    compensated.recover("40000")
    assert (compensated.recourse.state, services.is_recoverable(compensated.recourse)) == ("paid", False)
    contracts.revoke_fact(direct, "退汇", by=compensated.seller)
    assert services.is_recoverable(compensated.recourse)
    row = compensated.recover("3000", reference="R2", costs="100")
    assert (row.guarantor_part, row.licensor_part, compensated.recourse.state) == (0, 2900, "paid")
    assert Claim.objects.get().state == "compensated"  # the licensor waits for its part
    compensated.pass_on(row)
    assert Claim.objects.get().state == "closed"
    assert field_of(lambda: compensated.recover("20000", reference="R3")) == {"amount"}


def test_a_recovery_that_did_not_arrive_is_reversed(compensated):
    row = services.reverse_recovery(compensated.recover("5000"), "退票。", by=compensated.guarantor)
    assert (row.state, compensated.recourse.state, compensated.recourse.paid) == ("reversed", "owed", 0)


def test_what_was_passed_on_is_returned_before_it_is_reversed(compensated):
    row = compensated.pass_on(compensated.recover("5000"))
    reverse = lambda: services.reverse_recovery(reread(row), "退票。", by=compensated.guarantor)  # noqa: E731
    assert code_of(reverse) == "passed_on"
    services.return_part(row, "未到账。", by=compensated.seller)
    assert reverse().state == "reversed"
    assert compensated.books(compensated.guarantee.guarantor) == {"RECOURSE": 40_000, "COMPENSATION": -40_000}


def test_a_part_that_was_returned_is_passed_on_anew(compensated):
    row = compensated.pass_on(compensated.recover("5000"))
    services.return_part(row, "未到账。", by=compensated.seller)
    compensated.pass_on(reread(row), reference="P2")
    assert Journal.objects.filter(kind="PASSED_ON").count() == 2


def test_a_compensation_is_not_taken_back_once_something_is_recovered(compensated):
    compensated.recover("5000")
    assert code_of(lambda: services.reverse_compensation(Claim.objects.get(), "退汇。", by=compensated.seller)) == (
        "recovered"
    )


def test_the_guarantor_gives_the_rest_up(compensated):
    compensated.recover("5000")
    services.forgo(compensated.recourse, "风险委员会决议。", by=compensated.guarantor)
    assert compensated.recourse.state == "forgone"
    assert compensated.books(compensated.guarantee.guarantor)["WRITTEN_OFF"] == compensated.recourse.left


def test_who_is_covered_in_full_gets_none_of_a_recovery(go, db):
    found = make_defaulted(go, cover_share=Decimal(1), cover_amount=Decimal(90_000))
    found.file()
    found.accept()
    found.compensate("50328.77", on=date(2027, 3, 15))
    row = found.recover("50328.77")
    assert (row.licensor_part, Claim.objects.get().state) == (0, "closed")


def test_a_closed_claim_is_open_again_when_its_recovery_did_not_arrive(go, db):
    found = make_defaulted(go, cover_share=Decimal(1), cover_amount=Decimal(90_000))
    found.file()
    found.accept()
    found.compensate("50328.77", on=date(2027, 3, 15))
    services.reverse_recovery(found.recover("50328.77"), "退票。", by=found.guarantor)
    assert Claim.objects.get().state == "compensated"


def test_two_guarantors_each_have_their_own_recourse(go, db):
    found = make_defaulted(go, cover_share=Decimal("0.6"), cover_amount=Decimal(90_000))
    second = make_issued(found.licence, "RISK_POOL", cover_share=Decimal("0.4"), cover_amount=Decimal(90_000))
    paid = []
    for guarantee, day in ((found.guarantee, 15), (second, 15)):
        claim = found.file(guarantee)
        services.accept_claim(claim, by=decider_of(guarantee.guarantor))
        given = {"on": date(2027, 3, day), "reference": f"G{guarantee.pk}", "by": found.seller}
        paid.append(services.compensate(reread(claim), claim.amount, **given).paid)
    assert sum(paid) == Decimal("50328.77")
    assert sum(row.amount for row in Recourse.objects.all()) == Decimal("50328.77")


def test_the_licensee_replies_to_the_recourse(compensated):
    row = services.answer_recourse(compensated.recourse, "分三个月偿还。", by=compensated.buyer)
    assert (row.reply, row.replied_on) == ("分三个月偿还。", PAID_ON)


# What is on its way


def test_more_on_its_way_than_is_owed_any_more_leaves_the_rest_to_the_guarantor(compensated):
    """The licensor's part of the first transfer is on its way when the licensee pays it all that it lacks."""
    compensated.recover("5000", costs="200")
    compensated.licence.pay("10400", LATER, "T1")
    row = compensated.recover("1000", reference="R2")
    assert (row.guarantor_part, row.licensor_part) == (1000, 0)


def test_what_one_guarantor_has_for_the_licensor_is_not_recovered_by_another(go, db):
    """Half of the loss is covered, by two guarantors; each recovers all that it can before anything is passed on."""
    found = make_defaulted(go, cover_share=Decimal("0.25"), cover_amount=Decimal(90_000))
    second = make_issued(found.licence, "RISK_POOL", cover_share=Decimal("0.25"), cover_amount=Decimal(90_000))
    for guarantee in (found.guarantee, second):
        claim = found.file(guarantee)
        services.accept_claim(claim, by=decider_of(guarantee.guarantor))
        given = {"on": date(2027, 3, 15), "reference": f"G{guarantee.pk}", "by": found.seller}
        services.compensate(reread(claim), claim.amount, **given)
    found.go(LATER)
    owed = found.licence.statement(LATER).line("upfront")
    lacking = owed.unpaid + owed.interest - owed.interest_paid
    first, last = Recourse.objects.order_by("id")
    given = {"on": LATER, "reference": "R1"}
    services.record_recovery(first, first.amount + lacking, **given, by=decider_of(first.creditor))
    with pytest.raises(Invalid):
        services.record_recovery(last, last.amount + Decimal("0.01"), **given, by=decider_of(last.creditor))
    services.record_recovery(last, last.amount, **given, by=decider_of(last.creditor))
    assert sum(row.licensor_part for row in Recovery.objects.all()) == lacking


def test_costs_that_did_not_arrive_are_reversed_after_the_last_of_it(compensated):
    row = compensated.recover("200", costs="200", reference="R0")
    compensated.go(LATER)
    owed = compensated.licence.statement(LATER).line("upfront")
    compensated.recover(str(40_000 + owed.unpaid + owed.interest - owed.interest_paid))
    assert compensated.recourse.state == "paid"
    assert services.reverse_recovery(reread(row), "退票。", by=compensated.guarantor).state == "reversed"
    assert compensated.recourse.state == "paid"
