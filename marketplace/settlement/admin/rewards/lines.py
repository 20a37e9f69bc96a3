"""The lines of a plan as a table to fill in: one row a share; a row that is left empty says nothing."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget
from marketplace.core.workspace.unfold import UnfoldBooleanWidget

from ...models import PlanLine
from ...rules import sharing
from ...services.plans import MOST_LINES

COLUMNS = ("role", "payee", "name", "share", "is_main")
LABELS = {
    "role": _("as"),
    "payee": _("payee"),
    "name": _("name of the unit"),
    "share": pgettext_lazy("plan", "share"),
    "is_main": _("main contributor"),
}
SPARE = 3
Row = dict[str, str]


class LinesWidget(forms.Widget):
    """Cells named `lines-0-role` and so on; the script of the workspace adds rows, and without it some are spare."""

    payees: tuple[tuple[str, str], ...] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        rows, place = [], 0
        while place <= MOST_LINES and f"{name}-{place}-role" in data:
            cells = {column: data.get(f"{name}-{place}-{column}", "").strip() for column in COLUMNS}
            rows.append(cells)
            place += 1
        return rows

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-role"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [row for row in value or [] if any(row.values())]
        spare: list[Row] = [{} for _place in range(SPARE if rows else 2 * SPARE)]
        cells = [self.cells(f"{name}-{place}", row) for place, row in enumerate([*rows, *spare])]
        return render_to_string("settlement/rewards/lines_input.html", {"rows": cells, "name": name})

    def cells(self, name: str, row: Row) -> list[tuple[str, Any, SafeString]]:
        widgets: dict[str, Any] = {
            "role": UnfoldAdminSelectWidget(choices=[("", _("Select value")), *PlanLine.Role.choices]),
            "payee": UnfoldAdminSelectWidget(choices=[("", "–"), *self.payees]),
            "name": UnfoldAdminTextInputWidget(attrs={"maxlength": 100}),
            "share": UnfoldAdminTextInputWidget(attrs={"maxlength": 24, "autocomplete": "off"}),
            "is_main": UnfoldBooleanWidget(),
        }
        return [
            (column, LABELS[column], self.cell(widgets[column], f"{name}-{column}", row.get(column, ""), column))
            for column in COLUMNS
        ]

    def cell(self, widget: Any, name: str, value: Any, column: str) -> SafeString:
        attrs = {"id": f"id_{name}", "aria-label": str(LABELS[column])}
        return widget.render(name, bool(value) if column == "is_main" else value, attrs)


class LinesField(forms.Field):
    widget = LinesWidget

    def to_python(self, value: Any) -> list[Row]:
        """The rows in which something is written; a tick or a role alone is nothing."""
        return [row for row in value or [] if row["payee"] or row["name"] or row["share"]]


def filled(lines: Any) -> list[Row]:
    """The lines of a plan as the table shows them."""
    return [
        {
            "role": line.role,
            "payee": line.payee.public_id if line.payee else "",
            "name": "" if line.payee else line.name,
            "share": sharing.written(line.share),
            "is_main": "on" if line.is_main else "",
        }
        for line in lines
    ]
