"""The night: what has had its time expires, what is two years old is archived; running it twice changes nothing."""

from datetime import date, timedelta

import pytest
from time_machine import travel

from marketplace.core.access import SYSTEM
from marketplace.listings import services
from marketplace.listings.models import Projection
from marketplace.listings.tasks import age_listings
from tests import factories
from tests.rows import reread

START = date(2028, 2, 29)


@pytest.fixture
def listing(university):
    with travel("2028-02-29T10:00:00+08:00"):
        return factories.publish(factories.make_achievement(university))


def after(days):
    """The night of the day so many days after publication."""
    with travel(f"{START + timedelta(days=days)}T02:10:00+08:00"):
        return age_listings()


@pytest.mark.parametrize(
    ("days", "state"), [(0, "published"), (365, "published"), (366, "expired"), (729, "expired"), (730, "archived")]
)
def test_where_a_listing_stands_so_many_days_after_publication(listing, days, state):
    after(min(days, 366))
    after(days)
    assert reread(listing).state == state


def test_an_expired_listing_is_off_the_market(listing):
    assert after(366) == {"expired": 1, "archived": 0}
    assert not Projection.objects.live().exists()


@pytest.mark.parametrize("days", [366, 730])
def test_running_twice_changes_nothing(listing, days):
    after(days)
    stands = (reread(listing).state, reread(listing).version)
    assert after(days) == {"expired": 0, "archived": 0}
    assert (reread(listing).state, reread(listing).version) == stands


def test_nights_that_were_missed_are_caught_up(listing):
    after(3000)
    assert reread(listing).state == "archived"


@pytest.mark.parametrize(
    ("days", "state"), [(730, "published"), (731, "expired"), (1094, "expired"), (1095, "archived")]
)
def test_a_renewed_listing_has_a_year_more_of_everything(listing, days, state):
    services.renew(listing, by=SYSTEM, today=listing.expires_on)
    after(min(days, 731))
    after(days)
    assert reread(listing).state == state


def test_an_expired_listing_can_be_taken_up_again_until_it_is_archived(listing):
    after(366)
    assert services.revise(listing, by=SYSTEM).state == "draft"


def test_what_was_withdrawn_is_archived_with_its_time(listing):
    services.withdraw(listing, by=SYSTEM)
    after(729)
    assert reread(listing).state == "withdrawn"
    after(730)
    assert reread(listing).state == "archived"


def test_what_was_never_published_is_never_archived(university):
    draft = factories.make_achievement(university)
    withdrawn = services.withdraw(factories.make_achievement(university), by=SYSTEM)
    after(10_000)
    assert {reread(draft).state, reread(withdrawn).state} == {"draft", "withdrawn"}


def test_one_listing_does_not_hold_up_the_others(university, firm):
    with travel("2028-02-29T10:00:00+08:00"):
        for _ in range(3):
            factories.publish(factories.make_achievement(university))
        factories.make_published_demand(firm)
    assert after(366) == {"expired": 4, "archived": 0}
