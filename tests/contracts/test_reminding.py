"""Which reminder falls on which day: 15, 7 and 1 before; 2, 7 and 30 after, as the shipped legal value says."""

from datetime import date, timedelta

import pytest

from marketplace import law
from marketplace.contracts.rules.reminding import escalated, next_day, step_on, step_reached

DUE = date(2027, 3, 31)
STEPS = (-15, -7, -1, 2, 7, 30)


@pytest.mark.django_db
def test_the_steps_are_a_legal_value():
    assert law.on(DUE).table("reminder.days") == STEPS


def test_more_people_are_told_from_the_last_step_on():
    assert escalated(STEPS) == 30


def test_other_steps_are_followed_as_they_are_given():
    assert [next_day(DUE, DUE, (-3, 5)), step_reached(DUE, DUE, (-3, 5))] == [DUE + timedelta(days=5), -3]


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2027, 3, 16), -15),
        (date(2027, 3, 24), -7),
        (date(2027, 3, 30), -1),
        (date(2027, 3, 31), None),
        (date(2027, 4, 2), 2),
        (date(2027, 4, 7), 7),
        (date(2027, 4, 30), 30),
        (date(2027, 5, 1), None),
    ],
)
def test_a_step_falls_on_its_day(day, step):
    assert step_on(DUE, day, STEPS) == step


@pytest.mark.parametrize(
    ("days", "step"),
    [(-16, None), (-15, -15), (-8, -15), (-7, -7), (0, -1), (1, None), (2, 2), (6, 2), (7, 7), (29, 7), (400, 30)],
)
def test_whoever_was_not_told_in_time_hears_the_last_step(days, step):
    assert step_reached(DUE, DUE + timedelta(days=days), STEPS) == step


@pytest.mark.parametrize(("days", "next_step"), [(-100, -15), (-15, -7), (-1, 2), (0, 2), (2, 7), (7, 30)])
def test_the_next_day_is_that_of_the_next_step(days, next_step):
    assert next_day(DUE, DUE + timedelta(days=days), STEPS) == DUE + timedelta(days=next_step)


def test_after_the_last_step_there_is_none():
    assert next_day(DUE, DUE + timedelta(days=30), STEPS) is None


def test_following_the_next_days_meets_every_step():
    day, met = DUE - timedelta(days=60), []
    while day := next_day(DUE, day, STEPS):
        met.append(step_on(DUE, day, STEPS))
    assert tuple(met) == STEPS
