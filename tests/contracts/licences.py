"""Short ways to say a sheet and what happened under it."""

from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.contracts.rules.events import Event, Extended, Kind, MilestoneReached, Paid, Sales
from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.sheet import (
    AnyTerm,
    AtEnd,
    Base,
    Buyout,
    Fixed,
    LateInterest,
    Mode,
    Period,
    Royalty,
    Sheet,
    Tier,
    Trial,
    Trigger,
    TriggerKind,
)
from marketplace.contracts.rules.statement import Statement


def day(text: str) -> date:
    return date.fromisoformat(text)


def yuan(text: str | int) -> Decimal:
    return Decimal(text)


def trigger(kind: str, **given: Any) -> Trigger:
    return Trigger(kind=TriggerKind(kind), **given)


def fixed(amount: str | int, kind: str = "SIGNATURE", *, id: str = "fee", **given: Any) -> Fixed:
    """A fixed amount; what does not belong to the term belongs to its trigger."""
    own = {name: given.pop(name) for name in ("pay_days", "creditable") if name in given}
    return Fixed(id=id, amount=yuan(amount), trigger=trigger(kind, **given), **own)


def royalty(*tiers: tuple[str | int, str], id: str = "royalty", **given: Any) -> Royalty:
    """Tiers as (from, rate); by default five per cent of net sales by quarter."""
    steps = tuple(Tier(yuan(start), yuan(rate)) for start, rate in tiers or ((0, "0.05"),))
    return Royalty(id=id, tiers=steps, **{"base": Base.NET_SALES, "period": Period.QUARTER, **given})


def sheet(*terms: AnyTerm, **given: Any) -> Sheet:
    """A licence of ten years without interest."""
    return Sheet(mode=Mode.ENTRY_ROYALTY, terms=terms, **{"term_months": 120, **given})


def late(rate: str = "0.06", *, grace_days: int = 0) -> LateInterest:
    return LateInterest(yearly_rate=yuan(rate), grace_days=grace_days)


def event(kind: str, on: str, *, id: str = "") -> Event:
    return Event(id=id or kind.lower(), kind=Kind(kind), on=day(on))


def signed(on: str = "2025-12-31") -> Event:
    return event("SIGNED", on)


def extended(on: str, months: int, *, id: str = "extended") -> Event:
    return Extended(id=id, kind=Kind.EXTENDED, on=day(on), months=months)


def reached(milestone: str, on: str, *, id: str = "") -> Event:
    return MilestoneReached(id=id or f"reached-{milestone}", kind=Kind.MILESTONE, on=day(on), milestone=milestone)


def sold(first: str, last: str, gross: str | int = 0, *, on: str = "", **given: Any) -> Sales:
    """A report of a period, accepted on its last day unless said otherwise."""
    id, of = given.pop("id", f"sales-{first}"), given.pop("royalty", "royalty")
    accepted = day(on or last)
    return Sales(
        id=id, kind=Kind.SALES, on=accepted, royalty=of, first=day(first), last=day(last), gross=yuan(gross), **given
    )


def paid(amount: str | int, on: str, obligation: str = "", *, id: str = "") -> Paid:
    return Paid(id=id or f"paid-{on}", kind=Kind.PAID, on=day(on), amount=yuan(amount), obligation=obligation)


def state(terms: Sheet, *events: Event, as_of: str, rate: str = "0") -> Statement:
    return obligations(terms, events, day(as_of), legal_late_rate=lambda _day: yuan(rate))


def amounts(statement: Statement) -> dict[str, str]:
    """What each line asks for, by key."""
    return {line.key: str(line.amount) for line in statement.lines}


def codes(statement: Statement) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in statement.faults]


# Sheets and events that many stories begin with

STOP = Trial(months=12, at_end=AtEnd.STOP, extensions=1, extension_months=6)
KEEP = Trial(months=12, at_end=AtEnd.KEEP)
OPEN = Trial(months=12, at_end=None)
DELIVERED = event("DELIVERED", "2025-12-31")
PLAIN = sheet(  # Use free until 2026-12-31; then 30 000 at first sale and 2 % of net sales, at most 500 000
    fixed(30_000, "FIRST_SALE", id="first"), royalty((0, "0.02")), trial=STOP, total_cap=yuan(500_000)
)
OPTION = Buyout(id="option", price=yuan(1000), until_months=36, credit_paid=yuan("0.5"))
