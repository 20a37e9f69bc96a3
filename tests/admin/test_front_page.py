"""My work: what waits for each role, and a number of queries that does not grow with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services as brokerage
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


def test_who_waits_for_an_answer_comes_before_new_matches(market, enter, university_officer):
    shown = list(work(enter(university_officer)))
    assert shown.index("Waiting for your answer") < shown.index("New matches today")


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


def test_what_there_is_to_do_comes_before_what_is_empty(market, enter, university_officer):
    sections = enter(university_officer).get("/workspace/").context["sections"]
    are_filled = [bool(section.lines) for section in sections]
    assert True in are_filled
    assert False in are_filled
    assert are_filled == sorted(are_filled, reverse=True)


def test_a_guarantor_is_told_of_no_empty_market(enter, guarantor):
    sections = enter(guarantor).get("/workspace/").context["sections"]
    assert [str(section.empty) for section in sections] == ["Nothing waits for you now."]


def test_an_authority_reads_what_it_keeps_and_no_listing_cards(enter, authority):
    assert list(work(enter(authority))) == ["Applications for registration to decide"]


def test_all_matches_of_a_listing_are_its_own(market, enter, university_officer):
    page = enter(university_officer).get(page_url(market.supply.achievement)).content.decode()
    address = f"{list_url(Match)}?listing={market.supply.public_id}"
    assert address in page
    other = factories.make_published_achievement(market.supply.listing.owner, title_zh="另一种涂层")
    match = Match.objects.create(achievement=other, demand=market.need, score=0.4, model_version="1", rank=2)
    rows = list(enter(university_officer).get(address).context["cl"].queryset)
    assert market.match in rows
    assert match not in rows
    assert match in list(enter(university_officer).get(list_url(Match)).context["cl"].queryset)


def test_who_gave_no_name_is_never_called_by_the_address(market, enter, sme, university):
    nameless = factories.make_member(university, email="nameless@example.org")
    type(nameless).objects.filter(pk=nameless.pk).update(name="")
    nameless.refresh_from_db()
    brokerage.join(market.deal, by=nameless)
    brokerage.join(market.deal, by=sme)
    brokerage.post_message(market.deal, "Samples are ready.", audience="all", by=nameless)
    room = enter(sme).get(f"{page_url(market.deal).removesuffix('change/')}room/").content.decode()
    assert "Samples are ready." in room
    assert "nameless@example.org" not in room
