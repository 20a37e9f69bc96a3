"""Rules of invoices (发票): what a number looks like, what its tax comes to, and which obligations it is for.

The platform issues no invoice: it keeps what the licensor's tax system issued. Rates and the length of numbers are
legal values and are passed in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from marketplace.core.money import ZERO, to_fen

LINES_OF_A_PAPER = 8
"""Tax is rounded line by line, so that of a whole invoice may be half a fen off for each line."""


class Fault(StrEnum):
    """What cannot be right about an invoice."""

    NUMBER = "NUMBER"
    CODE = "CODE"
    DAY = "DAY"
    NET = "NET"
    RATE = "RATE"
    TAX = "TAX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands on the paper; `rate` is a ratio. The amounts of a red-letter invoice are below zero."""

    kind: str
    number: str
    on: date
    net: Decimal
    rate: Decimal
    tax: Decimal
    code: str = ""

    @property
    def amount(self) -> Decimal:
        return self.net + self.tax


class Part(NamedTuple):
    """How much of an invoice is for one obligation."""

    key: str
    amount: Decimal


def faults(facts: Facts, formats: Mapping[str, Any], rates: Collection[Decimal], today: date) -> dict[str, Fault]:
    """Field → what is wrong with it; `formats` gives the digits of number and code by the first word of the kind."""
    lengths = formats[facts.kind.split("_")[0]]
    found: dict[str, Fault] = {}
    if not _is_digits(facts.number, lengths["number"]):
        found["number"] = Fault.NUMBER
    if not _is_digits(facts.code, lengths["code"]):
        found["code"] = Fault.CODE
    if facts.on > today:
        found["on"] = Fault.DAY
    if facts.net == 0:
        found["net"] = Fault.NET
    if facts.rate not in rates:
        found["rate"] = Fault.RATE
    elif not is_tax_of(facts.net, facts.rate, facts.tax):
        found["tax"] = Fault.TAX
    return found


def _is_digits(text: str, lengths: Collection[int]) -> bool:
    return len(text) in lengths and (not text or (text.isascii() and text.isdigit()))


def is_tax_of(net: Decimal, rate: Decimal, tax: Decimal) -> bool:
    """Whether the tax is that of the rate, but for the rounding of each line."""
    return abs(tax - net * rate) <= Decimal("0.005") * LINES_OF_A_PAPER


def tax_of(net: Decimal, rate: Decimal) -> Decimal:
    return to_fen(net * rate)


def spread(amount: Decimal, open_amounts: Iterable[Part]) -> tuple[tuple[Part, ...], Decimal]:
    """The parts for what is not invoiced yet, in its order, and what is left over."""
    parts, left = [], amount
    for each in open_amounts:
        part = min(left, max(each.amount, ZERO))
        if part:
            parts.append(Part(each.key, part))
            left -= part
    return tuple(parts), left


def take_back(amount: Decimal, parts: Sequence[Part]) -> tuple[Part, ...]:
    """What a red-letter invoice of `amount` (above zero) takes back of these parts, the last one first."""
    found, left = [], amount
    for each in reversed(parts):
        part = min(left, each.amount)
        if part > 0:
            found.append(Part(each.key, -part))
            left -= part
    return tuple(found)
