"""Rules of licence terms: what a buyer is sure to pay under a sheet, whatever comes. Shares are no cash."""

from decimal import Decimal

from .days import MONTHS
from .origins import DATED, origin, payments
from .sheet import Fixed, Maintenance, MaintenanceEnd, Sheet, TriggerKind


def certain(sheet: Sheet) -> Decimal:
    """The sum of the fixed amounts whose day comes by itself, each once."""
    return sum((term.amount for _, term in _fixed(sheet, *DATED)), Decimal(0))


def certain_and_repeated(sheet: Sheet) -> Decimal:
    """The same with what repeats counted over the whole term, as far as the sheet says how long that is."""
    return certain(sheet) + _repeated(sheet) + _yearly(sheet)


def named(sheet: Sheet) -> Decimal:
    """All that the sheet names, whether or not its day comes by itself; what repeats over the whole term."""
    every = sum((term.amount for _, term in payments(sheet) if isinstance(term, Fixed)), Decimal(0))
    repeated = sum((term.amount for _, term in _fixed(sheet, TriggerKind.PERIOD_END)), Decimal(0))
    return every - repeated + _repeated(sheet) + _yearly(sheet)


def _fixed(sheet: Sheet, *causes: object) -> list[tuple[int, Fixed]]:
    found = [(place, term, origin(sheet, term.trigger)) for place, term in payments(sheet) if isinstance(term, Fixed)]
    return [(place, term) for place, term, cause in found if cause is not None and cause.cause in causes]


def _repeated(sheet: Sheet) -> Decimal:
    return sum(
        (
            term.amount * _times(sheet, MONTHS[term.trigger.every])
            for _, term in _fixed(sheet, TriggerKind.PERIOD_END)
            if term.trigger is not None and term.trigger.every is not None
        ),
        Decimal(0),
    )


def _yearly(sheet: Sheet) -> Decimal:
    fees = [term for term in sheet.terms if isinstance(term, Maintenance)]
    times = {MaintenanceEnd.END: _times(sheet, 12), MaintenanceEnd.FIRST_SALE: 1}
    return sum((fee.amount * times[fee.until] for fee in fees), Decimal(0))


def _times(sheet: Sheet, months: int) -> int:
    """How often a period of so many months ends in the term; at least once."""
    return max(sheet.term_months // months, 1)
