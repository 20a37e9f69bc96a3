"""Values, places and periods, by tables."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.law.rules.identifiers import clean
from marketplace.law.rules.periods import Period, closed
from marketplace.law.rules.places import chain
from marketplace.law.rules.values import parse

JAN, MAR, JUN = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("percent", "0.70", Decimal("0.70")),
        ("percent", "1", Decimal(1)),
        ("days", 15, 15),
        ("money", "20000000", Decimal("20000000.00")),
        ("money", 7, Decimal("7.00")),
        ("number", "1.5", Decimal("1.5")),
        ("text", "03-30", "03-30"),
        ("bool", False, False),
        ("table", ["name", "price"], ("name", "price")),
    ],
)
def test_a_value_is_read_as_its_kind(kind, raw, value):
    read = parse(kind, raw)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("percent", 0.7),
        ("percent", "70"),
        ("percent", "-0.1"),
        ("percent", True),
        ("percent", "NaN"),
        ("days", "15"),
        ("days", 1.5),
        ("days", -1),
        ("days", True),
        ("money", "1.005"),
        ("money", "-1"),
        ("money", "Infinity"),
        ("number", "many"),
        ("number", None),
        ("text", ""),
        ("bool", 1),
        ("table", {}),
        ("table", {"rate": 0.5}),
        ("table", "name"),
        ("colour", "red"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, raw):
    with pytest.raises(ValueError, match=r"\w"):
        parse(kind, raw)


def test_a_table_cannot_be_written_in():
    table = parse("table", {"ordinary": [10], "deep": {"a": 1}})
    with pytest.raises(TypeError):
        table["deep"]["a"] = 2


@pytest.mark.parametrize(
    ("place", "places"),
    [
        ("330106", ("330106", "330100", "330000", "CN")),
        ("330100", ("330100", "330000", "CN")),
        ("330000", ("330000", "CN")),
        ("CN", ("CN",)),
        ("", ("CN",)),
    ],
)
def test_the_nearest_place_comes_first(place, places):
    assert chain(place) == places


@pytest.mark.parametrize("place", ["33", "CN-33", "3301066", "0330106", "浙江省", "33010X"])
def test_another_spelling_is_no_place(place):
    with pytest.raises(ValueError, match="region"):
        chain(place)


def test_a_period_holds_on_its_first_and_its_last_day():
    period = Period(JAN, MAR)
    days = [date(2025, 12, 31), JAN, MAR, date(2026, 3, 2)]
    assert [period.holds_on(day) for day in days] == [False, True, True, False]


def test_an_open_period_ends_on_the_eve_of_its_successor():
    assert closed([Period(JAN, None), Period(MAR, None)]) == [Period(JAN, date(2026, 2, 28)), Period(MAR, None)]


def test_a_gap_between_periods_stays():
    periods = [Period(JAN, date(2026, 1, 31)), Period(MAR, None)]
    assert closed(periods) == periods


@pytest.mark.parametrize("periods", [[Period(JAN, MAR), Period(MAR, JUN)], [Period(JAN, None), Period(JAN, None)]])
def test_periods_that_overlap_are_refused(periods):
    with pytest.raises(ValueError, match="Two periods"):
        closed(periods)


def test_cleaning_folds_width_and_drops_the_invisible():
    assert clean("\ufeff ａｂ　１２\u200b-x\n") == "AB12-X"
