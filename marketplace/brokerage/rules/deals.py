"""Clocks of a deal: who has how long, and when people are reminded. Pure functions; days come from the law table."""

from collections.abc import Mapping
from datetime import date, timedelta

Days = Mapping[str, int]
"""The legal value `deal.clock`: calendar days to `join`, to `answer` an offer, to `act`, and to `remind` before."""
SIDES = ("supplier", "seeker")


def other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]


def clock(what: str, today: date, days: Days) -> date:
    """The last day to do it."""
    return today + timedelta(days=days[what])


def awaited_to_join(has_supplier_joined: bool, has_seeker_joined: bool) -> str:
    """Whom an introduction waits for: a side that has not said yet that it wants to talk, then the manager."""
    if has_supplier_joined and has_seeker_joined:
        return "manager"
    if not has_supplier_joined and not has_seeker_joined:
        return "both"
    return "seeker" if has_supplier_joined else "supplier"


def reminder(answer_by: date, today: date, days: Days) -> str:
    """What is told on this day: `coming` shortly before the last day, `passed` after it, nothing else."""
    if today > answer_by:
        return "passed"
    return "coming" if today >= answer_by - timedelta(days=days["remind"]) else ""
