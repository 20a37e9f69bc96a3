"""Guarantees and the standings of guarantors in the workspace."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import percent
from marketplace.core.workspace import ChoicesDropdownFilter, StageAdmin, display, named, page_url
from marketplace.parties import access
from marketplace.parties.models import Organisation

from ..models import Contract, Guarantee, GuarantorStanding
from ..reading import parsed
from ..services import exposure_of, limit_of
from ..wording import sentence, yuan
from .evidence import exposure
from .nouns import WithPapers, paper_of


@admin.register(Guarantee)
class GuaranteeAdmin(WithPapers):
    told_later = ("conditions", "number", "document_shown", "issued_on", "released_on", "note", "exposure_shown")
    list_display = ("kind_shown", "contract_shown", "guarantor_name", "state_label", "number_cover", "issued_on")
    list_display_links = ("kind_shown",)
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("contract__buyer", "contract__sheet", "guarantor")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("contract_page", "price_shown", ("licensee_name", "guarantor_name"), "kind")}),
        (None, {"fields": (("number_cover", "share_shown"), ("liability", "period_shown"), ("waiting_days", "fee"))}),
        (None, {"fields": told_later}),
    )
    empty_sentence = _("No guarantee yet. It is proposed on the page of a contract whose terms are agreed.")
    guarantor_name = named("guarantor", _("guarantor"))
    document_shown = paper_of("document", _("policy or bond"))

    def is_silent(self, row: Guarantee, name: str) -> bool:
        if name == "exposure_shown":
            return not exposure(row.__dict__["_reader"], row)
        return super().is_silent(row, name)

    def notices(self, request: HttpRequest, row: Guarantee) -> list[tuple[str, Any]]:
        """What is asked of the guarantor, who may meet the contract here for the first time."""
        if row.state != Guarantee.State.PROPOSED or not request.user.has_perm("contracts.answer_guarantee", row):
            return []
        words = {"licensee": row.contract.buyer, "amount": yuan(row.cover_amount)}
        context = {
            "headline": _("You are asked to stand in for %(licensee)s, for at most %(amount)s.") % words,
            "things": [_("Read the terms of the contract; then issue the guarantee, or refuse it and say why.")],
        }
        return [("warning", render_to_string("admin/stage/banner.html", context))]

    @display(description=_("licensee (buyer)"))
    def licensee_name(self, row: Guarantee) -> str:
        return str(row.contract.buyer)

    @display(description=_("the price in one sentence"))
    def price_shown(self, row: Guarantee) -> str:
        return sentence(parsed(row.contract.sheet), get_language() or "") if row.contract.sheet else "–"

    @display(description=_("months after each due day"))
    def period_shown(self, row: Guarantee) -> str:
        return str(row.period_months or _("as the law says"))

    @display(description=_("guarantee"), ordering="kind")
    def kind_shown(self, row: Guarantee) -> str:
        return str(row.get_kind_display())

    @display(description=_("contract"))
    def contract_page(self, row: Guarantee) -> Any:
        """A guarantor who was asked reads the guarantee, and the contract where it stands on it."""
        readable = Contract.objects.visible_to(row.__dict__["_reader"]).filter(pk=row.contract_id).exists()
        if not readable:
            return row.contract.title
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.contract), row.contract)

    @display(description=_("cover at most"), ordering="cover_amount")
    def number_cover(self, row: Guarantee) -> str:
        return yuan(row.cover_amount)

    @display(description=_("share of each loss"))
    def share_shown(self, row: Guarantee) -> str:
        return percent(row.cover_share)

    @display(description=_("exposure"))
    def exposure_shown(self, row: Guarantee) -> str:
        return exposure(row.__dict__["_reader"], row) or "–"


@admin.register(GuarantorStanding)
class StandingAdmin(StageAdmin):
    """Read by the guarantor itself and by staff."""

    list_display = ("organisation_name", "number_assets", "number_exposure", "number_limit", "proved_on")
    list_display_links = ("organisation_name",)
    list_select_related = ("organisation",)
    fields = (
        "organisation_name",
        ("number_assets", "serves_small_firms"),
        ("number_exposure", "number_limit"),
        "proved_on",
    )
    empty_sentence = _("No guarantor has shown its net assets yet.")
    organisation_name = named("organisation", _("guarantor"))

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or any(
            row.kind == Organisation.Kind.GUARANTOR for row in access.own(user)
        )

    def journal_rows(self, user: Any) -> Any:
        return GuarantorStanding.objects.visible_to(user)

    @display(description=_("net assets"), ordering="net_assets")
    def number_assets(self, row: GuarantorStanding) -> str:
        return yuan(row.net_assets)

    @display(description=_("stands in for"))
    def number_exposure(self, row: GuarantorStanding) -> str:
        return yuan(exposure_of(row.organisation, timezone.localdate()))

    @display(description=_("at most"))
    def number_limit(self, row: GuarantorStanding) -> str:
        return yuan(limit_of(row))
