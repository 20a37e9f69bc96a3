"""The canonical form: what is written reads back the same, and the same sheet has one fingerprint."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.rules.faults import Fault
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.reading import read_events, read_sheet
from marketplace.contracts.rules.sheet import Mode, Trial
from marketplace.contracts.rules.statement import Phase, Statement, Step
from marketplace.contracts.rules.writing import (
    fingerprint,
    plain,
    write_events,
    write_fault,
    write_sheet,
    write_statement,
)
from tests.contracts.sheets import few, histories, many, sheets


def has_numbers_as_texts(value: object) -> bool:
    """Whether no float and no Decimal is left anywhere."""
    if isinstance(value, dict):
        return all(has_numbers_as_texts(item) for item in value.values())
    if isinstance(value, list):
        return all(has_numbers_as_texts(item) for item in value)
    return value is None or isinstance(value, str | int)


@many
@given(sheets())
def test_a_sheet_reads_back_as_it_was_written(sheet):
    document = json.loads(json.dumps(write_sheet(sheet)))
    assert read_sheet(document) == sheet
    assert write_sheet(read_sheet(document)) == document


@many
@given(st.data())
def test_a_history_reads_back_as_it_was_written(data):
    history = data.draw(histories(data.draw(sheets())))
    document = json.loads(json.dumps(write_events(history)))
    assert read_events(document) == history


@few
@given(st.data())
def test_a_statement_is_json_without_a_float(data):
    sheet = data.draw(sheets())
    statement = obligations(sheet, data.draw(histories(sheet)), date(2033, 1, 1))
    document = write_statement(statement)
    assert has_numbers_as_texts(json.loads(json.dumps(document)))
    assert [line["key"] for line in document["lines"]] == [line.key for line in statement.lines]


def test_defaults_are_written_out_and_what_is_not_agreed_is_left_out():
    document = write_sheet(build(Mode.ROYALTY))
    royalty = document["terms"][0]
    assert (royalty["report_days"], royalty["tiering"], royalty["combination_factor"]) == (30, "MARGINAL", "1")
    assert not {"minimum_yearly", "stacking", "lifetime_cap"} & set(royalty)
    assert not {"trial", "total_cap", "guarantees"} & set(document)


def test_money_has_two_places_and_rates_as_few_as_they_need():
    sheet = build(Mode.ENTRY_ROYALTY, Figures(upfront=Decimal("5e4"), rate=Decimal("0.0300")))
    entry, royalty = write_sheet(sheet)["terms"]
    assert entry["amount"] == "50000.00"
    assert royalty["tiers"] == [{"from": "0", "rate": "0.03"}]


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("-0", "0"), ("0.050", "0.05"), ("1E+3", "1000"), ("100", "100"), ("1.5E-6", "0.0000015")],
)
def test_a_plain_number_has_no_exponent_and_no_idle_zeros(number, text):
    assert plain(Decimal(number)) == text


def test_numbers_of_equal_value_have_one_fingerprint():
    sheet = build(Mode.BUYOUT)
    terms = write_sheet(sheet)
    terms["terms"][0]["amount"] = "300000"
    assert fingerprint(read_sheet(terms)) == fingerprint(sheet)


@many
@given(sheets(), sheets())
def test_a_fingerprint_tells_sheets_apart(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@pytest.mark.parametrize(
    "change",
    [
        {"term_months": 121},
        {"sell_off_months": 7},
        {"total_cap": Decimal("1000000.01")},
        {"trial": Trial(months=1, at_end=None)},
        {"mode": Mode.OPEN},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_changes_the_fingerprint(change):
    sheet = build(Mode.BUYOUT)
    assert fingerprint(replace(sheet, **change)) != fingerprint(sheet)


def test_a_fingerprint_is_the_sha256_of_the_document_without_spaces():
    assert fingerprint(build(Mode.EQUITY)) == fingerprint(build(Mode.EQUITY))
    assert len(fingerprint(build(Mode.EQUITY))) == 64


def test_a_statement_keeps_what_is_empty():
    document = write_statement(Statement(as_of=date(2026, 1, 1), phase=Phase.UNSIGNED, lines=()))
    assert document["signed_on"] is None
    assert (document["owed"], document["lines"], document["phase"]) == ("0.00", [], "UNSIGNED")


def test_a_step_shows_its_inputs_as_texts():
    sheet = build(Mode.BUYOUT)
    statement = obligations(sheet, read_events([{"id": "e1", "kind": "SIGNED", "on": "2026-01-01"}]), date(2026, 3, 1))
    line = replace(statement.lines[0], steps=(Step("earned", Decimal("210.50"), {"rate": Decimal("0.050")}),))
    document = write_statement(replace(statement, lines=(line,)))["lines"][0]
    assert document["steps"] == [{"name": "earned", "value": "210.5", "inputs": {"rate": "0.05"}}]
    assert (document["amount"], document["unpaid"]) == ("300000.00", "300000.00")


def test_a_fault_is_written_with_its_inputs():
    fault = Fault("E_FLOOR_GT_CAP", "/total_cap", {"floor": Decimal("2.0"), "known": ("a", "b")})
    assert write_fault(fault)["inputs"] == {"floor": "2", "known": ["a", "b"]}
