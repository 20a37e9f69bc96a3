"""Claims on guarantees: filed after a default with frozen evidence, reviewed, and never twice for the same loss."""

import json
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from marketplace.contracts import services as contracts
from marketplace.core.errors import Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.documents import services as documents
from marketplace.settlement import services
from marketplace.settlement.models import Claim, ClaimLine, Loss, Obligation
from tests.refusals import code_of
from tests.rows import reread

from .claiming import (
    COVER,
    DEFAULTED,
    DEMANDED,
    fall_into_default,
    make_defaulted,
    make_issued,
    make_proof,
    make_stranger,
)

pytestmark = pytest.mark.usefixtures("everything_adds_up")

LOST = Decimal("50328.77")
"""50 000 yuan and the interest of 40 days at 6 % a year."""


@pytest.fixture
def defaulted(db, go):
    return make_defaulted(go)


# Filing


def test_a_claim_is_for_the_share_of_the_loss_up_to_the_cover(defaulted):
    claim = defaulted.file()
    assert (claim.amount, claim.state) == (Decimal(40_000), "filed")
    assert claim.lines.get().lost == LOST


def test_a_cover_that_suffices_pays_its_share_alone(go, db):
    claim = make_defaulted(go, cover_amount=Decimal(90_000)).file()
    assert claim.amount == Decimal("40263.02")


def test_the_guarantor_has_the_days_of_the_law(defaulted):
    claim = defaulted.file()
    assert claim.review_by == DEFAULTED + timedelta(days=30)
    assert claim.review_rule == "claim.review_days@CN/2015-04-24"


def test_the_evidence_is_frozen_with_its_hash(defaulted):
    document = defaulted.file().evidence
    pack = json.loads(documents.content_of(document))
    assert documents.verify(document)
    assert pack["demand"]["demanded_on"] == DEMANDED.isoformat()
    assert pack["statement"]["overdue"] == "50000.00"


def test_both_sides_and_the_guarantor_read_the_evidence(defaulted):
    readers = set(defaulted.file().evidence.readers.all())
    assert readers == {defaulted.contract.seller, defaulted.contract.buyer, defaulted.guarantee.guarantor}


def test_without_a_demand_nothing_is_claimed(entry):
    guarantee = make_issued(entry)
    assert code_of(lambda: services.file_claim(guarantee, by=entry.seller)) == "E_DEMAND_MISSING"


def test_before_the_days_to_cure_are_over_nothing_is_claimed(entry):
    guarantee = make_issued(entry)
    entry.deliver()
    entry.go(DEMANDED)
    contracts.demand(entry.contract, by=entry.seller)
    assert code_of(lambda: services.file_claim(guarantee, by=entry.seller)) == "E_DEMAND_MISSING"


def test_a_disputed_default_is_not_claimed(defaulted):
    contracts.dispute(defaulted.contract, "金额有误。", by=defaulted.buyer)
    assert code_of(defaulted.file) == "disputed"


def test_what_was_terminated_for_its_default_can_be_claimed(defaulted):
    contracts.terminate(defaulted.contract, "逾期不付。", by=defaulted.seller)
    assert defaulted.file().state == "filed"


def lose_right(licence):
    contracts.lose_right(licence.contract, "专利被宣告无效。", by=licence.seller)


def end(licence):
    for by in (licence.seller, licence.buyer):
        contracts.end_by_agreement(licence.contract, "协商终止。", by=by)


@pytest.mark.parametrize("step", [lose_right, end])
def test_what_was_overdue_before_the_right_or_the_contract_was_lost_can_be_claimed(entry, step):
    guarantee = make_issued(entry)
    entry.deliver()
    entry.go(DEMANDED)
    step(entry)
    contracts.demand(entry.contract, note="请付入门费。", by=entry.seller)
    entry.tick(DEFAULTED)
    claim = services.file_claim(guarantee, by=entry.seller)
    assert (claim.state, claim.demanded_on) == ("filed", DEMANDED)
    assert json.loads(documents.content_of(claim.evidence))["demand"]["note"] == "请付入门费。"


def test_what_was_overdue_before_delivery_can_be_claimed(entry):
    guarantee = make_issued(entry)
    entry.go(DEMANDED)
    contracts.demand(entry.contract, by=entry.seller)
    assert code_of(lambda: services.file_claim(guarantee, by=entry.seller)) == "E_DEMAND_MISSING"
    entry.tick(DEFAULTED)
    assert services.file_claim(guarantee, by=entry.seller).state == "filed"


def test_what_is_paid_after_an_early_end_is_claimed_no_more(entry):
    guarantee = make_issued(entry)
    entry.go(DEMANDED)
    end(entry)
    contracts.demand(entry.contract, by=entry.seller)
    entry.pay("60000", DEFAULTED, "T1")
    assert code_of(lambda: services.file_claim(guarantee, by=entry.seller)) == "E_DEMAND_MISSING"


def test_a_guarantee_that_is_released_is_not_claimed(defaulted):
    contracts.release(defaulted.guarantee, by=defaulted.seller)
    assert code_of(defaulted.file) == "not_issued"


def test_a_guarantee_that_is_claimed_is_not_released(defaulted):
    claim = defaulted.file()
    release = partial(contracts.release, defaulted.guarantee, by=defaulted.seller)
    assert code_of(release) == "claim_open"
    services.withdraw_claim(claim, "另行处理。", by=defaulted.seller)
    assert release().state == "released"


def test_after_the_guarantee_period_it_is_too_late(defaulted):
    defaulted.go(date(2027, 8, 4))
    assert code_of(defaulted.file) == "E_CLAIM_LATE"


def test_on_the_last_day_of_the_period_it_is_not(defaulted):
    defaulted.go(date(2027, 8, 3))
    assert defaulted.file().state == "filed"


def test_the_waiting_period_comes_first(go, db):
    assert code_of(make_defaulted(go, waiting_days=60).file) == "E_CLAIM_EARLY"


def test_a_claim_names_what_is_overdue(defaulted):
    with pytest.raises(Invalid) as fault:
        defaulted.file(obligations=["royalty:2027-Q1"])
    assert "obligations" in fault.value.fields


def test_the_guarantor_and_the_licensee_cannot_file(defaulted):
    for by in (defaulted.guarantor, defaulted.buyer):
        with pytest.raises(Forbidden):
            services.file_claim(defaulted.guarantee, by=by)


# A general guarantee


def test_a_general_guarantor_is_asked_last(go, db):
    assert code_of(make_defaulted(go, liability="GENERAL").file) == "E_DEBTOR_NOT_PURSUED"


def test_who_enforced_in_vain_may_ask_a_general_guarantor(go, db):
    found = make_defaulted(go, liability="GENERAL")
    pursuit = services.Pursuit("ENFORCED", date(2027, 3, 14), make_proof(found))
    assert found.file(pursuit=pursuit).pursuit == "ENFORCED"


def test_a_suit_in_time_keeps_the_period_of_a_general_guarantee(go, db):
    found = make_defaulted(go, liability="GENERAL")
    proof, sued = make_proof(found), date(2027, 5, 1)
    found.go(date(2028, 2, 1))
    assert found.file(pursuit=services.Pursuit("ENFORCED", sued, proof)).state == "filed"


def test_an_enforcement_names_the_day_of_the_suit(go, db):
    found = make_defaulted(go, liability="GENERAL")
    with pytest.raises(Invalid) as fault:
        found.file(pursuit=services.Pursuit("ENFORCED", None, make_proof(found)))
    assert "pursued_on" in fault.value.fields


def test_a_bankrupt_debtor_need_not_be_sued(go, db):
    found = make_defaulted(go, liability="GENERAL")
    assert found.file(pursuit=services.Pursuit("BANKRUPT", None, make_proof(found))).state == "filed"


# Twice


def test_one_guarantee_has_one_open_claim(defaulted):
    defaulted.file()
    assert code_of(defaulted.file) == "E_DUPLICATE_CLAIM"


def test_two_guarantees_cover_no_more_than_the_loss(go, db):
    found = make_defaulted(go, cover_amount=Decimal(90_000))
    second = make_issued(found.licence, "RISK_POOL", cover_amount=Decimal(90_000))
    first, other = found.file(), found.file(second)
    assert first.amount + other.amount == LOST
    third = make_issued(found.licence, "AGENCY")
    assert code_of(lambda: found.file(third)) == "E_DUPLICATE_CLAIM"


def test_the_database_refuses_a_loss_claimed_beyond_itself(defaulted):
    defaulted.file()
    with pytest.raises(IntegrityError, match="the_same_loss_is_claimed_once"), transaction.atomic():
        Loss.objects.update(claimed=LOST + Decimal("0.01"))


def test_what_was_refused_may_be_claimed_again(defaulted):
    services.refuse_claim(defaulted.file(), "EVIDENCE", "缺少催告送达凭证。", by=defaulted.guarantor)
    assert Loss.objects.get().claimed == 0
    assert defaulted.file().state == "filed"


def test_what_was_paid_is_not_claimed_again(defaulted):
    defaulted.file()
    defaulted.accept()
    defaulted.compensate("40000")
    assert code_of(defaulted.file) == "E_DUPLICATE_CLAIM"


def test_what_was_not_accepted_may_be_claimed_from_another(defaulted):
    defaulted.file()
    defaulted.accept(amount=Decimal(30_000), reasons="超出约定范围的部分不予认可。")
    assert Loss.objects.get().claimed == 30_000
    second = make_issued(defaulted.licence, "RISK_POOL", cover_amount=Decimal(90_000))
    assert defaulted.file(second).amount == LOST - 30_000


# Review


def test_the_guarantor_asks_for_more_and_its_days_wait(defaulted):
    claim = services.ask_about_claim(defaulted.file(), "请补充送达回执。", by=defaulted.guarantor)
    assert (claim.state, claim.review_by, claim.supply_by) == ("asked", None, DEFAULTED + timedelta(days=15))


def test_what_is_supplied_begins_the_days_anew(defaulted):
    claim = services.ask_about_claim(defaulted.file(), "请补充送达回执。", by=defaulted.guarantor)
    defaulted.go(date(2027, 3, 20))
    claim = services.supply_claim(claim, "回执见附件。", proof=make_proof(defaulted), by=defaulted.seller)
    assert (claim.state, claim.review_by) == ("filed", date(2027, 4, 19))


def test_a_claim_is_accepted_in_full(defaulted):
    defaulted.file()
    claim = defaulted.accept()
    assert (claim.state, claim.accepted, claim.pay_by) == ("accepted", 40_000, DEFAULTED + timedelta(days=10))


def test_a_claim_accepted_in_part_needs_reasons(defaulted):
    defaulted.file()
    with pytest.raises(Invalid) as fault:
        defaulted.accept(amount=Decimal(100))
    assert "reasons" in fault.value.fields


@pytest.mark.parametrize("amount", ["0", "-1", "40000.01", "1.005"])
def test_no_more_than_the_claim_is_accepted(defaulted, amount):
    defaulted.file()
    with pytest.raises(Invalid):
        defaulted.accept(amount=Decimal(amount), reasons="部分认可。")


def test_a_refusal_has_a_code_of_the_list_and_reasons(defaulted):
    claim = defaulted.file()
    for code, reasons in (("WHY", "不符。"), ("OTHER", " ")):
        with pytest.raises(Invalid):
            services.refuse_claim(claim, code, reasons, by=defaulted.guarantor)


def test_nobody_but_its_guarantor_reviews(defaulted):
    claim = defaulted.file()
    for by in (defaulted.seller, defaulted.buyer, make_stranger()):
        with pytest.raises(Forbidden):
            services.accept_claim(claim, by=by)


def test_a_claim_is_withdrawn_before_it_is_paid(defaulted):
    claim = services.withdraw_claim(defaulted.file(), "双方另行协商。", by=defaulted.seller)
    assert (claim.state, ClaimLine.objects.get().stands) == ("withdrawn", False)


def test_a_paid_claim_is_not_withdrawn(defaulted):
    defaulted.file()
    defaulted.accept()
    claim = defaulted.compensate("40000")
    assert code_of(lambda: services.withdraw_claim(claim, "撤回。", by=defaulted.seller)) == "conflict"


def test_everybody_hears_of_it_at_each_step(defaulted):
    defaulted.file()
    defaulted.accept()
    told = {(letter.user_id, letter.kind) for letter in Letter.objects.filter(key__startswith="claim:")}
    people = (defaulted.seller, defaulted.buyer, defaulted.guarantor)
    assert told == {(each.pk, "claim") for each in people}


def test_the_guarantor_is_reminded_before_its_day_once(defaulted):
    defaulted.file()
    assert services.remind_claims(DEFAULTED + timedelta(days=23)) == 1
    services.remind_claims(DEFAULTED + timedelta(days=24))
    assert Letter.objects.filter(user=defaulted.guarantor, key__contains=":review:").count() == 1


# A deposit is the licensee's own money


def test_a_deposit_needs_no_review_and_leaves_no_recourse(go, db):
    found = make_defaulted(go, "DEPOSIT", liability="GENERAL")
    assert found.file().state == "accepted"
    claim = found.compensate("40000")
    assert (claim.state, claim.recourses.count()) == ("closed", 0)
    assert found.books(found.contract.seller)["BANK"] == 40_000


def test_two_defaults_use_one_cover_up(go, db):
    found = make_defaulted(go, cover_share=Decimal(1), cover_amount=Decimal(40_000))
    found.file()
    found.accept()
    found.compensate("40000")
    assert reread(found.guarantee).cover_left == 0
    assert contracts.exposure_of(found.guarantee.guarantor, date(2027, 3, 20)) == 0


def test_the_cover_is_the_same_for_every_kind(go, db):
    for kind in ("BOND_INSURANCE", "FAILURE_INSURANCE", "RISK_POOL", "AGENCY"):
        found = make_defaulted(go, kind)
        assert found.file().amount == COVER["cover_amount"]


def test_a_licence_in_default_is_made_by_its_clock(entry):
    make_issued(entry)
    fall_into_default(entry)
    assert not Claim.objects.exists()


# Given up in the books


def owed(defaulted):
    return Obligation.objects.get(contract=defaulted.contract)


def test_what_a_guarantee_can_still_be_asked_for_is_not_written_off(defaulted):
    give_up = partial(services.write_off, owed(defaulted), "核销", by=defaulted.seller)
    assert code_of(give_up) == "covered"
    assert give_up(gives_up_cover=True).state == "written_off"
    assert code_of(defaulted.file) == "E_DEMAND_MISSING"


def test_what_is_claimed_is_written_off_and_the_claim_goes_on(defaulted):
    defaulted.file()
    services.write_off(owed(defaulted), "核销", by=defaulted.seller)
    defaulted.accept()
    assert defaulted.compensate("40000").state == "compensated"


def test_what_no_guarantee_can_be_asked_for_any_more_is_written_off(defaulted):
    defaulted.go(date(2028, 3, 1))
    assert services.write_off(owed(defaulted), "核销", by=defaulted.seller).state == "written_off"
