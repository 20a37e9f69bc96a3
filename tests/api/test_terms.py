"""Terms through the API: the documented examples, faults with their places, and no JSON that makes it fail."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from marketplace.api.terms import EXAMPLE, MOST_FAULTS, SmallJSONParser
from marketplace.contracts.preview import MOST_PERIODS
from marketplace.contracts.rules.sheet import Mode
from tests.contracts.sheets import figures

pytestmark = pytest.mark.django_db
EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "docs/examples/terms").glob("*.json"))
PREVIEW, MODES = "terms/preview/", "terms/modes/"


def changed(**sheet):
    return {"sheet": {**EXAMPLE["sheet"], **sheet}}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_gives_a_valid_preview_like_that_of_the_command(call, file):
    answer = call(None, "post", PREVIEW, json.loads(file.read_text("utf-8")))
    printed = StringIO()
    call_command("preview_terms", str(file), "--json", "--language", "en", stdout=printed)
    assert answer.status_code == 200
    assert answer.json()["is_valid"]
    assert answer.json() == json.loads(printed.getvalue())


def test_the_example_of_the_schema_is_valid_and_computed(call):
    found = call(None, "post", PREVIEW, EXAMPLE).json()
    assert (found["is_valid"], found["statement"]["phase"]) == (True, "TRIAL")
    assert found["sentence"]["en"].startswith("Use free until 2028-01-04; then CNY 30,000 at the agreed milestone")
    assert [case["case"] for case in found["forecast"]["cases"]] == ["expected", "bad", "good"]


def test_everybody_may_ask(call, sme, staff):
    assert {call(person, "post", PREVIEW, EXAMPLE).status_code for person in (None, sme, staff)} == {200}


def test_a_form_that_cannot_be_read_is_a_problem_with_places_and_codes(call):
    answer = call(None, "post", PREVIEW, changed(mode="GIFT", total_cap=5, colour="red"))
    found = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert {each["pointer"] for each in found["errors"]} == {"#/sheet/mode", "#/sheet/total_cap", "#/sheet/colour"}
    assert {each["code"] for each in found["faults"]} == {"E_CODE_UNKNOWN", "E_AMOUNT", "E_FORM"}


def test_terms_that_break_a_rule_are_an_answer_with_every_fault(call):
    answer = call(None, "post", PREVIEW, changed(term=None, trial={"months": 12}))
    found = answer.json()
    assert (answer.status_code, found["is_valid"], found["statement"]) == (200, False, None)
    assert {each["code"] for each in found["faults"]} == {"E_NO_TERM", "E_NO_END_RULE"}
    assert {each["pointer"] for each in found["faults"]} == {"/sheet/term", "/sheet/trial/at_end"}


def test_the_readers_language_is_spoken_and_both_sentences_are_given(call):
    found = call(None, "post", PREVIEW, changed(), **{"Accept-Language": "zh-hans"}).json()
    assert found["sentence"]["zh"].startswith("前12个月免费使用；达到约定的里程碑时付3万元，")
    assert found["sentence"]["en"].startswith("Use free for the first 12 months;")


def test_an_event_that_contradicts_is_named_at_its_place_and_left_out(call):
    events = [*EXAMPLE["events"], {"id": "again", "kind": "SIGNED", "on": "2027-02-01"}]
    found = call(None, "post", PREVIEW, {**EXAMPLE, "events": events}).json()
    assert [(each["code"], each["pointer"]) for each in found["faults"]] == [("E_EVENT_REPEATED", "/events/2")]
    assert found["statement"]["signed_on"] == "2027-01-04"


def test_what_the_terms_do_not_allow_of_the_forecast_is_named_there(call):
    plan = {**EXAMPLE["forecast"], "milestones": {"nothing": 3}}
    found = call(None, "post", PREVIEW, {**EXAMPLE, "forecast": plan}).json()
    assert [each["pointer"] for each in found["faults"]] == ["/forecast/milestones/nothing"]


def test_a_body_that_is_too_large_is_refused(call):
    answer = call(None, "post", PREVIEW, {"sheet": "x" * SmallJSONParser.limit})
    assert answer.status_code == 413


def test_terms_that_nobody_could_wait_for_are_refused(call):
    royalty = {**EXAMPLE["sheet"]["terms"][1], "period": "MONTH"}
    terms = [{**royalty, "id": f"r{place}"} for place in range(1 + MOST_PERIODS // 120)]
    found = call(None, "post", PREVIEW, changed(terms=terms, trial=None, mode="ROYALTY")).json()
    assert [each["code"] for each in found["faults"]] == ["E_TOO_LARGE"]


def test_corrections_without_end_are_refused(call):
    sale = {"kind": "SALES", "on": "2027-05-01", "royalty": "royalty", "from": "2027-01-04", "to": "2027-03-31"}
    events = [{**sale, "id": f"e{place}", "corrects": "e0"} for place in range(1000)]
    found = call(None, "post", PREVIEW, {**EXAMPLE, "events": events}).json()
    assert [(each["code"], each["pointer"]) for each in found["faults"]] == [("E_TOO_LARGE", "/events")]


def test_no_more_faults_are_said_than_anybody_reads(call):
    found = call(None, "post", PREVIEW, changed() | {"events": [0] * 1000}).json()
    assert len(found["faults"]) == MOST_FAULTS


def test_every_mode_comes_with_its_promises_and_a_sheet_that_is_valid(call):
    modes = call(None, "get", MODES).json()
    assert [each["mode"] for each in modes] == list(Mode)
    for each in modes:
        assert each["rules"]
        assert call(None, "post", PREVIEW, {"sheet": each["sheet"]}).json()["faults"] == []


def test_a_preset_takes_the_figures_given(call):
    (found,) = call(None, "get", f"{MODES}?mode=DEFERRED&price=888000.00&deferral_months=18").json()
    assert found["sentence"]["zh"] == "现在先用，签约满18个月时付88.8万元。"


@pytest.mark.parametrize("query", ["mode=GIFT", "price=-1", "price=0", "price=1,000", "rate=5", "colour=red", "price="])
def test_nonsense_is_refused_by_name(call, query):
    answer = call(None, "get", f"{MODES}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.split("=")[0]


@settings(deadline=None, max_examples=30)
@given(figures())
def test_any_figures_that_the_door_lets_in_make_valid_sheets(figures):
    query = {"price": str(figures.price), "upfront": str(figures.upfront), "rate": str(figures.rate)}
    answer = APIClient(raise_request_exception=True).get(f"/api/v1/{MODES}", query)
    assert answer.status_code in (200, 400)


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | st.text(max_size=20)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


def sent(value):
    cache.clear()  # nobody counts these requests
    client = APIClient(raise_request_exception=False)
    return client.post(f"/api/v1/{PREVIEW}", json.dumps(value), content_type="application/json").status_code


@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(values)
def test_no_json_makes_it_fail(value):
    assert sent(value) == 400


def test_half_a_letter_in_a_name_does_not_make_it_fail():
    assert sent({"\ud800": {"\udfff": "\ud800"}}) == 400


def places(value, path=()):
    """Every place of a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from places(inner, (*path, name))


def spoilt(value, path, with_):
    if not path:
        return with_
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = spoilt(value[path[0]], path[1:], with_)
    return copy


ODD = st.sampled_from(["0", "-1", "1", "999999999999.99", "0.000001", "2199-12-31", "1980-01-01", "MONTH", "END"])
ODD |= st.sampled_from(["SIGNATURE", "UNITS", "CLIFF", "OPEN", "EQUITY", "royalty", "pilot", 0, 1, 36, 600, [], {}])


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(places(EXAMPLE))), ODD | values, st.sampled_from(list(places(EXAMPLE))), ODD)
def test_no_slip_in_a_sound_document_makes_it_fail(first, one, second, other):
    body = spoilt(EXAMPLE, first, one)
    if second in list(places(body)):
        body = spoilt(body, second, other)
    assert sent(body) in (200, 400)
