"""Rules of a broker's commission: how much of what was received is earned, and who gets which part of it.

A commission is earned on money that really arrived. Rates rise or fall by steps over the whole deal, a floor and a
cap bound it over the whole deal, and it is never more than what was received.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from marketplace.core.money import ZERO, exact, split, to_fen

BASE = "E_COMMISSION_BASE"
"""The code of a commission that cannot be computed as it is written."""
MOST_TIERS = 10


class Base(StrEnum):
    """Which money received counts; late interest never does, except in everything received."""

    RECEIVED = "RECEIVED"
    FIXED = "FIXED"
    ROYALTY = "ROYALTY"


class Tier(NamedTuple):
    """From this sum of received money on, this rate."""

    above: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate says about its commission. `floor` and `cap` bound the whole deal."""

    base: Base
    tiers: tuple[Tier, ...]
    floor: Decimal | None = None
    cap: Decimal | None = None
    agency_share: Decimal = ZERO


class Step(NamedTuple):
    """One step to the number; `inputs` are texts."""

    name: str
    value: Decimal
    inputs: dict[str, str]


class Earned(NamedTuple):
    """A commission with the steps that led to it."""

    amount: Decimal
    steps: tuple[Step, ...]


class Parts(NamedTuple):
    """What the agency gets of it, and what the technology manager."""

    agency: Decimal
    manager: Decimal


def read_tiers(raw: Any) -> tuple[Tier, ...]:
    """Tiers as they are stored: [{"from": "0", "rate": "0.05"}, …].

    Raises ValueError unless they begin at zero, rise, and have rates from 0 to 1.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not 0 < len(raw) <= MOST_TIERS:
        raise ValueError("A commission has one to ten tiers.")
    tiers = tuple(_read_tier(each) for each in raw)
    if tiers[0].above != 0 or any(one.above >= other.above for one, other in pairwise(tiers)):
        raise ValueError("Tiers begin at zero and rise.")
    return tiers


def _read_tier(raw: Any) -> Tier:
    is_pair = isinstance(raw, Mapping) and set(raw) == {"from", "rate"}
    if not is_pair or not all(isinstance(value, str) for value in raw.values()):
        raise ValueError("A tier says from which amount on it holds, and its rate.")
    above, rate = exact(raw["from"]), exact(raw["rate"])
    if above < 0 or above != to_fen(above) or not 0 <= rate <= 1:
        raise ValueError("A rate lies between 0 and 1.")
    return Tier(above, rate)


def write_tiers(tiers: Sequence[Tier]) -> list[dict[str, str]]:
    return [{"from": str(tier.above), "rate": str(tier.rate)} for tier in tiers]


def earned(received: Decimal, terms: Terms) -> Earned:
    """The commission on all that was received so far, and how it was reached."""
    steps = list(_by_tiers(received, terms.tiers))
    amount = to_fen(sum((step.value for step in steps), ZERO))
    if terms.floor is not None and amount < terms.floor and received > 0:
        amount = min(terms.floor, received)
        steps.append(Step("floor", amount, {"floor": str(terms.floor), "received": str(received)}))
    if terms.cap is not None and amount > terms.cap:
        amount = terms.cap
        steps.append(Step("cap", amount, {"cap": str(terms.cap)}))
    return Earned(amount, tuple(steps))


def _by_tiers(received: Decimal, tiers: Sequence[Tier]) -> list[Step]:
    ends = [*(tier.above for tier in tiers[1:]), None]
    found = []
    for tier, end in zip(tiers, ends, strict=True):
        part = min(received, end) - tier.above if end is not None else received - tier.above
        if part > 0:
            inputs = {"part": str(part), "rate": str(tier.rate), "from": str(tier.above)}
            found.append(Step("tier", part * tier.rate, inputs))
    return found


def on_receipt(received_before: Decimal, amount: Decimal, terms: Terms) -> Earned:
    """What one more receipt earns: the commission on all with it, less the commission on all before it."""
    before, after = earned(received_before, terms), earned(received_before + amount, terms)
    rest = after.amount - before.amount
    steps = (*after.steps, Step("before", rest, {"with": str(after.amount), "without": str(before.amount)}))
    return Earned(rest, steps if before.amount else after.steps)


def shared(amount: Decimal, agency_share: Decimal) -> Parts:
    """The two parts of a commission; they add up to it exactly."""
    return Parts(*split(amount, (agency_share, 1 - agency_share)))
