"""Rules of licence terms: every amount falls due by something that can happen, can be shown, and is no circle."""

from collections.abc import Iterator, Mapping

from ..days import later
from ..faults import Fault
from ..origins import OUTCOMES, origin, payments
from ..sheet import Anchor, Equity, Fixed, Sheet, Trigger, TriggerKind

NEEDS_TRIAL = frozenset({TriggerKind.TRIAL_KEPT, Anchor.TRIAL_END, Anchor.TRIAL_KEPT})

LONGEST_MONTH = 31


def faults(sheet: Sheet) -> Iterator[Fault]:
    for place, term in payments(sheet):
        pointer = f"/terms/{place}/trigger"
        if term.trigger is None:
            yield Fault("E_NO_TRIGGER", pointer, {"reason": "missing"})
            continue
        yield from _never_met(sheet, term.trigger, pointer)
        yield from _unwitnessed(term.trigger, pointer)
    yield from _circles(_terms_waited_for(sheet))
    yield from _circles(_milestones_waited_for(sheet))


def _never_met(sheet: Sheet, trigger: Trigger, pointer: str) -> Iterator[Fault]:
    """E_NO_TRIGGER too: an amount whose trigger can never be met is never due."""
    if trigger.term:
        yield from _waits_in_vain(sheet, trigger, pointer)
    if sheet.trial is None and (trigger.event or trigger.kind) in NEEDS_TRIAL:
        yield Fault("E_NO_TRIGGER", pointer, {"reason": "no_trial"})
    yield from _after_end(sheet, trigger, pointer)
    if trigger.due_after and trigger.due_after not in (*Anchor.__members__, *_milestones(sheet)):
        inputs = {"reason": "unknown_milestone", "milestone": trigger.due_after}
        yield Fault("E_NO_TRIGGER", f"{pointer}/due/after", inputs)


def _after_end(sheet: Sheet, trigger: Trigger, pointer: str) -> Iterator[Fault]:
    """What is sure to fall after the licence's last day accrues no more: the seller would never see it."""
    cause = origin(sheet, trigger)
    if cause is None:
        return
    if cause.day and sheet.ends_on:
        is_late = later(cause.day, months=cause.months, days=cause.days) > sheet.ends_on
    else:
        left = sheet.term_months - cause.months
        is_late = sheet.term_months > 0 and not cause.day and cause.days > left * LONGEST_MONTH
    if is_late:
        yield Fault("E_NO_TRIGGER", pointer, {"reason": "after_end"})


def _waits_in_vain(sheet: Sheet, trigger: Trigger, pointer: str) -> Iterator[Fault]:
    before = sheet.term(trigger.term)
    if before is None:
        yield Fault("E_NO_TRIGGER", f"{pointer}/term", {"reason": "unknown_term", "term": trigger.term})
    elif not isinstance(before, Fixed | Equity) or _repeats(before.trigger):
        yield Fault("E_NO_TRIGGER", f"{pointer}/term", {"reason": "no_single_day", "term": trigger.term})


def _repeats(trigger: Trigger | None) -> bool:
    return trigger is not None and trigger.kind is TriggerKind.PERIOD_END


def _unwitnessed(trigger: Trigger, pointer: str) -> Iterator[Fault]:
    """Evidence, who declares, who confirms, and after how many days silence confirms (DOMAIN 3.3)."""
    if (trigger.event or trigger.kind) not in OUTCOMES:
        return
    witnesses = {
        "evidence": trigger.evidence.strip() or None,
        "declared_by": trigger.declared_by,
        "confirmed_by": trigger.confirmed_by,
        "silent_days": trigger.silent_days,
    }
    missing = tuple(name for name, value in witnesses.items() if value is None)
    if missing:
        yield Fault("E_TRIGGER_EVIDENCE", pointer, {"missing": missing})
    if trigger.declared_by is not None and trigger.declared_by == trigger.confirmed_by:
        yield Fault("E_TRIGGER_EVIDENCE", f"{pointer}/confirmed_by", {"same_side": trigger.declared_by.value})


def _milestones(sheet: Sheet) -> set[str]:
    return {term.trigger.milestone for _, term in payments(sheet) if term.trigger and term.trigger.milestone}


Waits = Mapping[str, tuple[str, str]]  # who waits: for whom, and the pointer that says so


def _terms_waited_for(sheet: Sheet) -> Waits:
    return {
        term.id: (term.trigger.term, f"/terms/{place}/trigger/term")
        for place, term in payments(sheet)
        if term.trigger is not None and term.trigger.term
    }


def _milestones_waited_for(sheet: Sheet) -> Waits:
    return {
        term.trigger.milestone: (term.trigger.due_after, f"/terms/{place}/trigger/due/after")
        for place, term in payments(sheet)
        if term.trigger is not None and term.trigger.milestone and term.trigger.due_after
    }


def _circles(waits: Waits) -> Iterator[Fault]:
    """Each circle once, named from the first that stands in it."""
    done: set[str] = set()
    for start in waits:
        path: list[str] = []
        at = start
        while at in waits and at not in done:
            done.add(at)
            path.append(at)
            at = waits[at][0]
        if at in path:
            circle = path[path.index(at) :]
            yield Fault("E_TRIGGER_CIRCULAR", waits[at][1], {"circle": (*circle, at)})
