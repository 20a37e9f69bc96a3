"""What the database itself refuses of the register: each nonsense by raw SQL."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, models

from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.register import services
from marketplace.register.models import RegisterLine
from tests.contracts import making
from tests.contracts.test_constraints import copy_of, refused
from tests.rows import reread

from .registering import apply_as_agency, apply_as_manager, make_agency, make_entry

pytestmark = pytest.mark.django_db
# Constraint → the row that it guards, and an assignment that breaks it.
BREAKS = {
    "an_application_is_for_one_entry": ("application", "manager_id = NULL, level = ''"),
    "a_managers_application_names_its_level": ("application", "level = ''"),
    "a_decided_application_says_when_and_why": ("application", "state = 'refused', decision = ''"),
    "a_returned_application_says_what_is_missing": ("application", "state = 'returned', missing = ''"),
    "a_yearly_filing_is_of_one_entry": ("filing", "manager_id = NULL"),
    "a_yearly_filing_has_no_negative_sum": ("filing", "income = -1"),
    "an_agency_files_its_staff": ("filing", "staff = 1"),
    "a_returned_filing_says_what_is_wrong": ("filing", "state = 'returned', fault = ''"),
    "a_removal_is_of_one_entry": ("removal", "manager_id = NULL"),
    "a_removal_says_why": ("removal", "reason = ''"),
    "a_removal_leaves_days_to_reply": ("removal", "reply_by = announced_on"),
    "a_reply_to_a_removal_has_words": ("removal", "state = 'replied'"),
    "nobody_is_removed_unheard": ("removal", "state = 'decided', decision = 'x', decided_on = reply_by"),
    "an_answered_consent_has_its_day": ("consent", "state = 'given'"),
    "a_portfolio_has_a_case": ("portfolio", "cases = 0"),
    "a_portfolio_has_its_number": ("portfolio", "number = ''"),
    "an_ended_removal_says_when_and_why": ("removal", "state = 'dropped', decided_on = reply_by"),
}
# Of the history, which PostgreSQL lets nobody edit: constraint → what a further line is broken with.
ADDED = {
    "a_register_line_is_of_one_entry": {"manager_id": "NULL"},
    "a_register_line_has_number_and_term": {"number": "''"},
    "a_removal_in_the_register_names_its_ground": {"kind": "'REMOVED'", "ground": "''"},
}
# Constraint → the row of which a second one is refused.
ONLY_ONE = {
    "one_open_application_per_manager": "application",
    "one_open_application_per_agency": "agency's application",
    "one_filing_per_manager_and_year": "filing",
    "one_filing_per_agency_and_year": "agency's filing",
    "one_consent_per_contract_side_and_scope": "consent",
    "one_open_removal_per_manager": "removal",
    "one_open_removal_per_agency": "agency's removal",
}


@pytest.fixture
def rows(go):
    """One row of each kind, as the services leave it."""
    go(date(2027, 3, 1))
    held, agency = make_entry(), make_agency()
    go(date(2028, 2, 1))
    figures = {"deals": 1, "contract_sum": 1, "income": 1, "staff": 3}
    announced = {"ground": "COLLUSION", "reason": "串通。", "by": SYSTEM}
    return {
        "application": apply_as_manager(),
        "agency's application": apply_as_agency(),
        "filing": services.file_year(held, 2027, figures, by=SYSTEM),
        "agency's filing": services.file_year(agency, 2027, figures, by=SYSTEM),
        "removal": services.announce_removal(held, **announced),
        "agency's removal": services.announce_removal(agency, **announced),
        **of_record(held),
        "line": RegisterLine.objects.of(held).get(),
    }


def of_record(held):
    """A consent that is asked for, and a portfolio."""
    contract = making.make_signed_contract()
    Contract.objects.filter(pk=contract.pk).update(manager=held.user)
    return {
        "consent": services.ask_consent(reread(contract), "COUNT", by=held.user)[0],
        "portfolio": services.make_portfolio(held, [contract.public_id], by=held.user),
    }


def named(kind):
    every = apps.get_app_config("register").get_models()
    return {each.name for model in every for each in model._meta.constraints if isinstance(each, kind)}


def test_every_constraint_has_its_attack():
    assert named(models.CheckConstraint) | named(models.UniqueConstraint) == {*BREAKS, *ADDED, *ONLY_ONE}


def test_nonsense_is_refused_by_its_constraint(rows):
    for name, (kind, assignment) in BREAKS.items():
        table = rows[kind]._meta.db_table
        assert name in refused(f"UPDATE {table} SET {assignment} WHERE id = %s", [rows[kind].pk])


def test_a_line_that_cannot_be_is_refused(rows):
    for name, wrong in ADDED.items():
        assert name in refused(copy_of(rows["line"], **wrong))


def test_a_second_one_is_refused(rows):
    for name, kind in ONLY_ONE.items():
        said = refused(copy_of(rows[kind]))
        assert "unique" in said.lower(), name
        assert name in said or connection.vendor != "postgresql"


@pytest.mark.parametrize("sql", ["UPDATE register_registerline SET number = 'x'", "DELETE FROM register_registerline"])
def test_postgresql_lets_nobody_change_the_history(rows, sql):
    if connection.vendor != "postgresql":
        pytest.skip("a guard of PostgreSQL")
    assert "never edited" in refused(sql)
