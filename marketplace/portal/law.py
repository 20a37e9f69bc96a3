"""The legal values that the platform decides by, as they stood on a day at a place, each with its citation."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from marketplace import law
from marketplace.law.rules.places import NATION
from marketplace.law.words import worded

from .labels import Labels

GROUPS = {
    "reward": gettext_lazy("Rewards for those who made the achievement"),
    "tto": gettext_lazy("Rewards for those who made the achievement"),
    "notice": gettext_lazy("Public notice before a price is agreed"),
    "self_implementation": gettext_lazy("When completers may act themselves"),
    "empowerment": gettext_lazy("When completers may act themselves"),
    "annual_report": gettext_lazy("Annual reports"),
    "contract_reg": gettext_lazy("Registration of contracts"),
    "contract": gettext_lazy("Registration of contracts"),
    "cnipa": gettext_lazy("Registration of contracts"),
    "patent": gettext_lazy("Patents"),
    "open_licence": gettext_lazy("Open licences"),
    "cit": gettext_lazy("Taxes"),
    "iit": gettext_lazy("Taxes"),
    "calendar": gettext_lazy("Holidays"),
}
OTHER = gettext_lazy("Default, guarantee and others")


class DayAndPlace(forms.Form):
    day = forms.DateField(label=gettext_lazy("On the day"), required=False, widget=forms.DateInput({"type": "date"}))
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)

    def __init__(self, values: Any, labels: Labels) -> None:
        super().__init__(values, label_suffix="")
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = labels.choices("province", _("All of China"))


@require_safe
def law_book(request: HttpRequest) -> HttpResponse:
    """The book of a day and place; a day or place that makes no sense is today and the whole country."""
    labels = Labels()
    form = DayAndPlace(request.GET, labels)
    form.is_valid()
    day = form.cleaned_data.get("day") or timezone.localdate()
    place = form.cleaned_data.get("place") or NATION
    form.data = {"day": day.isoformat(), "place": "" if place == NATION else place}
    groups = grouped(law.on(day, place).entries(), labels)
    return render(request, "portal/law.html", {"form": form, "day": day, "place": place, "groups": groups})


def grouped(provisions: list[Any], labels: Labels) -> dict[str, list[dict[str, Any]]]:
    """Provisions under the headings of GROUPS, in their order."""
    groups: dict[str, list[dict[str, Any]]] = {str(name): [] for name in (*GROUPS.values(), OTHER)}
    for provision in provisions:
        heading = str(GROUPS.get(provision.key.split(".")[0], OTHER))
        place = _("All of China") if provision.place == NATION else labels.label("province", provision.place)
        groups[heading].append({"rule": provision, "value": worded(provision), "place": place})
    return {heading: rows for heading, rows in groups.items() if rows}
