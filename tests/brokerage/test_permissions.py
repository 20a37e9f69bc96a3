"""Who may send, answer and withdraw leads, who opens and closes deals, who sees them."""

import pytest

from marketplace.brokerage.models import Deal, Lead
from marketplace.parties.models import Membership
from tests import factories
from tests.tables import holders, people_around

OF_THE_UNIVERSITY = {"admin", "officer", "inventor", "reader", "staff who is a member"}


@pytest.fixture
def people(university, firm):
    return people_around(university, firm)


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("brokerage.answer", {"admin", "officer"}),  # the university received it
        ("brokerage.express_interest", {"sme"}),  # the firm sent it
        ("brokerage.withdraw_lead", {"sme"}),
        ("brokerage.lapse", set()),
    ],
)
def test_who_holds_it_on_a_lead_from_the_firm_to_the_university(permission, allowed, people, lead):
    assert holders(people, permission, lead) == allowed


def test_only_the_two_sides_and_staff_see_a_lead(people, lead):
    seen = {name for name, person in people.items() if lead in Lead.objects.visible_to(person)}
    assert seen == {*OF_THE_UNIVERSITY, "sme", "staff"}


def deal_of(people, name, university, firm):
    return Deal(manager=people[name], supplier=university, seeker=firm)


@pytest.mark.parametrize("name", ["admin", "officer", "sme", "staff", "outsider", "suspended", "former"])
def test_without_registration_nobody_opens_a_deal(name, people, university, firm):
    deal = deal_of(people, name, university, firm)
    assert holders(people, "brokerage.open_deal", deal) == set()


def test_a_technology_manager_opens_deals_for_herself_alone(people, university, firm):
    deal = deal_of(people, "broker", university, firm)
    assert holders(people, "brokerage.open_deal", deal) == {"broker"}


@pytest.mark.parametrize("side", ["university", "firm"])
@pytest.mark.parametrize("role", ["admin", "officer", "inventor", "reader"])
def test_a_manager_who_belongs_to_a_side_opens_no_deal(side, role, people, university, firm):
    organisation = {"university": university, "firm": firm}[side]
    Membership.objects.create(user=people["broker"], organisation=organisation, role=role)
    assert holders(people, "brokerage.open_deal", deal_of(people, "broker", university, firm)) == set()


def test_a_deal_is_lost_by_its_manager_alone(people, deal, broker):
    colleague = factories.make_technology_manager()
    people |= {"its manager": broker, "another manager": colleague}
    assert holders(people, "brokerage.lose", deal) == {"its manager"}


def test_only_the_two_sides_the_manager_and_staff_see_a_deal(people, deal, broker):
    people["its manager"] = broker
    seen = {name for name, person in people.items() if deal in Deal.objects.visible_to(person)}
    assert seen == {*OF_THE_UNIVERSITY, "sme", "staff", "its manager"}
