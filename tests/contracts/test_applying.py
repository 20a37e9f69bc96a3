"""How a contract begins: applications of firms, answers of owners, drafts from deals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage.models import Deal
from marketplace.contracts import names, readiness, services
from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.listings import services as listings
from marketplace.parties import services as parties
from marketplace.parties.models import Organisation
from tests import factories
from tests.contracts import making
from tests.rows import reread

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
WANTS = "我们想在铝合金支架上使用。"


@pytest.fixture
def listing(university):
    return factories.make_published_achievement(university)


@pytest.fixture
def small_firm():
    return making.make_small_firm()


@pytest.fixture
def buyer(small_firm):
    return factories.make_member(small_firm)


def apply(listing, by, mode="ZERO_UPFRONT", message=WANTS):
    firm = by.memberships.get().organisation
    return services.apply(listing, buyer=firm, mode=mode, message=message, by=by)


@pytest.fixture
def application(listing, buyer):
    return services.submit(apply(listing, buyer), by=buyer)


# A firm asks


def test_an_application_begins_with_the_least_that_any_licence_takes(listing, buyer, university):
    contract = apply(listing, buyer)
    assert (contract.seller, contract.mode, contract.state) == (university, "ZERO_UPFRONT", "applied")
    assert (contract.type, contract.licence_kind, contract.sublicence) == ("3", "ORDINARY", "FORBIDDEN")
    assert (contract.territory, contract.fields_of_use) == ([], [])  # never silently filled in


def test_submitting_starts_the_owners_clock(application):
    assert (application.state, application.answer_by) == ("screening", TODAY() + timedelta(days=14))


def test_only_what_is_on_the_market_can_be_asked_for(listing, buyer):
    listings.withdraw(listing.achievement, by=SYSTEM)
    with pytest.raises(NotFound):
        apply(listing, buyer)


def test_a_demand_is_no_achievement(buyer):
    with pytest.raises(NotFound):
        apply(factories.make_published_demand(), buyer)


def test_only_an_offered_mode_can_be_asked_for(listing, buyer):
    with pytest.raises(Invalid) as fault:
        apply(listing, buyer, mode="BUYOUT")
    assert set(fault.value.fields) == {"mode"}


def test_an_application_says_what_the_firm_wants(listing, buyer):
    with pytest.raises(Invalid) as fault:
        apply(listing, buyer, message="  ")
    assert set(fault.value.fields) == {"message"}


def test_nobody_applies_for_somebody_else(listing, small_firm, outsider):
    with pytest.raises(Forbidden):
        services.apply(listing, buyer=small_firm, mode="ZERO_UPFRONT", message=WANTS, by=outsider)


def test_an_owner_does_not_apply_for_its_own(listing, university_officer):
    with pytest.raises(Conflict) as fault:
        apply(listing, university_officer)
    assert fault.value.code == "own_listing"


def test_a_stranger_does_not_learn_whose_an_anonymous_listing_is(university, outsider):
    listing = factories.make_published_achievement(university, is_anonymous=True)
    with pytest.raises(Forbidden):
        services.apply(listing, buyer=university, mode="ZERO_UPFRONT", message=WANTS, by=outsider)


def test_a_suspended_firm_does_not_apply(listing, small_firm, buyer, staff):
    parties.suspend(small_firm, reason="Forged papers.", by=staff)
    with pytest.raises(Conflict) as fault:
        apply(listing, buyer)
    assert fault.value.code == "not_verified"


def test_one_open_application_a_firm_and_achievement(listing, buyer, application):
    with pytest.raises(Conflict) as fault:
        apply(listing, buyer)
    assert fault.value.code == "application_open"


def test_who_withdrew_may_apply_again(listing, buyer, application):
    services.withdraw(application, by=buyer)
    assert apply(listing, buyer).state == "applied"


# Eligibility


def test_every_reason_of_ineligibility_comes_at_once():
    tianjin = factories.make_organisation("UNIVERSITY", region="120000")
    listing = factories.make_published_achievement(tianjin, region="120000")
    buyer = factories.make_member(making.make_small_firm(size="LARGE"))
    contract = apply(listing, buyer)
    with pytest.raises(Invalid) as fault:
        services.submit(contract, by=buyer)
    assert fault.value.code == "E_NOT_MSME"
    assert set(fault.value.fields) == {"E_NOT_MSME", "E_REGION"}
    assert reread(contract).state == "applied"


def test_a_proof_of_size_that_is_too_old_is_refused(listing, small_firm, buyer):
    contract = apply(listing, buyer)
    Organisation.objects.filter(pk=small_firm.pk).update(size_proved_on=TODAY() - timedelta(days=366))
    with pytest.raises(Invalid) as fault:
        services.submit(contract, by=buyer)
    assert set(fault.value.fields) == {"E_SIZE_PROOF_EXPIRED"}


@pytest.mark.parametrize(("state", "days", "is_open"), [
    ("defaulted", -1, True),
    ("terminated", -1, True),
    ("curing", 0, False),
    ("disputed", -1, False),
])  # fmt: skip
def test_a_firm_whose_days_after_a_demand_are_over_waits(university, small_firm, state, days, is_open):
    other = making.make_signed_contract(buyer=small_firm)
    until = TODAY() + timedelta(days=days)
    demand = {"demanded_on": until - timedelta(days=30), "cure_until": until}
    Contract.objects.filter(pk=other.pk).update(state=state, ended_on=TODAY(), **demand)
    assert ("E_OPEN_DEFAULT" in readiness.ineligible(university, small_firm, "ZERO_UPFRONT", TODAY())) is is_open


def test_who_pays_at_once_need_not_be_small(university):
    offer = {"mode": "INSTALMENTS", "price_low": "1", "price_high": "2"}
    listing = factories.make_published_achievement(university, offers=(offer,))
    buyer = factories.make_member(making.make_small_firm(size="LARGE"))
    assert services.submit(apply(listing, buyer, mode="INSTALMENTS"), by=buyer).state == "screening"


# The owner answers


def test_the_owner_accepts_and_they_negotiate(application, university_officer):
    assert services.accept_application(application, by=university_officer).state == "negotiating"


def test_the_owner_declines_with_a_reason(application, university_officer):
    declined = services.decline(application, "TAKEN", note="已有合作方。", by=university_officer)
    assert (declined.state, declined.decline_code, declined.end_note) == ("declined", "TAKEN", "已有合作方。")


def test_declining_needs_a_reason_of_the_list(application, university_officer):
    with pytest.raises(Invalid):
        services.decline(application, "NO", by=university_officer)


@pytest.mark.parametrize("answer", [services.accept_application, lambda row, by: services.decline(row, "TAKEN", by=by)])
def test_an_answer_after_the_clock_is_too_late(answer, application, university_officer):
    Contract.objects.filter(pk=application.pk).update(answer_by=TODAY() - timedelta(days=1))
    with pytest.raises(Conflict) as fault:
        answer(application, by=university_officer)
    assert fault.value.code == "lapsed"


def test_silence_lapses_once(application):
    later = TODAY() + timedelta(days=15)
    assert (services.lapse_applications(later), services.lapse_applications(later)) == (1, 0)
    assert (reread(application).state, reread(application).decline_code) == ("declined", "LAPSED")


def test_on_its_last_day_an_application_still_stands(application):
    assert services.lapse_applications(TODAY() + timedelta(days=14)) == 0


# Names


@pytest.fixture
def anonymous(university, buyer):
    listing = factories.make_published_achievement(university, is_anonymous=True)
    return services.submit(apply(listing, buyer), by=buyer)


def test_an_anonymous_owner_is_named_once_it_accepts(anonymous, buyer, university, university_officer):
    assert names.known_seller(buyer, anonymous) is None
    assert names.known_seller(university_officer, anonymous) == university
    accepted = services.accept_application(anonymous, by=university_officer)
    assert names.known_seller(buyer, accepted) == university


def test_who_declines_stays_unnamed(anonymous, buyer, university_officer):
    assert names.known_seller(buyer, services.decline(anonymous, "TAKEN", by=university_officer)) is None


def test_who_withdraws_before_the_answer_learns_nothing(anonymous, buyer):
    assert names.known_seller(buyer, services.withdraw(anonymous, by=buyer)) is None


def test_who_met_before_it_was_withdrawn_keeps_knowing(anonymous, buyer, university, university_officer):
    accepted = services.accept_application(anonymous, by=university_officer)
    assert names.known_seller(buyer, services.withdraw(accepted, by=buyer)) == university


def test_an_owner_who_lists_by_name_is_named_from_the_start(application, buyer, university):
    assert names.known_seller(buyer, application) == university


# Drafts


def make_deal(university, firm, broker, **values):
    achievement = factories.make_published_achievement(university, is_anonymous=values.pop("is_anonymous", False))
    demand = factories.make_published_demand(firm)
    sides = {"supplier": university, "seeker": firm}
    values = {"state": "negotiating"} | values
    return Deal.objects.create(achievement=achievement, demand=demand, manager=broker, **sides, **values)


def test_the_manager_draws_up_the_contract_of_a_deal(university, firm, broker):
    deal = make_deal(university, firm, broker)
    contract = services.draft_from_deal(deal, mode="ROYALTY", particulars=making.LICENCE, by=broker)
    assert (contract.state, contract.seller, contract.buyer) == ("negotiating", university, firm)
    assert (contract.manager, contract.deal, contract.territory) == (broker, deal, ["CN"])


def test_the_other_manager_the_buyer_and_staff_draw_up_nothing(university, firm, broker, sme, staff):
    deal = make_deal(university, firm, broker)
    for person in (factories.make_technology_manager(), sme, staff):
        with pytest.raises(Forbidden):
            services.draft_from_deal(deal, mode="ROYALTY", by=person)


def test_one_live_contract_a_deal(university, firm, broker):
    deal = make_deal(university, firm, broker)
    services.draft_from_deal(deal, mode="ROYALTY", by=broker)
    with pytest.raises(Conflict) as fault:
        services.draft_from_deal(deal, mode="ROYALTY", by=broker)
    assert fault.value.code == "contract_exists"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"state": "lost", "lost_code": "TAKEN"}, "deal_lost"), ({"state": "introduced"}, "nda_first")],
)
def test_a_deal_that_is_lost_or_not_under_an_nda_has_no_contract(values, code, university, firm, broker):
    deal = make_deal(university, firm, broker, **values)
    with pytest.raises(Conflict) as fault:
        services.draft_from_deal(deal, mode="ROYALTY", by=broker)
    assert fault.value.code == code


def test_a_seller_draws_up_what_it_owns_alone(university, university_officer, firm):
    with pytest.raises(Invalid) as fault:
        services.draft(university, firm, achievement=factories.make_achievement(), by=university_officer)
    assert set(fault.value.fields) == {"achievement"}


def test_a_contract_has_two_sides(university, university_officer):
    with pytest.raises(Invalid) as fault:
        services.draft(university, university, by=university_officer)
    assert set(fault.value.fields) == {"buyer"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"territory": ["999999"]}, "territory"),
        ({"territory": "CN"}, "territory"),
        ({"territory": [7]}, "territory"),
        ({"fields_of_use": ["99"]}, "fields_of_use"),
        ({"pricing_route": "GUESS"}, "pricing_route"),
        ({"subtype": "21"}, "subtype"),  # an assignment is no licence
        ({"licence_kind": "SOMETIMES"}, "licence_kind"),
        ({"sublicence": ""}, ""),
    ],
)
def test_particulars_come_from_the_lists(values, field):
    contract = making.make_contract()
    with pytest.raises(Invalid) as fault:
        services.edit(contract, values, by=making.decider_of(contract.seller))
    assert set(fault.value.fields) == {field}


@pytest.mark.parametrize("territory", [["CN"], ["WORLD"], ["110000", "330106"], []])
def test_a_territory_is_the_world_china_or_regions_of_it(territory):
    contract = making.make_contract()
    assert (
        services.edit(contract, {"territory": territory}, by=making.decider_of(contract.buyer)).territory == territory
    )


def test_the_owner_alone_answers_for_the_route_and_its_relations():
    contract = making.make_contract()
    with pytest.raises(Forbidden):
        services.edit(contract, {"is_related_party": True}, by=making.decider_of(contract.buyer))
    assert services.edit(contract, {"is_related_party": True}, by=making.decider_of(contract.seller)).is_related_party


def test_agreed_particulars_are_fixed_but_for_the_export_licence():
    contract = making.make_agreed_contract()
    officer = making.decider_of(contract.seller)
    with pytest.raises(Conflict):
        services.edit(contract, {"territory": ["110000"]}, by=officer)
    assert services.edit(contract, {"export_licence": "SJ-2026-17"}, by=officer).export_licence == "SJ-2026-17"


def test_changed_particulars_are_to_be_accepted_anew():
    contract = making.make_contract()
    proposed = services.propose(contract, making.ENTRY_ROYALTY, side="SELLER", by=making.decider_of(contract.seller))
    services.edit(contract, {"territory": ["110000"]}, by=making.decider_of(contract.buyer))
    assert reread(proposed).seller_accepted_at is None


def test_a_third_party_reads_the_contract(guarantor):
    contract = making.make_contract()
    organisation = guarantor.memberships.get().organisation
    services.add_third_party(contract, organisation, "GUARANTOR", by=making.decider_of(contract.seller))
    assert contract in Contract.objects.visible_to(guarantor)


def test_a_side_is_no_third_party():
    contract = making.make_contract()
    with pytest.raises(Invalid):
        services.add_third_party(contract, contract.buyer, "AGENCY", by=making.decider_of(contract.seller))
