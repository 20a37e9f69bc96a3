"""Who may do what with a contract: the two sides, its technology manager, its guarantor; staff read."""

import pytest
import rules

from marketplace.contracts.models import Contract, Guarantee, GuarantorStanding, Milestone, ThirdParty
from marketplace.contracts.permissions import contract_of
from tests import factories
from tests.contracts import making
from tests.tables import holders, people_around

SELLER, BUYER, MANAGER = {"admin", "officer"}, {"sme"}, {"its manager"}
STAFF = {"staff", "staff who is a member"}
SIDES, TABLE, NOBODY = SELLER | BUYER, SELLER | BUYER | MANAGER, set()
OF_A_CONTRACT = {
    "apply": BUYER,
    "submit": BUYER,
    "answer_application": SELLER,
    "lapse_application": NOBODY,
    "draft": SELLER | MANAGER,
    "take_over": STAFF,
    "edit": TABLE,
    "propose": TABLE,
    "accept_terms": SIDES,
    "reopen": SIDES,
    "withdraw": SIDES,
    "record_decision": SELLER,
    "record_clearance": SELLER,
    "open_notice": SELLER,
    "clear": TABLE,
    "make_text": TABLE,
    "make_dossier": SELLER,
    "sign": SIDES,
    "propose_guarantee": TABLE,
    "record_deposit": SELLER,
    "waive_guarantee": SELLER,
    "release_guarantee": SELLER,
    "keep_standing": STAFF,
    "deliver": BUYER,
    "extend_trial": SELLER,
    "elect": BUYER,
    "confirm_return": SELLER,
    "waive_milestone": SELLER,
    "submit_report": BUYER,
    "answer_report": SELLER,
    "audit": SELLER,
    "answer_audit": BUYER,
    "record_payment": SELLER,
    "revoke_fact": SELLER,
    "demand": SELLER,
    "terminate": SELLER,
    "complete": SELLER,
    "end_by_agreement": SIDES,
    "buy_out": BUYER,
    "lose_right": SELLER | STAFF,
    "dispute": SIDES,
    "settle": SIDES,
    "follow": NOBODY,
    "tick": NOBODY,
    "ask_cover": NOBODY,
    "use_cover": NOBODY,
    "restore_guarantee": NOBODY,
    "write_off": NOBODY,
}
OF_OTHER_ROWS = {"answer_guarantee", "declare_milestone", "answer_milestone"}


@pytest.fixture
def contract(university, firm, broker):
    row = making.make_contract(seller=university, buyer=firm)
    Contract.objects.filter(pk=row.pk).update(manager=broker)
    return Contract.objects.get(pk=row.pk)


@pytest.fixture
def people(university, firm, broker, guarantor):
    people = people_around(university, firm)
    return people | {"its manager": broker, "its guarantor": guarantor}


def test_the_table_names_every_permission():
    known = {name.removeprefix("contracts.") for name in rules.permissions.permissions if name.startswith("contracts.")}
    assert known == {*OF_A_CONTRACT, *OF_OTHER_ROWS}


def test_who_holds_it_on_a_contract(contract, people):
    found = {name: holders(people, f"contracts.{name}", contract) for name in OF_A_CONTRACT}
    assert found == OF_A_CONTRACT


@pytest.mark.parametrize(("declares", "confirms"), [("SELLER", "BUYER"), ("BUYER", "SELLER")])
def test_one_side_declares_a_milestone_and_the_other_confirms_it(declares, confirms, contract, people):
    sides, row = {"SELLER": SELLER, "BUYER": BUYER}, Milestone(contract=contract)
    row.declared_by, row.confirmed_by = declares, confirms
    assert holders(people, "contracts.declare_milestone", row) == sides[declares]
    assert holders(people, "contracts.answer_milestone", row) == sides[confirms]


def test_the_guarantor_that_was_asked_answers_for_itself(contract, people, guarantor):
    row = Guarantee(contract=contract, guarantor=guarantor.memberships.get().organisation)
    assert holders(people, "contracts.answer_guarantee", row) == {"its guarantor"}
    assert holders(people, "contracts.answer_guarantee", contract) == NOBODY


def test_a_manager_whose_registration_ended_drafts_no_more(contract, people, broker):
    broker.technology_manager.__class__.objects.update(valid_until="2020-01-01")
    broker.__dict__.pop("_qualification", None)
    assert holders(people, "contracts.propose", contract) == SIDES


def test_the_sides_the_manager_third_parties_and_staff_see_it(contract, people, guarantor):
    organisation = guarantor.memberships.get().organisation
    ThirdParty.objects.create(contract=contract, organisation=organisation, role="GUARANTOR")
    seen = {name for name, person in people.items() if contract in Contract.objects.visible_to(person)}
    members = {"admin", "officer", "inventor", "reader", "staff who is a member", "sme"}
    assert seen == {*members, "staff", "its manager", "its guarantor"}


def test_only_the_guarantor_and_staff_see_its_capital(people, guarantor):
    organisation = guarantor.memberships.get().organisation
    row = GuarantorStanding.objects.create(organisation=organisation, net_assets=1, proved_on="2026-01-01")
    seen = {name for name, person in people.items() if row in GuarantorStanding.objects.visible_to(person)}
    assert seen == {"its guarantor", *STAFF}


def test_a_row_without_a_contract_belongs_to_nobody():
    assert contract_of(factories) is None
