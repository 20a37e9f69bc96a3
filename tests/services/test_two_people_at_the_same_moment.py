"""Two people press at the same moment: one act happens, the other is told; with the guard off the test notices."""

from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal, Lead
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, NotFound, Stale
from marketplace.core.models import Entry
from marketplace.discovery import refreshing
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Judgement, Match
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement
from marketplace.listings.services import review
from marketplace.parties import services as parties
from marketplace.parties.models import Membership, Organisation
from tests import factories
from tests.factories import make_achievement, make_published_achievement, make_published_demand
from tests.services.racing import HOLD, one_won, race, reads_meet, replace_lock, unlocked, winners, without_constraint

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


@pytest.fixture(params=[True, False], ids=["locked", "lock off"])
def locked(request, monkeypatch, postgres):
    """Both with the row lock and without it: without it the race must be lost."""
    return request.param


@pytest.fixture
def meeting(locked, monkeypatch):
    """Call it when the scene is set: from then on the readers of a row wait for each other."""
    return lambda people=2: reads_meet(monkeypatch, locked=locked, people=people)


def match_of(achievement, demand):
    return Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)


def interest(listing, sender, by):
    return brokerage.express_interest(listing, sender=sender, pitch="We build brackets.", why_fit="Fits.", by=by)


# Listings ------------------------------------------------------------------------------------------------------------


def test_two_reviewers_publish_one_listing(locked, meeting, staff):
    listing = listings.submit(make_achievement(), by=SYSTEM)
    other = factories.make_user(is_staff=True)
    meeting()
    results = race(*(lambda by=by: listings.publish(listing, by=by) for by in (staff, other)))
    assert one_won(results) is locked
    assert (Entry.objects.filter(verb="listings.publish").count() == 1) or not locked


def test_one_publishes_and_the_other_returns(locked, meeting, staff):
    listing = listings.submit(make_achievement(), by=SYSTEM)
    meeting()
    results = race(
        lambda: listings.publish(listing, by=staff),
        lambda: listings.return_for_correction(listing, "INCOMPLETE", "Add figures.", by=staff),
    )
    assert one_won(results) is locked, results


def test_two_members_edit_the_same_version(locked, meeting, university, university_officer, inventor):
    listing = make_achievement(university)
    meeting()
    people = (university_officer, inventor)
    edits = [{"summary_zh": f"第{number}人的修改。"} for number in range(2)]
    results = race(
        *(
            lambda by=by, edit=edit: listings.edit(listing, edit, by=by, version=listing.version)
            for by, edit in zip(people, edits, strict=True)
        )
    )
    kept = Achievement.objects.get(pk=listing.pk).summary_zh
    written = [edit["summary_zh"] for edit, result in zip(edits, results, strict=True) if not isinstance(result, Stale)]
    assert (written == [kept]) is locked


def test_the_owner_takes_a_listing_back_while_it_is_published(locked, meeting, university, university_officer, staff):
    listing = listings.submit(make_achievement(university), by=SYSTEM)
    meeting()
    results = race(
        lambda: listings.publish(listing, by=staff, version=listing.version),
        lambda: listings.revise(listing, by=university_officer, version=listing.version),
    )
    assert one_won(results) is locked
    assert sum(isinstance(result, Stale) for result in results) == (1 if locked else 0)


def test_what_is_published_is_what_the_reviewer_read(locked, monkeypatch, university, university_officer, staff):
    """The owner takes it back, changes it and submits it again between the reviewer's look and the button."""
    listing = listings.submit(make_achievement(university), by=SYSTEM)
    has_changed = Event()

    def change():
        is_read.wait(10)
        back = listings.revise(listing, by=university_officer)
        changed = listings.edit(back, {"summary_zh": "审核人没有看过的文字。"}, by=university_officer)
        listings.submit(changed, by=university_officer)
        has_changed.set()

    is_read = pause_after_reading(monkeypatch, Achievement, has_changed, locked=locked)
    published, _ = race(lambda: listings.publish(listing, by=staff, version=listing.version), change)
    now = Achievement.objects.get(pk=listing.pk)
    text_is_kept = now.summary_zh == "审核人没有看过的文字。"
    unread_is_public = now.state == "published" and text_is_kept
    assert (text_is_kept and not unread_is_public) is locked, published


def pause_after_reading(monkeypatch, model, until, *, locked):
    """The first who reads a row of this model waits until the other is done, or a moment if that cannot be."""
    is_read = Event()

    def make(lock):
        def read(row):
            fresh = lock(row) if locked else unlocked(row)
            if isinstance(row, model) and not is_read.is_set():
                is_read.set()
                until.wait(HOLD if locked else 10)
            return fresh

        return read

    replace_lock(monkeypatch, make)
    return is_read


def test_a_listing_is_renewed_once(locked, meeting, university, university_officer):
    row = make_published_achievement(university)
    today = row.expires_on - timedelta(days=10)
    meeting()
    results = race(*(lambda: listings.renew(row.achievement, by=university_officer, today=today) for _ in range(2)))
    assert one_won(results) is locked


def test_two_drafts_of_one_title_are_one(locked, meeting, university, university_officer, inventor):
    values = factories.ACHIEVEMENT | {"title_zh": "同一项成果"}
    meeting()
    results = race(
        *(
            lambda by=by: listings.draft(Achievement, values, owner=university, by=by)
            for by in (university_officer, inventor)
        )
    )
    assert one_won(results) is locked


def test_nothing_is_published_past_a_suspension(locked, monkeypatch, university, staff):
    listing = listings.submit(make_achievement(university), by=SYSTEM)
    is_checked, is_suspended, complete = Event(), Event(), review.checks.check_complete

    def check_slowly(*given):
        complete(*given)
        is_checked.set()
        is_suspended.wait(HOLD if locked else 10)

    def suspend():
        is_checked.wait(10)
        parties.suspend(university, by=staff, reason="Forged papers.")
        is_suspended.set()

    monkeypatch.setattr(review.checks, "check_complete", check_slowly)
    if not locked:
        replace_lock(monkeypatch, lambda lock: unlocked)
    race(lambda: listings.publish(listing, by=staff), suspend)
    assert Organisation.objects.get(pk=university.pk).state == "suspended"
    assert (Achievement.objects.get(pk=listing.pk).state == "withdrawn") is locked


def test_the_night_passes_over_what_its_owner_withdraws(monkeypatch, university, university_officer):
    rows = [make_published_achievement(university) for _ in range(4)]
    tomorrow = rows[0].expires_on + timedelta(days=1)
    reads_meet(monkeypatch, locked=True)
    results = race(
        lambda: listings.age_listings(tomorrow),
        *(lambda row=row: listings.withdraw(row.achievement, by=university_officer) for row in rows[:2]),
    )
    assert isinstance(results[0], dict), results[0]
    states = [Achievement.objects.get(pk=row.achievement_id).state for row in rows]
    assert set(states[:2]) <= {"withdrawn", "expired"}
    assert states[2:] == ["expired", "expired"]


# Leads and deals -----------------------------------------------------------------------------------------------------


def test_two_managers_open_a_hundred_deals(postgres):
    one, other = factories.make_technology_manager(), factories.make_technology_manager()
    university, firm = factories.make_organisation("UNIVERSITY"), factories.make_organisation("FIRM")
    found = [make_published_achievement(university) for _ in range(10)]
    sought = [make_published_demand(firm) for _ in range(10)]
    matches = [Match.objects.get_or_create(achievement=a, demand=d, defaults=SCORED)[0] for a in found for d in sought]
    opened = [race(*(lambda m=match, by=by: brokerage.open_deal(m, by=by) for by in (one, other))) for match in matches]
    assert all(one_won(results) for results in opened)
    told = {fault.code for results in opened for fault in results if isinstance(fault, Conflict)}
    assert told == {"deal_open"}
    assert Deal.objects.count() == Entry.objects.filter(verb="brokerage.open_deal").count() == 100


SCORED = {"score": 0.5, "model_version": "1", "rank": 1}


def test_without_its_rule_in_the_database_a_deal_is_opened_twice(postgres):
    match = match_of(make_published_achievement(), make_published_demand())
    managers = [factories.make_technology_manager() for _ in range(2)]
    with without_constraint(Deal, "one_live_deal_per_pair"):
        results = race(*(lambda by=by: brokerage.open_deal(match, by=by) for by in managers))
        assert winners(results) == Deal.objects.count() == 2


def test_one_firm_waits_for_one_answer(postgres, firm, sme):
    row = make_published_achievement()
    results = race(*(lambda: interest(row, firm, sme) for _ in range(4)))
    assert one_won(results)
    assert Lead.objects.count() == 1


def test_without_its_rule_in_the_database_an_interest_is_expressed_twice(postgres, firm, sme):
    row = make_published_achievement()
    with without_constraint(Lead, "one_open_lead_per_listing_and_sender"):
        assert winners(race(*(lambda: interest(row, firm, sme) for _ in range(2)))) == 2


def test_a_lead_is_answered_once(locked, meeting, university, university_officer, firm, sme):
    lead = interest(make_published_achievement(university), firm, sme)
    meeting(people=3)
    results = race(
        lambda: brokerage.accept(lead, by=university_officer),
        lambda: brokerage.decline(lead, "CAPACITY", by=university_officer),
        lambda: brokerage.withdraw_lead(lead, by=sme),
    )
    assert one_won(results) is locked, results


def test_the_night_passes_over_a_lead_that_is_withdrawn(monkeypatch, university, firm, sme):
    leads = [interest(make_published_achievement(university), firm, sme) for _ in range(3)]
    today = leads[0].answer_by + timedelta(days=1)
    reads_meet(monkeypatch, locked=True)
    lapsed, _ = race(lambda: brokerage.lapse_leads(today), lambda: brokerage.withdraw_lead(leads[2], by=sme))
    states = [Lead.objects.get(pk=lead.pk).state for lead in leads]
    assert states[:2] == ["lapsed", "lapsed"]
    assert lapsed == states.count("lapsed")


def test_no_interest_is_taken_after_the_withdrawal(locked, monkeypatch, university, university_officer, firm, sme):
    row = make_published_achievement(university)
    is_withdrawn, order = Event(), []

    def withdraw():
        is_read.wait(10)
        listings.withdraw(row.achievement, by=university_officer)
        order.append("withdrawn")
        is_withdrawn.set()

    def express():
        interest(row, firm, sme)
        order.append("interest")

    is_read = pause_after_reading(monkeypatch, type(row), is_withdrawn, locked=locked)
    race(express, withdraw)
    assert (order != ["withdrawn", "interest"]) is locked


def test_an_interest_in_what_is_withdrawn_finds_nothing(postgres, university, university_officer, firm, sme):
    row = make_published_achievement(university)
    listings.withdraw(row.achievement, by=university_officer)
    with pytest.raises(NotFound):
        interest(row, firm, sme)


def test_a_deal_is_opened_while_the_matcher_writes(locked, monkeypatch):
    """The matcher holds the demand and names the achievement; the manager holds the achievement and wants the demand.

    With a lock that also keeps foreign keys out, each waits for the other and the database ends one of them.
    """
    achievement, demand, other = make_published_achievement(), make_published_demand(), make_published_demand()
    match = match_of(achievement, demand)
    broker = factories.make_technology_manager()
    reads_meet_at_the_rows(monkeypatch, plain=not locked)
    deal, written = race(lambda: brokerage.open_deal(match, by=broker), lambda: matched([demand, other]))
    assert not isinstance(written, OperationalError) or not locked
    fine = isinstance(deal, Deal) and written == 2
    assert fine is locked, (deal, written)


def matched(demands):
    refreshing.MARKET.catch_up()
    return refreshing.rematch(demands, timezone.now())


def reads_meet_at_the_rows(monkeypatch, *, plain):
    """The matcher waits with its demands locked until the manager has the achievement locked."""
    has_locked, is_writing, as_row = Event(), Event(), refreshing.as_row

    def make(lock):
        def read(row):
            fresh = type(row)._base_manager.select_for_update(no_key=not plain).get(pk=row.pk)
            has_locked.set()
            is_writing.wait(5)
            return fresh

        return read

    def slow_row(*given):
        is_writing.set()
        has_locked.wait(5)
        return as_row(*given)

    replace_lock(monkeypatch, make)
    monkeypatch.setattr(refreshing, "as_row", slow_row)


def test_one_match_is_judged_once_by_one_organisation(postgres, university, university_officer, inventor):
    match = match_of(make_published_achievement(university), make_published_demand())
    results = race(
        lambda: discovery.shortlist(match, by=university_officer, organisation=university),
        lambda: discovery.dismiss(match, "WORDS_ONLY", by=university_officer, organisation=university),
    )
    assert winners(results) == 2, results
    assert Judgement.objects.count() == 1


# Members -------------------------------------------------------------------------------------------------------------


def test_one_person_is_admitted_twice(locked, meeting, university):
    admin = factories.make_member(university, "admin")
    person = factories.make_user()
    meeting()
    results = race(*(lambda role=role: parties.admit(university, person.email, role, by=admin) for role in ROLES))
    live = Membership.objects.filter(user=person, ended_on__isnull=True).count()
    assert (winners(results) == 2 and live == 1) is locked, results


ROLES = ("officer", "reader")


def test_the_last_administrator_stays(locked, meeting, university):
    roles = [Membership.objects.create(user=factories.make_user(), organisation=university, role="admin") for _ in "ab"]
    meeting()
    one, other = roles
    results = race(
        lambda: parties.end_membership(other, by=one.user), lambda: parties.end_membership(one, by=other.user)
    )
    refused = sum(isinstance(result, (Conflict, Forbidden)) for result in results)
    left = Membership.objects.filter(organisation=university, role="admin", ended_on__isnull=True).count()
    assert (left == 1 and refused == 1) is locked, results


def test_two_suspensions_and_a_withdrawal_do_not_block_each_other(postgres, university, staff):
    """Listings and their projections are locked in one order, whoever comes."""
    rows = [make_published_achievement(university) for _ in range(5)]
    listing = Achievement.objects.get(pk=rows[0].achievement_id)
    results = race(
        lambda: parties.suspend(university, by=staff, reason="Forged papers."),
        lambda: parties.suspend(university, by=staff, reason="Forged papers."),
        lambda: listings.withdraw(listing, by=staff),
        lambda: [refreshing.refresh(row.pk) for row in rows],
    )
    assert not [fault for fault in results if isinstance(fault, OperationalError)]
    assert set(Achievement.objects.values_list("state", flat=True)) == {"withdrawn"}
