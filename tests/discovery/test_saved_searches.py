"""Saved searches: whose they are, what they find, and a letter a day of what is new, sent once."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from marketplace.core import notifying, sending
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Letter, Notification
from marketplace.discovery import narrowing, services
from marketplace.discovery.models import MatchDigest, SavedSearch
from marketplace.discovery.services.digests import found_by
from marketplace.discovery.tasks import send_digests
from marketplace.listings import services as listings
from tests import factories
from tests.rows import reread

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 1)
DAY = timedelta(days=1)


@pytest.fixture
def search(go, sme):
    go(MONDAY)
    return services.save_search("涂层", "achievement", {"q": "陶瓷涂层", "field": "05"}, by=sme)


def letters():
    return list(Letter.objects.filter(kind="saved_search").order_by("id"))


@pytest.mark.parametrize(
    ("kind", "criteria", "faulty"),
    [
        ("achievement", {"q": "涂层", "field": "05", "region": "110000", "trl": "7", "mode": "ZERO_UPFRONT"}, set()),
        ("achievement", {"stage": "MIDDLE", "price": "to-100000", "q": " ", "field": None}, set()),
        ("demand", {"stage": "MIDDLE"}, {"stage"}),
        ("demand", {"field": "zz", "trl": "12", "price": "cheap", "owner": "x"}, {"field", "trl", "price", "owner"}),
        ("demand", {"q": "x" * 101}, {"q"}),
        ("demand", {"q": "a\0b"}, {"q"}),
        ("rumour", {}, {"kind"}),
    ],
)
def test_criteria_that_are_not_understood_are_said_by_name(kind, criteria, faulty):
    try:
        assert not {"", None} & set(narrowing.checked(kind, criteria).values())
        found = set()
    except Invalid as fault:
        found = set(fault.fields)
    assert found == faulty


def test_it_is_its_owners_alone(search, sme, broker, staff):
    assert list(SavedSearch.objects.visible_to(sme)) == [search]
    assert not SavedSearch.objects.visible_to(broker).exists()
    assert not SavedSearch.objects.visible_to(staff).exists()
    for does in (services.edit_search, services.switch_search_off, services.remove_search):
        with pytest.raises(Forbidden):
            does(search, by=broker)


def test_it_finds_what_the_public_list_finds(search, university):
    row = factories.make_published_achievement(university)
    factories.make_published_achievement(university, field="01")
    factories.make_published_demand()
    assert list(found_by(search)) == [row]


def test_a_confidential_text_is_found_by_no_search(search, university):
    factories.make_published_achievement(
        university, title_zh="一种涂料", summary_zh="防护。", technology_keywords_zh=["涂料"],
        description_zh="陶瓷涂层的秘密配方。", tiers={"description": "nda"},
    )  # fmt: skip
    assert list(found_by(search)) == []


def test_yesterdays_listings_are_told_once(go, search, university):
    row = factories.make_published_achievement(university)
    go(MONDAY + DAY)
    for _ in range(2):
        send_digests()
    letter = letters()[0]
    assert len(letters()) == 1
    assert "1 条新信息" in letter.subject
    assert row.title_zh in letter.body
    assert "/achievements/?q=" in letter.body
    go(MONDAY + 2 * DAY)
    send_digests()
    assert len(letters()) == 1


def test_what_was_there_before_is_not_new(go, university, sme):
    go(MONDAY - DAY)
    factories.make_published_achievement(university)
    go(MONDAY)
    services.save_search("涂层", "achievement", {}, by=sme)
    go(MONDAY + DAY)
    send_digests()
    assert letters() == []


def test_days_without_a_worker_are_told_together(go, search, university):
    for days in (0, 1, 2):
        go(MONDAY + days * DAY)
        factories.make_published_achievement(university)
    go(MONDAY + 3 * DAY)
    send_digests()
    assert "3 条新信息" in letters()[0].subject
    assert reread(search).told_through == MONDAY + 2 * DAY


def test_a_renewed_or_withdrawn_listing_is_not_new(go, search, university, staff):
    row = factories.make_published_achievement(university)
    listings.withdraw(row.listing, by=staff)
    go(MONDAY + DAY)
    send_digests()
    assert letters() == []


def test_switched_off_it_writes_no_letter_and_on_again_it_begins_today(go, search, university, sme):
    services.switch_search_off(search, by=sme)
    factories.make_published_achievement(university)
    go(MONDAY + DAY)
    services.switch_search_on(reread(search), by=sme)
    go(MONDAY + 2 * DAY)
    send_digests()
    assert letters() == []


def test_the_kind_switched_off_sends_nothing_and_tells_it_in_the_page(go, search, university, sme):
    notifying.switch_off("saved_search", "mail", by=sme)
    factories.make_published_achievement(university)
    go(MONDAY + DAY)
    send_digests()
    assert letters() == []
    assert Notification.objects.get(kind="saved_search").user == sme


def test_the_link_in_the_letter_ends_this_search_alone(go, search, university, sme, client):
    other = services.save_search("全部", "achievement", {}, by=sme)
    factories.make_published_achievement(university)
    go(MONDAY + DAY)
    send_digests()
    sending.send_due(timezone.now())
    letter = next(each for each in letters() if "涂层" in each.subject)
    address = f"/mail/off/{letter.off_token}/"
    assert any(address in sent.extra_headers["List-Unsubscribe"] and address in sent.body for sent in mail.outbox)
    client.post(address)
    assert (reread(search).is_on, reread(other).is_on) == (False, True)


def test_a_letter_says_no_more_than_a_visitor_could_read(go, search, university, client):
    row = factories.make_published_achievement(university, is_anonymous=True)
    go(MONDAY + DAY)
    send_digests()
    body = letters()[0].body
    assert university.name_zh not in body
    assert row.title_zh in client.get(f"/achievements/{row.public_id}/").content.decode()


def test_one_name_once_and_twenty_at_most(search, sme):
    with pytest.raises(Conflict):
        services.save_search("涂层", "demand", {}, by=sme)
    for number in range(SavedSearch.MOST - 1):
        services.save_search(f"{number}", "demand", {}, by=sme)
    with pytest.raises(Conflict):
        services.save_search("one more", "demand", {}, by=sme)


def test_an_edit_of_an_older_version_is_stale(search, sme):
    services.edit_search(search, name="新名称", by=sme, version=1)
    with pytest.raises(Stale):
        services.edit_search(search, name="旧名称", by=sme, version=1)
    assert (reread(search).name, reread(search).criteria) == ("新名称", {"q": "陶瓷涂层", "field": "05"})


def test_a_removed_search_is_forgotten(search, sme):
    services.remove_search(search, by=sme)
    assert not SavedSearch.objects.exists()


# Matches of one's own listings


def test_yesterdays_matches_are_told_to_both_owners_once(go, university, firm, university_officer, sme, inventor):
    go(MONDAY)
    factories.make_published_achievement(university)
    factories.make_published_demand(firm)
    services.sweep()
    assert services.tell_matches(MONDAY) == 0
    go(MONDAY + DAY)
    assert services.tell_matches(MONDAY + DAY) == 2
    assert services.tell_matches(MONDAY + DAY) == 0
    told = Notification.objects.filter(kind="matches")
    assert {row.user for row in told} == {university_officer, sme}
    assert {row.text_en for row in told} == {"Your listings found 1 new match"}
    assert set(MatchDigest.objects.values_list("told_through", flat=True)) == {MONDAY}
