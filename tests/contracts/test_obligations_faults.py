"""Histories that contradict themselves or the terms: each fault is named, and the event left out."""

import pytest

from marketplace.contracts.rules.sheet import (
    Base,
    Deduction,
)
from marketplace.contracts.rules.statement import Phase
from tests.contracts.licences import (
    DELIVERED,
    KEEP,
    OPTION,
    PLAIN,
    amounts,
    codes,
    event,
    extended,
    fixed,
    paid,
    reached,
    royalty,
    sheet,
    signed,
    sold,
    state,
    yuan,
)

TRIED = (signed(), DELIVERED)
Q1 = sold("2026-01-01", "2026-03-31", 1000, id="q1")
FAULTS = [
    (PLAIN, [signed(), event("SIGNED", "2026-01-05", id="x")], "E_EVENT_REPEATED"),
    (PLAIN, [*TRIED, event("DELIVERED", "2026-01-05", id="x")], "E_EVENT_REPEATED"),
    (PLAIN, [*TRIED, event("KEPT", "2026-02-01"), event("STOPPED", "2026-03-01", id="x")], "E_ELECTION_CONTRADICTS"),
    (PLAIN, [*TRIED, event("KEPT", "2026-02-01"), event("KEPT", "2026-03-01", id="x")], "E_EVENT_REPEATED"),
    (PLAIN, [*TRIED, event("KEPT", "2027-01-01", id="x")], "E_ELECTION_LATE"),
    (PLAIN, [signed(), event("KEPT", "2026-01-01", id="x")], "E_TRIAL_NOT_BEGUN"),
    (PLAIN, [*TRIED, extended("2027-01-01", 6, id="x")], "E_EXTENSION"),
    (PLAIN, [*TRIED, extended("2026-12-01", 7, id="x")], "E_EXTENSION"),
    (PLAIN, [*TRIED, extended("2026-12-01", 6), extended("2026-12-02", 6, id="x")], "E_EXTENSION"),
    (PLAIN, [*TRIED, event("KEPT", "2026-02-01"), extended("2026-03-01", 6, id="x")], "E_EXTENSION"),
    (sheet(royalty()), [signed(), event("KEPT", "2026-01-01", id="x")], "E_NO_TRIAL"),
    (sheet(royalty()), [signed(), event("FIRST_SALE", "2025-12-30", id="x")], "E_BEFORE_SIGNATURE"),
    (sheet(royalty()), [event("FIRST_SALE", "2025-12-30", id="x")], "E_BEFORE_SIGNATURE"),
    (sheet(royalty()), [signed(), reached("m9", "2026-01-01", id="x")], "E_MILESTONE_UNKNOWN"),
    (sheet(royalty()), [signed(), event("RESUMED", "2026-01-01", id="x")], "E_DISPUTE_ORDER"),
    (sheet(royalty()), [signed(), event("BUYOUT_EXERCISED", "2026-01-01", id="x")], "E_NO_BUYOUT"),
    (
        sheet(OPTION),
        [signed(), event("EXPIRED", "2026-01-01"), event("BUYOUT_EXERCISED", "2026-01-02", id="x")],
        "E_AFTER_END",
    ),
    (PLAIN, [*TRIED, event("EXPIRED", "2026-02-01"), event("KEPT", "2026-03-01", id="x")], "E_AFTER_END"),
    (
        sheet(fixed(1, "MILESTONE", milestone="m1")),
        [signed(), reached("m1", "2026-01-01"), reached("m1", "2026-01-02", id="x")],
        "E_EVENT_REPEATED",
    ),
    (sheet(royalty()), [signed(), Q1, sold("2026-01-01", "2026-03-31", id="x")], "E_PERIOD_OVERLAP"),
    (sheet(royalty()), [signed(), sold("2026-01-01", "2026-02-28", id="x")], "E_PERIOD_GAP"),
    (sheet(royalty()), [signed(), sold("2026-01-01", "2026-06-30", id="x")], "E_PERIOD_GAP"),
    (sheet(royalty()), [signed(), sold("2025-10-01", "2025-12-31", id="x")], "E_PERIOD_GAP"),
    (sheet(royalty()), [signed(), sold("2026-01-01", "2026-03-31", on="2026-03-30", id="x")], "E_PERIOD_OPEN"),
    (sheet(royalty()), [signed(), sold("2026-01-01", "2026-03-31", royalty="other", id="x")], "E_ROYALTY_UNKNOWN"),
    (sheet(royalty()), [signed(), sold("2026-01-01", "2026-03-31", corrects="nothing", id="x")], "E_CORRECTS_UNKNOWN"),
    (sheet(royalty()), [signed(), Q1, sold("2026-04-01", "2026-06-30", corrects="q1", id="x")], "E_CORRECTS_UNKNOWN"),
    (
        sheet(royalty()),
        [signed(), sold("2026-01-01", "2026-03-31", 9, deductions={Deduction.TAXES: yuan(1)}, id="x")],
        "E_DEDUCTION_NOT_ALLOWED",
    ),
    (
        sheet(royalty(deductions=(Deduction.TAXES,))),
        [signed(), sold("2026-01-01", "2026-03-31", 9, deductions={Deduction.TAXES: yuan(10)}, id="x")],
        "E_NEGATIVE_BASE",
    ),
    (
        sheet(royalty(base=Base.GROSS_MARGIN)),
        [signed(), sold("2026-01-01", "2026-03-31", gross_margin=yuan(-1), id="x")],
        "E_NEGATIVE_BASE",
    ),
    (sheet(royalty()), [signed(), sold("2026-01-01", "2026-03-31", -1, id="x")], "E_AMOUNT"),
]


@pytest.mark.parametrize(("terms", "events", "code"), FAULTS)
def test_what_contradicts_is_named_and_left_out(terms, events, code):
    statement = state(terms, *events, as_of="2028-01-01")
    assert codes(statement) == [(code, "/events/x")]
    without = state(terms, *(each for each in events if each.id != "x"), as_of="2028-01-01")
    assert (statement.lines, statement.phase) == (without.lines, without.phase)


def test_the_same_id_twice_counts_once_whichever_comes_first():
    one, two = sold("2026-01-01", "2026-03-31", 1000, id="x"), sold("2026-01-01", "2026-03-31", 2000, id="x")
    first, second = (state(sheet(royalty()), signed(), *pair, as_of="2027-01-01") for pair in ((one, two), (two, one)))
    assert first == second
    assert codes(first) == [("E_DUPLICATE_ID", "/events/x")]


def test_a_report_that_was_refused_can_be_stated_again_by_a_correction():
    wrong = sold("2026-01-01", "2026-03-31", -1, id="x")
    right = sold("2026-01-01", "2026-03-31", 1000, on="2026-05-01", id="y", corrects="x")
    assert amounts(state(sheet(royalty()), signed(), wrong, right, as_of="2027-01-01")) == {"royalty:2026-Q1": "50.00"}


def test_a_late_word_of_what_the_default_said_already_is_no_fault():
    terms = sheet(royalty(), trial=KEEP)
    statement = state(terms, *TRIED, event("KEPT", "2027-02-01"), as_of="2027-03-01")
    assert (statement.faults, statement.phase) == ((), Phase.PAYING)


def test_what_happens_later_does_not_count_yet():
    terms, events = sheet(fixed(1, "FIRST_SALE")), [signed(), event("FIRST_SALE", "2027-01-01"), paid(1, "2027-01-02")]
    statement = state(terms, *events, as_of="2026-12-31")
    assert (statement.lines, statement.credit) == ((), 0)
