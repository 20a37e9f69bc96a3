"""The form of a registration: codes as choices, what is deducted as a table, and what moves ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import amount, day, line, paper, tick, whole
from marketplace.core.workspace import MoveForm, StageForm, name_in_table, select, text
from marketplace.law import codes

from .. import reading
from ..models import DeductedCost, Registration
from ..services.deciding import LONG, SHORT
from ..services.drafting import CODED, FACTS

LARGE = {"max_digits": 16}


class RegistrationForm(StageForm):
    """What the seller fills in; the rest is the contract's."""

    class Meta:
        model = Registration
        fields = FACTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields.get("office")
        if isinstance(office, forms.ModelChoiceField):
            found = reading.offices(self.instance.contract)
            office.queryset = found
            if not found.exists():
                office.help_text = _(
                    "No office of the seller's province is on the platform. Print the form, hand it in there, and "
                    "enter the number afterwards."
                )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}


def field_for(db_field: Any) -> forms.Field | None:
    """The form field of a column that holds a code; None for the others. Nothing is needed before it is handed in."""
    if db_field.name not in CODED:
        return None
    return select(
        label=db_field.verbose_name, help_text=db_field.help_text, choices=codes.choices(CODED[db_field.name]),
        asks=True, required=db_field.name in ("type", "subtype"),
    )  # fmt: skip


class CostForm(forms.ModelForm):
    class Meta:
        model = DeductedCost
        fields = ("kind", "what", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_in_table(self)


# What moves ask


class PaperForm(MoveForm):
    title = line(label=_("what it is"), max_length=100)
    file = paper(required=True, label=_("file"), help_text=_("Your side opens it, and the office that has the form."))


class RecordForm(MoveForm):
    number = line(label=_("registration number"), max_length=20, help_text=_("16 digits."))
    on = day(label=_("registered on"))
    office_name = line(label=_("name of the office"), max_length=200)
    certificate = paper(
        required=True, label=_("certificate"), help_text=_("PDF, picture, Word or Excel, at most 10 MB.")
    )


class ObjectionForm(MoveForm):
    objection = text(label=_("what was judged wrongly"), rows=5, limit=LONG)


class ChangeForm(MoveForm):
    total_amount = amount(label=_("new contract amount"), **LARGE)
    deducted_amount = amount(label=_("of it deducted"), **LARGE)
    ends_on = day(label=_("in force until"))
    reason = text(label=_("reason"), rows=3, limit=SHORT, help_text=_("Such as what a royalty came to, and its paper."))
    paper = paper(label=_("paper"))

    def prepare(self) -> None:
        for name in ("total_amount", "deducted_amount", "ends_on"):
            self.fields[name].initial = getattr(self.row, name)


class AskForm(MoveForm):
    missing = text(label=_("to be supplemented"), rows=4, limit=LONG, help_text=_("The seller reads this."))
    days = whole(label=_("days to supply it"), initial=15, min_value=1, max_value=180)


class RetypeForm(MoveForm):
    type = select(label=_("contract type"), choices=codes.choices("contract_type"))
    subtype = select(label=_("sub-type"), choices=codes.choices("contract_subtype"))
    reason = text(label=_("reason"), rows=3, limit=SHORT, help_text=_("Both sides read this."))

    def prepare(self) -> None:
        for name in ("type", "subtype"):
            self.fields[name].initial = getattr(self.row, name)


class ReasonForm(MoveForm):
    reason = text(label=_("reason"), rows=4, limit=SHORT, help_text=_("Both sides read this."))


class RefuseForm(MoveForm):
    reason = text(label=_("reason"), rows=5, limit=LONG, help_text=_("Both sides read this."))


class RegisterForm(MoveForm):
    number = line(label=_("registration number"), max_length=20, help_text=_("16 digits."))
    reason = text(label=_("remark"), rows=3, limit=LONG, required=False)
    certificate = paper(label=_("certificate"))


class EndForm(MoveForm):
    reason = text(label=_("reason"), rows=4, limit=SHORT, help_text=_("Both sides read this."))
    had_relief = tick(
        label=_("taxes were saved by it"), required=False, help_text=_("Then their authority is to be told.")
    )
