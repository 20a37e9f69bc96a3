"""Versions of the terms: proposed, accepted by both sides, agreed, reopened."""

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Contract
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.parties import services as parties
from tests import factories
from tests.contracts import making
from tests.contracts.making import ENTRY_ROYALTY, MILESTONE, ROYALTY, UPFRONT, ZERO_UPFRONT
from tests.rows import reread

pytestmark = pytest.mark.django_db
DEPOSIT = {"kind": "DEPOSIT", "cover_amount": "20000", "cover_share": "1"}
COMPANY = {"kind": "COMPANY", "cover_amount": "100000", "cover_share": "0.8", "liability": "JOINT", "period_months": 6}


@pytest.fixture
def contract(broker):
    row = making.make_contract()
    Contract.objects.filter(pk=row.pk).update(manager=broker)
    return reread(row)


@pytest.fixture
def seller(contract):
    return making.decider_of(contract.seller)


@pytest.fixture
def buyer(contract):
    return making.decider_of(contract.buyer)


# Proposing


def test_who_proposes_accepts_for_its_side(contract, seller):
    sheet = services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=seller)
    assert (sheet.number, sheet.mode, sheet.author) == (1, "ENTRY_ROYALTY", seller)
    assert sheet.seller_accepted_at is not None
    assert sheet.buyer_accepted_at is None


def test_the_same_terms_have_the_same_fingerprint_however_they_are_written(contract, seller, buyer):
    first = services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=seller)
    again = {**ENTRY_ROYALTY, "currency": "CNY", "terms": [{**UPFRONT, "amount": "60000.00"}, ROYALTY]}
    second = services.propose(contract, again, side="BUYER", by=buyer)
    assert (second.number, second.fingerprint) == (2, first.fingerprint)
    assert services.difference(first, second) == ()


def test_the_manager_proposes_for_a_side_and_accepts_for_none(contract, broker):
    sheet = services.propose(contract, ENTRY_ROYALTY, side="BUYER", by=broker)
    assert (sheet.proposed_by, sheet.seller_accepted_at, sheet.buyer_accepted_at) == ("BUYER", None, None)
    with pytest.raises(Forbidden):
        services.accept_terms(contract, 1, by=broker)


def test_nobody_proposes_for_the_other_side(contract, seller):
    with pytest.raises(Forbidden):
        services.propose(contract, ENTRY_ROYALTY, side="BUYER", by=seller)


@pytest.mark.parametrize("side", ["", "GUARANTOR"])
def test_a_proposal_names_its_side(side, contract, seller):
    with pytest.raises(Invalid) as fault:
        services.propose(contract, ENTRY_ROYALTY, side=side, by=seller)
    assert set(fault.value.fields) == {"side"}


def test_every_fault_of_shape_comes_with_its_pointer(contract, seller):
    wrong = {**ENTRY_ROYALTY, "mode": "GIFT", "terms": [{**UPFRONT, "amount": "-1"}]}
    with pytest.raises(Invalid) as fault:
        services.propose(contract, wrong, side="SELLER", by=seller)
    assert set(fault.value.fields) == {"/mode", "/terms/0/amount"}


def test_every_broken_rule_comes_with_its_pointer(contract, seller):
    wrong = {**ENTRY_ROYALTY, "term": None, "terms": [{**UPFRONT, "trigger": None}, ROYALTY]}
    with pytest.raises(Invalid) as fault:
        services.propose(contract, wrong, side="SELLER", by=seller)
    assert {"/term", "/terms/0/trigger"} <= set(fault.value.fields)
    assert fault.value.code.startswith("E_")


@pytest.mark.parametrize("document", [{}, {"form": "term-sheet/2"}, {"form": "term-sheet/1"}])
def test_what_is_no_sheet_is_refused(document, contract, seller):
    with pytest.raises(Invalid):
        services.propose(contract, document, side="SELLER", by=seller)
    assert not contract.sheets.exists()


def test_terms_are_proposed_while_they_are_negotiated(seller):
    contract = making.make_agreed_contract()
    with pytest.raises(Conflict):
        services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=making.decider_of(contract.seller))


# Agreeing


def test_both_acceptances_agree_the_terms_under_the_law_of_the_sellers_place(contract):
    agreed = making.agree(contract, ENTRY_ROYALTY)
    assert (agreed.state, agreed.mode, agreed.law_place) == ("notice_pending", "ENTRY_ROYALTY", "110000")
    assert agreed.law_on is not None
    assert agreed.sheet.is_agreed


def test_who_uses_first_waits_for_the_guarantee_or_its_waiver(contract):
    assert making.agree(contract, ZERO_UPFRONT).state == "guarantee_pending"


def test_only_the_latest_version_is_accepted(contract, seller, buyer):
    services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=seller)
    services.propose(contract, {**ENTRY_ROYALTY, "total_cap": "900000"}, side="SELLER", by=seller)
    with pytest.raises(Conflict) as fault:
        services.accept_terms(contract, 1, by=buyer)
    assert fault.value.code == "newer_terms"


def test_a_version_that_there_is_not_cannot_be_accepted(contract, buyer):
    with pytest.raises(NotFound):
        services.accept_terms(contract, 0, by=buyer)


def test_who_decides_for_both_names_the_side(contract, seller):
    factories.make_member()
    both = factories.make_member(contract.seller)
    contract.buyer.memberships.create(user=both, role="officer")
    services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=seller)
    with pytest.raises(Invalid):
        services.accept_terms(contract, 1, by=both)
    assert services.accept_terms(contract, 1, side="BUYER", by=both).is_agreed


def test_a_suspended_side_agrees_to_nothing(contract, seller, buyer, staff):
    services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=seller)
    parties.suspend(contract.buyer, reason="Forged papers.", by=staff)
    with pytest.raises(Conflict) as fault:
        services.accept_terms(contract, 1, by=buyer)
    assert fault.value.code == "not_verified"


@pytest.mark.parametrize("name", ["territory", "fields_of_use"])
def test_a_licence_that_is_silent_about_its_scope_is_not_agreed(name):
    contract = making.make_contract(**{name: []})
    with pytest.raises(Invalid) as fault:
        making.agree(contract, ENTRY_ROYALTY)
    assert set(fault.value.fields) == {name}


def test_a_licence_on_trial_is_not_exclusive():
    contract = making.make_contract(licence_kind="EXCLUSIVE")
    with pytest.raises(Invalid) as fault:
        making.agree(contract, ZERO_UPFRONT)
    assert fault.value.code == "E_EXCLUSIVE_IN_TRIAL"
    assert reread(contract).state == "negotiating"


def test_a_large_firm_agrees_to_pay_at_once_and_not_to_pay_later():
    contract = making.make_contract(buyer=making.make_small_firm(size="LARGE"))
    with pytest.raises(Invalid) as fault:
        making.agree(contract, ZERO_UPFRONT)
    assert set(fault.value.fields) == {"E_NOT_MSME"}
    assert making.agree(contract, ENTRY_ROYALTY).state == "notice_pending"


# Guarantees of the sheet


def test_a_deposit_and_the_known_guarantor_become_rows(contract, seller, guarantor):
    organisation = guarantor.memberships.get().organisation
    services.add_third_party(contract, organisation, "GUARANTOR", by=seller)
    agreed = making.agree(contract, {**ZERO_UPFRONT, "guarantees": [DEPOSIT, COMPANY]})
    found = {(row.kind, row.guarantor, row.state) for row in agreed.guarantees.all()}
    assert found == {("DEPOSIT", None, "proposed"), ("COMPANY", organisation, "proposed")}


def test_a_guarantor_that_nobody_named_is_named_later(contract):
    agreed = making.agree(contract, {**ENTRY_ROYALTY, "guarantees": [COMPANY]})
    assert (agreed.state, agreed.guarantees.count()) == ("guarantee_pending", 0)


# Reopening


def test_reopened_terms_are_negotiated_again(seller):
    contract = making.make_ready_contract()
    reopened = services.reopen(contract, reason="价格要改。", by=making.decider_of(contract.buyer))
    assert (reopened.state, reopened.sheet, reopened.document) == ("negotiating", None, None)
    assert not any(each.is_agreed for each in reopened.sheets.all())


def test_reopening_drops_the_guarantees_and_the_waiver():
    contract = making.make_agreed_contract(sheet={**ZERO_UPFRONT, "guarantees": [DEPOSIT]})
    seller = making.decider_of(contract.seller)
    services.reopen(contract, reason="价格要改。", by=seller)
    assert set(contract.guarantees.values_list("state", flat=True)) == {"refused"}


def test_what_is_signed_is_not_reopened():
    contract = making.make_signed_contract()
    with pytest.raises(Conflict):
        services.reopen(contract, reason="价格要改。", by=making.decider_of(contract.seller))


def test_terms_agreed_again_after_reopening_need_both_sides_again():
    contract = making.make_agreed_contract()
    seller, buyer = making.decider_of(contract.seller), making.decider_of(contract.buyer)
    services.reopen(contract, reason="价格要改。", by=seller)
    assert not services.accept_terms(contract, 1, by=seller).is_agreed
    assert services.accept_terms(contract, 1, by=buyer).is_agreed


def test_the_difference_between_versions_is_rows(contract, seller):
    first = services.propose(contract, ENTRY_ROYALTY, side="SELLER", by=seller)
    second = services.propose(
        contract, {**ENTRY_ROYALTY, "terms": [UPFRONT, MILESTONE, ROYALTY]}, side="SELLER", by=seller
    )
    assert [(row.kind.value, row.term) for row in services.difference(first, second)] == [("ADDED", "pilot")]
