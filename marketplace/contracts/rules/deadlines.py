"""Rules of running contracts: by when a milestone is to be reached, where that counts from something that happened."""

from collections.abc import Iterable
from datetime import date

from .days import later
from .events import Event
from .history import History, digest
from .origins import payments
from .sheet import Sheet, Trigger
from .triggers import ANCHORS


def due_days(sheet: Sheet, events: Iterable[Event], as_of: date) -> dict[str, date]:
    """The due day of each milestone whose start is known, by its short name; the earliest where terms differ."""
    history = digest(sheet, events, as_of)
    found: dict[str, date] = {}
    for _, term in payments(sheet):
        day = due_day(term.trigger, history) if term.trigger and term.trigger.milestone else None
        if day and term.trigger:
            found[term.trigger.milestone] = min(day, found.get(term.trigger.milestone, day))
    return found


def due_day(trigger: Trigger, history: History) -> date | None:
    """When one trigger's milestone is due: so long after an event of the licence or another milestone."""
    start = ANCHORS[trigger.due_after](history) if trigger.due_after in ANCHORS else None
    start = start or history.milestones.get(trigger.due_after)
    return later(start, months=trigger.due_months, days=trigger.due_days) if start else None
