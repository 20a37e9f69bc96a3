"""What the database itself refuses of contracts: each nonsense by raw SQL, past every service and form."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from marketplace.contracts import services
from marketplace.contracts.models import (
    Audit,
    Contract,
    Guarantee,
    GuarantorStanding,
    LicenceScope,
    Reminder,
    SalesReport,
    ThirdParty,
    Valuation,
)
from tests import factories
from tests.contracts import making
from tests.rows import reread

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
# Constraint → the row that it guards, and an assignment that breaks it.
BREAKS = {
    "a_contract_has_two_sides": ("contract", "buyer_id = seller_id"),
    "a_licence_says_its_kind_and_sublicence": ("contract", "sublicence = ''"),
    "a_licence_or_transfer_is_of_an_achievement": ("contract", "achievement_id = NULL"),
    "a_declined_application_has_a_reason": ("contract", "state = 'declined', decline_code = ''"),
    "a_signed_contract_has_its_day_terms_and_text": ("contract", "document_id = NULL"),
    "a_trial_has_an_end": ("contract", "state = 'in_trial', trial_ends_on = NULL"),
    "a_cure_follows_a_demand": ("contract", "state = 'curing', demanded_on = '2026-06-02', cure_until = '2026-06-02'"),
    "a_demand_gives_its_days": ("contract", "demanded_on = '2026-06-02', cure_until = NULL"),
    "a_licence_ends_after_its_signature": ("contract", "ends_on = signed_on"),
    "an_ended_contract_has_its_day": ("contract", "state = 'completed', ended_on = NULL"),
    "a_signature_is_of_a_hash": ("signature", "sha256 = 'x'"),
    "a_sheet_has_its_fingerprint": ("sheet", "fingerprint = ''"),
    "a_revoked_fact_says_why": ("fact", "revoked_at = created_at, revoked_reason = ''"),
    "a_milestone_is_confirmed_by_the_other_side": ("milestone", "confirmed_by = declared_by"),
    "a_claimed_milestone_has_its_clock": ("milestone", "state = 'claimed', answer_by = NULL"),
    "an_achieved_milestone_has_its_day": ("milestone", "state = 'achieved', reached_on = NULL"),
    "a_report_period_runs_forward": ("report", "last = '2026-05-31'"),
    "reported_sales_are_not_negative": ("report", "gross = -0.01"),
    "an_accepted_report_has_its_time": ("report", "state = 'accepted', accepted_at = NULL"),
    "an_audit_follows_its_notice": ("audit", "starts_on = '2026-05-31'"),
    "a_guarantee_covers_something": ("guarantee", "cover_amount = 0"),
    "a_guarantee_covers_a_share_of_the_loss": ("guarantee", "cover_share = 1.000001"),
    "a_guarantee_has_a_guarantor": ("guarantee", "guarantor_id = NULL"),
    "an_issued_guarantee_has_its_day": ("guarantee", "state = 'issued', issued_on = NULL"),
    "a_guarantee_lasts_beyond_the_due_day": ("guarantee", "period_months = 0"),
    "no_more_cover_is_used_than_there_is": ("guarantee", "used_amount = cover_amount + 0.01"),
    "no_more_cover_is_asked_for_than_there_is": ("guarantee", "asked_amount = cover_amount + 0.01"),
    "net_assets_are_not_negative": ("standing", "net_assets = -1"),
    "a_decision_has_a_majority": ("decision", "votes_against = votes_for"),
    "minutes_are_named_by_their_hash": ("decision", "minutes_sha256 = 'x'"),
    "a_valuation_goes_from_low_to_high": ("valuation", "high = low - 1"),
    "an_answered_clearance_has_its_day": ("clearance", "answered_on = NULL"),
    "a_scope_is_not_empty": ("scope", "region_to = region_from"),
}
# Constraint → the row of which a second one is refused.
ONLY_ONE = {
    "one_live_contract_per_deal": "contract",
    "one_role_of_a_third_party": "third party",
    "one_signature_per_side_and_text": "signature",
    "one_sheet_per_number": "sheet",
    "one_fact_per_key": "fact",
    "one_milestone_per_short_name": "milestone",
    "one_report_per_royalty_and_period": "report",
    "one_open_correction_per_report": "correction",
    "one_open_audit_per_contract": "audit",
    "one_reminder_per_matter_and_step": "reminder",
    "one_clearance_per_kind_and_party": "clearance",
}


@pytest.fixture
def rows():
    """One row of each kind around a signed contract of a university."""
    deal = make_deal()
    contract = making.make_signed_contract(
        seller=deal.supplier, achievement=deal.achievement.achievement, sheet=making.ZERO_UPFRONT
    )
    Contract.objects.filter(pk=contract.pk).update(deal=deal)
    guarantor = factories.make_organisation("GUARANTOR")
    report = make_report(contract, state="accepted", accepted_at=contract.created_at)
    cover = {"kind": "COMPANY", "cover_amount": Decimal(100), "cover_share": Decimal(1)}
    valued = {"appraiser": "评估所", "method": "收益法", "low": Decimal(1), "high": Decimal(2), "valued_on": DAY}
    return {
        "contract": reread(contract),
        "signature": contract.signatures.first(),
        "sheet": contract.sheet,
        "fact": contract.facts.get(),
        "milestone": contract.milestones.get(),
        "decision": contract.decisions.get(),
        "clearance": contract.clearances.first(),
        "scope": contract.scopes.first(),
        "report": report,
        "correction": make_report(contract, corrects=report),
        "third party": ThirdParty.objects.create(contract=contract, organisation=guarantor, role="GUARANTOR"),
        "guarantee": Guarantee.objects.create(contract=contract, guarantor=guarantor, **cover),
        "standing": GuarantorStanding.objects.create(organisation=guarantor, net_assets=Decimal(1), proved_on=DAY),
        "audit": Audit.objects.create(contract=contract, noticed_on=DAY, starts_on=DAY),
        "valuation": Valuation.objects.create(contract=contract, **valued),
        "reminder": Reminder.objects.create(contract=contract, about="report", due_on=DAY, step=-7, side="BUYER"),
    }


def make_report(contract, **values):
    return SalesReport.objects.create(contract=contract, royalty="royalty", first=DAY, last=DAY, due_on=DAY, **values)


def make_deal():
    achievement, demand = factories.make_published_achievement(), factories.make_published_demand()
    deals = apps.get_model("brokerage", "Deal").objects
    sides = {"supplier": achievement.listing.owner, "seeker": demand.listing.owner}
    return deals.create(achievement=achievement, demand=demand, manager=factories.make_technology_manager(), **sides)


def named(kind):
    models_here = apps.get_app_config("contracts").get_models()
    return {each.name for model in models_here for each in model._meta.constraints if isinstance(each, kind)}


def refused(sql, params=()):
    """The database's words when it refuses a statement."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(fault.value)


def copy_of(row, **values):
    """A statement that inserts the row once more, but for its own number and public id."""
    quote, fields = connection.ops.quote_name, [each for each in row._meta.concrete_fields if not each.primary_key]
    columns = {each.column: quote(each.column) for each in fields} | values
    if "public_id" in columns:
        columns["public_id"] = "'another'"
    table = quote(row._meta.db_table)
    names, values = ", ".join(map(quote, columns)), ", ".join(columns.values())
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {row.pk}"


def test_every_constraint_has_its_attack():
    assert named(models.CheckConstraint) == set(BREAKS)
    assert named(models.UniqueConstraint) == set(ONLY_ONE)


def test_nonsense_is_refused_by_its_constraint(rows):
    for name, (kind, assignment) in BREAKS.items():
        table = connection.ops.quote_name(rows[kind]._meta.db_table)
        assert name in refused(f"UPDATE {table} SET {assignment} WHERE id = %s", [rows[kind].pk])


def test_a_second_one_is_refused(rows):
    for name, kind in ONLY_ONE.items():
        said = refused(copy_of(rows[kind]))
        assert "unique" in said.lower(), name
        assert name in said or connection.vendor != "postgresql"


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL names no PostgreSQL")
def test_postgresql_refuses_what_another_licence_excludes():
    exclusive = making.make_signed_contract(licence_kind="EXCLUSIVE")
    other = making.make_contract(achievement=exclusive.achievement)
    said = refused(copy_of(exclusive.scopes.get(), contract_id=str(other.pk)))
    assert "licences_do_not_overlap" in said


def test_what_has_ended_excludes_nobody():
    exclusive = making.make_signed_contract(licence_kind="EXCLUSIVE")
    services.release_scopes(exclusive)
    other = making.make_contract(achievement=exclusive.achievement)
    with connection.cursor() as cursor:
        cursor.execute(copy_of(exclusive.scopes.get(), contract_id=str(other.pk)))
    assert LicenceScope.objects.count() == 2
