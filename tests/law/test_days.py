"""How days are counted: the first one is not, holidays move the last one, working days skip the others."""

from datetime import date, timedelta

import pytest

from marketplace.law.calendar import working_days
from marketplace.law.rules.days import Calendar, last_day

NATIONAL_DAYS = [date(2026, 10, day) for day in range(1, 8)]
CALENDAR = Calendar(
    off=frozenset(NATIONAL_DAYS),
    worked=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    years=frozenset({2026}),
)


@pytest.mark.parametrize(
    ("opened", "count", "unit", "last"),
    [
        ("2026-11-02", 15, "calendar_days", "2026-11-17"),  # Monday to a Tuesday
        ("2026-11-06", 15, "calendar_days", "2026-11-23"),  # a Saturday moves to Monday
        ("2026-11-07", 15, "calendar_days", "2026-11-23"),  # and so does a Sunday
        ("2026-09-16", 15, "calendar_days", "2026-10-08"),  # the first of October moves past the holidays
        ("2026-09-25", 15, "calendar_days", "2026-10-10"),  # a Saturday that is worked stays
        ("2026-11-02", 15, "working_days", "2026-11-23"),
        ("2026-09-30", 1, "working_days", "2026-10-08"),
        ("2026-10-08", 2, "working_days", "2026-10-10"),
        ("2026-12-18", 15, "calendar_days", "2027-01-04"),  # no holidays of 2027 are known: only the weekend moves it
    ],
)
def test_a_period_ends_on(opened, count, unit, last):
    assert last_day(date.fromisoformat(opened), count, unit, CALENDAR) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("stopped", "last"),
    [
        (("2026-11-10", "2026-11-12"), "2026-11-20"),  # three days
        (("2026-11-02", "2026-11-02"), "2026-11-17"),  # the day it opened counts for nothing anyway
        (("2026-11-17", "2026-11-17"), "2026-11-18"),  # the last day itself
        (("2026-11-17", "2026-11-20"), "2026-11-23"),
        (("2026-12-01", "2026-12-03"), "2026-11-17"),  # afterwards
    ],
)
def test_days_on_which_the_clock_stood_still_are_not_counted(stopped, last):
    first, end = map(date.fromisoformat, stopped)
    days = {first + timedelta(days=number) for number in range((end - first).days + 1)}
    found = last_day(date(2026, 11, 2), 15, "calendar_days", CALENDAR, days)
    assert found == date.fromisoformat(last)


def test_a_last_day_that_was_moved_and_then_stopped_moves_on():
    """The fifteenth day is a Saturday, so Monday is the last; with an objection open on Monday it is Tuesday."""
    assert last_day(date(2026, 11, 6), 15, "calendar_days", CALENDAR, {date(2026, 11, 23)}) == date(2026, 11, 24)


@pytest.mark.parametrize(("count", "unit"), [(0, "calendar_days"), (-1, "working_days"), (15, "months"), (15, "")])
def test_what_is_no_period_of_days_is_refused(count, unit):
    with pytest.raises(ValueError, match="day"):
        last_day(date(2026, 11, 2), count, unit, CALENDAR)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-02-17", False),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-10-08", True),
        ("2026-11-22", False),
    ],
)
def test_the_holidays_of_2026_are_those_of_the_notice(day, is_working):
    known = working_days(date(2026, 1, 1), date(2026, 12, 31))
    assert known.is_working(date.fromisoformat(day)) is is_working


@pytest.mark.django_db
def test_a_year_without_a_table_is_said_to_be_unknown():
    known = working_days(date(2026, 12, 1), date(2027, 1, 31))
    assert (known.knows(date(2026, 12, 31)), known.knows(date(2027, 1, 4))) == (True, False)


@pytest.mark.django_db
def test_thirty_three_days_are_free_and_six_weekend_days_are_worked():
    known = working_days(date(2026, 1, 1), date(2026, 12, 31))
    assert (len(known.off), len(known.worked)) == (33, 6)
    assert all(day.weekday() >= 5 for day in known.worked)
