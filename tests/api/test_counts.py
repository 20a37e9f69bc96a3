"""However many rows a page has, it takes the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from marketplace.brokerage import services as brokerage
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.listings import services as listings
from tests import factories

from .conftest import make_match

pytestmark = pytest.mark.django_db
LISTS = ["achievements/", "demands/", "technology-managers/", "agencies/", "organisations/", "memberships/",
         "my-achievements/", "my-demands/", "rights/", "matches/", "matches/?verdict=shortlisted", "leads/", "deals/",
         "law/", "codes/"]  # fmt: skip


def grow(university, firm, sme, broker):
    """One more of everything."""
    right = listings.add_right({"kind": "01", "title_zh": "诀窍"}, owner=university, by=SYSTEM)
    draft = factories.make_achievement(university)
    listings.edit(draft, {}, rights=[right], by=SYSTEM)
    achievement = factories.publish(draft).projection
    demand = factories.make_published_demand(firm)
    match = make_match(achievement, demand)
    discovery.shortlist(match, by=broker)
    discovery.shortlist(match, by=sme, organisation=firm)
    brokerage.express_interest(achievement, sender=firm, pitch="我们。", why_fit="相符。", own_listing=demand, by=sme)
    brokerage.open_deal(match, by=broker)
    factories.make_member(university)
    factories.make_technology_manager()
    factories.make_agency()
    return achievement


def queries(user, path):
    """Queries of the answer itself. Whether the law has a new edition is asked once a second, so it is not counted."""
    client = APIClient()
    client.force_login(user)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"/api/v1/{path}").status_code == 200
    return sum("law_edition" not in query["sql"] for query in seen)


@pytest.mark.parametrize("who", ["staff", "sme", "broker"])
def test_a_page_of_four_takes_the_queries_of_a_page_of_two(university, firm, sme, broker, staff, who):
    user = {"staff": staff, "sme": sme, "broker": broker}[who]
    for _ in range(2):
        grow(university, firm, sme, broker)
    for path in LISTS:
        queries(user, path)  # code lists are read once a process
    before = {path: queries(user, path) for path in LISTS}
    for _ in range(2):
        grow(university, firm, sme, broker)
    assert {path: queries(user, path) for path in LISTS} == before
    assert max(before.values()) <= 10
