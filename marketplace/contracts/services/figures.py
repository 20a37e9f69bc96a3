"""The figures of a sales report: read, held against the terms by the engine itself, and written as a fact."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Invalid
from marketplace.core.money import ZERO, exact

from ..models import Contract, SalesReport
from ..reading import history_of, sheet_of
from ..rules.events import Kind
from ..rules.obligations import obligations
from ..rules.reading import read_events
from ..rules.sheet import Base, Deduction, Royalty, Sheet
from ..wording import sentence_of

AMOUNTS = (
    *("gross", "units", "gross_margin", "third_party_royalties"),
    *("sublicence_upfront", "sublicence_royalty"),
)
SIGNED = ("gross_margin",)
"""Figures that may be below zero: a loss is reported as one."""

TOO_MUCH_OFF = _("The deductions add up to more than the gross sales. Please check them.")
MOST = Decimal(10) ** 13

FIELDS = {
    "E_DEDUCTION_NOT_ALLOWED": "deductions",
    "E_NEGATIVE_BASE": "deductions",
    "E_AMOUNT": "gross",
    "E_PERIOD_OVERLAP": "first",
    "E_PERIOD_GAP": "first",
}
"""Where in the form the rule that a report breaks is to be mended."""


def fill(report: SalesReport, values: dict[str, Any]) -> None:
    """Put the figures into a report; what is left out is zero. Raises Invalid by field."""
    faults = {name: [str(_("There is no such figure."))] for name in values if name not in (*AMOUNTS, "deductions")}
    for name in AMOUNTS:
        number = figure(values.get(name) or 0, places=3 if name == "units" else 2)
        if number is None or (number < 0 and name not in SIGNED):
            faults[name] = [str(_("Write a number of zero or more with at most two decimals, three for units."))]
        else:
            setattr(report, name, number)
    report.deductions, wrong = deductions(values.get("deductions") or {})
    if wrong:
        faults["deductions"] = [str(_("Give each deduction its code and an amount of zero or more."))]
    if faults:
        raise Invalid(fields=faults)


def figure(value: Any, *, places: int) -> Decimal | None:
    """A finite number with so many places at most, or None."""
    try:
        number = exact(value)
        return number if abs(number) < MOST and number == round(number, places) else None
    except (ValueError, TypeError, ArithmeticError):
        return None


def deductions(given: Any) -> tuple[dict[str, str], bool]:
    """The deductions as they are stored, by code; and whether one of them cannot be read."""
    if not isinstance(given, dict):
        return {}, True
    read = {str(code): figure(amount or 0, places=2) for code, amount in given.items()}
    kept = {code: f"{amount:.2f}" for code, amount in sorted(read.items()) if amount}
    codes = {each.value for each in Deduction}
    return kept, any(amount is None or amount < 0 or code not in codes for code, amount in read.items())


def key(report: SalesReport) -> str:
    """The key of the fact that an accepted report becomes."""
    return f"sales-{report.public_id}"


def content(report: SalesReport) -> dict[str, Any]:
    """What an accepted report says to the engine, in the public form of an event."""
    figures = {name: f"{getattr(report, name):f}" for name in AMOUNTS if getattr(report, name)}
    return {
        "royalty": report.royalty,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        **figures,
        **({"deductions": report.deductions} if report.deductions else {}),
        **({"corrects": key(stated_before(report, report.corrects))} if report.corrects else {}),
    }


def stated_before(correction: SalesReport, first: SalesReport) -> SalesReport:
    """What a correction states anew: the one before it. On one day only that says which of them came last."""
    return first.corrections.filter(pk__lt=correction.pk).order_by("pk").last() or first


def takes_off_sales(sheet: Sheet, report: SalesReport) -> bool:
    """Whether the report states gross sales, which deductions are taken off; other bases know none."""
    term = sheet.term(report.royalty)
    return not isinstance(term, Royalty) or term.base is Base.NET_SALES


def check_deductions(report: SalesReport) -> None:
    """Raise Invalid (E_NEGATIVE_BASE) when more is taken off than was sold, also where the terms cap what counts."""
    if sum(map(Decimal, report.deductions.values()), ZERO) > report.gross:
        raise Invalid(TOO_MUCH_OFF, code="E_NEGATIVE_BASE", fields={"deductions": [str(TOO_MUCH_OFF)]})


def check(contract: Contract, report: SalesReport) -> None:
    """Ask the engine what would be wrong if the report were accepted today; raise Invalid with the broken rule."""
    sheet = sheet_of(contract)
    if takes_off_sales(sheet, report):
        check_deductions(report)
    today = timezone.localdate()
    document = {"id": key(report), "kind": Kind.SALES.value, "on": today.isoformat(), **content(report)}
    events = (*history_of(contract), *read_events([document]))
    place = f"/events/{key(report)}"
    for fault in obligations(sheet, events, today).faults:
        if fault.pointer == place:
            field = FIELDS.get(fault.code, "")
            raise Invalid(sentence_of(fault), code=fault.code, fields={field: [str(sentence_of(fault))]})
