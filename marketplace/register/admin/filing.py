"""Yearly filings: the figures beside what the platform knows, accepted or returned; corrected by who filed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import money
from marketplace.core.workspace import ChoicesDropdownFilter, Move, MoveForm, add_move, can, display, text
from marketplace.core.workspace.fields import amount, whole
from marketplace.parties.models import TechnologyManager

from .. import services
from ..models import YearlyFiling
from .application import HeldAdmin, move

MOST = 1_000_000


class FiguresForm(MoveForm):
    """The figures of a year; a person files no staff."""

    deals = whole(label=_("contracts brought about"), max_value=MOST)
    contract_sum = amount(label=_("contract sum"), help_text=_("In yuan."))
    income = amount(label=_("income from transfer services"), help_text=_("In yuan."))
    staff = whole(label=_("full-time staff"), max_value=MOST)
    note = text(
        label=_("explanation"), rows=3, required=False, limit=1000,
        help_text=_("Needed when you file fewer contracts than the platform knows of."),
    )  # fmt: skip

    def fit(self, holder: Any) -> None:
        if isinstance(holder, TechnologyManager):
            del self.fields["staff"]


class CorrectForm(FiguresForm):
    def prepare(self) -> None:
        self.fit(self.row.holder)
        for name, field in self.fields.items():
            field.initial = getattr(self.row, name)


class ReturnForm(MoveForm):
    fault = text(label=_("to be corrected"), rows=3, limit=1000, help_text=_("Who filed reads this."))


def returned_or_filed(row: YearlyFiling) -> bool:
    return row.state != YearlyFiling.State.ACCEPTED


MOVES: tuple[Move, ...] = (
    move(
        "accept", "accept_filing", _("Accept"),
        lambda call: services.accept_filing(call.row, by=call.by, version=call.version),
        when=can("accept"), done=_("Accepted."), look="primary",
    ),
    move(
        "return", "return_filing", _("Return for correction"),
        lambda call: services.return_filing(call.row, call.values["fault"], by=call.by, version=call.version),
        when=can("send_back"), form=ReturnForm, done=_("Who filed is told."),
    ),
    move(
        "correct", "correct", _("Correct"),
        lambda call: services.correct_filing(call.row, call.values, by=call.by, version=call.version),
        when=returned_or_filed, form=CorrectForm, done=_("Filed anew."), look="primary",
    ),
)  # fmt: skip
add_move(YearlyFiling, *MOVES)


@admin.register(YearlyFiling)
class YearlyFilingAdmin(HeldAdmin):
    list_display = ("entry", "entry_kind", "year", "deals", "number_sum", "filed_shown", "state_label")
    list_filter = (("state", ChoicesDropdownFilter), "year")
    search_fields = ("manager__user__name", "agency__organisation__name_zh")
    ordering = ("-year", "-id")
    fieldsets = (
        (None, {"fields": (("entry_link", "year"), ("filed_shown", "due_on"))}),
        (_("Figures"), {"fields": (("deals", "counted"), ("number_sum", "number_income"), "staff", "note", "fault")}),
    )
    empty_sentence = _("Nothing was filed yet. File the data of last year from the page of your entry.")

    def notices(self, request: HttpRequest, row: YearlyFiling) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        if row.is_late:
            found.append(("warning", _("Filed after the due day, %(day)s.") % {"day": row.due_on.isoformat()}))
        if row.state == YearlyFiling.State.RETURNED:
            found.append(("error", _("To be corrected: %(what)s") % {"what": row.fault}))
        return found

    @display(description=_("contract sum"), ordering="contract_sum")
    def number_sum(self, row: YearlyFiling) -> str:
        return money(row.contract_sum)

    @display(description=_("income from transfer services"), ordering="income")
    def number_income(self, row: YearlyFiling) -> str:
        return money(row.income)

    @display(description=_("filed on"), ordering="filed_on")
    def filed_shown(self, row: YearlyFiling) -> str:
        day = row.filed_on.isoformat()
        return _("%(day)s, late") % {"day": day} if row.is_late else day
