"""Conditions: decides which pairs can never match, whatever their words.

Each rule names a key of the supply (achievement), a key of the demand and the comparison that must
hold. Whichever of the two is the question, the rule is the same: it applies where one side holds the
supply's key and the other the demand's. A missing, `None` or empty value is unknown and excludes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Fields = Mapping[str, Any]


def region_accepted(region: str, accepted: tuple[str, ...]) -> bool:
    """Whether a six-digit region lies in one of the accepted ones ("370000" holds all of "37…")."""
    return any(region.startswith(_stem(code)) for code in accepted)


def _stem(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def modes_shared(supply: tuple[str, ...], demand: tuple[str, ...]) -> bool:
    """Whether one of the offered modes of transfer is accepted."""
    return not set(supply).isdisjoint(demand)


def affordable(price_low: float, budget_high: float) -> bool:
    """Whether the lowest price is within the budget; both in yuan."""
    return price_low <= budget_high


def of_another(supply_owner: str, demand_owner: str) -> bool:
    """Whether the two belong to different owners."""
    return supply_owner != demand_owner


@dataclass(frozen=True, slots=True)
class Rule:
    """`holds(supply[supply_key], demand[demand_key])` must be true of a pair."""

    name: str
    supply_key: str
    demand_key: str
    holds: Callable[[Any, Any], bool]


RULES: tuple[Rule, ...] = (
    Rule("region", "region", "regions_accepted", region_accepted),
    Rule("modes", "modes", "modes", modes_shared),
    Rule("price", "price_low", "budget_high", affordable),
    Rule("owner", "owner", "owner", of_another),
)

LAST_DAYS = ("open_until", "deadline")
"""Keys of the last day on which a supply or a demand can be answered: a date or its ISO form."""


def known(fields: Fields, key: str) -> bool:
    """Whether a field says anything."""
    value = fields.get(key)
    return value is not None and value != () and value != [] and value != ""


def excluded_by(one: Fields, other: Fields) -> str | None:
    """Name of a rule that forbids this pair, in whichever direction; None when they may match."""
    for rule in RULES:
        for supply, demand in ((one, other), (other, one)):
            both = known(supply, rule.supply_key) and known(demand, rule.demand_key)
            if both and not rule.holds(supply[rule.supply_key], demand[rule.demand_key]):
                return rule.name
    return None


def closed(fields: Fields, as_of: date | None) -> bool:
    """Whether one side alone rules a match out: it is secret, or its last day lies before `as_of`
    (without `as_of` nothing is too late: this library reads no clock)."""
    if fields.get("secret") is True:
        return True
    return as_of is not None and any(as_day(fields[key]) < as_of for key in LAST_DAYS if known(fields, key))


def as_day(value: date | str) -> date:
    """A day given as a date or in ISO form."""
    return value if isinstance(value, date) else date.fromisoformat(value)
