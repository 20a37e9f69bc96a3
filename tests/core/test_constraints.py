"""What the database itself refuses, whoever writes: each nonsense by raw SQL, past every service and form."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Disclosure, Interest, Introduction, NdaShowing
from marketplace.core import acts, letters
from marketplace.core.access import SYSTEM
from marketplace.core.models import KeptAnswer, Mute, Notification, Seal
from marketplace.core.sealing.blocks import seal_entries
from marketplace.discovery.models import Judgement, Match, SavedSearch
from marketplace.documents import services as documents
from marketplace.documents.variables import VARIABLES
from marketplace.listings import services as listings
from marketplace.notices import services as notices
from marketplace.parties import access
from marketplace.parties.models import Agency
from tests import factories
from tests.brokerage import mandating

STAGES = ("core", "parties", "documents", "notices", "listings", "discovery", "brokerage")
TERM_SHEET = dict.fromkeys(VARIABLES["TERM_SHEET"].required, "甲")
WORDS = {"pitch": "我们做支架。", "why_fit": "需要耐磨。"}
# Constraint → the row that it guards, and an assignment that breaks it.
BREAKS = {
    "a_letter_is_tried_five_times_at_most": ("letter", "attempts = 6"),
    "a_notification_leads_to_a_page_of_ours": ("notification", "path = '//elsewhere.example'"),
    "a_saved_search_has_a_name": ("saved search", "name = ''"),
    "a_sent_letter_was_tried": ("letter", "sent_at = created_at"),
    "a_kept_answer_has_the_hash_of_its_request": ("kept answer", "fingerprint = 'x'"),
    "a_credit_code_has_18_valid_characters": ("organisation", "credit_code = 'O00000000000000000'"),
    "a_size_class_has_a_dated_proof": ("organisation", "size = 'SMALL', size_proved_on = NULL"),
    "a_membership_ends_after_it_starts": ("membership", "ended_on = '1999-01-01'"),
    "a_registered_manager_has_number_and_term": ("technologymanager", "register_number = ''"),
    "a_registered_agency_has_number_and_term": ("agency", "valid_until = NULL"),
    "a_template_has_its_sha256": ("template", "sha256 = 'x'"),
    "a_document_has_its_sha256": ("document", "sha256 = upper(sha256)"),
    "a_document_is_not_empty": ("document", "size = 0"),
    "a_document_made_here_has_its_template": ("document", "template_id = NULL"),
    "a_notice_names_its_terms": ("notice", "terms_fingerprint = ''"),
    "a_notice_runs_a_day_at_least": ("notice", "days = 0"),
    "a_notice_ends_after_it_opens": ("notice", "ends_on = opened_on"),
    "a_closed_notice_ran_to_its_end": ("notice", "state = 'closed_clean', closed_on = ends_on"),
    "a_void_notice_has_a_reason": ("notice", "state = 'void', voided_on = opened_on, void_reason = ''"),
    "an_objection_comes_from_somebody": ("objection", "contact = ''"),
    "an_answered_objection_has_its_answer": ("objection", "state = 'dismissed', answered_at = NULL, answer = 'x'"),
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
    "a_lost_deal_has_a_reason": ("deal", "state = 'lost', lost_code = '', awaited = '', answer_by = NULL"),
    "who_must_act_in_a_deal_has_a_day": ("deal", "answer_by = NULL"),
    "a_deal_that_is_over_waits_for_nobody": ("deal", "state = 'agreed'"),
    "a_deal_taken_up_again_says_by_whom_and_why": ("deal", "taken_up_on = '2026-01-01'"),
    "an_nda_in_force_has_begun": ("agreement", "state = 'in_force'"),
    "an_ended_nda_says_when_and_how": ("agreement", "state = 'ended', ended_on = ends_on, end_code = ''"),
    "an_nda_ends_after_it_began": ("agreement", "began_on = '2026-01-02', ended_on = '2026-01-01'"),
    "an_nda_signature_is_of_a_hash": ("signature of an agreement", "sha256 = 'x'"),
    "a_message_says_something": ("message", "text = ''"),
    "a_withdrawn_message_says_why": ("message", "withdrawn_at = created_at"),
    "a_side_writes_to_all_or_to_itself": ("message", "audience = 'seeker'"),
    "a_task_says_what_is_to_be_done": ("task", "title = ''"),
    "a_task_that_is_over_says_when_and_by_whom": ("task", "state = 'done'"),
    "a_dropped_task_says_why": ("task", "state = 'dropped', closed_at = created_at, closed_by_id = author_id"),
    "a_meeting_says_what_it_was_about": ("meeting", "title = ''"),
    "notes_of_a_meeting_say_something": ("notes", "text = ''"),
    "versions_of_notes_count_from_one": ("notes", "number = 0"),
    "notes_are_acknowledged_by_the_sides": ("acknowledgement", "seat = 'manager'"),
    "a_tick_taken_back_says_when_and_by_whom": ("tick", "cleared_at = created_at"),
    "a_mandate_names_an_agency_or_a_manager": ("mandate", "manager_id = NULL, agency_share = 1"),
    "a_mandate_ends_after_it_starts": ("mandate", "ends_on = '1999-01-01'"),
    "a_commission_floor_is_below_its_cap": ("mandate", "floor = 2, cap = 1"),
    "a_share_of_a_commission_is_a_part_of_it": ("mandate", "agency_share = -0.1"),
    "a_share_of_a_commission_is_somebodys": ("mandate", "agency_share = 0.5"),
    "a_mandate_in_force_is_signed_by_both": ("mandate", "broker_signed_at = NULL"),
    "a_mandate_that_is_over_has_its_day": ("mandate", "state = 'expired'"),
    "a_terminated_mandate_says_why": ("mandate", "state = 'terminated', ended_on = starts_on"),
    "a_mandated_scope_is_not_empty": ("mandated scope", "listing_to = listing_from"),
    "an_introduction_has_two_sides": ("introduction", "seeker_id = supplier_id"),
    "an_introduction_is_on_a_listing": ("introduction", "achievement_id = NULL, demand_id = NULL"),
    "a_confirmed_introduction_is_confirmed_by_both": ("introduction", "state = 'confirmed'"),
    "a_disputed_introduction_says_by_whom_and_why": ("introduction", "state = 'disputed'"),
    "an_interest_has_one_holder": ("interest", "manager_id = NULL"),
    "an_interest_ends_after_it_began": ("interest", "ended_on = '1999-01-01'"),
    "a_disclosed_interest_is_a_declared_one": ("disclosed interest", "interest_id = NULL"),
    "a_service_order_is_about_one_listing": ("service order", "achievement_id = NULL"),
    "a_service_has_no_negative_price": ("service order", "price = -1"),
    "a_rating_is_1_to_5": ("service order", "rating = 6"),
    "a_delivered_service_says_what_and_when": ("service order", "state = 'delivered'"),
    "a_complaint_says_what_is_wrong": (
        "service order",
        "state = 'complained', delivered_on = due_on, report = 'x', complaint = ''",
    ),
    "a_service_is_answered_before_it_is_due": ("service order", "due_on = '1999-01-01'"),
    "an_answered_disclosure_has_its_time": ("dual agency", "state = 'refused'"),
}
# The same for seals: PostgreSQL lets nobody edit one, so a next seal is added with this assignment.
SEAL_BREAKS = {
    "a_seal_goes_forward": {"after_id": "through_id", "through_id": "through_id"},
    "a_seal_holds_an_entry_at_least": {"entry_count": "0"},
    "a_seal_has_its_hash": {"hash": "upper(hash)"},
    "one_seal_follows_another": {"previous_hash": "previous_hash"},
}
# The same for the disclosure log, which nobody edits either: a line is added with these values.
SHOWING_BREAKS = {
    "a_showing_is_of_one_thing": {"listing": None},
    "a_showing_has_the_hash_of_what_was_shown": {"sha256": "x"},
}
# Constraint → the row of which a second one is refused.
ONLY_ONE = {
    "one_letter_per_key": "letter",
    "one_notification_per_key": "notification",
    "one_switch_per_kind_and_way": "switch",
    "one_saved_search_per_person_and_name": "saved search",
    "one_answer_per_actor_route_and_key": "kept answer",
    "one_live_role_per_person_and_organisation": "membership",
    "one_manager_per_register_number": "technologymanager",
    "one_agency_per_register_number": "agency",
    "one_running_notice_per_terms": "notice",
    "one_current_template_per_kind_and_language": "template",
    "one_template_per_edition": "template",
    "one_achievement_per_number_at_the_source": "achievement",
    "one_demand_per_number_at_the_source": "demand",
    "one_offer_per_mode": "offer",
    "one_right_per_owner_and_number": "right",
    "one_match_per_pair": "match",
    "one_judgement_per_match_and_organisation": "judgement",
    "one_judgement_per_match_and_manager": "managers judgement",
    "one_open_lead_per_listing_and_sender": "lead",
    "one_live_deal_per_pair": "deal",
    "one_live_nda_per_deal": "agreement",
    "one_signature_per_side_of_an_nda": "signature of an agreement",
    "nobody_signs_an_nda_for_both_sides": "signature of an agreement",
    "a_person_is_bound_once": "bound person",
    "a_message_is_corrected_once": "correction",
    "one_mention_per_message_and_person": "mention",
    "one_reading_mark_per_deal_and_person": "reading mark",
    "one_standing_tick_per_deal_and_item": "tick",
    "one_text_per_version_of_the_notes": "notes",
    "a_side_acknowledges_notes_once": "acknowledgement",
    "one_version_of_a_file_per_number": "version of a file",
    "one_introduction_per_broker_and_pair": "introduction",
    "one_introduction_per_broker_and_achievement": "introduction of an achievement",
    "one_introduction_per_broker_and_demand": "introduction of a demand",
    "one_live_interest_per_manager_and_kind": "interest",
    "one_live_interest_per_agency_and_kind": "agency's interest",
    "dual_agency_is_disclosed_once_to_each_side": "dual agency",
    "an_interest_is_disclosed_once_to_each_side": "disclosed interest",
}

# Constraint → how the second one differs, where a plain copy would break another constraint too.
DIFFERS = {
    "one_version_of_a_file_per_number": {"document_id": "document_id + 1000000"},
    "one_current_template_per_kind_and_language": {"edition": "edition + 1"},
    "one_template_per_edition": {"is_current": "FALSE"},
    "one_signature_per_side_of_an_nda": {"signer_id": "signer_id + 1"},
    "nobody_signs_an_nda_for_both_sides": {"side": "'supplier'"},
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
    officer = factories.make_member(university)
    shown = {"content": {"name": "涂层", "price": "10万元"}, "place": "CN", "fingerprint": "f", "title_zh": "公示"}
    notice = notices.open_notice(university, **shown, by=officer)
    objection = notices.object_to(notice, name="钱某", contact="139", text="重复。", by=officer)
    papers = {"title": "条款书", "readers": [university], "by": officer}
    document = documents.make_document("TERM_SHEET", "zh", TERM_SHEET, **papers)
    made = {
        "letter": letters.post("a:1", to="a@example.org", subject="a", body="a"),
        "notification": Notification.objects.create(key="a:1", user=sme, kind="other", at=timezone.now(), path="/"),
        "switch": Mute.objects.create(user=sme, kind="other", channel="mail"),
        "saved search": SavedSearch.objects.create(user=sme, name="涂层", kind="demand", told_through=date(2027, 1, 4)),
        "kept answer": KeptAnswer.objects.create(actor=sme, route="pay", key="1", fingerprint="0" * 64),
        "template": document.template,
        "document": document,
        "notice": notice,
        "objection": objection,
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
        **agreed(match, broker, sme),
        "lead": brokerage.express_interest(achievement, sender=firm, by=sme, **WORDS),
        "service order": ordered(achievement.achievement, by=officer),
        **mandated(match, broker),
    }
    return made | in_room(made["deal"], officer, broker)


def in_room(deal, officer, broker):
    """What the room of a deal holds."""
    message = brokerage.post_message(deal, "@broker 请看。", audience="supplier", by=officer)
    brokerage.mark_read(deal, by=broker)
    asked = {"title": "寄样品", "due_on": timezone.localdate()}
    met = {"title": "首次会议", "held_on": timezone.localdate()}
    meeting = brokerage.write_meeting(deal, met, "约定寄样品。", audience="supplier", by=officer)
    return {
        "message": message,
        "correction": brokerage.correct_message(message, "请看附件。", by=officer),
        "mention": message.mention_rows.get(),
        "reading mark": deal.reading_marks.get(),
        "task": brokerage.add_task(deal, asked, audience="supplier", assignee="manager", by=officer),
        "meeting": meeting,
        "notes": meeting.notes.get(),
        "acknowledgement": brokerage.acknowledge_notes(meeting, 1, by=officer),
        "tick": brokerage.tick(deal, "before_nda", "SIDES", by=broker),
    }


def ordered(listing, *, by):
    due = timezone.localdate() + timedelta(days=30)
    asked = {"kind": "VALUATION", "brief": "按收益法评估。", "price": Decimal(8000), "due_on": due}
    return brokerage.order_service(listing, provider=Agency.objects.get(), **asked, by=by)


def agreed(match, broker, sme):
    """A deal, and its agreement as one side has signed it."""
    deal = brokerage.join(brokerage.open_deal(match, by=broker), by=sme)
    deal = brokerage.join(deal, by=access.deciders(deal.supplier_id).first())
    nda = brokerage.draft_nda(deal, ends_on=timezone.localdate(), by=broker)
    nda = brokerage.sign_nda(nda, sha256=nda.document.sha256, by=sme)
    return {
        "deal": deal,
        "agreement": nda,
        "signature of an agreement": nda.signatures.get(),
        "bound person": nda.bound.get(),
        "version of a file": brokerage.add_file(
            deal, b"%PDF-1.7", filename="a.pdf", title="方案", audience="own", by=sme
        ).latest,
    }


def mandated(match, broker):
    """What brokers leave: a mandate, introductions with and without a listing of the other side, disclosures."""
    supplier, seeker = match.achievement.listing.owner, match.demand.listing.owner
    mandate = mandating.make_signed_mandate(supplier, manager=broker)
    interest = brokerage.declare_interest({"manager": broker, "organisation": seeker, "kind": "SHARES"}, by=broker)
    agency = Agency.objects.get()
    told = {"manager": broker, "achievement": match.achievement, "demand": match.demand, "party": seeker}
    met = {"supplier": supplier, "seeker": seeker, "manager": broker, "on": mandate.starts_on}
    met["confirm_by"] = mandate.ends_on
    return {
        "mandate": mandate,
        "mandated scope": mandate.scopes.get(),
        "introduction": Introduction.objects.get(),
        "introduction of an achievement": Introduction.objects.create(achievement=match.achievement, **met),
        "introduction of a demand": Introduction.objects.create(demand=match.demand, **met),
        "interest": interest,
        "agency's interest": Interest.objects.create(agency=agency, organisation=seeker, kind="GROUP"),
        "dual agency": Disclosure.objects.create(kind="DUAL_AGENCY", **told),
        "disclosed interest": Disclosure.objects.create(kind="INTEREST", interest=interest, **told),
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
    assert named(models.CheckConstraint) | named(models.UniqueConstraint) == {
        *BREAKS,
        *SEAL_BREAKS,
        *SHOWING_BREAKS,
        *ONLY_ONE,
    }


@pytest.mark.parametrize("name", BREAKS)
def test_nonsense_is_refused_by_its_constraint(rows, name):
    kind, assignment = BREAKS[name]
    table = connection.ops.quote_name(rows[kind]._meta.db_table)
    assert name in refused(f"UPDATE {table} SET {assignment} WHERE id = %s", [rows[kind].pk])


@pytest.mark.django_db
@pytest.mark.parametrize("name", SEAL_BREAKS)
def test_a_seal_that_cannot_be_is_refused_by_its_constraint(name):
    acts.record("core.try", factories.make_user(), by=SYSTEM)
    seal_entries()
    columns = [field.column for field in Seal._meta.concrete_fields]
    follows = {
        "number": "number + 1",
        "after_id": "through_id",
        "through_id": "through_id + 1",
        "previous_hash": "hash",
    }
    values = dict(zip(columns, columns, strict=True)) | follows | SEAL_BREAKS[name]
    copied = ", ".join(values[column] for column in columns)
    said = refused(
        f"INSERT INTO core_seal ({', '.join(columns)}) SELECT {copied} FROM core_seal ORDER BY number LIMIT 1"
    )
    assert name in said or (connection.vendor == "sqlite" and "core_seal.previous_hash" in said)


@pytest.mark.parametrize("name", SHOWING_BREAKS)
def test_a_showing_that_cannot_be_is_refused_by_its_constraint(rows, sme, name):
    line = {"nda": rows["agreement"], "side": "supplier", "user": sme, "shown_version": 1, "how": "api"}
    line |= {"listing": rows["projection"], "sha256": "0" * 64} | SHOWING_BREAKS[name]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        NdaShowing.objects.create(**line)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["core_entry", "core_seal"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_postgresql_lets_nobody_change_the_journal(table, sql):
    if connection.vendor != "postgresql":
        pytest.skip("a guard of PostgreSQL")
    acts.record("core.try", factories.make_user(), by=SYSTEM)
    seal_entries()
    column = {"core_entry": "reason", "core_seal": "hash"}[table]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL marketplace.may_truncate = 'off'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "never edited" in refused(sql.format(table, column, column))


@pytest.mark.parametrize("name", ONLY_ONE)
def test_a_second_one_is_refused(rows, name):
    row = rows[ONLY_ONE[name]]
    quote = connection.ops.quote_name
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    # A copy of the row but for its own public id; a one-to-one relation points to somebody else.
    values = {field.column: f"{quote(field.column)}" for field in fields}
    values |= ({"public_id": "'another'"} if "public_id" in values else {}) | DIFFERS.get(name, {})
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
