"""Rules of running contracts: on which days somebody is reminded of a day that comes or has passed.

The steps are days from the day itself in order of time, those before it negative: the legal value `reminder.days`,
early enough to act, and after the day more and more seldom.
"""

from collections.abc import Sequence
from datetime import date, timedelta

Steps = Sequence[int]


def escalated(steps: Steps) -> int:
    """From this step on more people are told than the one who is late."""
    return steps[-1]


def step_on(due_on: date, day: date, steps: Steps) -> int | None:
    """The step that falls on exactly this day."""
    days = (day - due_on).days
    return days if days in steps else None


def step_reached(due_on: date, day: date, steps: Steps) -> int | None:
    """The last step whose day has come; None before the first, and just after the day itself.

    Whoever could not be reminded in time hears of the last step alone: "in seven days" is no use when one is left.
    """
    days = (day - due_on).days
    passed = [step for step in steps if step <= days and (step > 0) == (days > 0)]
    return passed[-1] if passed else None


def next_day(due_on: date, day: date, steps: Steps) -> date | None:
    """The next day after `day` on which a step falls; None after the last."""
    days = (due_on + timedelta(days=step) for step in steps)
    return next((each for each in days if each > day), None)
