"""Credit notices: only for a final default, after the days to reply, with an answer, and a way to correct them."""

import json
from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services as contracts
from marketplace.core.errors import Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.documents import services as documents
from marketplace.settlement import services
from tests.refusals import code_of
from tests.rows import reread

from .claiming import DEFAULTED, SECOND_IN_APRIL, make_defaulted, make_stranger

UNTIL, AFTER = date(2027, 3, 30), date(2027, 3, 31)
GROUNDS = "催告期满仍未支付许可费。"


@pytest.fixture
def defaulted(db, go):
    return make_defaulted(go)


@pytest.fixture
def terminated(defaulted):
    contracts.terminate(defaulted.contract, "逾期不付。", by=defaulted.seller)
    return defaulted


def announce(found, issuer=None, by=None):
    issuer = issuer or found.contract.seller
    return services.announce_credit(found.contract, issuer, GROUNDS, by=by or found.seller)


@pytest.fixture
def notice(terminated):
    return announce(terminated)


@pytest.fixture
def pushed(terminated, notice):
    terminated.go(AFTER)
    return services.push_credit(notice, by=terminated.seller)


def test_a_default_that_may_still_be_paid_is_not_final(defaulted):
    assert code_of(lambda: announce(defaulted)) == "E_CREDIT_PUSH_NOT_FINAL"


def test_a_claim_under_review_leaves_it_open(terminated):
    terminated.file()
    assert code_of(lambda: announce(terminated)) == "E_CREDIT_PUSH_NOT_FINAL"


def test_after_the_termination_it_is_announced_with_its_days(notice):
    assert (notice.state, notice.announced_on, notice.reply_until) == ("announced", DEFAULTED, UNTIL)
    assert notice.rule == "credit.notice_days@CN/2013-03-15"


def test_the_guarantor_that_paid_may_give_notice_too(defaulted):
    defaulted.file()
    defaulted.accept()
    defaulted.compensate("40000")
    row = announce(defaulted, defaulted.guarantee.guarantor, defaulted.guarantor)
    assert row.amount == 40_000


def test_a_guarantor_may_give_notice_while_a_later_default_is_demanded(go, db):
    found = make_defaulted(go, sheet=SECOND_IN_APRIL, cover_share=Decimal(1), cover_amount=Decimal(90_000))
    found.file()
    found.accept()
    found.compensate("50328.77", on=DEFAULTED)
    found.go(date(2027, 4, 20))
    contracts.demand(found.contract, by=found.seller)
    row = announce(found, found.guarantee.guarantor, found.guarantor)
    assert row.amount == Decimal("50328.77")
    assert "claim_file" not in json.loads(documents.content_of(row.evidence))


def test_nobody_gives_notice_who_is_owed_nothing(terminated):
    with pytest.raises(Invalid):
        announce(terminated, terminated.guarantee.guarantor, terminated.guarantor)


def test_nobody_gives_notice_in_anothers_name(terminated):
    for by in (terminated.buyer, terminated.guarantor, make_stranger()):
        with pytest.raises(Forbidden):
            announce(terminated, by=by)


def test_the_evidence_is_frozen_and_both_parties_read_it(notice):
    pack = json.loads(documents.content_of(notice.evidence))
    assert pack["claim_file"]["demand"]["cure_until"] == "2027-03-12"
    assert set(notice.evidence.readers.all()) == {notice.issuer, notice.subject}


def test_a_creditor_has_one_live_notice(terminated, notice):
    assert code_of(lambda: announce(terminated)) == "announced"


def test_before_the_days_are_over_nothing_is_on_record(terminated, notice):
    terminated.go(UNTIL)
    assert code_of(lambda: services.push_credit(notice, by=terminated.seller)) == "E_CREDIT_PUSH_NOT_FINAL"


def test_after_them_it_is(pushed):
    assert (pushed.state, pushed.pushed_on) == ("pushed", AFTER)


def test_what_was_paid_meanwhile_is_not_on_record(terminated, notice):
    terminated.licence.pay("50452.05", UNTIL, "T1")
    terminated.go(AFTER)
    assert code_of(lambda: services.push_credit(notice, by=terminated.seller)) == "E_CREDIT_PUSH_NOT_FINAL"


def test_a_reply_must_be_answered_first(terminated, notice):
    services.answer_credit(notice, "我方已提出分期方案。", by=terminated.buyer)
    terminated.go(AFTER)
    with pytest.raises(Invalid) as fault:
        services.push_credit(reread(notice), by=terminated.seller)
    assert "answer" in fault.value.fields
    assert services.push_credit(reread(notice), answer="方案未获同意。", by=terminated.seller).state == "pushed"


def test_after_the_days_it_is_contested_and_not_answered(terminated, notice):
    terminated.go(AFTER)
    assert code_of(lambda: services.answer_credit(notice, "太迟。", by=terminated.buyer)) == "days_over"


def test_a_contested_record_is_checked_within_the_days_of_the_law(terminated, pushed):
    row = services.contest_credit(pushed, "金额有误。", by=terminated.buyer)
    assert (row.state, row.answer_by) == ("contested", date(2027, 4, 20))


@pytest.mark.parametrize(("verb", "state"), [("uphold_credit", "pushed"), ("correct_credit", "corrected")])
def test_it_stays_or_is_corrected_with_reasons(terminated, pushed, verb, state):
    row = services.contest_credit(pushed, "金额有误。", by=terminated.buyer)
    with pytest.raises(Invalid):
        getattr(services, verb)(row, " ", by=terminated.seller)
    assert getattr(services, verb)(row, "已核对账目。", by=terminated.seller).state == state


def test_staff_may_correct_it(terminated, pushed, staff):
    assert services.correct_credit(pushed, "证据不足。", by=staff).state == "corrected"


def test_it_is_withdrawn_before_it_is_on_record(terminated, notice):
    assert services.withdraw_credit(notice, "已达成和解。", by=terminated.seller).state == "withdrawn"


def test_the_licensee_is_told_of_each_step_and_nobody_outside(terminated, pushed):
    keys = list(Letter.objects.filter(key__startswith="claim:credit:").values_list("user_id", "key"))
    assert {user for user, _key in keys} == {terminated.buyer.pk}
    assert {key.split(":")[3] for _user, key in keys} == {"announced", "pushed"}
