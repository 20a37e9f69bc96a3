"""The form read: whole documents, every fault of shape at its pointer, and no JSON that makes the reader stumble."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.rules.checking import check
from marketplace.contracts.rules.events import Sales
from marketplace.contracts.rules.faults import Broken
from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.reading import read_document, read_events, read_sheet
from marketplace.contracts.rules.sheet import AtEnd, Mode, Tier
from marketplace.contracts.rules.writing import write_fault
from tests.contracts.sheets import LIMITS, many

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "docs/examples/terms").glob("*.json"))

WITNESS = {"evidence": "发票", "declared_by": "BUYER", "confirmed_by": "SELLER", "silent_days": 15}
FIXED = {"id": "fee", "kind": "FIXED", "amount": "30000", "trigger": {"kind": "FIRST_SALE", **WITNESS}}
ROYALTY = {
    "id": "share",
    "kind": "ROYALTY",
    "base": "NET_SALES",
    "tiers": [{"from": "0", "rate": "0.05"}],
    "period": "QUARTER",
}
OPTION = {"id": "option", "kind": "BUYOUT", "price": "90000", "until": {"months": 36}}
SHEET = {
    "form": "term-sheet/1",
    "mode": "ENTRY_ROYALTY",
    "term": {"months": 120},
    "trial": {"months": 12, "at_end": "STOP"},
    "terms": [FIXED, ROYALTY, OPTION],
}
SALES = {"id": "e2", "kind": "SALES", "on": "2026-04-20", "royalty": "share", "from": "2026-01-01", "to": "2026-03-31"}
DOCUMENT = {
    "sheet": SHEET,
    "events": [{"id": "e1", "kind": "SIGNED", "on": "2026-01-01"}, SALES],
    "as_of": "2026-06-30",
    "forecast": {"signed_on": "2026-01-01", "years": [{"year": 1, "net_sales": "1000"}], "milestones": {"m1": 6}},
}


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The document with another value at the pointer."""
    document = deepcopy(DOCUMENT)
    *path, name = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]
    at: Any = document
    for part in path:
        at = at[part]
    at[name] = value
    return document


def without(pointer: str) -> dict[str, Any]:
    document = changed(pointer, None)
    at: Any = document
    *path, name = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]
    for part in path:
        at = at[part]
    del at[name]
    return document


def faults_of(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(Broken) as refusal:
        read_document(document)
    return [(fault.code, fault.pointer) for fault in refusal.value.faults]


def inputs_of(document: Any) -> dict[str, Any]:
    with pytest.raises(Broken) as refusal:
        read_document(document)
    return dict(refusal.value.faults[0].inputs)


def test_a_document_becomes_data():
    document = read_document(DOCUMENT)
    assert document.sheet.mode is Mode.ENTRY_ROYALTY
    assert document.sheet.term_months == 120
    assert document.sheet.trial.at_end is AtEnd.STOP
    assert document.sheet.term("fee").amount == Decimal(30_000)
    assert document.sheet.term("share").tiers == (Tier(Decimal(0), Decimal("0.05")),)
    assert document.as_of == date(2026, 6, 30)
    assert document.forecast.milestones == {"m1": 6}


def test_a_nil_report_has_no_figures():
    sales = read_events([SALES])[0]
    assert isinstance(sales, Sales)
    assert (sales.first, sales.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert not sales.gross


def test_only_the_sheet_is_needed():
    document = read_document({"sheet": SHEET})
    assert (document.events, document.as_of, document.forecast) == ((), None, None)


def test_null_says_that_nothing_is_agreed():
    assert read_sheet({**SHEET, "trial": None, "total_cap": None}) == read_sheet(without("/sheet/trial")["sheet"])


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/sheet", [], "E_FORM"),
        ("/sheet/form", "term-sheet/2", "E_FORM"),
        ("/sheet/mode", "GIFT", "E_CODE_UNKNOWN"),
        ("/sheet/mode", 7, "E_FORM"),
        ("/sheet/currency", "USD", "E_CODE_UNKNOWN"),
        ("/sheet/term/months", "120", "E_FORM"),
        ("/sheet/term/months", True, "E_FORM"),
        ("/sheet/term/months", 12.0, "E_FORM"),
        ("/sheet/term/months", 10**5000, "E_FORM"),
        ("/sheet/term/months", 0, "E_FORM"),
        ("/sheet/trial/at_end", "PERHAPS", "E_CODE_UNKNOWN"),
        ("/sheet/late_interest", {"yearly_rate": "6"}, "E_RATE_RANGE/yearly_rate"),
        ("/sheet/terms", {}, "E_FORM"),
        ("/sheet/terms", [FIXED] * 101, "E_FORM"),
        ("/sheet/terms/0/id", "Fee 1", "E_FORM"),
        ("/sheet/terms/0/id", "a" * 33, "E_FORM"),
        ("/sheet/terms/1/id", "fee", "E_DUPLICATE_ID"),
        ("/sheet/terms/0/kind", "GIFT", "E_CODE_UNKNOWN"),
        ("/sheet/terms/0/amount", 30000, "E_AMOUNT"),
        ("/sheet/terms/0/amount", 0.1, "E_AMOUNT"),
        ("/sheet/terms/0/amount", float("nan"), "E_AMOUNT"),
        ("/sheet/terms/0/amount", "NaN", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "1e5", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "30,000", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "３００", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "-1", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "0", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "0.001", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "1000000000000", "E_AMOUNT"),
        ("/sheet/terms/0/amount", "9" * 10_000, "E_AMOUNT"),
        ("/sheet/terms/0/amount", None, "E_AMOUNT"),
        ("/sheet/terms/0/pay_days", -1, "E_FORM"),
        ("/sheet/terms/0/creditable", "yes", "E_FORM"),
        ("/sheet/terms/0/label", {"zh": "两\n行"}, "E_FORM/zh"),
        ("/sheet/terms/0/label", {"zh": "\ud800"}, "E_FORM/zh"),
        ("/sheet/terms/0/trigger/kind", "MIRACLE", "E_CODE_UNKNOWN"),
        ("/sheet/terms/0/trigger/declared_by", "BANK", "E_CODE_UNKNOWN"),
        ("/sheet/terms/0/trigger", {"kind": "DATE", "day": "2026-02-30"}, "E_FORM/day"),
        ("/sheet/terms/0/trigger", {"kind": "DATE", "day": "20260301"}, "E_FORM/day"),
        ("/sheet/terms/0/trigger", {"kind": "DATE", "day": "9999-12-31"}, "E_FORM/day"),
        ("/sheet/terms/0/trigger", {"kind": "AFTER", "days": 1}, "E_FORM"),
        ("/sheet/terms/0/trigger", {"kind": "AFTER", "event": "SIGNATURE", "term": "share"}, "E_FORM"),
        ("/sheet/terms/0/trigger", {"kind": "AFTER", "event": "WEDDING"}, "E_CODE_UNKNOWN/event"),
        ("/sheet/terms/1/tiers/0/rate", "5", "E_RATE_RANGE"),
        ("/sheet/terms/1/tiers/0/rate", 0.05, "E_RATE_RANGE"),
        ("/sheet/terms/1/tiers/0/rate", "-0.05", "E_RATE_RANGE"),
        ("/sheet/terms/1/tiers", [{"from": "0", "rate": "0.05"}] * 21, "E_FORM"),
        ("/sheet/terms/1/deductions", ["BRIBES"], "E_CODE_UNKNOWN/0"),
        ("/sheet/terms/1/deductions", ["TAXES", "TAXES"], "E_DUPLICATE_ID/1"),
        ("/sheet/terms/1/combination_factor", "0", "E_RATE_RANGE"),
        ("/sheet/terms/2/until", {"months": 36, "day": "2029-01-01"}, "E_FORM"),
        ("/events", None, "E_FORM"),
        ("/events", [SALES] * 10_001, "E_FORM"),
        ("/events/0/kind", "MARRIED", "E_CODE_UNKNOWN"),
        ("/events/0/on", "yesterday", "E_FORM"),
        ("/events/1/to", "2025-12-31", "E_FORM"),
        ("/events/1/gross", 1.5, "E_AMOUNT"),
        ("/events/1/deductions", {"BRIBES": "1"}, "E_FORM/BRIBES"),
        ("/as_of", 20260101, "E_FORM"),
        ("/forecast/years/0/year", 0, "E_FORM"),
        ("/forecast/years", [{"year": 1}, {"year": 1}], "E_DUPLICATE_ID/1/year"),
        ("/forecast/milestones", {"M 1": 6}, "E_FORM"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else type(value).__name__,
)
def test_one_slip_is_one_fault_at_its_place(pointer, value, code):
    code, slash, inside = code.partition("/")
    assert faults_of(changed(pointer, value)) == [(code, pointer + slash + inside)]


@pytest.mark.parametrize(
    ("pointer", "value", "fault"),
    [
        ("/events/0/id", "e2", ("E_DUPLICATE_ID", "/events/1/id")),
        ("/sheet/terms/0", {**OPTION, "id": "other"}, ("E_FORM", "/sheet/terms/2")),
    ],
    ids=["an id given twice", "a second option"],
)
def test_what_stands_twice_is_a_fault_at_the_later_place(pointer, value, fault):
    assert faults_of(changed(pointer, value)) == [fault]


@pytest.mark.parametrize(
    ("pointer", "missing"),
    [
        ("/sheet", "sheet"),
        ("/sheet/form", "form"),
        ("/sheet/terms/0/amount", "amount"),
        ("/events/1/royalty", "royalty"),
    ],
)
def test_a_missing_name_is_named_at_its_object(pointer, missing):
    document = without(pointer)
    assert faults_of(document) == [("E_FORM", pointer.rpartition("/")[0])]
    assert inputs_of(document) == {"missing": missing}


def test_an_unknown_name_is_shown_with_those_that_are_known():
    document = {**DOCUMENT, "sheet": {**SHEET, "trial": {**SHEET["trial"], "a/b~c": 1}}}
    assert faults_of(document) == [("E_FORM", "/sheet/trial/a~1b~0c")]
    assert inputs_of(document)["unknown"] == "a/b~c"
    assert "months" in inputs_of(document)["known"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [(30000, "number"), ("1.005", "places"), ("1" + "0" * 12, "digits"), ("-5", "least"), ("five", "text")],
)
def test_an_amount_is_refused_with_the_reason(value, reason):
    assert inputs_of(changed("/sheet/terms/0/amount", value))["reason"] == reason


def test_what_may_be_left_out_for_the_checks_is_read():
    bare = {"form": "term-sheet/1", "mode": "OPEN", "terms": [{"id": "fee", "kind": "FIXED", "amount": "1"}]}
    sheet = read_sheet(bare)
    assert (sheet.term_months, sheet.ends_on, sheet.trial, sheet.terms[0].trigger) == (0, None, None, None)


def test_all_slips_are_found_at_once():
    document = changed("/sheet/mode", "GIFT")
    document["sheet"]["terms"][0] |= {"amount": 1, "colour": "red", "trigger": {"kind": "DATE"}}
    document["sheet"]["terms"][1] |= {"id": "fee", "tiers": [{"rate": "2"}]}
    document["events"][1] |= {"id": "e1", "gross": "x"}
    document["forecast"]["years"] = [{"year": "one"}]
    assert set(faults_of(document)) == {
        ("E_CODE_UNKNOWN", "/sheet/mode"),
        ("E_AMOUNT", "/sheet/terms/0/amount"),
        ("E_FORM", "/sheet/terms/0/colour"),
        ("E_FORM", "/sheet/terms/0/trigger"),
        ("E_DUPLICATE_ID", "/sheet/terms/1/id"),
        ("E_FORM", "/sheet/terms/1/tiers/0"),
        ("E_RATE_RANGE", "/sheet/terms/1/tiers/0/rate"),
        ("E_DUPLICATE_ID", "/events/1/id"),
        ("E_AMOUNT", "/events/1/gross"),
        ("E_FORM", "/forecast/years/0/year"),
    }


def test_a_fee_per_unit_is_yuan_and_may_exceed_one():
    tiers = [{"from": "0", "rate": "12.5"}, {"from": "1000.5", "rate": "10"}]
    sheet = read_sheet({**SHEET, "terms": [{**ROYALTY, "base": "UNITS", "tiers": tiers}]})
    assert sheet.terms[0].tiers[0].rate == Decimal("12.5")


def test_a_late_month_of_null_says_never():
    document = changed("/forecast/bad", {"late_months": None})
    assert read_document(document).forecast.bad.late_months is None
    assert read_document(document).forecast.bad.sales_factor == Decimal("0.3")


def test_huge_numbers_do_not_hurt():
    years = [{"year": 10**5000}] * 2
    assert [code for code, _ in faults_of(changed("/forecast/years", years))] == ["E_FORM", "E_FORM"]


def test_depth_does_not_hurt():
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert faults_of(changed("/sheet/terms/0/amount", deep)) == [("E_AMOUNT", "/sheet/terms/0/amount")]


def test_many_unknown_names_are_named_in_part():
    document = {"sheet": SHEET, **{f"x{number}": 1 for number in range(10_000)}}
    assert len(faults_of(document)) == 20


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
PLACES = sorted(
    [
        *("/sheet", "/events", "/as_of", "/forecast", "/forecast/years", "/forecast/milestones", "/forecast/years/0"),
        *(f"/sheet/{name}" for name in (*SHEET, "late_interest", "total_cap", "guarantees", "currency")),
        *(f"/sheet/terms/{place}/{name}" for place in range(3) for name in ("id", "kind", "label", "trigger", "until")),
        *(f"/sheet/terms/1/{name}" for name in ("tiers", "tiers/0", "stacking", "credits", "deductions", "sublicence")),
        *(f"/events/1/{name}" for name in (*SALES, "gross", "deductions", "corrects")),
    ]
)


def refusal_of(read: Callable[[Any], Any], value: Any) -> Broken | None:
    """What the reader says against the value; anything but `Broken` would fail the test."""
    try:
        read(value)
    except Broken as refusal:
        return refusal
    return None


@many
@given(JSON)
def test_no_json_makes_the_reader_stumble(value):
    for read in (read_document, read_sheet):
        assert refusal_of(read, value).faults
    assert refusal_of(read_events, value) is None or value != []


@many
@given(st.sampled_from(PLACES), JSON)
def test_no_json_at_any_place_makes_the_reader_stumble(pointer, value):
    refusal = refusal_of(read_document, changed(pointer, value))
    faults = refusal.faults if refusal else ()
    assert all(fault.pointer.startswith("/" + pointer.split("/")[1]) for fault in faults)
    json.dumps([write_fault(fault) for fault in faults], ensure_ascii=False).encode()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_reads_checks_clean_and_runs(file):
    document = read_document(json.loads(file.read_text("utf-8")))
    assert check(document.sheet, limits=LIMITS) == ()
    assert document.forecast is not None
    assert obligations(document.sheet, document.events, document.as_of).faults == ()


def test_there_is_an_example_of_every_mode():
    modes = {json.loads(file.read_text("utf-8"))["sheet"]["mode"] for file in EXAMPLES}
    assert modes == set(Mode)


def test_the_worked_royalty_of_the_rulebook():
    file = next(file for file in EXAMPLES if file.stem == "royalty-worked-example")
    document = read_document(json.loads(file.read_text("utf-8")))
    statement = obligations(document.sheet, document.events, document.as_of)
    quarter, rest = statement.line("royalty:2027-Q4"), statement.line("royalty:2027:true-up")
    assert (quarter.amount, quarter.interest) == (Decimal(210_000), Decimal("690.41"))
    assert rest.amount == Decimal(30_000)
