"""Rules of holding: a stake in whole units, who gets how many of them, and how many are earned by a day.

A unit is one share, or in a company without shares a ten-thousandth of a percent of it. The people's part is rounded
up to a whole unit, so that it never falls below its rate; inside it units go by largest remainder. DOMAIN 1.4; Law on
Promoting Transformation, art. 45.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from marketplace.core.money import FEN, split
from marketplace.law.rules.days import add_months

from .sharing import Line, weights

UNITS_OF_A_COMPANY = 1_000_000
ALL = Fraction(1)


class Fault(StrEnum):
    """What is wrong with holders; the doors say it in a sentence."""

    HEAD_EQUITY = "E_HEAD_EQUITY"
    LEADER_NOT_NOTICED = "E_LEADER_NOT_NOTICED"


def units_of(percent: Decimal, shares: int | None) -> int:
    """The whole of a stake in units."""
    return shares if shares is not None else int(percent * UNITS_OF_A_COMPANY)


class Allotted(NamedTuple):
    """Units of the people in the order of their lines, and what stays with the owner; together the whole stake."""

    pool: int
    retained: int
    parts: list[int]


def allot(units: int, rate: Decimal, lines: Sequence[Line]) -> Allotted:
    """Divide a stake: the reward to the people of a plan by their fractions, the rest to the owner."""
    pool = -int(-(units * Fraction(rate)) // 1)
    # `split` shares out whole hundredths exactly: a unit takes the place of a fen.
    parts = [int(part / FEN) for part in split(pool * FEN, weights([line.share for line in lines]))]
    return Allotted(pool, units - pool, parts)


def share_of_people(parts: Iterable[int], units: int) -> Fraction:
    """Which part of a stake people hold."""
    return Fraction(sum(parts), units)


# Earning over time


class Schedule(NamedTuple):
    """Nothing before `cliff` months are over, then month by month, everything after `months`."""

    begins_on: date
    cliff: int
    months: int


def vested(units: int, schedule: Schedule | None, as_of: date) -> int:
    """How many units are earned by a day: whole units, never fewer on a later day, all of them at the end."""
    if schedule is None:
        return units
    over = min(months_over(schedule.begins_on, as_of), schedule.months)
    if over < schedule.cliff or over < 0:
        return 0
    return units if over == schedule.months else units * over // schedule.months


def months_over(begins_on: date, day: date) -> int:
    """Whole months that are over on a day; below zero before the first."""
    count = (day.year - begins_on.year) * 12 + day.month - begins_on.month
    return count if add_months(begins_on, count) <= day else count - 1


def steps_of(units: int, schedule: Schedule) -> list[tuple[date, int]]:
    """The calendar: each day on which something more is earned, with the units earned by then."""
    found: list[tuple[date, int]] = []
    for month in range(max(schedule.cliff, 1), schedule.months + 1):
        day = add_months(schedule.begins_on, month)
        earned = vested(units, schedule, day)
        if earned > (found[-1][1] if found else 0):
            found.append((day, earned))
    return found
