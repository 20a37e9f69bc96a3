"""The cash-flow calendar in the workspace: twelve months and more, a chart and the table beneath it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core import charts
from marketplace.core.charts import Frame, Point
from marketplace.core.showing import fen

from .. import cashflow
from ..rules.cashflow import Month, first_of, total

BEFORE, COUNT = 8, 12
TEN_THOUSAND = 10_000


def view(request: HttpRequest, shared: dict[str, Any]) -> HttpResponse:
    """Twelve months from the one that is asked for; as receiver, and as payer where there is anything to pay."""
    first = asked(request.GET.get("from", "")) or first_of(timezone.localdate(), -BEFORE)
    names = {cashflow.RECEIVER: _("To be received"), cashflow.PAYER: _("To be paid")}
    sides = []
    for side, name in names.items():
        contracts = cashflow.contracts_of(request.user, side)
        months = cashflow.months_of(contracts, first, COUNT)
        if any(any(month[1:]) for month in months) or side == cashflow.RECEIVER:
            sides.append((name, drawn(months), [in_words(each) for each in months], in_words(total(months))))
    earlier, later = (f"{first_of(first, step):%Y-%m}" for step in (-COUNT, COUNT))
    span = f"{first:%Y-%m} – {first_of(first, COUNT - 1):%Y-%m}"
    context = {**shared, "title": _("Cash-flow calendar"), "sides": sides, "span": span}
    return TemplateResponse(request, "settlement/cash_flow.html", context | {"earlier": earlier, "later": later})


def asked(text: str) -> date | None:
    """A month as the address names it: 2027-01."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def drawn(months: list[Month]) -> str:
    """Expected beside arrived, in ten thousand yuan, as an address of a picture."""
    points = []
    for month in months:
        x = f"{month.first:%y-%m}"
        points.append(Point(x, float(month.expected) / TEN_THOUSAND, _("expected")))
        points.append(Point(x, float(month.came) / TEN_THOUSAND, _("arrived")))
    frame = Frame(x_title=_("month"), y_title=_("10,000 yuan"), width=640, height=180)
    return charts.as_address(charts.bars(points, frame))


def in_words(month: Month) -> tuple[str, list[str]]:
    amounts = (month.due, month.planned, month.came, month.open)
    return month.name, [fen(each) if each else "–" for each in amounts]
