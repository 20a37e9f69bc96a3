"""Months end on the same day number or the month's last day, and periods tile a licence (Civil Code §201-203)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.rules.days import (
    FAR,
    Span,
    cut,
    days_in_year,
    days_of,
    later,
    licence_year_start,
    part_of_year,
    period_of,
    periods,
)
from marketplace.contracts.rules.sheet import Period
from marketplace.law.rules.days import add_months
from tests.contracts.licences import day

MONTHS = [
    ("2026-01-15", 1, "2026-02-15"),
    ("2026-01-31", 1, "2026-02-28"),
    ("2028-01-31", 1, "2028-02-29"),
    ("2026-01-31", 2, "2026-03-31"),
    ("2026-03-31", 1, "2026-04-30"),
    ("2025-12-31", 12, "2026-12-31"),
    ("2028-02-29", 12, "2029-02-28"),
    ("2028-02-29", 48, "2032-02-29"),
    ("2026-11-30", 3, "2027-02-28"),
    ("2026-12-01", 1, "2027-01-01"),
    ("2026-01-30", 0, "2026-01-30"),
    ("2026-03-31", -1, "2026-02-28"),
    ("2026-01-15", -1, "2025-12-15"),
    ("2100-01-31", 1, "2100-02-28"),
]


@pytest.mark.parametrize(("start", "months", "end"), MONTHS)
def test_months_end_on_the_same_number_or_the_last_day(start, months, end):
    assert add_months(day(start), months) == day(end)


PERIODS = [
    ("2027-02-14", Period.MONTH, ("2027-02", "2027-02-01", "2027-02-28")),
    ("2028-02-29", Period.MONTH, ("2028-02", "2028-02-01", "2028-02-29")),
    ("2027-12-31", Period.MONTH, ("2027-12", "2027-12-01", "2027-12-31")),
    ("2027-03-31", Period.QUARTER, ("2027-Q1", "2027-01-01", "2027-03-31")),
    ("2027-04-01", Period.QUARTER, ("2027-Q2", "2027-04-01", "2027-06-30")),
    ("2027-12-31", Period.QUARTER, ("2027-Q4", "2027-10-01", "2027-12-31")),
    ("2027-06-30", Period.HALF_YEAR, ("2027-H1", "2027-01-01", "2027-06-30")),
    ("2027-07-01", Period.HALF_YEAR, ("2027-H2", "2027-07-01", "2027-12-31")),
    ("2027-01-01", Period.YEAR, ("2027", "2027-01-01", "2027-12-31")),
]


@pytest.mark.parametrize(("inside", "every", "span"), PERIODS)
def test_a_day_lies_in_its_calendar_period(inside, every, span):
    label, first, last = span
    assert period_of(day(inside), every) == Span(label, day(first), day(last))


def test_the_first_and_the_last_period_are_cut():
    spans = list(periods(day("2026-02-10"), day("2026-11-05"), Period.QUARTER))
    assert [span.label for span in spans] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert (spans[0].first, spans[-1].last) == (day("2026-02-10"), day("2026-11-05"))


def test_a_licence_of_one_day_has_one_period():
    assert list(periods(day("2026-12-31"), day("2026-12-31"), Period.YEAR)) == [
        Span("2026", day("2026-12-31"), day("2026-12-31"))
    ]


def test_nothing_tiles_a_licence_that_ends_before_it_begins():
    assert list(periods(day("2026-02-01"), day("2026-01-31"), Period.MONTH)) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000), st.sampled_from(Period))
def test_periods_tile_without_gap_or_overlap(first, length, every):
    last = first + timedelta(days=length)
    spans = list(periods(first, last, every))
    assert (spans[0].first, spans[-1].last) == (first, last)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(spans))
    assert len({span.label for span in spans}) == len(spans)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_months_never_leave_their_month(start, months):
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


PARTS = [
    (2026, "2026-01-01", "2026-12-31", 365),
    (2028, "2020-01-01", "2030-12-31", 366),
    (2026, "2026-12-31", "2030-12-31", 1),
    (2026, "2020-01-01", "2026-01-01", 1),
    (2026, "2026-07-01", "2026-12-31", 184),
    (2026, "2027-01-01", "2027-12-31", 0),
    (2026, "2020-01-01", "2025-12-31", 0),
]


@pytest.mark.parametrize(("year", "first", "last", "days"), PARTS)
def test_a_year_counts_as_many_days_as_the_licence_has_of_it(year, first, last, days):
    assert part_of_year(year, day(first), day(last)) == days


@pytest.mark.parametrize(("year", "days"), [(2027, 365), (2028, 366), (2100, 365), (2000, 366)])
def test_a_leap_year_has_366_days(year, days):
    assert days_in_year(year) == days


@pytest.mark.parametrize(("number", "start"), [(1, "2025-12-31"), (2, "2027-01-01"), (3, "2028-01-01")])
def test_a_licence_year_begins_after_the_one_before_has_ended(number, start):
    assert licence_year_start(day("2025-12-31"), number) == day(start)


def test_what_has_no_end_stays_without_one():
    assert later(FAR, months=6, days=1) == FAR
    assert list(periods(day("9999-12-01"), FAR, Period.MONTH))[-1].last == FAR


def test_months_are_added_before_days():
    assert later(day("2026-01-31"), months=1, days=1) == day("2026-03-01")


def test_days_are_counted_with_both_ends():
    assert (days_of(day("2026-01-01"), day("2026-01-31")), days_of(day("2026-02-01"), day("2026-01-31"))) == (31, 0)


def test_a_period_is_cut_on_both_sides():
    whole = period_of(day("2026-05-05"), Period.QUARTER)
    assert cut(whole, day("2026-05-01"), day("2026-06-15")) == Span("2026-Q2", day("2026-05-01"), day("2026-06-15"))
