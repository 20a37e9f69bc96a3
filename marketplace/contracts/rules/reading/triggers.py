"""Rules of licence terms: how a trigger is read. Each kind knows its own names, and all of them who bears witness."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..faults import Broken
from ..sheet import Anchor, Period, Side, Trigger, TriggerKind
from .shapes import Member, Reader, broken, by_kind, judged, members, nullable, one_of, optional, required, shown
from .values import code, day, positive_amount, positive_quantity, slug, text, whole

EVIDENCE_LENGTH = 500
MOST_DAYS = 3650
MOST_MONTHS = 600  # a chain of a hundred of these still ends within the calendar

days = whole(0, MOST_DAYS)
months = whole(0, MOST_MONTHS)

WITNESSES = {
    "evidence": optional(text(EVIDENCE_LENGTH)),
    "declared_by": optional(code(Side)),
    "confirmed_by": optional(code(Side)),
    "silent_days": optional(whole(0, 365)),
}


def _milestone_or_anchor(value: Any, pointer: str) -> str:
    if isinstance(value, str) and value in Anchor.__members__:
        return value
    try:
        return slug(value, pointer)
    except Broken:
        known = (*Anchor.__members__, "milestone")
        raise broken("E_CODE_UNKNOWN", pointer, found=shown(value), known=known) from None


DUE = {"months": optional(months), "days": optional(days), "after": optional(_milestone_or_anchor)}


def _due(value: Any, pointer: str) -> dict[str, Any]:
    given = members(value, pointer, DUE)
    after = given.pop("after", Anchor.SIGNATURE.value)
    return {"due_after": after, **{f"due_{unit}": count for unit, count in given.items()}}


OWN: Mapping[TriggerKind, Mapping[str, Member]] = {
    TriggerKind.DATE: {"day": required(day)},
    TriggerKind.SIGNATURE: {},
    TriggerKind.AFTER: {
        "term": optional(slug),
        "event": optional(code(Anchor)),
        "days": optional(days),
        "months": optional(months),
    },
    TriggerKind.FIRST_SALE: {},
    TriggerKind.REVENUE: {"at_least": required(positive_amount)},
    TriggerKind.UNITS: {"at_least": required(positive_quantity)},
    TriggerKind.MILESTONE: {"milestone": required(slug), "due": nullable(_due)},
    TriggerKind.FINANCING: {},
    TriggerKind.GRANT: {},
    TriggerKind.TRIAL_KEPT: {},
    TriggerKind.PERIOD_END: {"every": required(code(Period))},
    TriggerKind.CHANGE_OF_CONTROL: {},
}


def _trigger(value: Any, pointer: str, *, kind: TriggerKind) -> Trigger:
    given = members(value, pointer, {**OWN[kind], **WITNESSES})
    return Trigger(kind=kind, **given.pop("due", {}), **given)


KINDS: dict[str, Reader[Trigger]] = {kind.value: partial(_trigger, kind=kind) for kind in TriggerKind}
KINDS["AFTER"] = judged(KINDS["AFTER"], one_of("term", "event", is_required=True))

trigger = by_kind(KINDS)
