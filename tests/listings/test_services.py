"""A listing's way through drafting and review, its one renewal, and what is announced on the way."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Entry
from marketplace.core.news import listing_hidden, listing_published
from marketplace.listings import services
from marketplace.listings.models import Achievement, Offer, Projection
from marketplace.parties import services as parties
from tests import factories
from tests.rows import reread


@pytest.fixture
def heard():
    """What was announced, in order."""
    said = []

    def hear(sender, signal, projection, by, **_):
        said.append((signal, projection.public_id))

    for signal in (listing_published, listing_hidden):
        signal.connect(hear)
    yield said
    for signal in (listing_published, listing_hidden):
        signal.disconnect(hear)


@pytest.fixture
def draft(university):
    return factories.make_achievement(university)


@pytest.fixture
def submitted(draft, university_officer):
    return services.submit(draft, by=university_officer)


@pytest.fixture
def published(submitted, staff):
    return services.publish(submitted, by=staff)


def test_an_inventor_drafts_and_an_officer_hands_it_in(university, inventor, university_officer):
    offers = [factories.OFFER]
    listing = services.draft(Achievement, factories.ACHIEVEMENT, owner=university, by=inventor, offers=offers)
    with pytest.raises(Forbidden):
        services.submit(listing, by=inventor)
    assert services.submit(listing, by=university_officer).state == "submitted"


def test_a_draft_that_is_refused_leaves_nothing(university, inventor):
    offers = [factories.OFFER, {"mode": "GIFT"}]
    with pytest.raises(Invalid):
        services.draft(Achievement, factories.ACHIEVEMENT, owner=university, by=inventor, offers=offers)
    assert not Achievement.objects.exists()
    assert not Offer.objects.exists()
    assert not Entry.objects.filter(verb__startswith="listings.").exists()


def test_a_returned_listing_says_why_and_forgets_it_when_it_comes_back(submitted, staff, university_officer):
    returned = services.return_for_correction(submitted, "NO_FIGURES", " 请补充指标。 ", by=staff)
    assert (returned.state, returned.return_code, returned.return_note) == ("returned", "NO_FIGURES", "请补充指标。")
    again = services.submit(returned, by=university_officer)
    assert (again.return_code, again.return_note) == ("", "")


@pytest.mark.parametrize(
    ("code", "note", "field"),
    [
        ("", "请改。", "return_code"),
        ("BORING", "请改。", "return_code"),
        ("NO_FIGURES", " ", "return_note"),
        ("NO_FIGURES", "\x00", "return_note"),
        ("NO_FIGURES", "长" * 2001, "return_note"),
    ],
)
def test_a_return_needs_a_reason_of_the_list_and_words(submitted, staff, code, note, field):
    with pytest.raises(Invalid) as fault:
        services.return_for_correction(submitted, code, note, by=staff)
    assert set(fault.value.fields) == {field}
    assert reread(submitted).state == "submitted"


def test_the_text_in_review_is_the_text_that_is_published(submitted, university_officer, staff):
    with pytest.raises(Conflict) as fault:
        services.edit(submitted, {"title_zh": "偷换"}, by=university_officer)
    assert fault.value.code == "not_editable"


def test_a_reviewer_who_read_an_older_text_is_told(submitted, university_officer, staff):
    seen = submitted.version
    services.edit(services.revise(submitted, by=university_officer), {"trl": 3}, by=university_officer)
    services.submit(submitted, by=university_officer)
    with pytest.raises(Stale):
        services.publish(submitted, by=staff, version=seen)
    assert reread(submitted).state == "submitted"


def test_nobody_reviews_a_listing_of_their_own_organisation(submitted, university):
    colleague = factories.make_member(university, "reader", is_staff=True)
    with pytest.raises(Forbidden):
        services.publish(submitted, by=colleague)


def test_what_became_incomplete_in_review_is_not_published(firm, staff):
    """A deadline can pass while the listing waits."""
    listing = factories.make_demand(firm, deadline=timezone.localdate() + timedelta(days=1))
    listing = services.submit(listing, by=SYSTEM)
    with travel(timezone.now() + timedelta(days=2)), pytest.raises(Invalid) as fault:
        services.publish(listing, by=staff)
    assert set(fault.value.fields) == {"deadline"}


@pytest.mark.parametrize(
    ("now", "published_on", "expires_on"),
    [
        ("2028-02-29T23:59:59.999+08:00", date(2028, 2, 29), date(2029, 2, 28)),
        ("2026-12-31T16:00:00+00:00", date(2027, 1, 1), date(2028, 1, 1)),
        ("2026-12-31T15:59:59+00:00", date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_the_year_begins_on_the_day_of_publication_in_beijing(submitted, staff, now, published_on, expires_on):
    with travel(now, tick=False):
        listing = services.publish(submitted, by=staff)
    assert (listing.published_on, listing.expires_on) == (published_on, expires_on)


def test_publication_is_announced_and_so_is_its_end(submitted, staff, university_officer, heard):
    listing = services.publish(submitted, by=staff)
    services.set_interest(listing, False, by=university_officer)
    services.withdraw(listing, by=university_officer)
    code = listing.public_id
    assert heard == [(listing_published, code), (listing_published, code), (listing_hidden, code)]


def test_a_draft_is_withdrawn_in_silence(draft, university_officer, heard):
    services.withdraw(draft, by=university_officer)
    assert heard == []


def test_a_listener_that_fails_takes_the_publication_back(submitted, staff):
    def fail(**_):
        raise ZeroDivisionError

    listing_published.connect(fail)
    try:
        with pytest.raises(ZeroDivisionError):
            services.publish(submitted, by=staff)
    finally:
        listing_published.disconnect(fail)
    assert reread(submitted).state == "submitted"
    assert not Projection.objects.exists()


def test_published_and_open_for_interest_are_two_switches(published, university_officer):
    services.set_interest(published, False, by=university_officer)
    row = reread(published).projection
    assert (row.is_live, row.is_open_for_interest) == (True, False)
    services.set_interest(published, True, by=university_officer)
    assert reread(published).projection.is_open_for_interest


def test_a_listing_keeps_its_address_when_it_is_published_again(published, university_officer, staff):
    first = published.projection.pk
    draft = services.revise(published, by=university_officer)
    again = services.publish(services.submit(draft, by=university_officer), by=staff)
    assert again.projection.pk == first
    assert again.projection.is_live


@pytest.mark.parametrize(("before", "may"), [(31, False), (30, True), (0, True), (-1, False)])
def test_it_is_renewed_in_its_last_thirty_days(published, university_officer, before, may):
    today = published.expires_on - timedelta(days=before)
    if not may:
        with pytest.raises(Conflict) as fault:
            services.renew(published, by=university_officer, today=today)
        assert fault.value.code == "not_renewable"
        return
    renewed = services.renew(published, by=university_officer, today=today)
    assert renewed.expires_on == published.expires_on + timedelta(days=365)
    assert renewed.projection.expires_on == renewed.expires_on


def test_it_is_renewed_once(published, university_officer):
    renewed = services.renew(published, by=university_officer, today=published.expires_on)
    with pytest.raises(Conflict):
        services.renew(renewed, by=university_officer, today=renewed.expires_on)


def test_a_right_of_another_owner_cannot_be_named(draft, firm, inventor):
    right = services.add_right({"kind": "01", "title_zh": "别人的"}, owner=firm, by=SYSTEM)
    with pytest.raises(Invalid) as fault:
        services.edit(draft, {}, rights=[right], by=inventor)
    assert set(fault.value.fields) == {"rights"}


def test_a_right_is_corrected_while_nothing_that_names_it_is_public(draft, inventor):
    right = services.add_right({"kind": "01", "title_zh": "旧名"}, owner=draft.owner, by=inventor)
    services.edit(draft, {}, rights=[right], by=inventor)
    assert services.edit_right(right, {"title_zh": "新名"}, by=inventor).title_zh == "新名"


def test_the_same_right_is_entered_once(university, inventor):
    facts = {"kind": "02", "number": "201310699744.2", "title_zh": "涂层方法"}
    services.add_right(facts, owner=university, by=inventor)
    with pytest.raises(Invalid):
        services.add_right(facts | {"number": "ZL 2013 1 0699744.2"}, owner=university, by=inventor)


def test_a_renamed_owner_is_shown_by_the_new_name(university, staff):
    row = factories.make_published_achievement(university)
    parties.edit(university, {"name_zh": "江澜理工大学"}, by=staff)
    row.refresh_from_db()
    assert row.owner_name_zh == "江澜理工大学"
