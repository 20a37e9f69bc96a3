"""A small market with one of everything, and a way to call the API as somebody."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.brokerage import services as brokerage
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.documents import services as documents
from marketplace.listings import services as listings
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from tests import factories

PDF = b"%PDF-1.7\n%EOF"
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
    here.provider = factories.make_agency()
    here.service_order = brokerage.order_service(
        here.draft, provider=here.provider, kind="VALUATION", brief="评估。", price=Decimal(20000),
        due_on=date(2099, 1, 1), by=university_officer,
    )  # fmt: skip
    here.search = discovery.save_search("成果", "achievement", {"trl": "6"}, by=university_officer)
    here.notification = university_officer.notifications.get()
    here.deal = brokerage.open_deal(here.match, by=broker)
    here.document = documents.keep_document(PDF, filename="a.pdf", title="检测报告", readers=[university], by=staff)
    here.notice = make_notice(university)
    here.market_notice = make_notice(university, is_on_market=True)
    here.objection = notices.object_to(here.notice, name="钱某", contact="13900000000", text="重复。", by=here.reader)
    here.reader = factories.make_member(university, "reader")  # another one: who objects reads their own objection
    return here


def make_notice(university: Any, **values: Any) -> Notice:
    """Opened by a colleague, so that the university's officer may answer objections to it."""
    facts = {"content": {"name": "涂层", "price": "10万元"}, "place": "CN", "title_zh": "关于涂层价格的公示"}
    fingerprint = factories.make_credit_code()  # other terms each time
    officer = factories.make_member(university)
    return notices.open_notice(university, **(facts | {"fingerprint": fingerprint} | values), by=officer)


def make_match(achievement: Any, demand: Any, **values: Any) -> Match:
    reason = {"kind": "text", "label": "陶瓷涂层", "terms": ["陶瓷涂层"], "weight": 0.4, "field": "title", "params": {}}
    defaults = {"score": 0.5, "components": {"text": 0.5}, "reasons": [reason], "model_version": "test", "rank": 1}
    return Match.objects.create(achievement=achievement, demand=demand, **defaults | values)
