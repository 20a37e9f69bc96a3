"""Everything that can be wrong, owed or agreed has words: read from the rules, so that a name without words fails."""

import re
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.contracts import wording
from marketplace.contracts.rules import modes, sheet, statement
from marketplace.contracts.rules.checking import check
from marketplace.contracts.rules.events import Kind
from marketplace.contracts.rules.faults import Broken, Fault
from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.reading import read_document
from marketplace.contracts.rules.reading.sheet import CoverKind
from marketplace.contracts.rules.statement import Obligation, Step
from marketplace.contracts.wording.faults import MODE_RULES, REASONS, WITNESSES
from marketplace.contracts.wording.shapes import EXPECTED, NUMBERS
from marketplace.contracts.wording.steps import INPUTS, WORDS
from tests.contracts.sheets import LIMITS, histories, sheets

pytestmark = pytest.mark.django_db
RULES = Path(__file__).resolve().parents[2] / "marketplace/contracts/rules"
CODE = "\n".join(file.read_text("utf-8") for file in sorted(RULES.rglob("*.py")))
UNSAID = re.compile(r"%\(|\b[EW]_[A-Z]|None|\{|Decimal")


def found(pattern):
    return set(re.findall(pattern, CODE))


def test_every_fault_code_has_a_sentence():
    codes = found(r'"([EW]_[A-Z0-9_]+)"')
    assert {"E_TIER_ORDER", "E_CO_OWNER", "W_LICENCE_LT_5Y"} <= codes
    assert codes - set(wording.SENTENCES) == set()


@pytest.mark.parametrize("code", sorted(wording.SENTENCES))
def test_a_code_alone_is_said_without_its_inputs_too(code):
    if not callable(wording.SENTENCES[code]):
        assert not UNSAID.search(wording.refusal(code))


def test_every_reason_and_rule_has_words():
    said = {reason for reasons in REASONS.values() for reason in reasons} | set(NUMBERS)
    kept_short = {"least", "most", "nothing_to_cap"}  # said by the code's own sentence
    assert found(r'"?reason"?[:=] ?"(\w+)"') - said - kept_short == set()
    assert {demand.rule for demands in modes.DEMANDS.values() for demand in demands} == set(MODE_RULES)


def test_every_expectation_of_the_reader_has_words():
    kept_short = {"one of", "one BUYOUT"}
    assert found(r'expected"?[:=] ?"([^"]+)"') - set(EXPECTED) - kept_short == set()
    assert set(WITNESSES) == {"evidence", "declared_by", "confirmed_by", "silent_days"}


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (wording.TERM_KINDS, {"FIXED", "ROYALTY", "MAINTENANCE", "BUYOUT", "EQUITY"}),
        (wording.LINE_KINDS, found(r'Debt\([^)]*?"([A-Z]+)", ')),
        (wording.CAUSES, set(sheet.TriggerKind) | {"ANNIVERSARY", "SALES", "CORRECTION", "YEAR_END"}),
        (wording.TRIGGERS, set(sheet.TriggerKind)),
        (wording.ANCHORS, set(sheet.Anchor)),
        (wording.BASES, set(sheet.Base)),
        (wording.PERIODS, set(sheet.Period)),
        (wording.TIERINGS, set(sheet.Tiering)),
        (wording.COUNTED, set(sheet.Counted)),
        (wording.DEDUCTIONS, set(sheet.Deduction)),
        (wording.SIDES, set(sheet.Side)),
        (wording.EVENTS, set(Kind)),
        (wording.PHASES, set(statement.Phase)),
        (wording.LINE_STATES, set(statement.LineState)),
        (wording.COVERS, set(CoverKind)),
    ],
)
def test_every_code_has_a_name(names, codes):
    assert codes
    assert codes - set(names) == set()
    assert all(str(name) for name in names.values())


@pytest.mark.parametrize("mode", sheet.Mode)
def test_every_mode_has_a_name_and_an_explanation_in_both_languages(mode):
    for language in ("zh-hans", "en"):
        with override(language):
            assert wording.mode_name(mode) != mode
            assert wording.mode_explanation(mode)


def test_every_step_has_a_name_and_a_formula():
    steps = found(r'Step\("(\w+)"')
    assert {"base", "earned", "rounded", "due"} <= steps
    assert steps == set(wording.STEPS)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_every_number_of_any_statement_can_be_explained(data):
    terms = data.draw(sheets())
    made = obligations(terms, data.draw(histories(terms)), date(2035, 1, 1), legal_late_rate=lambda _day: D("0.05"))
    for line in made.lines:
        assert wording.line_name(line, terms)
        for step in line.steps:
            explained = str(wording.explain(step, terms.term(line.term)))
            assert not UNSAID.search(explained), explained
            assert {name for name in step.inputs if not name.startswith("from ")} <= set(INPUTS)
            assert_words(step)


def assert_words(step):
    codes = [value for value in step.inputs.values() if isinstance(value, str) and value.isupper()]
    assert [code for code in codes if code not in WORDS and code not in wording.CAUSES] == [
        code for code in codes if re.fullmatch(r"\d{4}-[QH]\d", code)
    ]


def test_a_royalty_is_explained_as_the_rulebook_computes_it():
    slices = {"tiering": "MARGINAL", "before": D(8_000_000), "from 0": D("0.05"), "from 10000000": D("0.04")}
    with override("en"):
        said = str(wording.explain(Step("earned", D(260_000), slices)))
    assert said == (
        "royalty earned: CNY 260,000 = each slice × its own rate, added up (how the rates apply each slice at its own "
        "rate, counted before CNY 8,000,000, rate from CNY 0 5 %, rate from CNY 10,000,000 4 %)"
    )


def test_units_are_counted_and_money_is_not():
    terms = sheet.Royalty(id="r", base=sheet.Base.UNITS, tiers=(), period=sheet.Period.YEAR)
    with override("en"):
        assert wording.explain(Step("base", D(1200), {"units": D(1200)}), terms).value == "1,200"
        assert wording.explain(Step("earned", D(1200), {}), terms).value == "CNY 1,200"


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_whatever_breaks_a_promise_is_said_in_full(data):
    terms = data.draw(sheets())
    for mode in sheet.Mode:
        for fault in modes.mode_faults(terms, limits=LIMITS, mode=mode):
            assert not UNSAID.search(wording.sentence_of(fault))


BROKEN = [
    None,
    {},
    {"sheet": {"form": "term-sheet/9", "mode": "GIFT", "terms": [{"kind": 1}, {"kind": "X"}, {"kind": "FIXED"}]}},
    {"sheet": [], "events": {"a": 1}, "as_of": "tomorrow", "x": 1},
    {"events": [{"kind": "PAID", "id": "A", "on": "2027-02-30", "amount": 1}]},
    {"events": [{"kind": "PAID", "id": "a", "on": "1900-01-01", "amount": "1.005"}] * 2},
    {"forecast": {"signed_on": "2027-01-01", "keep": 1, "first_sale_month": 9999, "bad": {"sales_factor": "-1"}}},
    {"sheet": {"terms": [{"kind": "FIXED", "id": "a", "amount": "0", "trigger": {"kind": "AFTER"}}] * 2}},
    {"sheet": {"terms": [{"kind": "EQUITY", "id": "a", "percent": "5", "valuation": "1" * 20}]}},
    {"sheet": {"terms": [{"kind": "FIXED", "id": "a", "amount": "12.34.5", "label": {"zh": "a\nb" * 50}}]}},
]


@pytest.mark.parametrize("document", BROKEN)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_fault_of_shape_is_said_in_full(document, language):
    with pytest.raises(Broken) as refusal, override(language):
        read_document(document)
    for fault in refusal.value.faults:
        assert not re.search(r"%\(|None", wording.sentence_of(fault)), fault


def test_the_faults_of_a_poor_sheet_are_said_in_full():
    term = sheet.Fixed(id="a", amount=D(1), trigger=sheet.Trigger(kind=sheet.TriggerKind.AFTER, term="a", days=1))
    sale = sheet.Trigger(kind=sheet.TriggerKind.FIRST_SALE)
    royalty = sheet.Royalty(
        id="r", base=sheet.Base.UNITS, tiers=(sheet.Tier(D(5), D(2)),), period=sheet.Period.YEAR,
        minimum_yearly=D(9), lifetime_cap=D(8), credits=("a", "b"), deductions=(sheet.Deduction.TAXES,),
        stacking=sheet.Stacking(D("0.5"), D(3)),
    )  # fmt: skip
    terms = (term, sheet.Fixed(id="s", amount=D(9), trigger=sale), royalty, sheet.Buyout(id="x", price=D(1)))
    poor = sheet.Sheet(mode=sheet.Mode.OPEN, terms=terms, trial=sheet.Trial(months=9, at_end=None))
    codes = {fault.code for fault in check(poor, limits=LIMITS)}
    assert {"E_NO_TERM", "E_TRIGGER_CIRCULAR", "E_MODE", "E_MINIMUM_GT_CAP", "E_TRIGGER_EVIDENCE"} <= codes
    for fault in check(poor, limits=LIMITS):
        assert not UNSAID.search(wording.sentence_of(fault)), fault


def test_an_unknown_code_stands_for_itself():
    assert wording.sentence_of(Fault("E_NEW", "/x")) == "E_NEW"


def test_a_correction_and_a_true_up_are_named_after_their_period():
    terms = modes.build(sheet.Mode.ROYALTY)
    day = date(2027, 1, 1)
    make = {"term": "royalty", "kind": "ROYALTY", "arose_on": day, "due_on": day, "amount": D(1)}
    with override("en"):
        line = Obligation(key="royalty:2027-Q1:adj-e12", cause="CORRECTION", **make)
        assert wording.line_name(line, terms) == "Royalty 2027-Q1, correction"
        line = Obligation(key="royalty:2027:true-up", cause="YEAR_END", **make)
        assert wording.line_name(line, terms) == "Royalty 2027, rest up to the yearly minimum"
