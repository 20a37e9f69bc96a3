"""Changes of registrations in the workspace: what stood, what shall stand, and the office's answer."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.nouns import WithPapers, paper_of
from marketplace.core.showing import fen
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    add_move,
    can,
    display,
    page_url,
)

from .. import services
from ..models import Change
from .deciding import asked
from .forms import ReasonForm

add_move(
    Change,
    Move(
        name="make-change", label=_("Enter it"), permission="registration.make_change", when=can("make"),
        does=asked(services.make_change), look="primary", done=_("Entered. The seller is told."),
        question=_("From today these are the registered figures."),
    ),
    Move(
        name="refuse-change", label=_("Refuse"), permission="registration.refuse_change", when=can("refuse"),
        does=asked(services.refuse_change), form=ReasonForm, look="danger", done=_("Refused. The seller is told why."),
    ),
)  # fmt: skip


@admin.register(Change)
class ChangeAdmin(WithPapers):
    list_display = ("registration_name", "kind", "number_before", "number_after", "asked_on", "state_label")
    list_display_links = ("registration_name",)
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("registration__contract", "paper")
    search_fields = ("registration__name", "registration__number")
    ordering = ("-id",)
    fields = (
        ("registration_page", "kind"),
        ("number_before", "number_after"),
        ("number_deducted_before", "number_deducted_after"),
        ("ends_before", "ends_on"),
        ("reason", "paper_shown"),
        ("asked_on", "decided_on"),
        "decision",
    )
    empty_sentence = _("No change. Ask for one on the page of a registration.")

    paper_shown = paper_of("paper", _("paper"))

    @display(description=_("registration of a contract"), ordering="registration__name")
    def registration_name(self, row: Change) -> str:
        return str(row.registration)

    @display(description=_("registration of a contract"))
    def registration_page(self, row: Change) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.registration), row.registration)

    @display(description=_("contract amount before (yuan)"))
    def number_before(self, row: Change) -> str:
        return fen(row.total_before)

    @display(description=_("new contract amount (yuan)"))
    def number_after(self, row: Change) -> str:
        return fen(row.total_amount)

    @display(description=_("deducted before (yuan)"))
    def number_deducted_before(self, row: Change) -> str:
        return fen(row.deducted_before)

    @display(description=_("of it deducted (yuan)"))
    def number_deducted_after(self, row: Change) -> str:
        return fen(row.deducted_amount)
