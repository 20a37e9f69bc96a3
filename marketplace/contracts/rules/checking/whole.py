"""Rules of licence terms: what holds for a sheet as a whole: its term, its end rule, its caps, its guarantees."""

from collections.abc import Iterator
from decimal import Decimal

from ..faults import Fault
from ..limits import Limits
from ..sheet import Buyout, Equity, Sheet
from ..totals import certain


def faults(sheet: Sheet, *, limits: Limits) -> Iterator[Fault]:
    yield from _licence_term(sheet, limits)
    yield from _end_of_trial(sheet)
    yield from _total_cap(sheet)
    yield from _buyout(sheet)
    yield from _shares(sheet)
    yield from _guarantees(sheet)


def _licence_term(sheet: Sheet, limits: Limits) -> Iterator[Fault]:
    """A licence that does not say how long has no limit in time (technology contract interpretation 28)."""
    if not sheet.term_months and sheet.ends_on is None:
        yield Fault("E_NO_TERM", "/term")
    if 0 < sheet.term_months < limits.income_tax_licence_years * 12:
        inputs = {"months": sheet.term_months, "years": limits.income_tax_licence_years}
        yield Fault("W_LICENCE_LT_5Y", "/term/months", inputs)


def _end_of_trial(sheet: Sheet) -> Iterator[Fault]:
    """A free phase ends by a rule, and within the term: never silent free use (DOMAIN 3.4)."""
    trial = sheet.trial
    if trial is None:
        return
    if trial.at_end is None:
        yield Fault("E_NO_END_RULE", "/trial/at_end", {"reason": "missing"})
    if trial.extensions and not trial.extension_months:
        yield Fault("E_NO_END_RULE", "/trial/extension_months", {"reason": "extension"})
    longest = trial.months + trial.extensions * trial.extension_months
    if 0 < sheet.term_months <= longest:
        inputs = {"reason": "whole_term", "months": longest, "term_months": sheet.term_months}
        yield Fault("E_NO_END_RULE", "/trial/months", inputs)


def _total_cap(sheet: Sheet) -> Iterator[Fault]:
    """What is sure to be paid cannot exceed the most that may be paid."""
    if sheet.total_cap is not None and (floor := certain(sheet)) > sheet.total_cap:
        yield Fault("E_FLOOR_GT_CAP", "/total_cap", {"floor": floor, "cap": sheet.total_cap, "of": "total_cap"})


def _buyout(sheet: Sheet) -> Iterator[Fault]:
    """An option has a last day, and that day lies within the licence."""
    for place, term in enumerate(sheet.terms):
        if not isinstance(term, Buyout):
            continue
        pointer = f"/terms/{place}/until"
        if not term.until_months and term.until_day is None:
            yield Fault("E_BUYOUT_EXPIRY", pointer, {"reason": "missing"})
        if 0 < sheet.term_months < term.until_months:
            yield Fault("E_BUYOUT_EXPIRY", pointer, {"reason": "after_end", "term_months": sheet.term_months})
        if sheet.ends_on and term.until_day and term.until_day > sheet.ends_on:
            yield Fault("E_BUYOUT_EXPIRY", pointer, {"reason": "after_end", "ends_on": sheet.ends_on})


def _shares(sheet: Sheet) -> Iterator[Fault]:
    total = Decimal(0)
    for place, term in enumerate(sheet.terms):
        total += term.percent if isinstance(term, Equity) else 0
        if isinstance(term, Equity) and total > 1:
            inputs = {"reason": "most", "most": "1", "found": str(total)}
            yield Fault("E_RATE_RANGE", f"/terms/{place}/percent", inputs)


def _guarantees(sheet: Sheet) -> Iterator[Fault]:
    """A guarantee that ends before the debt is due counts as not agreed (Civil Code 692)."""
    for place, cover in enumerate(sheet.guarantees):
        if cover.period_months is not None and cover.period_months <= 0:
            pointer = f"/guarantees/{place}/period_months"
            yield Fault("E_GUARANTEE_PERIOD_INVALID", pointer, {"found": cover.period_months})
