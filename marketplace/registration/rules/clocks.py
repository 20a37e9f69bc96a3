"""Rules of registration: by when an office decides, as the law of its place and day says it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from marketplace.law.rules.days import WORKING_DAYS


class Days(NamedTuple):
    """So many days, of which unit."""

    days: int
    unit: str


def days_to_decide(value: int | Mapping[str, Any], unit: str, technical: Decimal) -> Days:
    """One number for all, or a table with more days from a technical amount (`ordinary`, `large`, `large_from`)."""
    if isinstance(value, int):
        return Days(value, unit)
    is_large = technical >= Decimal(str(value["large_from"]))
    return Days(int(value["large" if is_large else "ordinary"]), unit or WORKING_DAYS)
