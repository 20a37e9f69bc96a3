"""Who may do what to organisations, members and qualifications: each permission against everybody."""

import pytest

from marketplace.parties.models import Agency, Membership, Organisation, TechnologyManager
from tests import factories
from tests.tables import holders, people_around

STAFF = {"staff", "staff who is a member"}
LOGGED_IN = {"admin", "officer", "inventor", "reader", "sme", "broker", "outsider", "former", *STAFF}
ON_AN_ORGANISATION = {
    "parties.apply": LOGGED_IN,
    "parties.edit": {"admin", *STAFF},
    "parties.verify": STAFF,
    "parties.suspend": STAFF,
    "parties.admit": {"admin", *STAFF},
}


@pytest.fixture
def people(university, firm):
    return people_around(university, firm)


@pytest.mark.parametrize("permission", ON_AN_ORGANISATION)
def test_who_holds_it_on_an_organisation(permission, university, people):
    assert holders(people, permission, university) == ON_AN_ORGANISATION[permission]


@pytest.mark.parametrize("permission", ["parties.admit", "parties.end_membership"])
def test_members_come_and_go_by_their_own_administrator_and_staff(permission, university, people):
    membership = Membership(organisation=university, user=factories.make_user(), role="reader")
    assert holders(people, permission, membership) == {"admin", *STAFF}


@pytest.mark.parametrize("permission", ["parties.register_qualification", "parties.remove_qualification"])
def test_the_register_is_kept_by_staff_alone(permission, university, people):
    for row in (TechnologyManager(user=people["broker"]), Agency(organisation=university)):
        assert holders(people, permission, row) == STAFF


def test_everybody_applies_as_technology_manager_for_themselves_alone(people):
    row = TechnologyManager(user=people["outsider"])
    assert holders(people, "parties.apply_qualification", row) == {"outsider"}


def test_an_agency_is_applied_for_by_its_administrator(university, people):
    row = Agency(organisation=university)
    assert holders(people, "parties.apply_qualification", row) == {"admin"}


def test_an_organisation_is_seen_by_its_members_and_staff(university, people):
    seen = {name for name, person in people.items() if university in Organisation.objects.visible_to(person)}
    assert seen == {"admin", "officer", "inventor", "reader", *STAFF}


def test_members_are_seen_by_members_by_themselves_and_by_staff(university, people):
    row = Membership.objects.get(user=people["reader"])
    seen = {name for name, person in people.items() if row in Membership.objects.visible_to(person)}
    assert seen == {"admin", "officer", "inventor", "reader", *STAFF}


def test_the_directory_shows_valid_registrations_to_everybody_and_applications_to_their_holder(people):
    applied = TechnologyManager.objects.create(user=people["outsider"])
    valid = TechnologyManager.objects.get(user=people["broker"])
    for name, person in people.items():
        visible = set(TechnologyManager.objects.visible_to(person))
        assert visible == ({valid, applied} if name in {"outsider", *STAFF} else {valid})
