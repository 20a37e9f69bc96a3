"""Who reads which tier of a published listing."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.access import SYSTEM
from marketplace.listings import reading
from marketplace.listings.models import Projection
from marketplace.listings.services import withdraw
from tests.factories import (
    ACHIEVEMENT,
    make_member,
    make_organisation,
    make_published_achievement,
    make_published_demand,
    make_user,
)

pytestmark = pytest.mark.django_db
TIERS = {
    "tiers": {"description": "registered", "economics": "nda", "technology_keywords": "registered"},
    "public_note_zh": "工艺细节登录后可见。",
}


@pytest.fixture
def listing(university):
    return make_published_achievement(university, **TIERS)


@pytest.fixture
def applicant(db):
    return make_member(make_organisation("FIRM", verified=False))


@pytest.mark.parametrize("reader", ["sme", "broker", "staff", "inventor"])
def test_a_registered_reader_sees_the_registered_tier(listing, request, reader):
    seen = reading.texts_for(listing, request.getfixturevalue(reader))
    assert seen["description_zh"] == ACHIEVEMENT["description_zh"]


def test_a_visitor_sees_public_texts_and_the_note(listing):
    seen = reading.texts_for(listing, AnonymousUser())
    assert seen["public_note_zh"] == TIERS["public_note_zh"]
    assert "description_zh" not in seen


def test_a_member_of_an_unverified_organisation_reads_as_a_visitor(listing, applicant):
    assert reading.texts_for(listing, applicant) == reading.texts_for(listing, AnonymousUser()) == listing.texts


def test_a_person_who_was_shut_out_reads_as_a_visitor(listing):
    assert "description_zh" not in reading.texts_for(listing, make_user(is_staff=True, is_active=False))


@pytest.mark.parametrize("reader", ["sme", "broker", "staff", "university_officer"])
def test_the_nda_tier_is_shown_to_nobody(listing, request, reader):
    assert "economics_zh" not in reading.texts_for(listing, request.getfixturevalue(reader))


@pytest.mark.parametrize("reader", ["sme", "broker", "staff"])
def test_an_unfiled_invention_stays_under_nda(university, request, reader):
    row = make_published_achievement(university, ip_status="UNFILED", public_note_zh="用于防腐。")
    seen = reading.read(row, request.getfixturevalue(reader))
    assert not {"summary_zh", "description_zh"} & set(seen.texts)
    assert seen.keywords_zh == []


def test_what_is_hidden_is_named_with_its_tier(listing, sme):
    hidden = {"description": "registered", "economics": "nda", "technology_keywords": "registered"}
    assert reading.read(listing, AnonymousUser()).hidden == hidden
    assert reading.read(listing, sme).hidden == {"economics": "nda"}


def test_an_empty_field_is_not_called_confidential(university):
    row = make_published_achievement(university, economics_zh="", tiers={"economics": "nda"})
    assert reading.read(row, AnonymousUser()).hidden == {}


def test_keywords_of_the_registered_tier_wait_for_a_registered_reader(listing, sme):
    assert reading.read(listing, AnonymousUser()).keywords_zh == []
    assert reading.read(listing, sme).keywords_zh == ACHIEVEMENT["technology_keywords_zh"]


@pytest.mark.parametrize("make", [make_published_achievement, make_published_demand])
def test_a_price_of_the_registered_tier_waits_for_a_registered_reader(make, broker):
    row = make(tiers={"price": "registered"})
    assert reading.read(row, AnonymousUser()).price_low is None
    assert reading.read(row, broker).price_low > 0


def test_a_price_under_nda_is_shown_to_nobody(staff):
    seen = reading.read(make_published_achievement(tiers={"price": "nda"}), staff)
    assert (seen.price_low, seen.offers) == (None, [])


def test_a_listing_off_the_market_is_read_by_nobody(listing, staff):
    withdraw(listing.listing, by=SYSTEM)
    assert reading.texts_for(Projection.objects.get(pk=listing.pk), staff) == {}
