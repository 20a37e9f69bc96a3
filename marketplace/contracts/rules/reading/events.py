"""Rules of licence terms: how what happened under a sheet is read."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..events import Event, Extended, Kind, MilestoneReached, Paid, Sales, Terminated
from ..sheet import Deduction
from .shapes import Member, Reader, broken, by_kind, ids_differ, list_of, members, optional, required
from .values import amount, day, event_id, positive_amount, quantity, signed_amount, slug, text, whole

MOST_EVENTS = 10_000
KEY_LENGTH = 128

DEDUCTIONS = {each.value: optional(amount) for each in Deduction}


def _deductions(value: Any, pointer: str) -> dict[Deduction, Any]:
    return {Deduction(name): taken for name, taken in members(value, pointer, DEDUCTIONS).items()}


SALES = {
    "royalty": required(slug),
    "from": required(day),
    "to": required(day),
    "gross": optional(amount),
    "deductions": optional(_deductions),
    "units": optional(quantity),
    "gross_margin": optional(signed_amount),  # a loss is reported as one
    "third_party_royalties": optional(amount),
    "sublicence_upfront": optional(amount),
    "sublicence_royalty": optional(amount),
    "corrects": optional(event_id),
}

OWN: Mapping[Kind, tuple[Callable[..., Event], Mapping[str, Member]]] = {
    Kind.EXTENDED: (Extended, {"months": required(whole(1, 60))}),
    Kind.MILESTONE: (MilestoneReached, {"milestone": required(slug)}),
    Kind.SALES: (Sales, SALES),
    Kind.PAID: (Paid, {"amount": required(positive_amount), "obligation": optional(text(KEY_LENGTH))}),
    Kind.TERMINATED: (Terminated, {"cause": optional(text(500))}),
}


def _event(value: Any, pointer: str, *, kind: Kind) -> Event:
    make, shape = OWN.get(kind, (Event, {}))
    given = members(value, pointer, {"id": required(event_id), "on": required(day), **shape})
    if kind is Kind.SALES:
        given |= _span(given.pop("from"), given.pop("to"), pointer)
    return make(kind=kind, **given)


def _span(first: Any, last: Any, pointer: str) -> dict[str, Any]:
    if last < first:
        raise broken("E_FORM", f"{pointer}/to", expected="day", least=first.isoformat(), found=last.isoformat())
    return {"first": first, "last": last}


KINDS: dict[str, Reader[Event]] = {kind.value: partial(_event, kind=kind) for kind in Kind}

_events = list_of(by_kind(KINDS), ids_differ, at_most=MOST_EVENTS)


def read_events(value: Any, pointer: str = "") -> tuple[Event, ...]:
    """The history that a list says, in the order given. Raises `Broken` with every fault of shape at once."""
    return _events(value, pointer)
