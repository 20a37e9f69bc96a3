"""Rules of sharing: what of a receipt is net income, which part of it is the reward, and who gets how much.

The law comes in as arguments. Shares are exact fractions (a third is a third), and amounts are shared by largest
remainder, so that what is given out is exactly what there is. DOMAIN 1.4; Law on Promoting Transformation, art. 44, 45.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from marketplace.core.money import ZERO, split, to_fen

LARGEST_DENOMINATOR = 10**9
WRITTEN = re.compile(r"(?P<top>\d{1,10}(?:\.\d{1,9})?)\s*(?:/\s*(?P<bottom>\d{1,10})|(?P<percent>[%％]))?")


class Part(StrEnum):
    """Of what a line is a share: of the reward, or of what stays with the owner."""

    POOL = "POOL"
    RETAINED = "RETAINED"


class Role(StrEnum):
    """As what somebody shares: people in the reward, the owner and its units in the rest."""

    INVENTOR = "INVENTOR"
    STAFF = "STAFF"
    OWNER = "OWNER"
    COLLEGE = "COLLEGE"
    TRANSFER_OFFICE = "TRANSFER_OFFICE"


PEOPLE = (Role.INVENTOR, Role.STAFF)


class Line(NamedTuple):
    """One share of a plan."""

    role: Role
    share: Fraction
    is_main: bool = False

    @property
    def part(self) -> Part:
        return Part.POOL if self.role in PEOPLE else Part.RETAINED


class Fault(StrEnum):
    """What is wrong with a plan or a rate; the doors say it in a sentence."""

    SHARES_NOT_100 = "E_SHARES_NOT_100"
    NO_INVENTOR = "E_NO_INVENTOR"
    MAIN_BELOW_MINIMUM = "E_MAIN_BELOW_MINIMUM"
    STAFF_BELOW_MINIMUM = "E_STAFF_BELOW_MINIMUM"
    OFFICE_BELOW_MINIMUM = "E_OFFICE_BELOW_MINIMUM"
    REWARD_BELOW_FLOOR = "E_REWARD_BELOW_FLOOR"


# Fractions


def fraction_of(text: str) -> Fraction:
    """A share as people write it: "1/3", "29.9%", "0.299". Raises ValueError unless it is above 0 and at most 1."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None or (found["bottom"] is not None and not int(found["bottom"])):
        raise ValueError(f"{text!r} is no share.")
    share = Fraction(found["top"]) / (int(found["bottom"]) if found["bottom"] else 100 if found["percent"] else 1)
    if not 0 < share <= 1 or share.denominator > LARGEST_DENOMINATOR:
        raise ValueError(f"{text!r} is no share.")
    return share


def written(share: Fraction) -> str:
    """The share as a person reads it: "29.9%" where that is exact, else "1/3"."""
    thousands = share * 1_000_000
    if thousands.denominator == 1:
        number = f"{Decimal(thousands.numerator) / 10_000:f}"
        return f"{number.rstrip('0').rstrip('.') if '.' in number else number}%"
    return f"{share.numerator}/{share.denominator}"


# The plan


def plan_faults(
    lines: Sequence[Line], main_minimum: Decimal | None = None, staff_minimum: Decimal | None = None
) -> list[Fault]:
    """What is wrong with a plan: each part adds up to the whole, and the minima of the place are kept."""
    faults = [Fault.SHARES_NOT_100 for part in Part if total(lines, part) not in (1, 0 if part is Part.RETAINED else 1)]
    if not any(line.role is Role.INVENTOR for line in lines):
        faults.append(Fault.NO_INVENTOR)
    main = sum((line.share for line in lines if line.is_main and line.part is Part.POOL), Fraction(0))
    if main_minimum is not None and main < Fraction(main_minimum):
        faults.append(Fault.MAIN_BELOW_MINIMUM)
    staff = sum((line.share for line in lines if line.role is Role.STAFF), Fraction(0))
    if staff_minimum is not None and staff < Fraction(staff_minimum):
        faults.append(Fault.STAFF_BELOW_MINIMUM)
    return list(dict.fromkeys(faults))


def total(lines: Iterable[Line], part: Part) -> Fraction:
    return sum((line.share for line in lines if line.part is part), Fraction(0))


def is_office_short(lines: Iterable[Line], rate: Decimal, minimum: Decimal) -> bool:
    """Whether the transfer office gets something of the net income, but less than the place asks (Shandong, art. 36).

    The text lets the owner give nothing; who gives, gives at least the minimum.
    """
    office = sum((line.share for line in lines if line.role is Role.TRANSFER_OFFICE), Fraction(0))
    return 0 < office * (1 - Fraction(rate)) < Fraction(minimum)


def fingerprint(plan: Mapping[str, Any]) -> str:
    """The hash that each inventor confirms."""
    text = json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# Net income and reward


class Cost(NamedTuple):
    """What a recorded cost still leaves to be taken off."""

    id: int
    left: Decimal


class Net(NamedTuple):
    amount: Decimal
    taken: dict[int, Decimal]

    @property
    def costs(self) -> Decimal:
        return sum(self.taken.values(), ZERO)


def net_income(received: Decimal, costs: Iterable[Cost]) -> Net:
    """Received less recorded costs in their order, never below zero; the rest of a cost waits for later receipts."""
    rest, taken = received, dict[int, Decimal]()
    for cost in costs:
        part = min(cost.left, rest)
        if part > 0:
            taken[cost.id] = part
            rest -= part
    return Net(rest, taken)


def reward_rate(floor: Decimal | None, own: Decimal | None, *, is_bound: bool) -> Decimal | Fault | None:
    """The rate of the reward: the owner's own, else the legal one; None where neither says anything.

    A body set up by the state is bound by the floor also where it has a rule of its own (art. 45).
    """
    if own is None:
        return floor
    return Fault.REWARD_BELOW_FLOOR if is_bound and floor is not None and own < floor else own


class Shared(NamedTuple):
    pool: Decimal
    retained: Decimal
    amounts: list[Decimal]


def share_out(net: Decimal, rate: Decimal, lines: Sequence[Line]) -> Shared:
    """The reward and what stays, and the amount of each line in its order; they add up to `net` exactly.

    Without lines for what stays, it is not shared further.
    """
    pool, retained = split(to_fen(net), [rate, 1 - rate])
    amounts: dict[int, Decimal] = {}
    for part, whole in ((Part.POOL, pool), (Part.RETAINED, retained)):
        places = [place for place, line in enumerate(lines) if line.part is part]
        if places:
            amounts |= zip(places, split(whole, weights([lines[place].share for place in places])), strict=True)
    return Shared(pool, retained, [amounts[place] for place in range(len(lines))])


def weights(shares: Sequence[Fraction]) -> list[int]:
    """The fractions as whole numbers in the same proportions."""
    bottom = lcm(*(share.denominator for share in shares))
    return [int(share * bottom) for share in shares]
