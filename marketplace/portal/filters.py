"""Narrowing a list: which words and choices a visitor may give. What is not understood is left out and said."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.discovery import narrowing

from .labels import Labels

ANY = _("any")


class ListingFilter(forms.Form):
    """What both lists share. Faulty values count as not given."""

    q = forms.CharField(
        label=_("Words to find"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    field = forms.ChoiceField(label=_("Technical field"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    mode = forms.ChoiceField(label=_("Licensing mode"), required=False)
    price = forms.ChoiceField(label=_("Price"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False)

    ORDERS: dict[str, tuple[Any, list[Any]]] = {}
    kind = ""

    def __init__(self, values: Any, labels: Labels) -> None:
        super().__init__(values)
        self.label_suffix = ""
        chosen = {"field": "technical_field", "region": "province", "mode": "licensing_mode"}
        for name, code_list in chosen.items():
            self.choose(name, labels.choices(code_list, ANY))
        self.choose("price", [("", ANY), *((code, label) for code, (_low, _high, label) in narrowing.BANDS.items())])
        self.choose("order", [(code, label) for code, (label, _columns) in self.ORDERS.items()])

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def faults(self) -> list[str]:
        """Names of the filters that were not understood."""
        return [str(self.fields[name].label) for name in self.errors]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def is_narrow(self) -> bool:
        return bool(set(self.chosen()) - {"order"})

    def narrow(self, rows: Any) -> QuerySet[Any]:
        values = self.chosen()
        rows = narrowing.narrow(rows, self.kind, values)
        _label, columns = self.ORDERS[values.get("order") or next(iter(self.ORDERS))]
        return rows.order_by(*columns)


class AchievementFilter(ListingFilter):
    kind = "achievement"
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    trl = forms.ChoiceField(label=_("Readiness at least"), required=False)

    ORDERS = {
        "newest": (_("newest first"), ["-published_on", "-id"]),
        "readiness": (_("most mature first"), [F("trl").desc(nulls_last=True), "-id"]),
        "price": (_("lowest price first"), [F("price_low").asc(nulls_last=True), "-id"]),
    }
    field_order = ["q", "field", "region", "stage", "trl", "mode", "price", "order"]

    def __init__(self, values: Any, labels: Labels) -> None:
        super().__init__(values, labels)
        self.choose("stage", labels.choices("achievement_stage", ANY))
        self.choose("trl", levels(labels))


class DemandFilter(ListingFilter):
    kind = "demand"
    trl = forms.ChoiceField(label=_("My technology's readiness"), required=False)

    ORDERS = {
        "newest": (_("newest first"), ["-published_on", "-id"]),
        "deadline": (_("nearest deadline first"), [F("deadline").asc(nulls_last=True), "-id"]),
        "budget": (_("highest budget first"), [F("price_high").desc(nulls_last=True), "-id"]),
    }
    field_order = ["q", "field", "region", "trl", "mode", "price", "order"]

    def __init__(self, values: Any, labels: Labels) -> None:
        super().__init__(values, labels)
        self.fields["price"].label = _("Budget")
        self.choose("trl", levels(labels))


def levels(labels: Labels) -> list[tuple[str, Any]]:
    return [("", ANY), *((code, f"{code} · {label}") for code, label in labels.choices("trl9"))]
