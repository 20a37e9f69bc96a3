"""Rules of holding as tables and properties: every unit has one holder, people have their rate, time only earns."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.settlement.rules import holding
from marketplace.settlement.rules.holding import Schedule, vested
from marketplace.settlement.rules.sharing import Line, Role

START = date(2027, 1, 31)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@st.composite
def schedules(draw):
    months = draw(st.integers(1, 120))
    return Schedule(draw(DAYS), draw(st.integers(0, months)), months)


def test_a_company_without_shares_is_counted_in_ten_thousandths_of_a_percent():
    assert holding.units_of(Decimal("0.2"), None) == 200_000
    assert holding.units_of(Decimal("0.2"), 3_000_001) == 3_000_001


@given(
    units=st.integers(1, 10**15),
    rate=st.integers(1, 1_000_000),
    weights=st.lists(st.integers(1, 10**6), min_size=1, max_size=15),
)
def test_every_unit_has_one_holder_and_people_have_their_rate(units, rate, weights):
    lines = [Line(Role.INVENTOR, Fraction(each, sum(weights))) for each in weights]
    found = holding.allot(units, Decimal(rate) / 1_000_000, lines)
    assert sum(found.parts) + found.retained == units
    assert sum(found.parts) == found.pool
    least = Fraction(units * rate, 1_000_000)
    assert least <= found.pool < least + 1
    for line, part in zip(lines, found.parts, strict=True):
        assert abs(part - found.pool * line.share) < 1
    assert min(*found.parts, found.retained) >= 0


@pytest.mark.parametrize(
    ("units", "rate", "pool", "parts"),
    [
        (200_000, "0.7", 140_000, [46_667, 46_667, 46_666]),
        (200_000, "0.5", 100_000, [33_334, 33_333, 33_333]),
        (101, "0.5", 51, [17, 17, 17]),
        (102, "0.7", 72, [24, 24, 24]),
        (1, "0.5", 1, [1, 0, 0]),
        (7, "1", 7, [3, 2, 2]),
    ],
)
def test_a_stake_among_three(units, rate, pool, parts):
    found = holding.allot(units, Decimal(rate), [Line(Role.INVENTOR, Fraction(1, 3))] * 3)
    assert (found.pool, found.retained, found.parts) == (pool, units - pool, parts)


# Earning over time


@pytest.mark.parametrize(
    ("day", "earned"),
    [
        ("2026-12-31", 0),
        ("2027-01-31", 0),
        ("2027-12-31", 0),
        ("2028-01-30", 0),
        ("2028-01-31", 250),
        ("2028-02-28", 250),
        ("2028-02-29", 270),
        ("2030-12-31", 979),
        ("2031-01-30", 979),
        ("2031-01-31", 1000),
        ("2040-01-01", 1000),
    ],
)
def test_nothing_before_a_year_and_all_after_four(day, earned):
    assert vested(1000, Schedule(START, 12, 48), date.fromisoformat(day)) == earned


def test_what_has_no_schedule_is_earned_at_once():
    assert vested(1000, None, date(2000, 1, 1)) == 1000


@given(units=st.integers(0, 10**12), schedule=schedules(), day=DAYS, later=st.integers(0, 4000))
def test_time_only_earns_and_never_more_than_there_is(units, schedule, day, later):
    first, second = (vested(units, schedule, each) for each in (day, day + timedelta(days=later)))
    assert 0 <= first <= second <= units
    if day < schedule.begins_on:
        assert first == 0


@given(units=st.integers(0, 10**12), schedule=schedules())
def test_the_calendar_begins_at_the_cliff_and_ends_with_all(units, schedule):
    steps = holding.steps_of(units, schedule)
    assert [each for each in steps if vested(units, schedule, each[0]) != each[1]] == []
    assert steps == sorted(set(steps))
    if units:
        assert steps[-1][1] == units
        assert vested(units, schedule, steps[0][0] - timedelta(days=1)) == 0 or schedule.cliff == 0


@given(schedule=schedules(), day=DAYS)
def test_months_are_over_on_their_day(schedule, day):
    over = holding.months_over(schedule.begins_on, day)
    assert holding.add_months(schedule.begins_on, over) <= day < holding.add_months(schedule.begins_on, over + 1)
