"""Rules of licence terms: on which day each trigger is met by what has happened; None while it is not.

What the buyer does with the technology (a sale, a milestone, a round of finance) makes money due no earlier than the
trial is kept; what was agreed by the calendar (a date, the signature, so long after it) does as agreed. A threshold
that was reached stays reached when a later correction lowers the figures: a line never disappears.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from .days import later
from .events import Kind
from .history import History
from .reports import THRESHOLDS, Report, threshold_of
from .sheet import Equity, Fixed, Trigger, TriggerKind

Triggered = Fixed | Equity

HAPPENINGS = {
    TriggerKind.FINANCING: Kind.FINANCING,
    TriggerKind.GRANT: Kind.GRANTED,
    TriggerKind.CHANGE_OF_CONTROL: Kind.CHANGE_OF_CONTROL,
}


def days_met(history: History, reports: Sequence[Report]) -> dict[str, date | None]:
    """The day on which the trigger of each fixed term and of each share is met, by the term's id.

    The day may lie ahead where the calendar alone decides. Terms that repeat at period ends are not among them.
    """
    terms = {
        each.id: each
        for each in history.sheet.terms
        if isinstance(each, Triggered) and each.trigger and each.trigger.kind is not TriggerKind.PERIOD_END
    }
    met: dict[str, date | None] = {}
    for id in terms:
        _meet(id, terms, met, history, reports)
    return met


def _meet(
    id: str,
    terms: Mapping[str, Triggered],
    met: dict[str, date | None],
    history: History,
    reports: Sequence[Report],
) -> date | None:
    """Find the day of one term, after those of the terms it follows; a circle is never met."""
    if id in met or id not in terms:
        return met.get(id)
    met[id] = None
    trigger = terms[id].trigger
    assert trigger is not None
    if trigger.kind is TriggerKind.AFTER and trigger.term:
        start = _meet(trigger.term, terms, met, history, reports)
        met[id] = later(start, months=trigger.months, days=trigger.days) if start else None
    else:
        met[id] = day_met(trigger, history, (each for each in reports if each.span or each.sales.royalty == id))
    return met[id]


def day_met(trigger: Trigger, history: History, reports: Iterable[Report]) -> date | None:
    """The day on which a trigger that follows no other term is met.

    `reports` are those that count for a threshold: all under royalties, and those of the term itself.
    """
    if history.signed_on is None:
        return None
    if trigger.kind is TriggerKind.SIGNATURE:
        return history.signed_on
    if trigger.kind is TriggerKind.DATE:
        return max(trigger.day, history.signed_on) if trigger.day else None
    if trigger.kind is TriggerKind.AFTER:
        start = anchor(trigger.event, history)
        return later(start, months=trigger.months, days=trigger.days) if start else None
    if trigger.kind is TriggerKind.TRIAL_KEPT:
        return history.course.kept_on
    happened = _happened(trigger, history, reports)
    return history.payable_on(happened) if happened else None


def _happened(trigger: Trigger, history: History, reports: Iterable[Report]) -> date | None:
    if trigger.kind is TriggerKind.FIRST_SALE:
        return history.first_sale_on
    if trigger.kind is TriggerKind.MILESTONE:
        return history.milestones.get(trigger.milestone)
    if trigger.kind in THRESHOLDS:
        return _reached(trigger, reports)
    return history.firsts.get(HAPPENINGS[trigger.kind]) if trigger.kind in HAPPENINGS else None


ANCHORS: Mapping[str, Callable[[History], date | None]] = {
    "SIGNATURE": lambda history: history.signed_on,
    "DELIVERY": lambda history: history.course.delivered_on,
    "TRIAL_END": lambda history: history.course.ends_on,
    "TRIAL_KEPT": lambda history: history.course.kept_on,
    "FIRST_SALE": lambda history: history.first_sale_on,
    "FINANCING": lambda history: history.firsts.get(Kind.FINANCING),
    "GRANT": lambda history: history.firsts.get(Kind.GRANTED),
    "CHANGE_OF_CONTROL": lambda history: history.firsts.get(Kind.CHANGE_OF_CONTROL),
}
CALENDAR = ("SIGNATURE", "DELIVERY", "TRIAL_END", "TRIAL_KEPT")


def anchor(event: str, history: History) -> date | None:
    """The day that something agreed as so long after an event counts from."""
    day = ANCHORS[event](history) if event in ANCHORS else None
    return day if day is None or event in CALENDAR else history.payable_on(day)


def _reached(trigger: Trigger, reports: Iterable[Report]) -> date | None:
    """The day of the accepted report with which the sum first is at least what was agreed."""
    total = Decimal(0)
    stated: dict[tuple[str, date], Decimal] = {}
    for report in reports:
        place = report.sales.royalty, report.sales.first
        figure = threshold_of(trigger, report)
        total += figure - stated.get(place, Decimal(0))
        stated[place] = figure
        if trigger.at_least is not None and total >= trigger.at_least:
            return report.sales.on
    return None
