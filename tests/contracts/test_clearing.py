"""The evidence of a careful decision, the notice, and the one list of what is missing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.contracts import services
from marketplace.contracts.models import Clearance, Contract, Decision, Valuation
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.workspace import page_url
from marketplace.documents import services as documents
from marketplace.listings import services as listings
from marketplace.parties import services as parties
from marketplace.parties.models import Membership
from tests.contracts import making
from tests.contracts.evidence import contract, decide, missing, officer
from tests.rows import reread

__all__ = ["contract", "officer"]
pytestmark = pytest.mark.django_db


# What is missing


def test_everything_is_missing_at_once_and_each_gap_says_what_to_do(contract):
    gaps = services.what_is_missing(contract)
    assert {gap.code for gap in gaps} == {
        *("E_NO_DECISION_RECORD", "E_SIGN_BEFORE_NOTICE_END", "E_PLEDGE", "E_CONFLICT_UNDECLARED"),
        *("E_CLAUSES_UNREVIEWED", "E_NO_TEXT"),
    }
    assert all(len(gap.sentence) > 8 and "E_" not in gap.sentence for gap in gaps)


def test_a_firm_needs_no_decision_and_no_notice():
    assert missing(making.make_agreed_contract()) == {"E_PLEDGE", "E_CLAUSES_UNREVIEWED", "E_NO_TEXT"}


def test_before_the_terms_are_agreed_that_is_missing_too():
    assert "E_NOT_AGREED" in missing(making.make_contract())


def test_a_price_found_on_the_market_needs_no_notice(university):
    contract = making.make_agreed_contract(seller=university, pricing_route="AUCTION")
    assert "E_NO_DECISION_RECORD" in missing(contract)
    assert "E_SIGN_BEFORE_NOTICE_END" not in missing(contract)


def test_nothing_is_missing_when_all_is_there(university):
    assert services.what_is_missing(making.make_ready_contract(seller=university, sheet=making.ZERO_UPFRONT)) == []


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"licence_kind": "EXCLUSIVE"}, {"E_CO_OWNER"}),
        ({"export": "FREE"}, {"E_EXPORT_CONTROL"}),
        ({"export": "PROHIBITED"}, {"E_EXPORT_CONTROL"}),
        (
            {"export": "FREE", "is_publicly_funded": True, "licence_kind": "EXCLUSIVE"},
            {"E_EXPORT_CONTROL", "E_PUBLIC_FUNDING", "E_CO_OWNER"},
        ),
    ],
)
def test_what_a_kind_of_licence_needs_beyond_the_usual(values, codes):
    plain = {"E_PLEDGE", "E_CLAUSES_UNREVIEWED", "E_NO_TEXT"}
    assert missing(making.make_agreed_contract(**values)) == plain | codes


def test_an_assignment_waits_for_its_inventors():
    assert {"E_PREEMPTION_OPEN", "E_CO_OWNER"} <= missing(making.make_agreed_contract(sheet=making.BUYOUT))


def test_what_may_not_be_exported_is_never_cleared():
    contract = making.make_agreed_contract(export="PROHIBITED")
    making.answer_everything(contract)
    assert "E_EXPORT_CONTROL" in missing(contract)


def test_a_suspended_side_is_a_gap(staff):
    contract = making.make_ready_contract()
    parties.suspend(contract.buyer, reason="Forged papers.", by=staff)
    assert missing(contract) == {"E_NOT_VERIFIED"}


def test_a_firm_that_grew_is_not_eligible_any_more():
    contract = making.make_ready_contract(sheet=making.ZERO_UPFRONT)
    parties.edit(contract.buyer, {"size": "LARGE"}, by=SYSTEM)
    assert missing(contract) == {"E_NOT_MSME"}


def test_an_open_guarantee_is_a_gap():
    assert "E_GUARANTEE_OPEN" in missing(making.make_agreed_contract(sheet=making.ZERO_UPFRONT))


def test_a_licence_that_would_be_over_is_a_gap():
    tomorrow = timezone.localdate() + timedelta(days=1)
    sheet = {**making.ENTRY_ROYALTY, "term": {"ends_on": tomorrow.isoformat()}}
    contract = making.make_ready_contract(sheet=sheet)
    content = {**contract.sheet.content, "term": {"ends_on": timezone.localdate().isoformat(), "sell_off_months": 0}}
    contract.sheets.update(content=content)
    assert missing(contract) == {"E_CONTRACT_EXPIRED"}


# The decision


def test_a_decision_is_of_exactly_these_terms(contract, officer):
    decide(contract, officer)
    assert "E_NO_DECISION_RECORD" not in missing(contract)
    services.reopen(contract, reason="价格要改。", by=officer)
    making.agree(contract, {**making.ENTRY_ROYALTY, "total_cap": "900000"})
    assert "E_NO_DECISION_RECORD" in missing(contract)


def test_the_same_terms_agreed_again_are_decided_already(contract, officer):
    decide(contract, officer)
    services.reopen(contract, reason="误操作。", by=officer)
    making.agree(contract, making.ENTRY_ROYALTY)
    assert "E_NO_DECISION_RECORD" not in missing(contract)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"votes_for": 4}, "votes_for"),
        ({"recused": ["陈教授"]}, "votes_for"),  # who stands aside does not vote
        ({"votes_for": 1, "votes_against": 1}, "votes_for"),
        ({"votes_for": 2, "votes_against": -1}, "votes_for"),
        ({"attendees": []}, "votes_for"),
        ({"attendees": "林校长"}, "attendees"),
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "held_on"),
        ({"meeting": " "}, "meeting"),
        ({"resolution": ""}, "resolution"),
    ],
)
def test_a_decision_that_was_none_is_refused(values, field, contract, officer):
    with pytest.raises(Invalid) as fault:
        decide(contract, officer, **values)
    assert set(fault.value.fields) == {field}


def test_the_minutes_are_kept_by_their_hash(contract, officer):
    paper = documents.keep_document(
        making.PDF, filename="minutes.pdf", title="会议纪要", readers=[contract.seller], by=officer
    )
    assert decide(contract, officer, minutes=paper).minutes_sha256 == paper.sha256


def test_the_hash_of_the_minutes_is_for_who_may_open_them(contract, officer, broker, client):
    """The technology manager reads the decision; of its paper the title alone."""
    readers = [contract.seller]
    paper = documents.keep_document(making.PDF, filename="a.pdf", title="会议纪要", readers=readers, by=officer)
    page = page_url(decide(contract, officer, minutes=paper))
    Contract.objects.filter(pk=contract.pk).update(manager=broker)
    for person, is_shown in ((officer, True), (broker, False)):
        client.force_login(person)
        content = client.get(page).content.decode()
        assert ("会议纪要" in content, paper.sha256 in content) == (True, is_shown)


def test_minutes_of_strangers_are_not_taken(contract, officer, outsider):
    theirs = [outsider.memberships.get().organisation]
    paper = documents.keep_document(making.PDF, filename="a.pdf", title="别人的", readers=theirs, by=outsider)
    with pytest.raises(Invalid):
        decide(contract, officer, minutes=paper)


@pytest.mark.parametrize("who", ["buyer", "staff"])
def test_the_seller_alone_decides(who, contract, staff):
    by = {"buyer": making.decider_of(contract.buyer), "staff": staff}[who]
    with pytest.raises(Forbidden):
        decide(contract, by)


def test_a_valuation_is_kept_beside_the_decision(contract, officer):
    row = services.record_valuation(
        contract, appraiser="评估所", method="收益法", low=Decimal("100000"), high=Decimal("200000"),
        valued_on=timezone.localdate(), by=officer,
    )  # fmt: skip
    assert list(contract.valuations.all()) == [row]


# Clearances


def test_an_open_question_is_a_gap_until_it_is_answered(contract, officer):
    asked = services.ask_clearance(contract, "PLEDGE", party="建设银行", by=officer)
    assert "E_PLEDGE" in missing(contract)
    services.answer_clearance(asked, "CONSENTED", note="银行已书面同意。", by=officer)
    assert "E_PLEDGE" not in missing(contract)


def test_a_refusal_is_a_gap_and_a_later_answer_takes_its_place(contract, officer):
    row = services.record_clearance(contract, "PLEDGE", "REFUSED", party="建设银行", note="不同意。", by=officer)
    assert "E_PLEDGE" in missing(contract)
    services.answer_clearance(row, "CONSENTED", by=officer)
    assert "E_PLEDGE" not in missing(contract)


def test_every_co_owner_consents():
    contract = making.make_agreed_contract(licence_kind="EXCLUSIVE")
    officer = making.decider_of(contract.seller)
    services.record_clearance(contract, "CO_OWNER", "CONSENTED", party="甲公司", by=officer)
    services.ask_clearance(contract, "CO_OWNER", party="乙公司", by=officer)
    assert "E_CO_OWNER" in missing(contract)


@pytest.mark.parametrize("answer", ["NOT_NEEDED", "REFUSED"])
def test_not_needed_and_refused_say_why(answer, contract, officer):
    with pytest.raises(Invalid) as fault:
        services.record_clearance(contract, "PLEDGE", answer, party="本单位", by=officer)
    assert set(fault.value.fields) == {"note"}
    assert not Clearance.objects.exists()


@pytest.mark.parametrize("answer", ["ASKED", "MAYBE", ""])
def test_an_answer_is_one(answer, contract, officer):
    row = services.ask_clearance(contract, "PLEDGE", party="建设银行", by=officer)
    with pytest.raises(Invalid) as fault:
        services.answer_clearance(row, answer, by=officer)
    assert set(fault.value.fields) == {"answer"}


def test_the_same_party_is_asked_once(contract, officer):
    services.ask_clearance(contract, "PLEDGE", party="建设银行", by=officer)
    with pytest.raises(Conflict) as fault:
        services.ask_clearance(contract, "PLEDGE", party="建设银行", by=officer)
    assert fault.value.code == "clearance_exists"


def test_a_question_is_about_a_right_of_this_contract(contract, officer):
    facts = {"kind": "02", "number": "201310699744.2", "title_zh": "涂层方法"}
    strange = listings.add_right(facts, owner=contract.seller, by=SYSTEM)
    with pytest.raises(Invalid):
        services.ask_clearance(contract, "PLEDGE", party="建设银行", right=strange, by=officer)


def test_what_is_signed_takes_no_more_answers():
    contract = making.make_signed_contract()
    with pytest.raises(Conflict):
        services.ask_clearance(contract, "PLEDGE", party="建设银行", by=making.decider_of(contract.seller))


# Ready, and not any more


def test_clearing_names_everything_that_is_missing(contract, officer):
    with pytest.raises(Conflict) as fault:
        services.clear(contract, by=officer)
    assert set(fault.value.fields) == missing(contract)
    assert fault.value.code in missing(contract)


def test_clearing_looks_again():
    contract = making.make_ready_contract()
    Contract.objects.filter(pk=contract.pk).update(state="notice_pending")
    assert services.clear(contract, by=making.decider_of(contract.buyer)).state == "ready"


def test_what_comes_up_later_takes_the_readiness_back():
    contract = making.make_ready_contract()
    officer = making.decider_of(contract.seller)
    services.record_clearance(contract, "PLEDGE", "REFUSED", party="建设银行", note="刚刚质押。", by=officer)
    assert reread(contract).state == "notice_pending"


def test_the_votes_and_valuations_of_the_owner_are_not_the_licensees_to_read(contract, officer):
    decide(contract, officer)
    services.record_valuation(
        contract, appraiser="评估所", method="收益法", low=Decimal(1), high=Decimal(2), valued_on=timezone.localdate(),
        by=officer,
    )  # fmt: skip
    for rows in (Decision.objects, Valuation.objects):
        assert rows.visible_to(officer).count() == 1
        assert rows.visible_to(making.decider_of(contract.buyer)).count() == 0


def test_the_page_of_the_owners_grounds_opens_to_whom_the_rows_are_visible(contract, officer, broker, outsider, client):
    decide(contract, officer)
    valued = {"appraiser": "评估所", "method": "收益法", "low": Decimal(1), "high": Decimal(2)}
    services.record_valuation(contract, **valued, valued_on=timezone.localdate(), by=officer)
    Contract.objects.filter(pk=contract.pk).update(manager=broker)
    reads = {officer: 1, broker: 1, making.decider_of(contract.buyer): 0, outsider: 0}
    for person, expected in reads.items():
        client.force_login(person)
        for model in (Decision, Valuation):
            rows = model.objects.visible_to(person)
            page = client.get(page_url(model.objects.get()))
            assert (rows.count(), page.status_code == 200) == (expected, bool(expected)), (person, model)


def test_a_manager_who_is_of_the_licensees_people_reads_no_grounds(contract, officer, broker):
    decide(contract, officer)
    Contract.objects.filter(pk=contract.pk).update(manager=broker)
    Membership.objects.create(user=broker, organisation=contract.buyer, role="reader")
    assert not Decision.objects.visible_to(type(broker).objects.get(pk=broker.pk)).exists()


def test_what_has_no_terms_yet_has_nothing_to_cure():
    contract = making.make_contract()
    with pytest.raises(Conflict):
        services.cure(contract, by=making.decider_of(contract.seller))
