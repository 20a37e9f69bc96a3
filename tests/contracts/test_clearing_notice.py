"""The notice of a negotiated price: when it is due, what it shows, what its end and changed terms do."""

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Contract
from marketplace.core.errors import Conflict, Invalid
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from tests import factories
from tests.contracts import making
from tests.contracts.evidence import contract, decide, missing, officer
from tests.rows import reread

__all__ = ["contract", "officer"]
pytestmark = pytest.mark.django_db


def test_a_notice_follows_the_decision(contract, officer):
    with pytest.raises(Conflict) as fault:
        services.open_price_notice(contract, by=officer)
    assert fault.value.code == "E_NO_DECISION_RECORD"


def test_a_notice_shows_the_price_in_words_and_not_the_buyer(contract, officer):
    decide(contract, officer)
    content = services.open_price_notice(contract, by=officer).content
    assert (content["method"], content["related_party"]) == ("LICENSE", "NONE")
    assert "3%" in content["price"]
    assert "counterparty" not in content


def test_the_law_of_the_place_says_what_a_notice_shows():
    zhejiang = factories.make_organisation("UNIVERSITY", region="330000")
    contract = making.make_agreed_contract(seller=zhejiang)
    officer = making.decider_of(zhejiang)
    decide(contract, officer)
    with pytest.raises(Invalid) as fault:
        services.open_price_notice(contract, by=officer)
    assert (fault.value.code, set(fault.value.fields)) == ("E_NOTICE_FIELDS", {"abstract"})
    notice = services.open_price_notice(contract, content={"abstract": "陶瓷涂层。"}, by=officer)
    assert (notice.place, notice.is_on_market) == ("330000", True)


def test_no_notice_is_due_of_a_firm():
    contract = making.make_agreed_contract()
    with pytest.raises(Conflict) as fault:
        services.open_price_notice(contract, by=making.decider_of(contract.seller))
    assert fault.value.code == "no_notice_due"


def test_one_notice_of_a_contract_at_a_time(contract, officer):
    decide(contract, officer)
    services.open_price_notice(contract, by=officer)
    with pytest.raises(Conflict) as fault:
        services.open_price_notice(contract, by=officer)
    assert fault.value.code == "notice_open"


def cleared_but_for_the_notice(contract, officer):
    decide(contract, officer)
    notice = services.open_price_notice(contract, by=officer)
    making.answer_everything(contract)
    making.hand_in_text(contract)
    return notice


def test_a_clean_end_of_the_notice_makes_the_contract_ready(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    assert (reread(contract).state, missing(contract)) == ("notice_pending", {"E_SIGN_BEFORE_NOTICE_END"})
    making.close(notice)
    assert (reread(contract).state, missing(contract)) == ("ready", set())


def test_an_objection_is_a_gap_of_its_own(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    notices.object_to(notice, name="钱某", contact="139", text="重复。", by=factories.make_member(contract.seller))
    assert missing(contract) == {"E_OPEN_OBJECTION"}


def test_an_upheld_objection_sends_the_terms_back(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    colleague = factories.make_member(contract.seller)
    objection = notices.object_to(notice, name="钱某", contact="139", text="重复。", by=reader_of(contract))
    notices.uphold(objection, "属实。", by=colleague)
    assert (reread(contract).state, reread(contract).sheet) == ("negotiating", None)


def reader_of(contract):
    return factories.make_member(contract.seller, "reader")


def test_a_withdrawn_notice_can_be_opened_again(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    notices.void(notice, Notice.VoidReason.WITHDRAWN, by=officer)
    assert (reread(contract).state, missing(contract)) == ("notice_pending", {"E_SIGN_BEFORE_NOTICE_END"})
    assert services.open_price_notice(contract, by=officer).is_running


def test_other_terms_void_a_running_notice(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    services.reopen(contract, reason="价格要改。", by=officer)
    making.agree(contract, {**making.ENTRY_ROYALTY, "total_cap": "900000"})
    assert (reread(notice).state, reread(notice).void_reason) == ("void", "TERMS_CHANGED")
    assert (reread(contract).state, reread(contract).notice) == ("notice_pending", None)


def test_a_closed_notice_proves_only_what_it_showed(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    making.close(notice)
    services.reopen(contract, reason="价格要改。", by=officer)
    making.agree(contract, {**making.ENTRY_ROYALTY, "total_cap": "900000"})
    assert reread(notice).state == "closed_clean"
    assert {"E_SIGN_BEFORE_NOTICE_END", "E_NO_DECISION_RECORD"} <= missing(contract)


def test_the_same_terms_keep_their_notice(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    services.reopen(contract, reason="误操作。", by=officer)
    making.agree(contract, making.ENTRY_ROYALTY)
    assert (reread(notice).state, reread(contract).notice) == ("open", notice)


@pytest.mark.parametrize("values", [{"pricing_route": "LISTED"}, {"licence_kind": "SOLE"}])
def test_another_method_is_other_terms_too(values, contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    services.reopen(contract, reason="方式要改。", by=officer)
    services.edit(contract, values, by=officer)
    making.agree(contract, making.ENTRY_ROYALTY)
    assert reread(notice).state == "void"


def test_another_counterparty_is_a_gap(contract, officer):
    making.close(cleared_but_for_the_notice(contract, officer))
    Contract.objects.filter(pk=contract.pk).update(buyer=making.make_small_firm())
    assert missing(contract) == {"E_NO_DECISION_RECORD", "E_NOTICE_TERMS_CHANGED"}


def test_who_withdraws_the_contract_withdraws_its_notice(contract, officer):
    notice = cleared_but_for_the_notice(contract, officer)
    services.withdraw(contract, by=making.decider_of(contract.buyer))
    assert (reread(contract).state, reread(notice).void_reason) == ("withdrawn", "WITHDRAWN")
