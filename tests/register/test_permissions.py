"""Who may do what in the register: each permission against everybody, on a person's and on an agency's row."""

import pytest
import rules

from marketplace.contracts.models import Contract
from marketplace.parties.models import Agency, TechnologyManager
from marketplace.register.models import Application, Consent, Portfolio
from tests import factories
from tests.tables import holders, people_around

pytestmark = pytest.mark.django_db
OF_THE_ENTRY = {"apply", "supplement", "withdraw", "file", "correct", "ask_removal", "reply"}
OF_THE_KEEPERS = {
    "send_back", "grant", "refuse", "accept_filing", "return_filing", "announce_removal", "remove", "drop",
    "take_over",
}  # fmt: skip


OF_THE_SIDE = {"give_consent", "refuse_consent", "withdraw_consent"}
OF_THE_MANAGER = {"ask_consent", "make_portfolio"}


@pytest.fixture
def people(university, firm, authority):
    return people_around(university, firm) | {"authority": authority}


def test_every_permission_is_in_this_table():
    named = {name.partition(".")[2] for name in rules.permissions.permissions if name.startswith("register.")}
    assert named == OF_THE_ENTRY | OF_THE_KEEPERS | OF_THE_SIDE | OF_THE_MANAGER


@pytest.mark.parametrize("verb", sorted(OF_THE_ENTRY))
def test_the_entry_speaks_for_itself(verb, people, university):
    manager = Application(manager=TechnologyManager(user=people["outsider"]))
    agency = Application(agency=Agency(organisation=university))
    assert holders(people, f"register.{verb}", manager) == {"outsider"}
    assert holders(people, f"register.{verb}", agency) == {"admin"}


@pytest.mark.parametrize("verb", sorted(OF_THE_KEEPERS))
def test_the_keepers_decide_but_not_about_their_own(verb, people, university):
    manager = Application(manager=TechnologyManager(user=people["outsider"]))
    agency = Application(agency=Agency(organisation=university))
    own = Application(manager=TechnologyManager(user=people["staff"]))
    assert holders(people, f"register.{verb}", manager) == {"staff", "staff who is a member", "authority"}
    assert holders(people, f"register.{verb}", agency) == {"staff", "authority"}
    assert holders(people, f"register.{verb}", own) == {"staff who is a member", "authority"}


def test_a_reader_of_the_authority_decides_nothing(authority):
    reader = factories.make_member(authority.memberships.get().organisation, "reader")
    row = Application(manager=TechnologyManager(user=factories.make_user()))
    assert holders({"reader": reader}, "register.grant", row) == set()


@pytest.mark.parametrize("verb", sorted(OF_THE_SIDE))
def test_a_side_answers_for_itself(verb, people, university):
    row = Consent(organisation=university, manager=people["broker"].technology_manager)
    assert holders(people, f"register.{verb}", row) == {"admin", "officer"}


def test_a_manager_asks_about_their_own_contracts_and_shows_their_own_cases(people, university):
    held = people["broker"].technology_manager
    own, other = Contract(manager=people["broker"]), Contract(manager=people["outsider"])
    assert holders(people, "register.ask_consent", Consent(contract=own, manager=held)) == {"broker"}
    assert holders(people, "register.ask_consent", Consent(contract=other, manager=held)) == set()
    assert holders(people, "register.make_portfolio", Portfolio(manager=held)) == {"broker"}
