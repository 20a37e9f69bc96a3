"""Every address × everybody: who gets which status; a stranger's 404 is byte for byte that of what does not exist."""

import pytest
from django.db import transaction
from django.urls import get_resolver

from marketplace.core.models import new_public_id
from tests.factories import ACHIEVEMENT, DEMAND, make_agency, make_credit_code

pytestmark = pytest.mark.django_db
ANYBODY = "200 200 200 200 200 200"
MEMBERS = "401 200 200 200 200 200"
OWN = "401 404 200 200 404 200"  # seen by its organisation and by staff
DRAFTING = "401 404 403 200 404 403"  # done by the organisation's officers
REVIEWING = "401 404 403 403 404 200"  # done by staff
NEW_ORGANISATION = {"name_zh": "新机构", "kind": "FIRM", "region": "110000", "credit_code": make_credit_code()}
INTEREST = {"listing": "{other}", "sender": "{firm}", "pitch": "我们做支架。", "why_fit": "盐雾要求相符。"}
RETURN = {"return_code": "NO_FIGURES", "return_note": "请补充数据。"}
CLOSED = {"is_open": False}
RIGHT = {"owner": "{university}", "kind": "01", "title_zh": "诀窍"}

# route, method, path, body: anonymous, outsider, the owner's reader, the owner's officer, broker, staff
TABLE = [
    ("nouns", "get", "", None, ANYBODY),
    ("schema", "get", "schema/", None, ANYBODY),
    ("docs", "get", "docs/", None, ANYBODY),
    ("achievement-list", "get", "achievements/", None, ANYBODY),
    ("achievement-detail", "get", "achievements/{achievement}/", None, ANYBODY),
    ("demand-list", "get", "demands/", None, ANYBODY),
    ("demand-detail", "get", "demands/{demand}/", None, ANYBODY),
    ("technology-manager-list", "get", "technology-managers/", None, ANYBODY),
    ("technology-manager-detail", "get", "technology-managers/{manager}/", None, ANYBODY),
    ("agency-list", "get", "agencies/", None, ANYBODY),
    ("agency-detail", "get", "agencies/{agency}/", None, ANYBODY),
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
    ("lead-list", "get", "leads/", None, MEMBERS),
    ("lead-list", "post", "leads/", INTEREST, "401 400 403 201 400 403"),
    ("lead-detail", "get", "leads/{lead}/", None, OWN),
    ("lead-accept", "post", "leads/{lead}/accept/", {}, DRAFTING),
    ("lead-decline", "post", "leads/{lead}/decline/", {"code": "CAPACITY"}, DRAFTING),
    ("lead-withdraw", "post", "leads/{lead}/withdraw/", {}, "401 404 403 403 404 403"),
    ("deal-list", "get", "deals/", None, MEMBERS),
    ("deal-detail", "get", "deals/{deal}/", None, "401 404 200 200 200 200"),
    ("deal-lose", "post", "deals/{deal}/lose/", {"code": "CAPACITY"}, "401 404 403 403 200 403"),
]  # fmt: skip
FIRMS = ("my-demand", "lead-list")


def names(rows):
    return [f"{method} {route}" for route, method, *_rest in rows]


def filled(template, world):
    """A path or a body with the ids of this world."""
    if isinstance(template, dict):
        return {name: filled(value, world) for name, value in template.items()}
    if not isinstance(template, str) or "{" not in template:
        return template
    rows = vars(world) | {"manager": world.broker.technology_manager}
    return template.format_map({name: getattr(row, "public_id", "") for name, row in rows.items()})


def cast_for(route, world):
    reader, officer = (world.firm_reader, world.sme) if route.startswith(FIRMS) else (world.reader, world.officer)
    return [None, world.outsider, reader, officer, world.broker, world.staff]


def attempt(call, user, method, path, body):
    """Call, and undo what it did."""
    with transaction.atomic():
        answer = call(user, method, path, body, **{"If-Match": "*"})
        transaction.set_rollback(True)
    return answer


@pytest.fixture
def world(world):
    world.agency = make_agency()
    return world


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), TABLE, ids=names(TABLE))
def test_everybody_gets_the_status_that_is_theirs(call, world, route, method, path, body, expected):
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
    assert named == {(route, method) for route, method, *_rest in TABLE}


def methods_of(view):
    return set(getattr(view, "actions", None) or {"get"}) - {"head"}
