"""Signing: the exact text, two people of two organisations, and what becomes true with the second signature."""

from datetime import date

import pytest
from django.utils import timezone

from marketplace.contracts import caution, services
from marketplace.contracts.models import Contract, LicenceScope, Signature
from marketplace.contracts.reading import legal_late_rate
from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.documents import services as documents
from marketplace.documents.models import DocumentContent
from marketplace.listings import services as listings
from marketplace.parties import services as parties
from marketplace.parties.models import Membership
from tests import factories
from tests.contracts import making
from tests.contracts.making import decider_of, sign_as
from tests.refusals import code_of
from tests.rows import reread

pytestmark = pytest.mark.django_db
WITNESSES = making.WITNESSES


@pytest.fixture
def contract():
    return making.make_ready_contract()


# The text


def test_the_text_is_made_from_the_template_with_the_price_in_words():
    contract = making.make_agreed_contract(sheet=making.ZERO_UPFRONT)
    document = services.make_text(contract, by=decider_of(contract.seller))
    assert document.template is not None
    assert set(document.readers.all()) == {contract.seller, contract.buyer}
    assert reread(contract).document == document


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_made_in_both_languages(language):
    contract = making.make_agreed_contract()
    assert services.make_text(contract, language=language, by=decider_of(contract.buyer)).sha256


def test_third_parties_read_the_text(guarantor):
    contract = making.make_contract()
    organisation = guarantor.memberships.get().organisation
    services.add_third_party(contract, organisation, "GUARANTOR", by=decider_of(contract.seller))
    contract = making.agree(contract, making.ENTRY_ROYALTY)
    document = services.make_text(contract, clauses={"delivery": "签字后十日内"}, by=decider_of(contract.seller))
    assert organisation in document.readers.all()


def test_a_text_that_one_side_cannot_read_is_not_taken():
    contract = making.make_agreed_contract()
    officer = decider_of(contract.seller)
    paper = documents.keep_document(making.PDF, filename="a.pdf", title="合同", readers=[contract.seller], by=officer)
    with pytest.raises(Invalid):
        services.use_text(contract, paper, by=officer)


def test_there_is_no_text_before_the_terms_are_agreed():
    contract = making.make_contract()
    assert code_of(lambda: services.make_text(contract, by=decider_of(contract.seller))) == "wrong_state"


# The signatures


def test_the_first_signature_signs_nothing_yet(contract):
    signed = sign_as(contract, "SELLER")
    assert (signed.state, signed.signed_on) == ("ready", None)
    assert not LicenceScope.objects.exists()


@pytest.mark.parametrize("order", [("SELLER", "BUYER"), ("BUYER", "SELLER")])
def test_the_second_signature_signs_it(order, contract):
    for side in order:
        contract = sign_as(contract, side)
    today = timezone.localdate()
    assert (contract.state, contract.signed_on, contract.next_clock_on) == ("signed", today, today)
    assert contract.ends_on == date(today.year + 10, today.month, today.day)


def test_another_hash_is_not_this_text(contract):
    by = decider_of(contract.seller)
    assert code_of(lambda: services.sign(contract, side="SELLER", sha256="0" * 64, by=by)) == "other_text"


def test_a_text_whose_bytes_changed_is_not_signed(contract):
    DocumentContent.objects.filter(document=contract.document).update(content=b"%PDF-other")
    assert code_of(lambda: sign_as(contract, "SELLER")) == "other_text"


def test_a_new_text_voids_the_earlier_signature(contract):
    sign_as(contract, "SELLER")
    contract = making.hand_in_text(contract, b"% second text")
    assert sign_as(contract, "BUYER").state == "ready"
    assert sign_as(contract, "SELLER").state == "signed"


def test_a_side_signs_a_text_once(contract):
    sign_as(contract, "SELLER")
    assert code_of(lambda: sign_as(contract, "SELLER")) == "already_signed"


def test_what_is_signed_is_not_signed_again():
    contract = making.make_signed_contract()
    assert code_of(lambda: sign_as(contract, "SELLER")) == "already_signed"


def test_one_person_does_not_sign_for_both(contract):
    both = factories.make_member(contract.seller)
    Membership.objects.create(user=both, organisation=contract.buyer, role="officer")
    sha256 = contract.document.sha256
    services.sign(contract, side="SELLER", sha256=sha256, by=both)
    assert code_of(lambda: services.sign(contract, side="BUYER", sha256=sha256, by=both)) == "same_signer"


@pytest.mark.parametrize("role", ["inventor", "reader"])
def test_who_does_not_decide_does_not_sign(role, contract):
    member = factories.make_member(contract.seller, role)
    with pytest.raises(Forbidden):
        services.sign(contract, side="SELLER", sha256=contract.document.sha256, by=member)


def test_nobody_signs_for_the_other_side_nor_staff_for_any(contract, staff):
    for person in (decider_of(contract.seller), staff, factories.make_user(is_superuser=True)):
        with pytest.raises(Forbidden):
            services.sign(contract, side="BUYER", sha256=contract.document.sha256, by=person)


def test_who_has_left_signs_no_more(contract):
    former = factories.make_member(contract.seller)
    Membership.objects.filter(user=former).update(ended_on=timezone.localdate())
    with pytest.raises(Forbidden):
        services.sign(contract, side="SELLER", sha256=contract.document.sha256, by=former)


def test_a_suspended_organisation_signs_nothing(contract, staff):
    parties.suspend(contract.seller, reason="Forged papers.", by=staff)
    assert code_of(lambda: sign_as(contract, "SELLER")) == "not_verified"


def test_signing_refuses_with_exactly_what_is_missing(university):
    contract = making.make_agreed_contract(seller=university)
    wanted = {code for code, _ in services.what_is_missing(contract)}
    with pytest.raises(Conflict) as fault:
        services.sign(contract, side="SELLER", sha256="0" * 64, by=decider_of(university))
    assert set(fault.value.fields) == wanted
    assert fault.value.code in wanted


def test_what_was_cleared_meanwhile_is_signed_at_once(contract):
    Contract.objects.filter(pk=contract.pk).update(state="notice_pending")
    assert sign_as(contract, "SELLER").state == "ready"
    assert Signature.objects.count() == 1


# What becomes true


def test_the_signature_is_the_first_fact():
    contract = making.make_signed_contract()
    fact = contract.facts.get()
    assert (fact.key, fact.kind, fact.on) == ("signed", "SIGNED", timezone.localdate())


def test_the_signature_is_news_once(contract):
    heard = []

    def listen(contract, **_):
        heard.append(contract.pk)

    news.contract_signed.connect(listen)
    sign_as(contract, "SELLER")
    sign_as(contract, "BUYER")
    assert heard == [contract.pk]


def test_staged_events_become_milestones_with_their_days_and_witnesses():
    first_sale = {"id": "launch", "kind": "FIXED", "amount": "5000", "trigger": {"kind": "FIRST_SALE", **WITNESSES}}
    sheet = {**making.ZERO_UPFRONT, "terms": [making.MILESTONE, first_sale, making.ROYALTY]}
    contract = making.make_signed_contract(sheet=sheet)
    pilot, sale = contract.milestones.order_by("id")
    assert (pilot.slug, pilot.title_zh, pilot.title_en) == ("pilot", "中试完成", "Pilot run finished")
    assert (pilot.due_on - contract.signed_on).days in range(180, 186)
    assert (sale.slug, sale.kind, sale.declared_by, sale.confirmed_by) == (
        "FIRST_SALE",
        "FIRST_SALE",
        "BUYER",
        "SELLER",
    )


def test_a_yearly_fee_until_the_first_sale_waits_for_it():
    fee = {"id": "yearly", "kind": "MAINTENANCE", "amount": "5000", "until": "FIRST_SALE"}
    sheet = {**making.ENTRY_ROYALTY, "terms": [*making.ENTRY_ROYALTY["terms"], fee]}
    assert making.make_signed_contract(sheet=sheet).milestones.get().kind == "FIRST_SALE"


# Exclusivity


def add_right(achievement, number="201310699744.2"):
    facts = {"kind": "02", "number": number, "title_zh": "涂层方法"}
    right = listings.add_right(facts, owner=achievement.owner, by=SYSTEM)
    achievement.rights.add(right)
    return right


def test_a_licence_takes_the_achievement_and_each_of_its_rights():
    achievement = factories.make_achievement(factories.make_organisation("FIRM"))
    right = add_right(achievement)
    contract = making.make_signed_contract(achievement=achievement, territory=["110000", "310000"])
    found = contract.scopes.values_list("subject", flat=True)
    assert sorted(found) == sorted([f"achievement:{achievement.pk}", f"right:{right.pk}"] * 2)


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ({"licence_kind": "EXCLUSIVE"}, {}, False),
        ({"licence_kind": "EXCLUSIVE"}, {"licence_kind": "EXCLUSIVE"}, False),
        ({"licence_kind": "SOLE"}, {}, False),
        ({}, {"licence_kind": "EXCLUSIVE"}, False),
        ({}, {}, True),
        ({"licence_kind": "EXCLUSIVE"}, {"fields_of_use": ["03"]}, True),
        ({"licence_kind": "EXCLUSIVE", "territory": ["110000"]}, {"territory": ["310000"]}, True),
        ({"licence_kind": "EXCLUSIVE", "territory": ["110000"]}, {"territory": ["110105"]}, False),
        ({"licence_kind": "EXCLUSIVE", "territory": ["110000"]}, {"territory": ["CN"]}, False),
        ({"sheet": making.BUYOUT}, {}, False),  # who gave the title away licenses no more
        ({"sheet": making.BUYOUT}, {"sheet": making.BUYOUT}, False),
        ({"licence_kind": "EXCLUSIVE"}, {"sheet": making.BUYOUT}, True),  # a licence survives the assignment
    ],
)
def test_which_contracts_exclude_each_other(first, second, fits):
    achievement = factories.make_achievement(factories.make_organisation("FIRM"))
    late = making.make_ready_contract(achievement=achievement, **second)
    making.make_signed_contract(achievement=achievement, **first)
    if fits:
        assert sign_as(late, "SELLER").state == "ready"
    else:
        assert code_of(lambda: sign_as(late, "SELLER")) == "exclusive_conflict"


def test_two_achievements_on_one_right_exclude_each_other():
    seller = factories.make_organisation("FIRM")
    one, other = factories.make_achievement(seller), factories.make_achievement(seller)
    other.rights.add(add_right(one))
    making.make_signed_contract(achievement=one, licence_kind="EXCLUSIVE")
    contract = making.make_agreed_contract(achievement=other)
    assert "E_EXCLUSIVE_CONFLICT" in {gap.code for gap in services.what_is_missing(contract)}


def test_a_conflict_names_nobody():
    first = making.make_signed_contract(licence_kind="EXCLUSIVE")
    late = making.make_agreed_contract(achievement=first.achievement)
    said = [gap.sentence for gap in services.what_is_missing(late) if gap.code == "E_EXCLUSIVE_CONFLICT"]
    assert len(said) == 1
    assert not any(name in said[0] for name in (first.buyer.name_zh, first.buyer.name_en, first.title))


def test_what_has_ended_excludes_nobody():
    first = making.make_signed_contract(licence_kind="EXCLUSIVE")
    services.release_scopes(first)
    late = making.make_ready_contract(achievement=first.achievement)
    assert sign_as(late, "SELLER").state == "ready"


# What the text says


def said(contract, **values):
    document = services.make_text(contract, by=decider_of(contract.seller), **values)
    return caution.text_of(document)


def test_the_text_states_the_interest_that_will_be_counted():
    agreed = making.make_agreed_contract(
        sheet={**making.ENTRY_ROYALTY, "late_interest": {"yearly_rate": "0.065", "grace_days": 0}}
    )
    legal = making.make_agreed_contract()
    assert "6.5%" in said(agreed).replace(" %", "%")
    assert f"{legal_late_rate(legal.law_on, legal.law_place) * 100:f}".rstrip("0") in said(legal)


def test_the_text_names_the_fingerprint_of_the_terms():
    contract = making.make_agreed_contract()
    assert contract.sheet.fingerprint in said(contract)


def test_the_text_names_the_guarantor(guarantor):
    contract = making.make_contract()
    organisation = guarantor.memberships.get().organisation
    services.add_third_party(contract, organisation, "GUARANTOR", by=decider_of(contract.seller))
    cover = {"kind": "COMPANY", "cover_amount": "100000", "cover_share": "0.8", "liability": "JOINT"}
    contract = making.agree(contract, {**making.ENTRY_ROYALTY, "guarantees": [cover]})
    text = said(contract)
    assert organisation.name_zh in text
    assert "壹拾万元整" in text
