"""What the database itself refuses, whoever writes: each nonsense by raw SQL, past every service and form."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from marketplace.brokerage import services as brokerage
from marketplace.core.access import SYSTEM
from marketplace.discovery.models import Judgement, Match
from marketplace.listings import services as listings
from marketplace.parties.models import Agency
from tests import factories

STAGES = ("core", "parties", "listings", "discovery", "brokerage")
WORDS = {"pitch": "我们做支架。", "why_fit": "需要耐磨。"}
# Constraint → the row that it guards, and an assignment that breaks it.
BREAKS = {
    "a_credit_code_has_18_valid_characters": ("organisation", "credit_code = 'O00000000000000000'"),
    "a_size_class_has_a_dated_proof": ("organisation", "size = 'SMALL', size_proved_on = NULL"),
    "a_membership_ends_after_it_starts": ("membership", "ended_on = '1999-01-01'"),
    "a_registered_manager_has_number_and_term": ("technologymanager", "register_number = ''"),
    "a_registered_agency_has_number_and_term": ("agency", "valid_until = NULL"),
    "a_published_achievement_has_its_days": ("achievement", "expires_on = NULL"),
    "a_published_demand_has_its_days": ("demand", "published_on = NULL"),
    "a_published_achievement_is_unclassified": ("achievement", "secrecy_level = 'SECRET'"),
    "a_published_demand_is_unclassified": ("demand", "is_secrecy_checked = FALSE"),
    "a_achievement_expires_after_publication": ("achievement", "expires_on = published_on"),
    "a_demand_expires_after_publication": ("demand", "expires_on = published_on"),
    "a_readiness_level_is_1_to_9": ("achievement", "trl = 10"),
    "a_least_readiness_is_1_to_9": ("demand", "trl_min = 0"),
    "a_budget_goes_from_low_to_high": ("demand", "budget_low = 2, budget_high = 1"),
    "an_offer_costs_from_low_to_high": ("offer", "price_low = -1"),
    "a_royalty_is_0_to_100_percent": ("offer", "royalty_percent = 100.0001"),
    "a_right_is_granted_after_filing": ("right", "filed_on = '2026-01-02', granted_on = '2026-01-01'"),
    "a_projection_shows_one_listing": ("projection", "achievement_id = NULL"),
    "a_match_scores_0_to_1": ("match", "score = 1.01"),
    "a_dismissal_has_a_reason": ("judgement", "verdict = 'dismissed', reason_code = ''"),
    "a_lead_goes_to_somebody_else": ("lead", "sender_id = receiver_id"),
    "a_declined_lead_has_a_reason": ("lead", "state = 'declined', answered_at = created_at, decline_code = ''"),
    "an_answered_lead_has_its_time": ("lead", "state = 'accepted', answered_at = NULL"),
    "a_deal_has_two_sides": ("deal", "seeker_id = supplier_id"),
    "a_lost_deal_has_a_reason": ("deal", "state = 'lost', lost_code = ''"),
}
# Constraint → the row of which a second one is refused.
ONLY_ONE = {
    "one_live_role_per_person_and_organisation": "membership",
    "one_manager_per_register_number": "technologymanager",
    "one_agency_per_register_number": "agency",
    "one_achievement_per_number_at_the_source": "achievement",
    "one_demand_per_number_at_the_source": "demand",
    "one_offer_per_mode": "offer",
    "one_right_per_owner_and_number": "right",
    "one_match_per_pair": "match",
    "one_judgement_per_match_and_organisation": "judgement",
    "one_judgement_per_match_and_manager": "managers judgement",
    "one_open_lead_per_listing_and_sender": "lead",
    "one_live_deal_per_pair": "deal",
}


@pytest.fixture
def rows(university, firm, broker, sme):
    """One row of each kind, as the services leave it."""
    facts = {"kind": "02", "number": "201310699744.2", "title_zh": "涂层方法"}
    right = listings.add_right(facts, owner=university, by=SYSTEM)
    achievement = factories.make_published_achievement(university, source_id="A-1")
    demand = factories.make_published_demand(firm, source_id="D-1")
    match = Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)
    factories.make_agency()
    return {
        "organisation": university,
        "membership": sme.memberships.get(),
        "technologymanager": broker.technology_manager,
        "agency": Agency.objects.get(),
        "achievement": achievement.achievement,
        "demand": demand.demand,
        "offer": achievement.achievement.offers.get(),
        "right": right,
        "projection": achievement,
        "match": match,
        "judgement": Judgement.objects.create(match=match, by=sme, organisation=firm, verdict="shortlisted"),
        "managers judgement": Judgement.objects.create(match=match, by=broker, verdict="shortlisted"),
        "lead": brokerage.express_interest(achievement, sender=firm, by=sme, **WORDS),
        "deal": brokerage.open_deal(match, by=broker),
    }


def named(kind):
    """The names of the stages' constraints of one kind."""
    models_here = [model for stage in STAGES for model in apps.get_app_config(stage).get_models()]
    return {each.name for model in models_here for each in model._meta.constraints if isinstance(each, kind)}


def refused(sql, params=()):
    """The database's words when it refuses a statement."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(fault.value)


def test_every_constraint_has_its_attack():
    assert named(models.CheckConstraint) == set(BREAKS)
    assert named(models.UniqueConstraint) == set(ONLY_ONE)


@pytest.mark.parametrize("name", BREAKS)
def test_nonsense_is_refused_by_its_constraint(rows, name):
    kind, assignment = BREAKS[name]
    table = connection.ops.quote_name(rows[kind]._meta.db_table)
    assert name in refused(f"UPDATE {table} SET {assignment} WHERE id = %s", [rows[kind].pk])


@pytest.mark.parametrize("name", ONLY_ONE)
def test_a_second_one_is_refused(rows, name):
    row = rows[ONLY_ONE[name]]
    quote = connection.ops.quote_name
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    # A copy of the row but for its own public id; a one-to-one relation points to somebody else.
    values = {field.column: f"{quote(field.column)}" for field in fields}
    values["public_id"] = "'another'"
    if ONLY_ONE[name] == "technologymanager":
        values["user_id"] = str(factories.make_user().pk)
    if ONLY_ONE[name] == "agency":
        values["organisation_id"] = str(factories.make_organisation().pk)
    table, columns = quote(row._meta.db_table), ", ".join(map(quote, values))
    copied = ", ".join(values.values())
    said = refused(f"INSERT INTO {table} ({columns}) SELECT {copied} FROM {table} WHERE id = %s", [row.pk])
    assert "unique" in said.lower()
    if connection.vendor == "postgresql":
        assert name in said


@pytest.mark.parametrize("kind", ["organisation", "achievement", "projection", "match"])
def test_what_others_refer_to_cannot_be_deleted_by_hand(rows, kind):
    table = connection.ops.quote_name(rows[kind]._meta.db_table)
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        delete(cursor, f"DELETE FROM {table} WHERE id = {rows[kind].pk}")


def delete(cursor, sql):
    """Delete, and ask at once what would else be asked at the end of the transaction."""
    cursor.execute(sql)
    connection.check_constraints()
