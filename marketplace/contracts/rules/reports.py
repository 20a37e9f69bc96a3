"""Rules of licence terms: which sales reports count: of the schedule, once for every period, within what was agreed.

Periods tile the days on which sales bear royalties; a report states one of them whole, and a correction states it anew.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.core.money import ZERO

from .days import Span, cut, period_of
from .events import Sales
from .history import History
from .sheet import AnyTerm, Base, Equity, Fixed, Royalty, Trigger, TriggerKind

THRESHOLDS = (TriggerKind.REVENUE, TriggerKind.UNITS)


@dataclass(frozen=True, slots=True)
class Report:
    """An accepted report with its period of the schedule. `net` is what a threshold of revenue counts.

    `span` is None for a report that belongs to a term's own threshold and bears no royalty.
    """

    sales: Sales
    net: Decimal
    span: Span | None = None


Taken = dict[date, tuple[date, set[str]]]  # by first day: the last one, and the reports that stated the period


def accepted(history: History) -> list[Report]:
    """The reports that count, in the order in which they were accepted; the others are faults of the history."""
    if not history.sales:
        return []
    terms = {each.id: each for each in history.sheet.terms}
    taken: dict[str, Taken] = {}
    refused: set[str] = set()
    reports = []
    for sales in history.sales:
        report = _read(history, sales, terms.get(sales.royalty))
        if report and _takes_place(history, sales, taken.setdefault(sales.royalty, {}), refused):
            reports.append(report)
        else:
            refused.add(sales.id)
    _note_first_sale(history, reports)
    return reports


def _note_first_sale(history: History, reports: list[Report]) -> None:
    """Without word of the first sale the first report that shows one is its evidence."""
    shown = next((each.sales.on for each in reports if is_selling(each.sales)), None)
    if shown and (history.first_sale_on is None or shown < history.first_sale_on):
        history.first_sale_on = shown


def _read(history: History, sales: Sales, term: AnyTerm | None) -> Report | None:
    if isinstance(term, Royalty):
        span = _span(history, sales, term)
        return Report(sales, net_of(term, sales), span) if span and _is_sound(history, sales, term) else None
    trigger = term.trigger if isinstance(term, Fixed | Equity) else None
    if trigger is None or trigger.kind not in THRESHOLDS:
        history.refuse(sales, "E_ROYALTY_UNKNOWN", royalty=sales.royalty)
        return None
    return _of_threshold(history, sales)


def _takes_place(history: History, sales: Sales, taken: Taken, refused: set[str]) -> bool:
    """A period is stated once; a correction states again the period of what it corrects, or one that was refused."""
    _, ids = taken.get(sales.first, (sales.last, set()))
    if sales.corrects and sales.corrects not in ids and (ids or sales.corrects not in refused):
        history.refuse(sales, "E_CORRECTS_UNKNOWN", corrects=sales.corrects)
        return False
    overlapped = None if sales.corrects and ids else _overlapped(sales, taken)
    if overlapped:
        history.refuse(sales, "E_PERIOD_OVERLAP", first=f"/events/{overlapped}")
        return False
    taken.setdefault(sales.first, (sales.last, set()))[1].add(sales.id)
    return True


def _overlapped(sales: Sales, taken: Taken) -> str | None:
    """The first report of a period that shares a day with this one."""
    return next((min(ids) for first, (last, ids) in taken.items() if first <= sales.last and sales.first <= last), None)


def _span(history: History, sales: Sales, royalty: Royalty) -> Span | None:
    """The period of the schedule that a report states, or None and a fault."""
    start, end = history.royalties_from, history.selling_until
    if start is None:
        history.refuse(sales, "E_TRIAL_NOT_BEGUN", kind=sales.kind.value)
        return None
    span = cut(period_of(sales.first, royalty.period), start, end)
    if sales.last > end:
        history.refuse(sales, "E_ACCRUAL_AFTER_END", end=end.isoformat())
    elif (sales.first, sales.last) != (span.first, span.last):
        expected = {"first": span.first.isoformat(), "last": span.last.isoformat()}
        history.refuse(sales, "E_PERIOD_GAP", period=span.label, **expected)
    elif sales.on < sales.last:
        history.refuse(sales, "E_PERIOD_OPEN", period=span.label, last=span.last.isoformat())
    else:
        return span
    return None


def _is_sound(history: History, sales: Sales, royalty: Royalty) -> bool:
    figures = (
        sales.gross,
        sales.units,
        sales.third_party_royalties,
        sales.sublicence_upfront,
        sales.sublicence_royalty,
        *sales.deductions.values(),
    )
    strange = [name.value for name, taken in sales.deductions.items() if taken and name not in royalty.deductions]
    if strange:
        history.refuse(sales, "E_DEDUCTION_NOT_ALLOWED", found=", ".join(strange))
    elif any(figure < 0 for figure in figures):
        history.refuse(sales, "E_AMOUNT", found=str(min(figures)))
    elif base_of(royalty, sales) < 0:
        history.refuse(sales, "E_NEGATIVE_BASE", found=str(base_of(royalty, sales)))
    else:
        return True
    return False


def _of_threshold(history: History, sales: Sales) -> Report | None:
    """A report for a payment at so much revenue or so many units, where no royalty asks for reports."""
    net = sales.gross - sum(sales.deductions.values(), ZERO)
    if min(net, sales.units) < 0:
        history.refuse(sales, "E_NEGATIVE_BASE", found=str(min(net, sales.units)))
        return None
    return Report(sales, net)


def net_of(royalty: Royalty, sales: Sales) -> Decimal:
    """Gross less what may be deducted, which is capped at a part of gross."""
    if not sales.deductions:
        return sales.gross
    deducted = sum(sales.deductions.values(), ZERO)
    if royalty.deduction_cap is not None:
        deducted = min(deducted, royalty.deduction_cap * sales.gross)
    return sales.gross - deducted


def base_of(royalty: Royalty, sales: Sales) -> Decimal:
    """What the royalty is a share of (DOMAIN 5.3 step 1)."""
    if royalty.base is Base.UNITS:
        return sales.units
    return sales.gross_margin if royalty.base is Base.GROSS_MARGIN else net_of(royalty, sales)


def is_selling(sales: Sales) -> bool:
    """Whether a report shows that something was sold."""
    return bool(sales.gross or sales.units or sales.gross_margin)


def threshold_of(trigger: Trigger, report: Report) -> Decimal:
    """What of a report counts towards a trigger's threshold."""
    return report.sales.units if trigger.kind is TriggerKind.UNITS else report.net
