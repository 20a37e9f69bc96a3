"""Every address × everybody: who gets which status; a stranger's 404 is byte for byte that of what does not exist."""

from datetime import date

import pytest
from django.urls import get_resolver

from marketplace.brokerage import services as brokerage
from marketplace.core.models import new_public_id
from tests.factories import ACHIEVEMENT, DEMAND, make_agency, make_credit_code

from .agreeing import TABLE as AGREEMENTS
from .agreeing import agreed
from .attempting import attempt, filled, names
from .mandating import TABLE as MANDATES
from .mandating import mandated
from .registering import TABLE as REGISTER
from .registering import registered
from .test_claims import TABLE as CLAIMS
from .test_commissions import TABLE as COMMISSIONS
from .test_equity import TABLE as EQUITY
from .test_registrations import TABLE as REGISTRATIONS
from .test_settlement import TABLE as MONEY
from .test_sharing import TABLE as SHARING
from .test_who_does_what_with_contracts import TABLE as CONTRACTS

pytestmark = pytest.mark.django_db
ANYBODY = "200 200 200 200 200 200"
MEMBERS = "401 200 200 200 200 200"
OWN = "401 404 200 200 404 200"  # seen by its organisation and by staff
DRAFTING = "401 404 403 200 404 403"  # done by the organisation's officers
REVIEWING = "401 404 403 403 404 200"  # done by staff
NEW_ORGANISATION = {"name_zh": "新机构", "kind": "FIRM", "region": "110000", "credit_code": make_credit_code()}
INTEREST = {"listing": "{other}", "sender": "{firm}", "pitch": "我们做支架。", "why_fit": "盐雾要求相符。"}
SERVICE = {
    "achievement": "{draft}", "provider": "{provider}", "kind": "LEGAL", "brief": "审查合同。", "price": "8000.00",
    "due_on": "2099-01-01",
}  # fmt: skip
REFUSED = "401 404 403 403 404 403"  # the agency's to do
TOO_EARLY = "401 404 403 409 404 403"  # the owner's, once something is delivered
SEARCH = {"name": "涂层", "kind": "demand", "criteria": {"field": "05", "q": "涂层"}}
OFFICERS_OWN = "401 404 404 200 404 404"  # nobody else's, not the platform's either
RETURN = {"return_code": "NO_FIGURES", "return_note": "请补充数据。"}
CLOSED = {"is_open": False}
FILING = {"name": "钱某", "contact": "13900000000", "text": "与在先专利重复。"}
ROOM = "401 404 200 200 200 404"  # read by its people; the platform's staff are none of them
SAID = {"text": "中试数据已更新。", "audience": "supplier"}
BY_THE_ROOM = "401 404 403 200 200 404"  # done by who asked or does it, and the manager
ASKED = {"title": "寄样品", "due_on": "2099-01-01", "assignee": "manager", "audience": "supplier"}
MET = {"title": "首次会议", "held_on": "2026-01-05", "notes": "约定寄样品。", "audience": "supplier"}
TICK = {"stage": "before_nda", "code": "SIDES"}
ANSWER = {"answer": "保护范围不同。"}
RIGHT = {"owner": "{university}", "kind": "01", "title_zh": "诀窍"}

# route, method, path, body: anonymous, outsider, the owner's reader, the owner's officer, broker, staff
TABLE = [
    ("nouns", "get", "", None, ANYBODY),
    ("schema", "get", "schema/", None, ANYBODY),
    ("docs", "get", "docs/", None, ANYBODY),
    ("terms-preview", "post", "terms/preview/", {"sheet": {}}, "400 400 400 400 400 400"),  # anybody; nothing to read
    ("terms-modes", "get", "terms/modes/", None, ANYBODY),
    ("achievement-list", "get", "achievements/", None, ANYBODY),
    ("achievement-detail", "get", "achievements/{achievement}/", None, ANYBODY),
    ("demand-list", "get", "demands/", None, ANYBODY),
    ("demand-detail", "get", "demands/{demand}/", None, ANYBODY),
    ("technology-manager-list", "get", "technology-managers/", None, ANYBODY),
    ("technology-manager-detail", "get", "technology-managers/{manager}/", None, ANYBODY),
    (
        "technology-manager-detail", "patch", "technology-managers/{manager}/", {"languages": ["en"]},
        "401 403 403 403 200 403",
    ),
    ("agency-list", "get", "agencies/", None, ANYBODY),
    ("agency-detail", "get", "agencies/{agency}/", None, ANYBODY),
    ("agency-detail", "patch", "agencies/{agency}/", {"contact": "010"}, "401 403 403 403 403 403"),
    ("code-list", "get", "codes/", None, ANYBODY),
    ("code-detail", "get", "codes/technical_field/", None, ANYBODY),
    ("law-list", "get", "law/", None, ANYBODY),
    ("law-detail", "get", "law/reward.floor.equity/", None, ANYBODY),
    ("organisation-list", "get", "organisations/", None, MEMBERS),
    ("organisation-list", "post", "organisations/", NEW_ORGANISATION, "401 201 201 201 201 201"),
    ("organisation-detail", "get", "organisations/{university}/", None, OWN),
    ("organisation-detail", "patch", "organisations/{university}/", {"size_proof": "年报"}, REVIEWING),
    ("organisation-verify", "post", "organisations/{university}/verify/", {}, "401 404 403 403 404 409"),
    ("organisation-suspend", "post", "organisations/{university}/suspend/", {"reason": "材料不实"}, REVIEWING),
    ("membership-list", "get", "memberships/", None, MEMBERS),
    (
        "membership-list", "post", "memberships/",
        {"organisation": "{university}", "email": "newcomer@example.org", "role": "reader"},
        "401 400 403 403 400 201",
    ),
    ("membership-detail", "get", "memberships/{membership}/", None, OWN),
    ("membership-end", "post", "memberships/{membership}/end/", {}, REVIEWING),
    ("my-achievement-list", "get", "my-achievements/", None, MEMBERS),
    (
        "my-achievement-list", "post", "my-achievements/",
        {**ACHIEVEMENT, "owner": "{university}"}, "401 400 403 201 400 403",
    ),
    ("my-achievement-detail", "get", "my-achievements/{draft}/", None, OWN),
    ("my-achievement-detail", "patch", "my-achievements/{draft}/", {"trl": 5}, DRAFTING),
    ("my-achievement-submit", "post", "my-achievements/{draft}/submit/", {}, DRAFTING),
    ("my-achievement-publish", "post", "my-achievements/{submitted}/publish/", {}, REVIEWING),
    ("my-achievement-return", "post", "my-achievements/{submitted}/return/", RETURN, REVIEWING),
    ("my-achievement-revise", "post", "my-achievements/{submitted}/revise/", {}, DRAFTING),
    ("my-achievement-withdraw", "post", "my-achievements/{achievement}/withdraw/", {}, "401 404 403 200 404 200"),
    ("my-achievement-renew", "post", "my-achievements/{achievement}/renew/", {}, "401 404 403 409 404 403"),
    ("my-achievement-set-interest", "post", "my-achievements/{achievement}/set-interest/", CLOSED, DRAFTING),
    ("my-demand-list", "get", "my-demands/", None, MEMBERS),
    ("my-demand-list", "post", "my-demands/", {**DEMAND, "owner": "{firm}"}, "401 400 403 201 400 403"),
    ("my-demand-detail", "get", "my-demands/{demand_draft}/", None, OWN),
    ("my-demand-detail", "patch", "my-demands/{demand_draft}/", {"trl_min": 5}, DRAFTING),
    ("my-demand-submit", "post", "my-demands/{demand_draft}/submit/", {}, DRAFTING),
    ("my-demand-publish", "post", "my-demands/{demand_submitted}/publish/", {}, REVIEWING),
    ("my-demand-return", "post", "my-demands/{demand_submitted}/return/", RETURN, REVIEWING),
    ("my-demand-revise", "post", "my-demands/{demand_submitted}/revise/", {}, DRAFTING),
    ("my-demand-withdraw", "post", "my-demands/{demand}/withdraw/", {}, "401 404 403 200 404 200"),
    ("my-demand-renew", "post", "my-demands/{demand}/renew/", {}, "401 404 403 409 404 403"),
    ("my-demand-set-interest", "post", "my-demands/{demand}/set-interest/", {"is_open": False}, DRAFTING),
    ("right-list", "get", "rights/", None, MEMBERS),
    ("right-list", "post", "rights/", RIGHT, "401 400 403 201 400 403"),
    ("right-detail", "get", "rights/{right}/", None, OWN),
    ("right-detail", "patch", "rights/{right}/", {"title_zh": "新名称"}, DRAFTING),
    ("match-list", "get", "matches/", None, MEMBERS),
    ("match-detail", "get", "matches/{match}/", None, "401 404 200 200 200 200"),
    ("match-shortlist", "post", "matches/{match}/shortlist/", {}, "401 404 403 200 200 403"),
    ("match-dismiss", "post", "matches/{match}/dismiss/", {"reason_code": "TOO_EARLY"}, "401 404 403 200 200 403"),
    ("match-restore", "post", "matches/{match}/restore/", {}, "401 404 200 200 200 200"),  # nothing to take back
    ("match-open-deal", "post", "matches/{fresh_match}/open-deal/", {}, "401 404 403 403 201 403"),
    ("notice-list", "get", "notices/", None, ANYBODY),
    ("notice-detail", "get", "notices/{market_notice}/", None, ANYBODY),
    ("notice-detail", "get", "notices/{notice}/", None, "404 404 200 200 404 200"),
    ("notice-object", "post", "notices/{market_notice}/object/", FILING, "201 201 201 201 201 201"),
    ("notice-object", "post", "notices/{notice}/object/", FILING, "404 404 201 201 404 201"),
    ("notice-void", "post", "notices/{notice}/void/", {"reason": "WITHDRAWN"}, DRAFTING),
    ("notice-close", "post", "notices/{notice}/close/", {}, "401 404 403 409 404 403"),
    ("objection-list", "get", "objections/", None, MEMBERS),
    ("objection-detail", "get", "objections/{objection}/", None, "401 404 404 200 404 200"),
    ("objection-dismiss", "post", "objections/{objection}/dismiss/", ANSWER, "401 404 404 200 404 403"),
    ("objection-uphold", "post", "objections/{objection}/uphold/", ANSWER, "401 404 404 200 404 403"),
    ("document-list", "get", "documents/", None, MEMBERS),
    ("document-detail", "get", "documents/{document}/", None, OWN),
    ("document-content", "get", "documents/{document}/content/", None, OWN),
    ("notification-list", "get", "notifications/", None, MEMBERS),
    ("notification-read", "post", "notifications/{notification}/read/", {}, "401 404 404 200 404 404"),  # the reader's
    ("notification-switches", "get", "notification-switches/", None, MEMBERS),
    ("notification-switches", "patch", "notification-switches/", {"switches": [{"kind": "deal"}]}, MEMBERS),
    ("notification-read-all", "post", "notifications/read-all/", {}, MEMBERS),
    ("saved-search-list", "get", "saved-searches/", None, MEMBERS),
    ("saved-search-list", "post", "saved-searches/", SEARCH, "401 201 201 201 201 201"),
    ("saved-search-detail", "get", "saved-searches/{search}/", None, OFFICERS_OWN),
    ("saved-search-detail", "patch", "saved-searches/{search}/", {"criteria": {"trl": "5"}}, OFFICERS_OWN),
    ("saved-search-switch-off", "post", "saved-searches/{search}/switch-off/", {}, OFFICERS_OWN),
    ("saved-search-switch-on", "post", "saved-searches/{search}/switch-on/", {}, OFFICERS_OWN),
    ("saved-search-remove", "post", "saved-searches/{search}/remove/", {}, "401 404 404 204 404 404"),
    ("service-order-list", "get", "service-orders/", None, MEMBERS),
    ("service-order-list", "post", "service-orders/", SERVICE, "401 400 403 201 400 403"),
    ("service-order-detail", "get", "service-orders/{service_order}/", None, OWN),
    ("service-order-take", "post", "service-orders/{service_order}/take/", {}, REFUSED),
    ("service-order-decline", "post", "service-orders/{service_order}/decline/", {"text": "没有人手。"}, REFUSED),
    ("service-order-deliver", "post", "service-orders/{service_order}/deliver/", {"text": "报告。"}, REFUSED),
    ("service-order-complain", "post", "service-orders/{service_order}/complain/", {"text": "不全。"}, TOO_EARLY),
    ("service-order-approve", "post", "service-orders/{service_order}/approve/", {"rating": 5}, TOO_EARLY),
    ("service-order-close", "post", "service-orders/{service_order}/close/", {"text": "已付款。"}, TOO_EARLY),
    ("service-order-withdraw", "post", "service-orders/{service_order}/withdraw/", {}, DRAFTING),
    ("lead-list", "get", "leads/", None, MEMBERS),
    ("lead-list", "post", "leads/", INTEREST, "401 400 403 201 400 403"),
    ("lead-detail", "get", "leads/{lead}/", None, OWN),
    ("lead-accept", "post", "leads/{lead}/accept/", {}, DRAFTING),
    ("lead-decline", "post", "leads/{lead}/decline/", {"code": "CAPACITY"}, DRAFTING),
    ("lead-withdraw", "post", "leads/{lead}/withdraw/", {}, "401 404 403 403 404 403"),
    ("deal-list", "get", "deals/", None, MEMBERS),
    ("deal-detail", "get", "deals/{deal}/", None, "401 404 200 200 200 200"),
    ("deal-join", "post", "deals/{deal}/join/", {}, "401 404 403 200 403 403"),
    ("deal-waive-nda", "post", "deals/{deal}/waive-nda/", {}, "401 404 403 409 403 403"),
    ("deal-give-time", "post", "deals/{deal}/give-time/", {"until": "2000-01-01"}, "401 404 403 403 400 403"),
    ("deal-people", "get", "deals/{deal}/people/", None, ROOM),
    ("deal-messages", "get", "deals/{deal}/messages/", None, ROOM),
    ("deal-messages", "post", "deals/{deal}/messages/", SAID, "401 404 403 201 201 404"),
    ("deal-messages-read", "post", "deals/{deal}/messages/read/", {}, ROOM),
    ("message-list", "get", "messages/", None, MEMBERS),
    ("message-detail", "get", "messages/{message}/", None, ROOM),
    ("message-correct", "post", "messages/{message}/correct/", {"text": "6月交付。"}, "401 404 403 201 403 404"),
    ("message-withdraw", "post", "messages/{message}/withdraw/", {"reason": "发错了。"}, "401 404 403 200 403 404"),
    ("deal-tasks", "get", "deals/{deal}/tasks/", None, ROOM),
    ("deal-tasks", "post", "deals/{deal}/tasks/", ASKED, "401 404 403 201 201 404"),
    ("deal-checklists", "get", "deals/{deal}/checklists/", None, ROOM),
    ("deal-checklists-tick", "post", "deals/{deal}/checklists/tick/", TICK, "401 404 403 409 200 404"),
    ("deal-checklists-untick", "post", "deals/{deal}/checklists/untick/", TICK, "401 404 403 409 404 404"),
    ("deal-meetings", "get", "deals/{deal}/meetings/", None, ROOM),
    ("deal-meetings", "post", "deals/{deal}/meetings/", MET, "401 404 403 201 201 404"),
    ("meeting-list", "get", "meetings/", None, MEMBERS),
    ("meeting-detail", "get", "meetings/{meeting}/", None, ROOM),
    ("meeting-detail", "patch", "meetings/{meeting}/", {"notes": "改期。"}, BY_THE_ROOM),
    ("meeting-acknowledge", "post", "meetings/{meeting}/acknowledge/", {"number": 1}, "401 404 403 200 403 404"),
    ("task-list", "get", "tasks/", None, MEMBERS),
    ("task-detail", "get", "tasks/{task}/", None, ROOM),
    ("task-detail", "patch", "tasks/{task}/", {"note": "寄到研发部。"}, BY_THE_ROOM),
    ("task-finish", "post", "tasks/{task}/finish/", {}, BY_THE_ROOM),
    ("task-drop", "post", "tasks/{task}/drop/", {"reason": "不再需要。"}, BY_THE_ROOM),
    ("task-reopen", "post", "tasks/{task}/reopen/", {}, "401 404 403 409 409 404"),
    ("deal-take-up", "post", "deals/{deal}/take-up/", {"reason": "样件已合格。"}, "401 404 403 409 409 403"),
    ("deal-lose", "post", "deals/{deal}/lose/", {"code": "CAPACITY"}, "401 404 403 200 200 403"),
]  # fmt: skip
FIRMS = ("my-demand", "lead-list")


def cast_for(route, world):
    reader, officer = (world.firm_reader, world.sme) if route.startswith(FIRMS) else (world.reader, world.officer)
    return [None, world.outsider, reader, officer, world.broker, world.staff]


@pytest.fixture
def world(world):
    world.agency, world.manager = make_agency(), world.broker.technology_manager
    world.message = brokerage.post_message(world.deal, "5月交付。", audience="supplier", by=world.officer)
    asked = {"title": "寄样品", "due_on": date(2099, 1, 1)}
    world.task = brokerage.add_task(world.deal, asked, audience="supplier", assignee="manager", by=world.officer)
    met = {"title": "首次会议", "held_on": date(2026, 1, 5)}
    world.meeting = brokerage.write_meeting(world.deal, met, "约定寄样品。", audience="supplier", by=world.officer)
    return world


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), MANDATES, ids=names(MANDATES))
def test_everybody_gets_the_status_that_is_theirs_of_mandates(call, world, route, method, path, body, expected):
    check(call, mandated(world), route, method, path, body, expected)


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), AGREEMENTS, ids=names(AGREEMENTS))
def test_everybody_gets_the_status_that_is_theirs_of_agreements(call, world, route, method, path, body, expected):
    check(call, agreed(world), route, method, path, body, expected)


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), REGISTER, ids=names(REGISTER))
def test_everybody_gets_the_status_that_is_theirs_of_the_register(call, world, route, method, path, body, expected):
    check(call, registered(world), route, method, path, body, expected)


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), TABLE, ids=names(TABLE))
def test_everybody_gets_the_status_that_is_theirs(call, world, route, method, path, body, expected):
    check(call, world, route, method, path, body, expected)


def check(call, world, route, method, path, body, expected):
    where, what = filled(path, world), filled(body, world)
    answers = [attempt(call, user, method, where, what) for user in cast_for(route, world)]
    assert [answer.status_code for answer in answers] == [int(status) for status in expected.split()]
    if "404" in expected:
        absent = path[: path.index("{")] + new_public_id() + path[path.index("}") + 1 :]
        missing = attempt(call, world.outsider, method, absent, what)
        assert (missing.status_code, missing.content) == (404, answers[1].content)


def test_the_table_names_every_address_of_the_api():
    routes = next(part for part in get_resolver().url_patterns if str(part.pattern) == "api/v1/").url_patterns
    named = {(route.name, method) for route in routes if route.name for method in methods_of(route.callback)}
    staged = CONTRACTS + CLAIMS + SHARING + EQUITY + REGISTRATIONS
    by_stage = {(route, method) for _stage, route, method, *_rest in staged}
    rest = TABLE + MANDATES + AGREEMENTS + COMMISSIONS + MONEY + REGISTER
    assert named == {(route, method) for route, method, *_rest in rest} | by_stage


def methods_of(view):
    return set(getattr(view, "actions", None) or {"get"}) - {"head"}
