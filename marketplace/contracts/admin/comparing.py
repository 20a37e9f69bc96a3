"""What each way of paying would come to, side by side: by year, if it sells as expected and if it sells badly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core import charts
from marketplace.core.workspace.forms import tidy

from ..reading import late_rates
from ..rules.forecast import Case, compare
from ..rules.modes import Figures, build
from ..rules.plan import Plan, PlannedYear, Swing
from ..rules.sheet import Base, Equity, Fixed, Mode, Sheet
from ..wording import mode_name, yuan
from .fields import amount, whole

YEARS = 5
BAD = Swing(sales_factor=Decimal("0.3"), keep=False, late_months=12)
WAN = Decimal(10_000)
CASES = {
    "expected": gettext_lazy("If it goes as expected"),
    "bad": gettext_lazy("If it goes badly: 30 % of the sales, a year later, and a trial is not kept"),
}
BAD_WITHOUT_TRIAL = gettext_lazy("If it goes badly: 30 % of the sales, a year later")


class PlanForm(forms.Form):
    """What the firm expects to sell; nobody is bound by it."""

    first_sale_month = whole(label=gettext_lazy("first sale after months"), initial=12, max_value=120)
    sales_2 = amount(label=gettext_lazy("sales in the second year"), initial=500_000, required=False)
    sales_3 = amount(label=gettext_lazy("sales in the third year"), initial=1_500_000, required=False)
    sales_4 = amount(label=gettext_lazy("sales in each later year"), initial=3_000_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sales_2", "sales_3", "sales_4"):
            self.fields[name].help_text = gettext_lazy("In yuan; in units where the royalty counts units.")
        tidy(self)

    def plan(self, sheets: Sequence[Sheet], base: Base) -> Plan:
        given = self.cleaned_data
        sold = [None, given["sales_2"], given["sales_3"], *[given["sales_4"]] * (YEARS - 3)]
        column = {Base.NET_SALES: "net_sales", Base.UNITS: "units", Base.GROSS_MARGIN: "gross_margin"}[base]
        years = [PlannedYear(year=year, **{column: each}) for year, each in enumerate(sold, 1) if each]
        return Plan(
            signed_on=timezone.localdate(),
            years=tuple(years),
            first_sale_month=given["first_sale_month"],
            milestones=planned_milestones(sheets),
            bad=BAD,
        )


def planned_milestones(sheets: Sequence[Sheet]) -> dict[str, int]:
    """Each milestone in the month in which it is due."""
    triggers = [term.trigger for sheet in sheets for term in sheet.terms if isinstance(term, Fixed | Equity)]
    return {each.milestone: max(each.due_months, 1) for each in triggers if each and each.milestone}


@dataclass(frozen=True, slots=True)
class Ways:
    """One case of the comparison as a table: ways of paying down, years across."""

    title: Any
    years: list[int]
    rows: list[tuple[str, bool, list[str], str, str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both cases as tables, and one picture of them."""

    cases: list[Ways]
    picture: str


def compared(chosen: Sheet, others: Sequence[Mode], figures: Figures, form: PlanForm) -> Comparison:
    """The chosen sheet beside the other modes built with the same figures."""
    modes = [mode for mode in others if mode is not chosen.mode] or [Mode.BUYOUT]  # at least what paying at once costs
    sheets = [chosen, *(build(mode, figures) for mode in modes if mode is not chosen.mode)]
    outlooks = compare(sheets, form.plan(sheets, figures.base), legal_late_rate=late_rates("CN"))
    found = {name: [outlook.case(name) for outlook in outlooks] for name in CASES}
    return Comparison(
        cases=[table(title_of(name, sheets), sheets, cases) for name, cases in found.items()],
        picture=drawn(sheets, found),
    )


def title_of(case: str, sheets: Sequence[Sheet]) -> Any:
    """What a case supposes; of a trial only where one of the ways has one."""
    return BAD_WITHOUT_TRIAL if case == "bad" and not any(sheet.trial for sheet in sheets) else CASES[case]


def table(title: Any, sheets: Sequence[Sheet], cases: Sequence[Case]) -> Ways:
    last = max((row.year for case in cases for row in case.rows if row.total), default=cases[0].rows[0].year)
    years = [row.year for row in cases[0].rows if row.year <= last]
    rows = [
        (
            mode_name(sheet.mode),
            place == 0,
            [whole_yuan(row.total) for row in case.rows if row.year <= last],
            whole_yuan(case.totals.total),
            shares(case),
        )
        for place, (sheet, case) in enumerate(zip(sheets, cases, strict=True))
    ]
    return Ways(title, years, rows)


def whole_yuan(amount: Decimal) -> str:
    """A forecast is not exact to the fen."""
    return f"{amount:,.0f}" if amount else "–"


def shares(case: Case) -> str:
    """Shares are owed beside the cash."""
    return _("and shares worth %(amount)s") % {"amount": yuan(case.totals.equity)} if case.totals.equity else ""


def drawn(sheets: Sequence[Sheet], found: dict[str, list[Case]]) -> str:
    """Money paid up to the end of each year, a line a way, a panel a case."""
    panels = {"expected": _("as expected"), "bad": _("if it sells badly")}
    points = [
        charts.Point(str(row.year), float(row.cumulative / WAN), mode_name(sheet.mode), panels[name])
        for name, cases in found.items()
        for sheet, case in zip(sheets, cases, strict=True)
        for row in case.rows
    ]
    frame = charts.Frame(x_title="", y_title=_("paid in all, ten thousand yuan"), columns=1, width=520, height=180)
    return charts.as_address(charts.lines(points, frame))
