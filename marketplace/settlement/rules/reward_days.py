"""Rules of reward days: until when a reward is paid, who is told when, and what part of it counts as wages.

A tax hint shows each condition and its answer; it is no advice. Individual income tax on cash rewards: DOMAIN 4.7.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from marketplace.law.rules.days import add_months

STEPS = (30, 7, 1)
"""So many days before the last day somebody is told."""
ALL = Decimal(1)


class Condition(StrEnum):
    """What the relief asks, in the order in which it is shown."""

    NON_PROFIT = "NON_PROFIT"
    METHOD = "METHOD"
    OBJECT = "OBJECT"
    REGISTERED = "REGISTERED"
    NOTICED = "NOTICED"
    IN_TIME = "IN_TIME"


class Hint(NamedTuple):
    """What part of a cash reward counts as wages, and the conditions that it hangs on."""

    part: Decimal
    conditions: tuple[tuple[Condition, bool], ...]

    @property
    def is_relieved(self) -> bool:
        return all(holds for _condition, holds in self.conditions)


def last_day(received_on: date, months: int) -> date:
    """The last day of a period of months that begins with the receipt (Civil Code art. 202)."""
    return add_months(received_on, months)


def hint(ratio: Decimal, met: Iterable[Condition]) -> Hint:
    """The relieved part when every condition is met, else the whole."""
    holds = set(met)
    conditions = tuple((each, each in holds) for each in Condition)
    return Hint(ratio if len(holds) == len(Condition) else ALL, conditions)


def is_in_time(paid_on: date, received_on: date, months: int) -> bool:
    return paid_on <= last_day(received_on, months)


def step_reached(ends_on: date, today: date) -> int | None:
    """How many days before the end somebody is told now: the nearest step that has come; None before and after all."""
    left = (ends_on - today).days
    reached = [step for step in STEPS if 0 <= left <= step]
    return min(reached, default=None)


def horizon(today: date) -> date:
    """Up to this day an end may be near enough to be told."""
    return today + timedelta(days=max(STEPS))
