"""The public directories of technology managers and transfer agencies."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from marketplace.parties.models import Agency, TechnologyManager

from .filters import ANY
from .labels import Labels
from .listings import without_page

PAGE = 30
LANGUAGES = {"zh": _("Chinese"), "en": _("English"), "de": _("German"), "fr": _("French"), "ja": _("Japanese"),
             "ko": _("Korean"), "ru": _("Russian")}  # fmt: skip


class DirectoryFilter(forms.Form):
    field = forms.ChoiceField(label=_("Technical field"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", ANY), *LANGUAGES.items()])
    level = forms.ChoiceField(label=_("Level"), required=False)

    def __init__(self, values: Any, labels: Labels, *, names: tuple[str, ...]) -> None:
        super().__init__(values, label_suffix="")
        self.fields = {name: self.fields[name] for name in names}
        for name, code_list in {"field": "technical_field", "level": "tech_manager_level"}.items():
            if name in self.fields:
                self.fields[name].choices = labels.choices(code_list, ANY)  # type: ignore[attr-defined]

    def faults(self) -> list[str]:
        return [str(self.fields[name].label) for name in self.errors]

    def admits(self, row: Any) -> bool:
        """Whether an entry has what was asked for. An entry without fields works in all of them."""
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return (
            ("field" not in values or not row.fields or values["field"] in row.fields)
            and ("language" not in values or values["language"] in row.languages)
            and ("level" not in values or values["level"] == row.level)
        )


@require_safe
def managers(request: HttpRequest) -> HttpResponse:
    """Technology managers whose registration is valid today."""
    labels = Labels()
    form = DirectoryFilter(request.GET, labels, names=("field", "language", "level"))
    form.is_valid()
    rows = TechnologyManager.objects.valid().select_related("user", "agency__organisation").order_by("user__name", "pk")
    page = Paginator([row for row in rows if form.admits(row)], PAGE).get_page(request.GET.get("page"))
    entries = [
        common(row, labels)
        | {
            "name": row.user.name,
            "level": labels.label("tech_manager_level", row.level),
            "languages": [LANGUAGES.get(code, code) for code in row.languages],
            "agency": str(row.agency.organisation) if row.agency and row.agency.is_valid else "",
            "text": row.introduction,
        }
        for row in page
    ]
    return directory(request, form, page, entries, "managers")


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """Transfer agencies whose registration is valid today."""
    labels = Labels()
    form = DirectoryFilter(request.GET, labels, names=("field",))
    form.is_valid()
    rows = Agency.objects.valid().select_related("organisation").order_by("organisation__name_zh", "pk")
    page = Paginator([row for row in rows if form.admits(row)], PAGE).get_page(request.GET.get("page"))
    entries = [
        common(row, labels)
        | {
            "name": str(row.organisation),
            "region": labels.label("province", row.organisation.region),
            "text": row.services,
        }
        for row in page
    ]
    return directory(request, form, page, entries, "agencies")


def common(row: Any, labels: Labels) -> dict[str, Any]:
    return {
        "number": row.register_number,
        "valid_until": row.valid_until,
        "fields": [labels.label("technical_field", code) for code in row.fields],
    }


def directory(request: HttpRequest, form: DirectoryFilter, page: Any, entries: Any, which: str) -> HttpResponse:
    context = {"form": form, "page": page, "entries": entries, "which": which, "query": without_page(request)}
    context["pages"] = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return render(request, "portal/directory.html", context)
