"""The figures of a sales report as a form: those that the base of the royalty asks for, and no other deduction."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import ZERO
from marketplace.core.workspace import MoveForm, text

from ..rules.sheet import AnyTerm, Base, Equity, Fixed, Royalty, Sheet, TriggerKind
from ..services.figures import AMOUNTS, TOO_MUCH_OFF
from ..wording import DEDUCTIONS
from .fields import LONG, amount

DEDUCTION = "deduction_"
LARGE = {"max_digits": 16}


class FiguresForm(MoveForm):
    """Figures are added to it by the terms; `figures` are those for the service."""

    note = text(label=_("note"), rows=3, required=False, limit=LONG)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        taken = {name: each for name, each in values.items() if name.startswith(DEDUCTION) and each}
        if taken and "gross" in self.fields and sum(taken.values(), ZERO) > (values.get("gross") or ZERO):
            self.add_error(next(iter(taken)), TOO_MUCH_OFF)
        return values

    @staticmethod
    def figures(values: Mapping[str, Any]) -> dict[str, Any]:
        """Amounts and deductions by the names of the service; what was left empty is zero."""
        found: dict[str, Any] = {name: values[name] for name in AMOUNTS if values.get(name)}
        taken = {name.removeprefix(DEDUCTION): each for name, each in values.items() if name.startswith(DEDUCTION)}
        return found | {"deductions": {code: f"{each:.2f}" for code, each in taken.items() if each}}


def figures_for(sheet: Sheet, term_id: str) -> dict[str, forms.Field]:
    """The fields that a report for a term asks for, in the order in which people fill them in."""
    term = sheet.term(term_id)
    bases = bases_of(sheet, term)
    fields: dict[str, forms.Field] = {}
    if Base.NET_SALES in bases:
        fields["gross"] = figure(
            _("gross sales"), _("Everything invoiced in the period, in yuan. Zero is a report too.")
        )
    if Base.UNITS in bases:
        fields["units"] = figure(_("units"), _("How many were sold in the period."), decimal_places=3)
    if Base.GROSS_MARGIN in bases:
        fields["gross_margin"] = figure(_("gross margin"), _("Sales less cost of goods sold, in yuan."))
    return fields | royalty_fields(term) if isinstance(term, Royalty) else fields


def royalty_fields(royalty: Royalty) -> dict[str, forms.Field]:
    """Deductions that the terms allow, and what others were paid or paid where the terms look at it."""
    fields: dict[str, forms.Field] = {
        DEDUCTION + each.value: figure(_("less %(what)s") % {"what": DEDUCTIONS[each]}) for each in royalty.deductions
    }
    if royalty.stacking:
        fields["third_party_royalties"] = figure(_("royalties paid to third parties"))
    if royalty.sublicence:
        fields["sublicence_upfront"] = figure(_("one-off payments of sub-licensees"))
        fields["sublicence_royalty"] = figure(_("royalties of sub-licensees"))
    return fields


def bases_of(sheet: Sheet, term: AnyTerm | None) -> set[Base]:
    """What is counted: the base of the royalty, and what the thresholds of other payments wait for."""
    waits = {TriggerKind.REVENUE: Base.NET_SALES, TriggerKind.UNITS: Base.UNITS}
    triggers = [each.trigger for each in sheet.terms if isinstance(each, Fixed | Equity) and each.trigger]
    found = {waits[trigger.kind] for trigger in triggers if trigger.kind in waits}
    return found | {term.base} if isinstance(term, Royalty) else found


def figure(label: Any, help_text: Any = "", **options: Any) -> forms.DecimalField:
    return amount(label=label, help_text=help_text, required=False, **(LARGE | options))


def kept(report: Any, name: str) -> Decimal | str | None:
    """What a report says for a field of the form."""
    if name.startswith(DEDUCTION):
        return report.deductions.get(name.removeprefix(DEDUCTION))
    return getattr(report, name, None) or None
