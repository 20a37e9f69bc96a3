"""Rules of licence terms: what the plain sentence of a price must say, before it is said in any language.

`plain_zh` and `plain_en` say it. A sentence promises nothing that the terms do not: "only if" is said where every
payment waits for a condition, "nothing to start" where nothing falls due with the signature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from .origins import DATED, OUTCOMES, origin
from .sheet import (
    Anchor,
    AnyTerm,
    AtEnd,
    Buyout,
    Equity,
    Fixed,
    Maintenance,
    Mode,
    Period,
    Royalty,
    Sheet,
    TriggerKind,
)

T = TypeVar("T", bound=AnyTerm)

WAITING = {*OUTCOMES, TriggerKind.TRIAL_KEPT, Anchor.TRIAL_KEPT}


class Opening(StrEnum):
    """How a sentence may begin."""

    ANYBODY = "ANYBODY"
    TRIAL = "TRIAL"
    NO_CASH = "NO_CASH"
    NOTHING_FIRST = "NOTHING_FIRST"
    USE_NOW = "USE_NOW"
    ONLY_IF = "ONLY_IF"
    NO_FIXED = "NO_FIXED"
    IN_PARTS = "IN_PARTS"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a payment falls due: an event, and how long after it. `zh` and `en` name a milestone."""

    event: str
    months: int = 0
    days: int = 0
    day: date | None = None
    at_least: Decimal | None = None
    zh: str = ""
    en: str = ""
    every: Period | None = None

    @property
    def is_later(self) -> bool:
        return bool(self.months or self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """The parts of a price in the order in which they are said. `credited` are fixed amounts set off later."""

    openings: tuple[Opening, ...]
    trial_months: int
    free_until: date | None
    at_end: AtEnd | None
    fixed: tuple[Fixed, ...]
    royalties: tuple[Royalty, ...]
    maintenance: tuple[Maintenance, ...]
    equity: tuple[Equity, ...]
    option: Buyout | None
    credited: tuple[Fixed, ...]
    total: Decimal
    total_cap: Decimal | None
    is_final: bool


def gist(sheet: Sheet, *, free_until: date | None = None) -> Gist:
    """What there is to say; `free_until` is the last free day once the trial has begun."""
    fixed, royalties = _of(sheet, Fixed), _of(sheet, Royalty)
    credits = {id for each in royalties for id in each.credits}
    return Gist(
        openings=_openings(sheet),
        trial_months=sheet.trial.months if sheet.trial else 0,
        free_until=free_until if sheet.trial else None,
        at_end=sheet.trial.at_end if sheet.trial else None,
        fixed=fixed,
        royalties=royalties,
        maintenance=_of(sheet, Maintenance),
        equity=_of(sheet, Equity),
        option=next(iter(_of(sheet, Buyout)), None),
        credited=tuple(each for each in fixed if each.id in credits),
        total=sum((each.amount for each in fixed), Decimal(0)),
        total_cap=sheet.total_cap if _may_reach(sheet, fixed) else None,
        is_final=sheet.mode is Mode.BUYOUT and len(sheet.terms) == len(fixed) == 1,
    )


def _may_reach(sheet: Sheet, fixed: Sequence[Fixed]) -> bool:
    """Whether the cap of everything says something: not where the sums are known beforehand, or no cash is paid."""
    is_known = _come_once([moment(sheet, each) for each in fixed])
    rest = [each for each in sheet.terms if not isinstance(each, Fixed | Buyout | Equity)]
    return bool(rest) or not is_known


def _of(sheet: Sheet, kind: type[T]) -> tuple[T, ...]:
    return tuple(each for each in sheet.terms if isinstance(each, kind))


def _openings(sheet: Sheet) -> tuple[Opening, ...]:
    found = [Opening.ANYBODY] if sheet.mode is Mode.OPEN else []
    if sheet.trial:
        found.append(Opening.TRIAL)
    if (how := _how(sheet)) is not None:
        found.append(how)
    return tuple(found)


def _how(sheet: Sheet) -> Opening | None:
    """What is special about how this price is paid, as far as the terms bear it out."""
    kinds = {type(each) for each in sheet.terms} - {Buyout}
    moments = [moment(sheet, each) for each in sheet.terms if isinstance(each, Fixed | Equity)]
    if not kinds:
        return Opening.NOTHING
    if kinds == {Equity}:
        return Opening.NO_CASH
    if kinds == {Royalty}:
        return Opening.NO_FIXED
    if sheet.mode is Mode.INSTALMENTS and kinds == {Fixed} and len(sheet.terms) > 1 and _come_once(moments):
        return Opening.IN_PARTS
    if sheet.trial:
        return None
    return _first_said(sheet.mode, moments)


def _first_said(mode: Mode, moments: Sequence[Moment | None]) -> Opening | None:
    if mode is Mode.CONDITIONAL and all(map(_is_conditional, moments)):
        return Opening.ONLY_IF
    if mode is Mode.DEFERRED and all(each is not None and _is_deferred(each) for each in moments):
        return Opening.USE_NOW
    return None if any(map(_may_be_at_once, moments)) else Opening.NOTHING_FIRST


def _is_deferred(found: Moment) -> bool:
    return found.is_later or found.day is not None


def _come_once(moments: Sequence[Moment | None]) -> bool:
    return all(each is None or each.event != TriggerKind.PERIOD_END for each in moments)


def _may_be_at_once(found: Moment | None) -> bool:
    """Whether it is due from the start, or might be: a day may be near, and nothing said may mean now."""
    return found is None or (found.event in DATED and not found.is_later)


def _is_conditional(found: Moment | None) -> bool:
    """Whether it may never come, also when a time after it is meant."""
    return found is not None and found.event in WAITING


def moment(sheet: Sheet, term: Fixed | Equity) -> Moment | None:
    """When a payment falls due, every "after" followed to the event that it starts from; None where nothing says."""
    cause = origin(sheet, term.trigger)
    if cause is None:
        return None
    first = _first(sheet, term)
    trigger = first.trigger
    assert trigger is not None  # else it had no cause
    return Moment(
        event=cause.cause.value,
        months=cause.months,
        days=cause.days,
        day=cause.day,
        at_least=trigger.at_least,
        zh=first.label_zh or first.label_en or trigger.milestone,
        en=first.label_en or first.label_zh or trigger.milestone,
        every=trigger.every,
    )


def _first(sheet: Sheet, term: Fixed | Equity) -> Fixed | Equity:
    """The payment at the head of a chain that is no circle."""
    before = sheet.term(term.trigger.term) if term.trigger and term.trigger.term else None
    return _first(sheet, before) if isinstance(before, Fixed | Equity) else term


def follows_first_sale(sheet: Sheet, fixed: Sequence[Fixed]) -> bool:
    """Whether the last fixed amount named falls due with the first sale, so that a royalty comes after it."""
    last = moment(sheet, fixed[-1]) if fixed else None
    return last is not None and last.event == TriggerKind.FIRST_SALE and not last.is_later
