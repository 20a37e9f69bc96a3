"""Rules of licence terms: the royalty of one report, in the order of DOMAIN 5.3, each step with its inputs.

Pure arithmetic of one period: what came before (for the tiers), what may be set off and what room the caps leave are
passed in by `account`. Nothing is rounded before step 9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .events import Sales
from .reports import base_of
from .sheet import Base, Royalty, Stacking, Tier, Tiering
from .statement import Step

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Earned:
    """Steps 1 to 4 of a report, and the seller's share of what sub-licensees paid."""

    sales: Sales
    base: Decimal
    before: Decimal
    adjusted: Decimal
    earned: Decimal
    stacked: Decimal
    sublicence: Decimal

    @property
    def payable(self) -> Decimal:
        return self.stacked + self.sublicence


def earn(royalty: Royalty, sales: Sales, before: Decimal) -> Earned:
    """What a report earns; `before` is the adjusted base that its tiers have counted already."""
    base = base_of(royalty, sales)
    adjusted = base * royalty.combination_factor
    earned = by_tiers(royalty, before, adjusted)
    return Earned(
        sales=sales,
        base=base,
        before=before,
        adjusted=adjusted,
        earned=earned,
        stacked=stack(royalty.stacking, adjusted, earned, sales.third_party_royalties),
        sublicence=share_of_sublicences(royalty, sales),
    )


def by_tiers(royalty: Royalty, before: Decimal, adjusted: Decimal) -> Decimal:
    """Marginal: each slice at its own rate. Cliff: all of it at the rate that the sum has reached (step 3)."""
    if royalty.tiering is Tiering.CLIFF:
        return rate_at(royalty.tiers, before + adjusted) * adjusted
    if len(royalty.tiers) == 1:
        return royalty.tiers[0].rate * adjusted
    return marginal(royalty.tiers, before, before + adjusted)


def rate_at(tiers: tuple[Tier, ...], sum_reached: Decimal) -> Decimal:
    """The rate of the last tier that begins at or below a sum."""
    return next((each.rate for each in reversed(tiers) if each.start <= sum_reached), NOTHING)


def marginal(tiers: tuple[Tier, ...], low: Decimal, high: Decimal) -> Decimal:
    """What the part of the base from low to high earns, slice by slice."""
    total = NOTHING
    for place, tier in enumerate(tiers):
        if tier.start >= high:
            break
        top = tiers[place + 1].start if place + 1 < len(tiers) else high
        slice_ = min(top, high) - max(tier.start, low)
        if slice_ > 0:
            total += tier.rate * slice_
    return total


def stack(stacking: Stacking | None, adjusted: Decimal, earned: Decimal, third_party: Decimal) -> Decimal:
    """Less a share of what third parties got, down to the floor; a floor stops the fall and raises nothing (step 4)."""
    if stacking is None:
        return earned
    offset = stacking.share * third_party
    if stacking.cap is not None:
        offset = min(offset, stacking.cap * earned)
    return max(earned - offset, min(earned, stacking.floor_rate * adjusted))


def share_of_sublicences(royalty: Royalty, sales: Sales) -> Decimal:
    """The seller's part of what sub-licensees paid at once and as royalties."""
    share = royalty.sublicence
    if share is None:
        return NOTHING
    return share.upfront_rate * sales.sublicence_upfront + share.royalty_rate * sales.sublicence_royalty


def explain(royalty: Royalty, earned: Earned) -> list[Step]:
    """Steps 1 to 4 in words that a program can turn into a sentence."""
    tiers: Mapping[str, Decimal | str] = {f"from {tier.start}": tier.rate for tier in royalty.tiers}
    steps = [
        Step("base", earned.base, _base_inputs(royalty, earned.sales)),
        Step("adjusted", earned.adjusted, {"base": earned.base, "combination_factor": royalty.combination_factor}),
        Step("earned", earned.earned, {"tiering": royalty.tiering.value, "before": earned.before, **tiers}),
        Step("stacked", earned.stacked, _stacking_inputs(royalty, earned)),
    ]
    if royalty.sublicence:
        steps.append(Step("sublicence", earned.payable, _sublicence_inputs(royalty, earned.sales)))
    return steps


def _base_inputs(royalty: Royalty, sales: Sales) -> dict[str, Decimal | str]:
    if royalty.base is Base.UNITS:
        return {"report": sales.id, "units": sales.units}
    if royalty.base is Base.GROSS_MARGIN:
        return {"report": sales.id, "gross_margin": sales.gross_margin}
    inputs: dict[str, Decimal | str] = {"report": sales.id, "gross": sales.gross}
    inputs |= {name.value: taken for name, taken in sales.deductions.items() if taken}
    if royalty.deduction_cap is not None:
        inputs["deduction_cap"] = royalty.deduction_cap
    return inputs


def _stacking_inputs(royalty: Royalty, earned: Earned) -> dict[str, Decimal | str]:
    stacking = royalty.stacking
    if stacking is None:
        return {"earned": earned.earned}
    inputs: dict[str, Decimal | str] = {
        "earned": earned.earned,
        "third_party_royalties": earned.sales.third_party_royalties,
        "share": stacking.share,
        "floor": stacking.floor_rate * earned.adjusted,
    }
    return inputs if stacking.cap is None else {**inputs, "cap": stacking.cap * earned.earned}


def _sublicence_inputs(royalty: Royalty, sales: Sales) -> dict[str, Decimal | str]:
    assert royalty.sublicence is not None
    return {
        "upfront": sales.sublicence_upfront,
        "upfront_rate": royalty.sublicence.upfront_rate,
        "royalty": sales.sublicence_royalty,
        "royalty_rate": royalty.sublicence.royalty_rate,
    }
