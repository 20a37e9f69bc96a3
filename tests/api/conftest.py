"""A small market with one of everything, and a way to call the API as somebody."""

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.brokerage import services as brokerage
from marketplace.core.access import SYSTEM
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from tests import factories

REQUEST_ID = "the-same-for-every-call"


@pytest.fixture
def call():
    """call(user, "get", "deals/") → response; a body is sent as JSON, headers by their names."""

    def calling(user: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
        client = APIClient(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        sent = {"X-Request-ID": REQUEST_ID, "Accept-Language": "en", **headers}
        return getattr(client, method)(f"/api/v1/{path}", body, format="json", headers=sent)

    return calling


@pytest.fixture
def world(university, firm, university_officer, sme, broker, outsider, staff):
    """The university offers, the firm seeks; a match, a lead and a deal between them. Everything has its owner."""
    here = SimpleNamespace(university=university, firm=firm, outsider=outsider, broker=broker, staff=staff)
    here.officer, here.sme = university_officer, sme
    here.reader = factories.make_member(university, "reader")
    here.firm_reader = factories.make_member(firm, "reader")
    here.newcomer = factories.make_user(email="newcomer@example.org")
    here.membership = here.reader.memberships.get()
    here.right = listings.add_right({"kind": "01", "title_zh": "工艺诀窍"}, owner=university, by=SYSTEM)
    here.draft = factories.make_achievement(university)
    here.submitted = listings.submit(factories.make_achievement(university), by=SYSTEM)
    here.achievement = factories.make_published_achievement(university)
    here.other = factories.make_published_achievement(university)
    here.demand_draft = factories.make_demand(firm)
    here.demand_submitted = listings.submit(factories.make_demand(firm), by=SYSTEM)
    here.demand = factories.make_published_demand(firm)
    here.match = make_match(here.achievement, here.demand)
    here.fresh_match = make_match(here.other, here.demand)
    words = {"pitch": "我们做支架。", "why_fit": "盐雾要求相符。"}
    here.lead = brokerage.express_interest(here.achievement, sender=firm, **words, by=sme)
    here.deal = brokerage.open_deal(here.match, by=broker)
    return here


def make_match(achievement: Any, demand: Any, **values: Any) -> Match:
    reason = {"kind": "text", "label": "陶瓷涂层", "terms": ["陶瓷涂层"], "weight": 0.4, "field": "title", "params": {}}
    defaults = {"score": 0.5, "components": {"text": 0.5}, "reasons": [reason], "model_version": "test", "rank": 1}
    return Match.objects.create(achievement=achievement, demand=demand, **defaults | values)
