"""What the database itself refuses of registrations: each nonsense by raw SQL."""

import pytest
from django.apps import apps
from django.db import connection, models

from marketplace.registration import services
from tests.contracts.test_constraints import copy_of, refused

from .registering import COSTS

pytestmark = pytest.mark.django_db
# Constraint → the row that it guards, and an assignment that breaks it.
BREAKS = {
    "a_registration_number_has_16_digits": ("registration", "number = '12'"),
    "a_technical_amount_is_part_of_the_total": ("registration", "deducted_amount = total_amount + 1"),
    "a_registered_contract_has_a_term": ("registration", "ends_on = '2020-01-01'"),
    "a_filed_registration_has_its_clock": ("registration", "decide_by = NULL"),
    "only_an_office_decides_here": ("registration", "office_id = NULL, state = 'accepted'"),
    "a_supplement_says_what_is_missing": ("registration", "state = 'supplement', missing = ''"),
    "a_registered_contract_has_its_number_and_day": ("registration", "number = ''"),
    "a_refused_registration_says_when_and_why": ("registration", "state = 'refused', decision = ''"),
    "an_ended_registration_says_when_and_why": ("registration", "state = 'revoked'"),
    "a_recheck_has_its_objection": ("registration", "state = 'recheck', objection = ''"),
    "a_deducted_cost_is_above_zero": ("cost", "amount = 0"),
    "a_deducted_cost_says_what_it_is": ("cost", "what = ''"),
    "a_changed_technical_amount_is_part_of_the_total": ("change", "deducted_amount = -1"),
    "a_change_says_why": ("change", "reason = ''"),
    "a_decided_change_has_its_day": ("change", "state = 'made'"),
    "a_refused_change_says_why": ("change", "state = 'refused', decided_on = asked_on"),
}
REVOKED = {"state": "'revoked'", "ended_on": "registered_on", "end_reason": "'x'"}
# Constraint → the row of which a second one is refused.
ONLY_ONE = {
    "one_live_registration_per_contract": ("registration", {"number": "'4403012027000002'"}),
    "a_registration_number_is_given_once": ("registration", REVOKED),
    "one_open_change_per_registration": ("change", {}),
}


@pytest.fixture
def rows(ours):
    """One row of each kind, as the services leave it."""
    services.put_costs(ours.draft(), COSTS, by=ours.officer)
    row = services.submit(ours.contract.registrations.get(), by=ours.officer)
    row = services.accept(row, by=ours.registrar)
    row = services.register(row, number="4403012027000001", by=ours.registrar)
    change = services.ask_change(row, total_amount="90000", reason="提成。", by=ours.officer)
    return {"registration": row, "cost": row.costs.get(), "change": change}


def named(kind):
    every = apps.get_app_config("registration").get_models()
    return {each.name for model in every for each in model._meta.constraints if isinstance(each, kind)}


def test_every_constraint_has_its_attack():
    assert named(models.CheckConstraint) | named(models.UniqueConstraint) == {*BREAKS, *ONLY_ONE}


def test_nonsense_is_refused_by_its_constraint(rows):
    for name, (kind, assignment) in BREAKS.items():
        table = rows[kind]._meta.db_table
        assert name in refused(f"UPDATE {table} SET {assignment} WHERE id = %s", [rows[kind].pk])


def test_a_second_one_is_refused(rows):
    for name, (kind, other) in ONLY_ONE.items():
        said = refused(copy_of(rows[kind], **other))
        assert "unique" in said.lower(), name
        assert name in said or connection.vendor != "postgresql"
