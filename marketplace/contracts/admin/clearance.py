"""Decisions, valuations, clearances and versions of the terms: pages to read, reached from the contract."""

import json
from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import ChoicesDropdownFilter, display, named

from ..models import Clearance, Decision, TermSheet, Valuation
from ..reading import parsed
from ..wording import mode_name, sentence, yuan
from .nouns import OfContractAdmin, WithPapers, hash_of, paper_of


@admin.register(Decision)
class DecisionAdmin(WithPapers):
    list_display = ("meeting", "contract_shown", "held_on")
    list_display_links = ("meeting",)
    fieldsets = (
        (None, {"fields": ("contract_page", ("meeting", "held_on"), ("present_shown", "recused_shown"))}),
        (None, {"fields": (("votes_for", "votes_against", "abstentions"), "resolution")}),
        (None, {"fields": ("minutes_shown", "minutes_hash")}),
    )
    empty_sentence = _("No decision yet. It is recorded on the page of a contract whose terms are agreed.")
    minutes_shown = paper_of("minutes", _("minutes"))
    minutes_hash = hash_of("minutes", _("hash of the minutes"))

    @display(description=_("present"))
    def present_shown(self, row: Decision) -> str:
        return str(_(", ")).join(row.attendees) or "–"

    @display(description=_("stood aside"))
    def recused_shown(self, row: Decision) -> str:
        return str(_(", ")).join(row.recused) or "–"


@admin.register(Valuation)
class ValuationAdmin(WithPapers):
    list_display = ("appraiser", "contract_shown", "number_low", "number_high", "valued_on")
    list_display_links = ("appraiser",)
    fields = ("contract_page", ("appraiser", "method"), ("number_low", "number_high"), "valued_on", "report_shown")
    empty_sentence = _("No valuation yet. It is recorded on the page of a contract.")
    report_shown = paper_of("report", _("report"))

    @display(description=pgettext_lazy("amount", "from"), ordering="low")
    def number_low(self, row: Valuation) -> str:
        return yuan(row.low)

    @display(description=pgettext_lazy("amount", "to"), ordering="high")
    def number_high(self, row: Valuation) -> str:
        return yuan(row.high)


@admin.register(Clearance)
class ClearanceAdmin(WithPapers):
    list_display = ("kind", "contract_shown", "party", "answer", "answered_on")
    list_display_links = ("kind",)
    list_filter = (("answer", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    fields = (
        "contract_page",
        ("kind", "party"),
        ("right_name", "document_shown"),
        ("answer", "answered_on"),
        "note",
    )
    empty_sentence = _("No clearance yet. It is asked for on the page of a contract.")
    right_name = named("right", _("right"))
    document_shown = paper_of("document", _("paper"))


@admin.register(TermSheet)
class TermSheetAdmin(OfContractAdmin):
    list_display = ("contract_shown", "number", "mode_shown", "proposed_by", "proposed_on")
    list_display_links = ("contract_shown", "number")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("contract_page", ("number", "mode_shown"), "sentence_shown")}),
        (None, {"fields": (("proposed_by", "proposed_on"), ("seller_accepted_at", "buyer_accepted_at"), "note")}),
        (_("The document"), {"fields": ("content_shown", "fingerprint")}),
    )
    empty_sentence = _("No terms yet. They are proposed on the page of a contract.")

    @display(description=_("licensing mode"), ordering="mode")
    def mode_shown(self, row: TermSheet) -> str:
        return mode_name(row.mode)

    @display(description=_("in one sentence"))
    def sentence_shown(self, row: TermSheet) -> str:
        return sentence(parsed(row), get_language() or "")

    @display(description=_("proposed on"), ordering="created_at")
    def proposed_on(self, row: TermSheet) -> Any:
        return timezone.localdate(row.created_at)

    @display(description=_("terms"))
    def content_shown(self, row: TermSheet) -> Any:
        return format_html('<pre class="ws-code">{}</pre>', json.dumps(row.content, ensure_ascii=False, indent=2))
