"""Rules of licence terms: the history that a plan expects: when things happen and what is sold in each period.

What is sold in a licence year is spread evenly over its days from the first sale on; a later first sale puts the whole
of it off, and what then falls behind the licence's end is not sold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from marketplace.core.money import ZERO, to_fen
from marketplace.law.rules.days import add_months

from .days import FAR, Span, days_of, licence_year_start, periods
from .events import Event, Kind, MilestoneReached, Sales
from .history import History, digest
from .plan import Plan, PlannedYear, Swing
from .reports import THRESHOLDS
from .sheet import Equity, Fixed, Period, Royalty, Sheet


class Course(NamedTuple):
    """The events that a plan expects, in a case, and the last day on which anything is sold."""

    signed_on: date
    events: list[Event]
    until: date


@dataclass(frozen=True, slots=True)
class Season:
    """Days over which something is sold evenly."""

    first: date
    last: date
    sold: PlannedYear

    def share(self, amount: Decimal, first: date, last: date) -> Decimal:
        """What of an amount falls to some days; the parts of all days add up to the fen."""
        return self._until(amount, last) - self._until(amount, first - timedelta(days=1))

    def _until(self, amount: Decimal, day: date) -> Decimal:
        return to_fen(amount * days_of(self.first, min(day, self.last)) / days_of(self.first, self.last))


def expect(sheet: Sheet, plan: Plan, swing: Swing) -> Course:
    """What happens under a sheet if a plan comes true in a case."""
    seasons = _seasons(plan, swing.late_months or 0) if swing.sales_factor else []
    facts = [*_happenings(sheet, plan, swing), *_first_sale(plan, swing, seasons), *_trial(sheet, plan, swing)]
    history = digest(sheet, facts, FAR)
    until = history.selling_until
    if until == FAR:
        until = max((each.last for each in seasons), default=plan.signed_on)
    return Course(plan.signed_on, [*facts, *_sales(history, seasons, until, swing)], until)


def _seasons(plan: Plan, late: int) -> list[Season]:
    """The selling days of each licence year, put off by so many months."""
    opens = add_months(plan.signed_on, plan.first_sale_month or 0)
    found = []
    for sold in plan.years:
        first = max(licence_year_start(plan.signed_on, sold.year), opens)
        last = add_months(plan.signed_on, 12 * sold.year)
        if first <= last and (sold.net_sales or sold.units or sold.gross_margin):
            found.append(Season(add_months(first, late), add_months(last, late), sold))
    return found


def _first_sale(plan: Plan, swing: Swing, seasons: list[Season]) -> list[Event]:
    """As planned, or on the first day on which anything is sold."""
    days = [each.first for each in seasons]
    if plan.first_sale_month is not None and swing.sales_factor:
        days = [add_months(plan.signed_on, plan.first_sale_month + (swing.late_months or 0))]
    return [Event(id="first-sale", kind=Kind.FIRST_SALE, on=min(days))] if days else []


def _happenings(sheet: Sheet, plan: Plan, swing: Swing) -> Iterator[Event]:
    """Signature and delivery on one day, then what the plan names a month for."""
    yield Event(id="signed", kind=Kind.SIGNED, on=plan.signed_on)
    yield Event(id="delivered", kind=Kind.DELIVERED, on=plan.signed_on)
    months = {
        Kind.FINANCING: plan.financing_month,
        Kind.GRANTED: plan.grant_month,
        Kind.CHANGE_OF_CONTROL: plan.change_of_control_month,
        Kind.BUYOUT_EXERCISED: plan.buyout_month if not sheet.trial or _keeps(plan, swing) else None,
    }
    for kind, month in months.items():
        if month is not None:
            yield Event(id=kind.value.lower(), kind=kind, on=add_months(plan.signed_on, month))
    for name, month in plan.milestones.items() if swing.late_months is not None else ():
        day = add_months(plan.signed_on, month + (swing.late_months or 0))
        yield MilestoneReached(id=f"milestone:{name}", kind=Kind.MILESTONE, on=day, milestone=name)


def _keeps(plan: Plan, swing: Swing) -> bool:
    return plan.keep if swing.keep is None else swing.keep


def _trial(sheet: Sheet, plan: Plan, swing: Swing) -> list[Event]:
    """The buyer uses the free phase to its last day and then elects."""
    if sheet.trial is None:
        return []
    kind = Kind.KEPT if _keeps(plan, swing) else Kind.STOPPED
    return [Event(id="elected", kind=kind, on=add_months(plan.signed_on, sheet.trial.months))]


def _sales(history: History, seasons: list[Season], until: date, swing: Swing) -> Iterator[Event]:
    """A report of every period on the day on which it is due, nil reports too."""
    start = history.royalties_from
    if start is None:
        return
    royalties = [each for each in history.sheet.terms if isinstance(each, Royalty)]
    for royalty in royalties:
        for span in periods(start, until, royalty.period):
            on = span.last + timedelta(days=royalty.report_days)
            yield _report(royalty.id, span, on, seasons, swing.sales_factor)
    for term in () if royalties else history.sheet.terms:
        if isinstance(term, Fixed | Equity) and term.trigger and term.trigger.kind in THRESHOLDS:
            for span in periods(start, until, Period.MONTH):
                yield _report(term.id, span, span.last, seasons, swing.sales_factor)


def _report(royalty: str, span: Span, on: date, seasons: list[Season], factor: Decimal) -> Sales:
    def sold(name: str) -> Decimal:
        amounts = (each.share(getattr(each.sold, name) * factor, span.first, span.last) for each in seasons)
        return sum(amounts, ZERO)

    return Sales(
        id=f"sales:{royalty}:{span.label}",
        kind=Kind.SALES,
        on=on,
        royalty=royalty,
        first=span.first,
        last=span.last,
        gross=sold("net_sales"),
        units=sold("units"),
        gross_margin=sold("gross_margin"),
    )
