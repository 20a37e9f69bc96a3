"""Rules of licence terms: how a whole preview is read: a sheet, what happened, a day, and what is expected."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..events import Event
from ..faults import Fault
from ..plan import Plan, PlannedYear, Swing
from ..sheet import Sheet
from .events import read_events
from .shapes import Reader, broken, every, list_of, members, nullable, optional, required, shown
from .sheet import read_sheet
from .values import amount, day, factor, flag, quantity, signed_amount, slug, whole

MOST_YEARS = 50
MOST_MILESTONES = 100

month = whole(0, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What somebody wants to see the cost of."""

    sheet: Sheet
    events: tuple[Event, ...] = ()
    as_of: date | None = None
    forecast: Plan | None = None


YEAR = {
    "year": required(whole(1, MOST_YEARS)),
    "net_sales": optional(amount),
    "units": optional(quantity),
    "gross_margin": optional(signed_amount),
}


def _year(value: Any, pointer: str) -> PlannedYear:
    return PlannedYear(**members(value, pointer, YEAR))


def _years_differ(items: list[Any], pointer: str) -> Iterator[Fault]:
    years = [item.get("year") if isinstance(item, dict) else None for item in items]
    for place, year in enumerate(years):
        if isinstance(year, int) and 0 < year <= MOST_YEARS and year in years[:place]:
            first = f"{pointer}/{years.index(year)}/year"
            yield Fault("E_DUPLICATE_ID", f"{pointer}/{place}/year", {"id": shown(str(year)), "first": first})


def _months_late(value: Any, pointer: str) -> int | None:
    """Null says never, which is not the same as nothing said."""
    return None if value is None else month(value, pointer)


SWING = {"sales_factor": optional(factor), "keep": nullable(flag), "late_months": optional(_months_late)}


def _swing(usual: Swing) -> Reader[Swing]:
    """A case; what is left open of it stays as usual."""
    return lambda value, pointer: replace(usual, **members(value, pointer, SWING))


def _milestones(value: Any, pointer: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise broken("E_FORM", pointer, expected="object", found=shown(value))
    if len(value) > MOST_MILESTONES:
        raise broken("E_FORM", pointer, expected="object", at_most=MOST_MILESTONES, found=len(value))
    return dict(every((_milestone, item, pointer) for item in value.items()))


def _milestone(item: tuple[str, Any], pointer: str) -> tuple[str, int]:
    name = slug(item[0], pointer)
    return name, month(item[1], f"{pointer}/{name}")


USUAL = Plan(signed_on=date.min)
PLAN = {
    "signed_on": required(day),
    "years": optional(list_of(_year, _years_differ, at_most=MOST_YEARS)),
    "first_sale_month": nullable(month),
    "milestones": optional(_milestones),
    "keep": optional(flag),
    "financing_month": nullable(month),
    "grant_month": nullable(month),
    "change_of_control_month": nullable(month),
    "buyout_month": nullable(month),
    "bad": optional(_swing(USUAL.bad)),
    "good": optional(_swing(USUAL.good)),
}


def read_plan(value: Any, pointer: str = "") -> Plan:
    """What a buyer expects of a licence. Raises `Broken` with every fault of shape at once."""
    return Plan(**members(value, pointer, PLAN))


DOCUMENT = {
    "sheet": required(read_sheet),
    "events": optional(read_events),
    "as_of": nullable(day),
    "forecast": nullable(read_plan),
}


def read_document(document: Any) -> Document:
    """A preview document. Raises `Broken` with every fault of shape in all its parts at once."""
    return Document(**members(document, "", DOCUMENT))
