"""What docs/terms.md shows and promises is true: its examples run, and it names every member, code and trigger."""

import json
import re
from pathlib import Path

import pytest
from django.utils import timezone

from marketplace.contracts.preview import preview
from marketplace.contracts.rules import sheet
from marketplace.contracts.rules.events import Kind
from marketplace.contracts.rules.reading.sheet import CoverKind

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/terms.md").read_text("utf-8")
EXAMPLES = sorted((ROOT / "docs/examples/terms").glob("*.json"))
RULES = {file: file.read_text("utf-8") for file in (ROOT / "marketplace/contracts/rules").rglob("*.py")}
READING = "\n".join(text for file, text in RULES.items() if file.parent.name == "reading")
CHECKS = "\n".join(text for file, text in RULES.items() if file.parent.name in ("reading", "checking", "modes"))
CODES = set(re.findall(r'"([EW]_[A-Z0-9_]+)"', CHECKS))
CODES |= set(re.findall(r'refuse\(\w+, "(E_\w+)"', "\n".join(RULES.values())))


@pytest.mark.django_db
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_valid_and_is_linked(file):
    found = preview(json.loads(file.read_text("utf-8")), today=timezone.localdate())
    assert found["faults"] == []
    assert found["forecast"]
    assert f"examples/terms/{file.name}" in GUIDE


@pytest.mark.django_db
def test_every_document_shown_in_the_guide_is_valid():
    shown = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]
    documents = [each for each in shown if "sheet" in each]
    assert documents
    for each in documents:
        assert preview(each, today=timezone.localdate())["faults"] == []


def test_every_member_is_described():
    names = set(re.findall(r'"(\w+)": (?:required|optional|nullable)\(', READING))
    assert {"at_end", "combination_factor", "silent_days", "months", "third_party_royalties"} <= names
    assert {name for name in names if f"`{name}`" not in GUIDE} == set()


@pytest.mark.parametrize(
    "codes",
    [
        *(sheet.Mode, sheet.TriggerKind, sheet.Anchor, sheet.Base, sheet.Tiering, sheet.Counted, sheet.Period),
        *(sheet.Deduction, sheet.AtEnd, sheet.MaintenanceEnd, Kind, CoverKind),
    ],
    ids=lambda codes: codes.__name__,
)
def test_every_code_is_described(codes):
    assert {code.value for code in codes if f"`{code.value}`" not in GUIDE} == set()


def test_every_fault_is_described():
    assert {"E_FORM", "E_TIER_ORDER", "E_PERIOD_OVERLAP", "W_LICENCE_LT_5Y"} <= CODES
    assert {code for code in CODES if f"`{code}`" not in GUIDE} == set()
