"""The public register: technology managers and transfer agencies, a page each with their history, and verification."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from marketplace.core.models import is_public_id
from marketplace.core.showing import band
from marketplace.parties.models import LANGUAGES, Agency, TechnologyManager
from marketplace.register.models import RegisterLine
from marketplace.register.rules import PublicTrack
from marketplace.register.services import find_portfolio
from marketplace.register.track import public_track_of, with_track

from .filters import ANY
from .labels import Labels
from .listings import without_page

PAGE = 30
STANDINGS = {"": _("valid today"), "expired": _("term over"), "removed": _("removed")}


class DirectoryFilter(forms.Form):
    field = forms.ChoiceField(label=_("Technical field"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", ANY), *LANGUAGES.items()])
    level = forms.ChoiceField(label=_("Level"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    standing = forms.ChoiceField(label=_("Standing"), required=False, choices=list(STANDINGS.items()))

    def __init__(self, values: Any, labels: Labels, *, names: tuple[str, ...]) -> None:
        super().__init__(values, label_suffix="")
        self.fields = {name: self.fields[name] for name in names}
        lists = {"field": "technical_field", "level": "tech_manager_level", "region": "province"}
        for name, code_list in lists.items():
            if name in self.fields:
                self.fields[name].choices = labels.choices(code_list, ANY)  # type: ignore[attr-defined]

    def faults(self) -> list[str]:
        return [str(self.fields[name].label) for name in self.errors]

    def admits(self, row: Any) -> bool:
        """Whether an entry has what was asked for. An entry without fields works in all of them."""
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return (
            standing_of(row) == values.get("standing", "")
            and ("field" not in values or not row.fields or values["field"] in row.fields)
            and ("language" not in values or values["language"] in row.languages)
            and ("level" not in values or values["level"] == row.level)
            and ("region" not in values or values["region"] == region_of(row))
        )


def standing_of(row: Any) -> str:
    """A key of STANDINGS."""
    if row.state == row.State.REMOVED:
        return "removed"
    return "" if row.is_valid else "expired"


def region_of(row: Any) -> str:
    """Where an agency sits; a manager works where their agency does."""
    agency = row if isinstance(row, Agency) else row.agency
    return agency.organisation.region if agency else ""


def entered(model: Any) -> Any:
    """Whoever was ever entered, with what the public may read of their record."""
    related = ("user", "agency__organisation") if model is TechnologyManager else ("organisation",)
    rows = model.objects.exclude(register_number="").select_related(*related)
    return with_track(rows, is_public=True)


@require_safe
def managers(request: HttpRequest) -> HttpResponse:
    """Technology managers; without a filter those whose registration is valid today."""
    labels = Labels()
    form = DirectoryFilter(request.GET, labels, names=("field", "language", "level", "region", "standing"))
    rows = entered(TechnologyManager).order_by("user__name", "pk")
    return directory(request, form, rows, labels, "managers")


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """Transfer agencies; without a filter those whose registration is valid today."""
    labels = Labels()
    form = DirectoryFilter(request.GET, labels, names=("field", "region", "standing"))
    rows = entered(Agency).order_by("organisation__name_zh", "pk")
    return directory(request, form, rows, labels, "agencies")


def directory(request: HttpRequest, form: DirectoryFilter, rows: Any, labels: Labels, which: str) -> HttpResponse:
    form.is_valid()
    page = Paginator([row for row in rows if form.admits(row)], PAGE).get_page(request.GET.get("page"))
    entries = [entry(row, labels) for row in page]
    context = {"form": form, "page": page, "entries": entries, "which": which, "query": without_page(request)}
    context["pages"] = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return render(request, "portal/directory.html", context)


@require_safe
def manager(request: HttpRequest, public_id: str) -> HttpResponse:
    """One technology manager."""
    return show(request, TechnologyManager, public_id)


@require_safe
def agency(request: HttpRequest, public_id: str) -> HttpResponse:
    """One transfer agency."""
    return show(request, Agency, public_id)


def show(request: HttpRequest, model: Any, public_id: str) -> HttpResponse:
    row = entered(model).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Http404
    labels = Labels()
    context = {"entry": entry(row, labels), "lines": RegisterLine.objects.of(row), "is_agency": model is Agency}
    context["people"] = people_of(row) if model is Agency else []
    return render(request, "portal/entry.html", context)


def people_of(row: Agency) -> Any:
    """The technology managers of an agency who are in the register today."""
    return TechnologyManager.objects.valid().filter(agency=row).select_related("user").order_by("user__name", "pk")


def entry(row: Any, labels: Labels) -> dict[str, Any]:
    """What the public register says of an entry: no address, nothing that was not published."""
    is_agency = isinstance(row, Agency)
    found = {
        "id": row.public_id,
        "number": row.register_number,
        "valid_until": row.valid_until,
        "standing": standing_of(row),
        "standing_label": STANDINGS[standing_of(row)],
        "fields": [labels.label("technical_field", code) for code in row.fields],
        "region": labels.label("province", region_of(row)) if region_of(row) else "",
        "track": public_track_of(row),
        "received": received(public_track_of(row)),
        "contact": row.contact,
    }
    if is_agency:
        return found | {"name": str(row.organisation), "text": spoken(row.services, row.services_en)}
    return found | {
        "name": row.user.name,
        "level": labels.label("tech_manager_level", row.level),
        "languages": [LANGUAGES.get(code, code) for code in row.languages],
        "agency": row.agency if row.agency and row.agency.is_valid else None,
        "text": spoken(row.introduction, row.introduction_en),
    }


def spoken(text: str, english: str) -> str:
    """A text in the reader's language, or in the other if there is none."""
    chosen = (english, text) if (get_language() or "").startswith("en") else (text, english)
    return chosen[0] or chosen[1]


def received(track: PublicTrack) -> str:
    """The range of what was received, in words; nothing where it may not be told."""
    return band(track.low, track.high) if track.low is not None else ""


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a portfolio of this number was made here: for whom, when, with which hash. Never what it says."""
    number = request.GET.get("number", "").strip().upper()
    context = {"number": number, "found": find_portfolio(number)}
    return render(request, "portal/verify.html", context)
