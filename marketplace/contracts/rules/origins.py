"""Rules of licence terms: what a payment hangs on in the end, through every "after the payment of"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .sheet import Anchor, Equity, Fixed, Sheet, Trigger, TriggerKind

# The day is known, or made by the two sides together
DATED = frozenset({TriggerKind.DATE, TriggerKind.SIGNATURE, Anchor.DELIVERY})

# It may never happen, and the buyer has got something out of it when it does
OUTCOMES = frozenset(
    {
        TriggerKind.FIRST_SALE,
        TriggerKind.REVENUE,
        TriggerKind.UNITS,
        TriggerKind.MILESTONE,
        TriggerKind.FINANCING,
        TriggerKind.GRANT,
        TriggerKind.CHANGE_OF_CONTROL,
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The first cause of a payment and the time that passes from there. Causes of equal name are equal."""

    cause: TriggerKind | Anchor
    day: date | None = None
    months: int = 0
    days: int = 0


def payments(sheet: Sheet) -> Iterator[tuple[int, Fixed | Equity]]:
    """The terms that a trigger makes due, each with its place in the sheet."""
    for place, term in enumerate(sheet.terms):
        if isinstance(term, Fixed | Equity):
            yield place, term


def origin(sheet: Sheet, trigger: Trigger | None) -> Origin | None:
    """What the trigger hangs on; None when it hangs on nothing, on an unknown term, or on itself."""
    months = days = 0
    seen: set[str] = set()
    while trigger is not None and trigger.kind is TriggerKind.AFTER:
        months, days = months + trigger.months, days + trigger.days
        if trigger.event:
            return Origin(Anchor(trigger.event), None, months, days)
        if trigger.term in seen:
            return None
        seen.add(trigger.term)
        before = sheet.term(trigger.term)
        trigger = before.trigger if isinstance(before, Fixed | Equity) else None
    return Origin(trigger.kind, trigger.day, months, days) if trigger else None
