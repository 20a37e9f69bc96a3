"""Rules of licence terms: what holds for a royalty: its tiers, floors, caps, deductions and credits (DOMAIN 5.4)."""

from collections.abc import Iterator
from itertools import pairwise

from ..days import MONTHS
from ..faults import Fault
from ..limits import Limits
from ..sheet import Base, Fixed, Royalty, Sheet


def faults(sheet: Sheet, *, limits: Limits) -> Iterator[Fault]:
    for place, term in enumerate(sheet.terms):
        if isinstance(term, Royalty):
            pointer = f"/terms/{place}"
            yield from _tiers(term, pointer)
            yield from _floor(term, pointer)
            yield from _minimum(sheet, term, pointer)
            yield from _deductions(term, pointer)
            yield from _credits(sheet, term, pointer)
            yield from _usual_rate(term, pointer, limits)


def _tiers(term: Royalty, pointer: str) -> Iterator[Fault]:
    """The table is continuous from 0 with strictly increasing thresholds."""
    if not term.tiers:
        yield Fault("E_TIER_ORDER", f"{pointer}/tiers", {"reason": "empty"})
    elif term.tiers[0].start:
        yield Fault("E_TIER_ORDER", f"{pointer}/tiers/0/from", {"reason": "start", "found": term.tiers[0].start})
    for step, (before, tier) in enumerate(pairwise(term.tiers), 1):
        if tier.start <= before.start:
            inputs = {"reason": "order", "found": tier.start, "before": before.start}
            yield Fault("E_TIER_ORDER", f"{pointer}/tiers/{step}/from", inputs)


def _floor(term: Royalty, pointer: str) -> Iterator[Fault]:
    """A floor above the rate itself would raise what it is meant to protect."""
    rates = [tier.rate for tier in term.tiers]
    if term.stacking and rates and term.stacking.floor_rate > min(rates):
        inputs = {"floor": term.stacking.floor_rate, "cap": min(rates), "of": "rate"}
        yield Fault("E_FLOOR_GT_CAP", f"{pointer}/stacking/floor_rate", inputs)


def _minimum(sheet: Sheet, term: Royalty, pointer: str) -> Iterator[Fault]:
    if term.minimum_yearly is None:
        return
    a_year = 12 // MONTHS[term.period]
    caps = {
        "period_cap": None if term.period_cap is None else term.period_cap * a_year,
        "lifetime_cap": term.lifetime_cap,
        "total_cap": sheet.total_cap,
    }
    for name, cap in caps.items():
        if cap is not None and term.minimum_yearly > cap:
            inputs = {"minimum": term.minimum_yearly, "cap": cap, "of": name}
            yield Fault("E_MINIMUM_GT_CAP", f"{pointer}/minimum_yearly", inputs)


def _deductions(term: Royalty, pointer: str) -> Iterator[Fault]:
    """Deductions make gross sales net; units and margins have none. A cap of deductions needs some to cap."""
    if term.deductions and term.base is not Base.NET_SALES:
        yield Fault("E_DEDUCTION_NOT_ALLOWED", f"{pointer}/deductions", {"base": term.base.value})
    if term.deduction_cap is not None and not term.deductions:
        yield Fault("E_DEDUCTION_CAP", f"{pointer}/deduction_cap", {"reason": "nothing_to_cap"})


def _credits(sheet: Sheet, term: Royalty, pointer: str) -> Iterator[Fault]:
    """Only a fixed amount that says it is creditable can be set off."""
    for place, id in enumerate(term.credits):
        credited = sheet.term(id)
        if not isinstance(credited, Fixed):
            yield Fault("E_CREDIT_UNKNOWN", f"{pointer}/credits/{place}", {"reason": "unknown", "term": id})
        elif not credited.creditable:
            yield Fault("E_CREDIT_UNKNOWN", f"{pointer}/credits/{place}", {"reason": "not_creditable", "term": id})


def _usual_rate(term: Royalty, pointer: str, limits: Limits) -> Iterator[Fault]:
    """What the state thinks normal shows in the caps of open licences."""
    caps = {Base.NET_SALES: limits.open_royalty_cap_sales, Base.GROSS_MARGIN: limits.open_royalty_cap_profit}
    cap = caps.get(term.base)
    for step, tier in enumerate(term.tiers):
        if cap is not None and tier.rate > cap:
            inputs = {"rate": tier.rate, "cap": cap}
            yield Fault("W_RATE_ABOVE_OPEN_LICENCE_CAP", f"{pointer}/tiers/{step}/rate", inputs)
