"""My work: what waits for each role, and a number of queries that does not grow with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core.workspace import list_url, page_url
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement, Projection
from tests import factories
from tests.admin.asking import queries, work

pytestmark = pytest.mark.django_db


def test_staff_see_what_waits_for_review_and_verification(market, enter, staff):
    applied = factories.make_organisation(verified=False)
    shown = work(enter(staff))
    assert shown["Achievements to review"] == [page_url(market.waiting)]
    assert shown["Organisations to verify"] == [page_url(applied)]
    assert shown["Demands to review"] == []


def test_a_technology_manager_sees_todays_matches_that_have_no_deal_yet(market, enter, broker):
    shown = work(enter(broker))
    assert shown["Today's best matches"] == [page_url(market.match)]
    assert shown["My deals"] == [page_url(market.deal)]


def test_an_owner_sees_leads_with_their_clock_and_drafts(market, enter, university_officer):
    page = enter(university_officer).get("/workspace/")
    assert "in 14 days" in page.content.decode()
    shown = work(enter(university_officer))
    assert shown["Waiting for your answer"] == [page_url(market.lead)]
    assert shown["Returned to you, and drafts"] == [page_url(market.draft)]


def test_a_returned_listing_comes_before_drafts(market, enter, university_officer, staff):
    listings.return_for_correction(market.waiting, "NO_FIGURES", "Name it.", by=staff)
    shown = work(enter(university_officer))
    assert shown["Returned to you, and drafts"] == [page_url(market.waiting), page_url(market.draft)]


def test_a_listing_in_its_last_fortnight_is_shown(market, enter, university_officer):
    today = timezone.localdate()
    Achievement.objects.filter(pk=market.supply.achievement_id).update(
        published_on=today - timedelta(days=352), expires_on=today + timedelta(days=13)
    )
    assert work(enter(university_officer))["Expiring within 14 days"] == [page_url(market.supply.achievement)]


def test_an_empty_page_says_what_to_do_next(enter, outsider):
    page = enter(outsider).get("/workspace/").content.decode()
    assert "Write down an achievement or a demand" in page
    assert "/workspace/listings/demand/add/" in page


def test_another_sides_work_is_not_shown(market, enter, outsider):
    assert not any(work(enter(outsider)).values())


@pytest.mark.parametrize("role", ["staff", "broker", "university_officer", "sme"])
@pytest.mark.parametrize("address", ["front", "achievements", "matches", "market", "leads"])
def test_queries_do_not_grow_with_the_rows(role, address, people, market, enter, university, firm):
    client = enter(people[role])
    addresses = {
        "front": "/workspace/",
        "achievements": list_url(Achievement),
        "matches": list_url(Match),
        "market": list_url(Projection),
        "leads": "/workspace/brokerage/lead/",
    }
    before = queries(client, addresses[address])
    for _ in range(3):
        factories.make_published_achievement(university)
        factories.make_achievement(university)
        factories.make_published_demand(firm)
    discovery.sweep()
    assert queries(client, addresses[address]) <= before
