"""Saved searches in the workspace: one's own, with what they find, and a switch for the letters of each."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import (
    Move,
    StageAdmin,
    StageForm,
    UnfoldAdminTextInputWidget,
    add_move,
    display,
    list_url,
    select,
)
from marketplace.law import codes

from .. import narrowing, services
from ..models import SavedSearch
from ..services.digests import address, found_by

ANY = ("", _("any"))


def of_list(name: str, label: Any) -> Any:
    """One code of a list, or any."""
    return select(label=label, required=False, choices=lambda: [ANY, *codes.choices(narrowing.OF_LISTS[name])])


class SearchForm(StageForm):
    """Name, kind and criteria; the service says which criteria a kind has."""

    q = forms.CharField(
        label=_("Words to find"), required=False, max_length=narrowing.LONGEST_WORDS, widget=UnfoldAdminTextInputWidget
    )
    field = of_list("field", _("technical field"))
    region = of_list("region", _("region"))
    stage = of_list("stage", _("stage"))
    trl = of_list("trl", _("readiness level"))
    mode = of_list("mode", _("licensing mode"))
    price = select(
        label=_("price or budget"),
        required=False,
        choices=lambda: [ANY, *((code, label) for code, (_low, _high, label) in narrowing.BANDS.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in (self.instance.criteria or {}).items():
            self.initial.setdefault(name, value)

    def criteria(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, "") for name in (*narrowing.SHARED, "stage")}


add_move(
    SavedSearch,
    Move(
        name="switch-off",
        label=_("No letters"),
        permission="discovery.switch_search_off",
        when=lambda search: search.is_on,
        does=lambda call: services.switch_search_off(call.row, by=call.by),
        done=_("No more letters about this search."),
    ),
    Move(
        name="switch-on",
        label=_("Letters again"),
        permission="discovery.switch_search_on",
        when=lambda search: not search.is_on,
        does=lambda call: services.switch_search_on(call.row, by=call.by),
        done=_("You get a letter on days on which something new is there."),
    ),
    Move(
        name="remove",
        label=_("Remove"),
        permission="discovery.remove_search",
        question=_("The search is forgotten, and no letter comes about it."),
        does=lambda call: services.remove_search(call.row, by=call.by),
        done=_("Removed."),
        look="danger",
    ),
)


@admin.register(SavedSearch)
class SavedSearchAdmin(StageAdmin):
    form = SearchForm
    list_display = ("name", "kind", "looked_for", "letters", "told_through")
    list_display_links = ("name",)
    search_fields = ("name",)
    ordering = ("name", "id")
    fields = ("name", "kind", ("q", "field"), ("region", "stage"), ("trl", "mode"), "price")
    empty_sentence = _("No search is saved yet. Save one, and a letter a day tells what is new on the market.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or request.user.has_perm("discovery.edit_search", obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind",) if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The filters of the list of public listings, from which one comes."""
        given = {name: request.GET.get(name, "")[:100] for name in (*narrowing.SHARED, "stage")}
        return given | {"kind": request.GET.get("kind__exact") or request.GET.get("kind", "")}

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> SavedSearch:
        name, criteria = form.cleaned_data["name"], form.criteria()
        if form.instance.pk is None:
            return services.save_search(name, form.cleaned_data["kind"], criteria, by=request.user)
        return services.edit_search(form.instance, name=name, criteria=criteria, by=request.user, version=version)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(list_url(SavedSearch))

    def notices(self, request: HttpRequest, row: SavedSearch) -> list[tuple[str, Any]]:
        found = _("It finds %(count)d listings now.") % {"count": found_by(row).count()}
        return [("info", format_html('{} <a href="{}">{}</a>', found, address(row), _("Look at them")))]

    @display(description=_("looked for"))
    def looked_for(self, row: SavedSearch) -> str:
        return narrowing.in_words(row.kind, row.criteria)

    @display(description=_("letters"), label={True: "success", False: "default"})
    def letters(self, row: SavedSearch) -> tuple[bool, Any]:
        return row.is_on, _("each day") if row.is_on else _("off")
