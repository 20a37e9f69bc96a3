"""Who may do what to a listing, a right or an offer: each permission against everybody."""

import pytest

from marketplace.core.access import SYSTEM
from marketplace.listings import services
from marketplace.listings.models import Right
from tests import factories
from tests.tables import holders, people_around

DRAFTERS = {"admin", "officer", "inventor"}
DECIDERS = {"admin", "officer"}
REVIEWERS = {"staff"}
ON_A_DRAFT = {
    "listings.draft": DRAFTERS,
    "listings.edit": DRAFTERS,
    "listings.offer": DRAFTERS,
    "listings.submit": DECIDERS,
    "listings.revise": DRAFTERS,
    "listings.withdraw": DECIDERS | {"staff", "staff who is a member"},
    "listings.renew": DECIDERS,
    "listings.set_interest": DECIDERS,
    "listings.publish": REVIEWERS,
    "listings.return": REVIEWERS,
    "listings.expire": set(),
    "listings.archive": set(),
    "listings.hide": set(),
    "listings.take_over": set(),
}
ON_A_RIGHT = {"listings.add_right": DRAFTERS, "listings.edit_right": DRAFTERS}


@pytest.fixture
def people(university, firm):
    return people_around(university, firm)


@pytest.mark.parametrize("permission", ON_A_DRAFT)
def test_who_holds_it_on_an_achievement(permission, university, people):
    assert holders(people, permission, factories.make_achievement(university)) == ON_A_DRAFT[permission]


@pytest.mark.parametrize("permission", ON_A_DRAFT)
def test_who_holds_it_on_a_demand(permission, university, people):
    assert holders(people, permission, factories.make_demand(university)) == ON_A_DRAFT[permission]


@pytest.mark.parametrize("permission", ON_A_RIGHT)
def test_who_holds_it_on_a_right(permission, university, people):
    assert holders(people, permission, Right(owner=university, kind="01")) == ON_A_RIGHT[permission]


def test_only_those_who_decide_take_a_published_listing_off_the_market(university, people):
    published = factories.publish(factories.make_achievement(university))
    assert holders(people, "listings.revise", published) == DECIDERS


def test_the_working_copy_is_seen_by_its_owner_and_staff_alone(university, people):
    listing = factories.make_achievement(university)
    visible = {name for name, person in people.items() if type(listing).objects.visible_to(person).exists()}
    # A suspended person cannot log in; their memberships are void all the same.
    assert visible == {*DRAFTERS, "reader", "staff", "staff who is a member"}


@pytest.mark.parametrize("name", ["rights", "offers"])
def test_rights_and_offers_are_seen_with_the_working_copy(university, people, name):
    right = services.add_right({"kind": "01", "title_zh": "配方"}, owner=university, by=SYSTEM)
    listing = factories.make_achievement(university)
    services.edit(listing, {}, rights=[right], by=SYSTEM)
    model = getattr(listing, name).model
    visible = {who for who, person in people.items() if model.objects.visible_to(person).exists()}
    assert visible == {*DRAFTERS, "reader", "staff", "staff who is a member"}


def test_the_projection_is_the_same_for_everybody(university, people):
    row = factories.make_published_achievement(university)
    assert all(type(row).objects.visible_to(person).get() == row for person in people.values())
