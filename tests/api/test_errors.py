"""Whatever is sent, the answer is a problem document with a stable code, and never a 500."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from marketplace.api import problems
from marketplace.core.errors import NotFound
from marketplace.listings.models import Projection
from marketplace.listings.services import drafting
from marketplace.parties.models import Organisation
from tests.factories import ACHIEVEMENT, DEMAND, make_credit_code

pytestmark = pytest.mark.django_db
RAW = "application/json"


@pytest.fixture
def officer(university_officer):
    client = APIClient(raise_request_exception=False)
    client.force_login(university_officer)
    return client


@pytest.fixture
def draft_body(university):
    return {**ACHIEVEMENT, "owner": university.public_id}


def read(answer):
    assert answer["Content-Type"].startswith("application/problem+json")
    return json.loads(answer.content)


def test_a_problem_says_what_where_and_which_request(call, university_officer, draft_body):
    answer = call(university_officer, "post", "my-achievements/", {**draft_body, "trl": "high"})
    assert read(answer) == {
        "type": "urn:problem-type:market:invalid",
        "title": "The request has a mistake",
        "status": 400,
        "detail": "Please correct the marked fields.",
        "code": "invalid",
        "request_id": answer["X-Request-ID"],
        "errors": [{"pointer": "#/trl", "detail": "A valid integer is required."}],
    }


def test_a_problem_speaks_the_readers_language(call, sme):
    chinese = call(sme, "get", "deals/?colour=red", **{"Accept-Language": "zh-hans"})
    assert chinese["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("path", ["deals", "nothing/", "deals/short/", "law/no.such.rule/", "codes/nothing/", "../x/"])
def test_an_address_that_does_not_exist_is_a_problem(call, sme, path):
    assert read(call(sme, "get", path))["code"] == "not_found"


def test_outside_the_version_and_outside_the_framework_it_is_a_problem_too(rf):
    assert read(Client().get("/api/"))["status"] == 404
    assert read(Client().post("/api/v2/deals/", {}))["status"] == 404
    assert read(problems.failed(rf.get("/api/v1/")))["code"] == "internal"
    assert read(problems.bad_request(rf.get("/api/v1/"), ValueError()))["status"] == 400
    assert read(problems.forbidden(rf.get("/api/v1/"), ValueError()))["status"] == 403
    assert read(problems.not_found(rf.get("/api/v1/x/"), ValueError()))["detail"] == str(NotFound.sentence)


def test_a_fault_of_ours_tells_nothing_of_the_inside(call, sme, monkeypatch):
    def fail(*given):
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("marketplace.api.brokerage.Deals.get_queryset", fail)
    answer = call(sme, "get", "deals/")
    assert read(answer)["code"] == "internal"
    assert b"hunter2" not in answer.content


@pytest.mark.parametrize(
    "method",
    ["put", "delete", "patch", "options"],
)
def test_a_method_that_is_not_there_is_405(call, sme, method):
    assert read(call(sme, method, "deals/"))["status"] == 405


BODIES = {
    "no JSON": "{",
    "nothing but text": "hello",
    "not UTF-8": b"\xff\xfe{}",
    "NaN": '{"trl": NaN}',
    "a name twice": '{"trl": 1, "trl": 2}',
    "too deep": "[" * 10_000,
    "a number of 5,000 digits": '{"trl": ' + "9" * 5000 + "}",
    "a list": "[]",
    "null": "null",
    "a number": "7",
    "a half of a surrogate pair": '{"title_zh": "\\ud800"}',
    "a name that is half of a pair": '{"\\ud800": 1}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_body_is_refused(officer, body):
    answer = officer.post("/api/v1/my-achievements/", body, content_type=RAW)
    assert read(answer)["status"] == 400


def test_a_body_past_the_limit_is_413(officer):
    answer = officer.post("/api/v1/my-achievements/", " " * 2_700_000, content_type=RAW)
    assert read(answer)["code"] == "too_large"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_another_content_type_is_415(officer, kind):
    answer = officer.post("/api/v1/my-achievements/", "a=b", content_type=kind)
    assert read(answer)["code"] == "unsupported_media_type"


@pytest.mark.parametrize(("headers", "code"), [({}, "csrf_failed"), ({"Authorization": "Bearer x"}, "malformed")])
def test_a_form_without_a_boundary_is_refused(sme, headers, code):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sme)
    answer = client.post("/api/v1/my-achievements/", b"x", content_type="multipart/form-data", headers=headers)
    assert read(answer)["code"] == code


def test_another_form_of_answer_is_406(call, sme):
    assert read(call(sme, "get", "deals/", Accept="text/csv"))["code"] == "not_acceptable"


VALUES = [
    ("title_zh", "a\0b"), ("title_zh", "\x1b[31m"), ("title_zh", ["a"]), ("title_zh", None), ("title_zh", "长" * 121),
    ("trl", 10**30), ("trl", 1.5), ("trl", {}), ("trl", 10), ("summary_zh", "长" * 501), ("summary_zh", {}),
    ("technology_keywords_zh", "one"), ("technology_keywords_zh", [["a"]]), ("technology_keywords_zh", ["a"] * 51),
    ("technology_keywords_zh", ["\0"]), ("technology_keywords_zh", ["a", "b", "c", "d", "e", "f"]),
    ("tiers", "nda"), ("tiers", {"summary": "secret"}), ("tiers", {"id": "nda"}), ("field", "99"), ("region", "1"),
    ("stage", "LATE"), ("offers", {}), ("offers", [{"mode": "NONE"}]), ("offers", [{}]), ("offers", ["BUYOUT"]),
    ("offers", [{"mode": "BUYOUT"}] * 2), ("offers", [{"mode": "BUYOUT", "price_low": 0.1, "price_high": "1.00"}]),
    ("offers", [{"mode": "BUYOUT", "price_low": "1e400", "price_high": "1.00"}]),
    ("offers", [{"mode": "BUYOUT", "price_low": "2.00", "price_high": "1.00"}]),
    ("offers", [{"mode": "BUYOUT", "price_low": "NaN", "price_high": "NaN"}]),
    ("offers", [{"mode": "BUYOUT", "royalty_percent": "101"}]), ("offers", [{"mode": "BUYOUT", "free_months": 10**9}]),
    ("offers", [{"mode": "BUYOUT", "currency": "USD"}]), ("offers", [{"mode": "BUYOUT", "owner": 1}]),
    ("rights", ["nothing"]), ("rights", [1, None]), ("owner", "nothing"), ("owner", None), ("owner", "a\0"),
    ("currency", "USD"), ("is_anonymous", "perhaps"), ("source_id", "x" * 81),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_wrong_value_is_named_by_its_pointer(officer, draft_body, name, value):
    answer = officer.post("/api/v1/my-achievements/", {**draft_body, name: value}, format="json")
    errors = read(answer)["errors"]
    assert answer.status_code == 400
    assert {error["pointer"].split("/")[1] for error in errors} == {name}


@pytest.mark.parametrize("value", ["-1.00", "1.001", "99999999999999.00", 5, 0.5, True, [], "一百"])
def test_an_amount_that_is_none_is_refused(call, sme, firm, value):
    body = {**DEMAND, "owner": firm.public_id, "budget_low": value}
    assert read(call(sme, "post", "my-demands/", body))["errors"][0]["pointer"] == "#/budget_low"


FIXED = [*sorted(drafting.FIXED - {"owner"}), "effective_tiers", "owner_id", "is_live", "history", "owner_name", "zzz"]


@pytest.mark.parametrize("name", FIXED)
def test_a_field_that_is_not_the_owners_to_write_is_refused_by_name(officer, draft_body, name):
    answer = officer.post("/api/v1/my-achievements/", {**draft_body, name: "published"}, format="json")
    assert [error["pointer"] for error in read(answer)["errors"]] == [f"#/{name}"]


@pytest.mark.parametrize("name", ["owner", "state", "version", "is_staff"])
def test_a_change_moves_neither_owner_nor_state(call, world, name):
    values = {name: world.firm.public_id}
    answer = call(world.officer, "patch", f"my-achievements/{world.draft.public_id}/", values, **{"If-Match": "*"})
    assert [error["pointer"] for error in read(answer)["errors"]] == [f"#/{name}"]


@pytest.mark.parametrize("name", ["state", "version", "verified", "id"])
def test_nobody_verifies_themselves_when_applying(call, outsider, name):
    body = {"name_zh": "新", "kind": "FIRM", "region": "110000", "credit_code": make_credit_code(), name: "verified"}
    assert [e["pointer"] for e in read(call(outsider, "post", "organisations/", body))["errors"]] == [f"#/{name}"]
    assert not Organisation.objects.filter(name_zh="新").exists()


def test_a_wrong_credit_code_says_where(call, outsider):
    body = {"name_zh": "新", "kind": "FIRM", "region": "110000", "credit_code": "91110000MA0000000I"}
    answer = read(call(outsider, "post", "organisations/", body))
    assert (answer["code"], answer["errors"][0]["pointer"]) == ("E_USCC_ALPHABET", "#/credit_code")


def test_a_foreign_right_reads_like_none(call, world, outsider, university):
    rights = [[world.right.public_id], ["zzzzzzzzzzzzzzzz"]]
    owner = outsider.memberships.get().organisation.public_id
    bodies = [{**ACHIEVEMENT, "owner": owner, "rights": each} for each in rights]
    answers = [call(outsider, "post", "my-achievements/", body).content for body in bodies]
    assert answers[0] == answers[1]


PAGES = ["page=0", "page=-1", "page=x", "page=%00", "page=99999999999999999999", "page_size=0", "page_size=101",
         "page_size=1000000000", "page_size=x"]  # fmt: skip


@pytest.mark.parametrize("query", PAGES)
def test_a_page_that_cannot_be_is_named(call, query):
    answer = read(call(None, "get", f"achievements/?{query}"))
    assert answer["errors"][0]["parameter"] == query.split("=")[0]


def test_a_page_past_the_end_is_404(call):
    assert read(call(None, "get", "achievements/?page=2"))["status"] == 404


QUERIES = ["colour=red", "field=99", "field=05,99", "trl_min=x", "trl_min=99999999999999999999", "trl_min=1e999",
           "price_min=-1", "price_max=NaN", "price_max=1e400", "ordering=price_low", "ordering=owner_key",
           "ordering=published_on,-id", "q=%00", "q=" + "a" * 101, "mode=NONE", "is_live=0", "owner_key=x",
           "achievement__owner=1", "texts__contains=x", "search_text=x", "format=xml"]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_a_parameter_that_is_not_declared_or_makes_no_sense_is_named(call, query):
    answer = read(call(None, "get", f"achievements/?{query}"))
    assert (answer["status"], answer["errors"][0]["parameter"]) == (400, query.split("=")[0])


def test_a_session_needs_its_csrf_token(sme):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sme)
    assert read(client.post("/api/v1/rights/", "{}", content_type=RAW))["code"] == "csrf_failed"


def test_too_many_requests_say_when_to_come_back(call, monkeypatch):
    monkeypatch.setattr("marketplace.api.limits.VisitorLimit.rate", "1/min", raising=False)
    call(None, "get", "codes/")
    answer = call(None, "get", "codes/")
    assert (read(answer)["status"], read(answer)["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 60


def test_nobody_gets_a_new_count_by_naming_another_address(call, monkeypatch):
    monkeypatch.setattr("marketplace.api.limits.VisitorLimit.rate", "1/min", raising=False)
    codes = [call(None, "get", "codes/", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(2)]
    assert codes == [200, 429]


def test_a_cache_that_is_gone_shuts_nobody_out(call, monkeypatch):
    def fail(*given, **named):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections[cache._alias]), "get", fail)
    assert call(None, "get", "codes/").status_code == 200


def test_a_published_text_is_fixed(call, world):
    path = f"my-achievements/{world.achievement.public_id}/"
    assert read(call(world.officer, "patch", path, {"trl": 5}, **{"If-Match": "*"}))["code"] == "not_editable"


def test_what_is_missing_before_review_is_named_all_at_once(call, university_officer, university):
    values = {"owner": university.public_id, "title_zh": "仅有标题", "field": "05", "region": "110000"}
    made = call(university_officer, "post", "my-achievements/", values).json()
    answer = read(call(university_officer, "post", f"my-achievements/{made['id']}/submit/"))
    assert {"#/summary_zh", "#/trl", "#/offers", "#/secrecy_level"} <= {e["pointer"] for e in answer["errors"]}


def test_a_withdrawn_listing_is_gone_for_everybody(call, world):
    call(world.officer, "post", f"my-achievements/{world.achievement.public_id}/withdraw/")
    assert call(world.staff, "get", f"achievements/{world.achievement.public_id}/").status_code == 404
    assert Projection.objects.get(pk=world.achievement.pk).texts == {}
