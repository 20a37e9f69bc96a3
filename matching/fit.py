"""Fit: how well the facts of a pair suit each other, one number 0..1 a component, None when unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matching.conditions import Fields, known
from matching.settings import Settings


@dataclass(frozen=True, slots=True)
class Fit:
    """Fit of one component: its value 0..1, a code that says why, the codes shared, and the figures."""

    value: float
    code: str
    shared: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


def field_fit(supply: Fields, demand: Fields, settings: Settings) -> Fit | None:
    """Same technical field 1, a related one by the table, else 0. Keys: `field`, a code or several."""
    if not (known(supply, "field") and known(demand, "field")):
        return None
    ours, theirs = _codes(supply["field"]), _codes(demand["field"])
    shared = tuple(sorted(set(ours) & set(theirs)))
    if shared:
        return Fit(1.0, "same_field", shared, {"field": shared[0]})
    pairs = [(settings.related_fields.get("-".join(sorted((a, b))), 0.0), a, b) for a in ours for b in theirs]
    value, ours_best, theirs_best = max(pairs)
    code = "related_field" if value > 0 else "other_field"
    return Fit(value, code, (), {"supply_field": ours_best, "demand_field": theirs_best})


def trl_fit(supply: Fields, demand: Fields, settings: Settings) -> Fit | None:
    """Readiness `trl` against the demanded `trl_min`: 1 when reached, falling evenly below."""
    if not (known(supply, "trl") and known(demand, "trl_min")):
        return None
    trl, trl_min = int(supply["trl"]), int(demand["trl_min"])
    value = min(1.0, max(0.0, 1 - (trl_min - trl) / settings.trl_slack))
    return Fit(value, "trl_reached" if trl >= trl_min else "trl_below", (), {"trl": trl, "trl_min": trl_min})


def mode_fit(supply: Fields, demand: Fields, settings: Settings) -> Fit | None:
    """Share of the demand's accepted modes of transfer that are offered, or of the offered ones that are
    accepted, whichever is larger. Keys: `modes` of both."""
    if not (known(supply, "modes") and known(demand, "modes")):
        return None
    offered, accepted = set(supply["modes"]), set(demand["modes"])
    shared = tuple(sorted(offered & accepted))
    value = len(shared) / min(len(offered), len(accepted))
    return Fit(value, "shared_modes" if shared else "no_shared_mode", shared, {"modes": shared})


def price_fit(supply: Fields, demand: Fields, settings: Settings) -> Fit | None:
    """Lowest price `price_low` against the band `budget_low`..`budget_high`, yuan: 1 up to the middle of
    the band (without a lower end: of 0..budget_high), falling to ½ at its upper end, 0 above."""
    if not (known(supply, "price_low") and known(demand, "budget_high")):
        return None
    price, high = float(supply["price_low"]), float(demand["budget_high"])
    low = float(demand["budget_low"]) if known(demand, "budget_low") else 0.0
    params = {"price_low": supply["price_low"], "budget_high": demand["budget_high"]}
    if price > high:
        return Fit(0.0, "above_budget", (), params)
    middle = (min(low, high) + high) / 2
    over = (price - middle) / (high - middle) if price > middle else 0.0
    return Fit(1 - 0.5 * over, "within_budget", (), params)


Comparison = Callable[[Fields, Fields, Settings], Fit | None]

COMPONENTS: Mapping[str, tuple[Comparison, str, str]] = {
    "field": (field_fit, "field", "field"),
    "trl": (trl_fit, "trl", "trl_min"),
    "mode": (mode_fit, "modes", "modes"),
    "price": (price_fit, "price_low", "budget_high"),
}
"""Each component with its comparison and the keys of supply and demand it needs."""


def structured_fit(question: Fields, found: Fields, settings: Settings) -> dict[str, Fit]:
    """Every component known of a pair, whichever side asks."""
    fits = {}
    for name, (compare, _, _) in COMPONENTS.items():
        fit = compare(found, question, settings) or compare(question, found, settings)
        if fit is not None:
            fits[name] = fit
    return fits


def asked_components(question: Fields) -> tuple[str, ...]:
    """The components to which the question holds a key: where it does not, no found document can be
    better or worse than another."""
    return tuple(
        name for name, (_, supply, demand) in COMPONENTS.items() if known(question, supply) or known(question, demand)
    )


def combined(text: float, fits: Mapping[str, Fit], asked: tuple[str, ...], settings: Settings) -> float:
    """The whole score: the text similarity, lowered by what does not fit.

    score = text × (1 − Σ weight × (1 − fit)) over the asked components; unknown counts ½. So the words
    lead, a pair without a shared word stays at 0, and the score is never above the text similarity.
    """
    values = {name: fits[name].value if name in fits else 0.5 for name in asked}
    missing = sum(settings.structured[name] * (1 - value) for name, value in values.items())
    return round(text * (1 - missing), 12)


def _codes(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
