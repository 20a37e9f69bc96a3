"""Contracts in the workspace: the list with the next day that matters and what is open, and the page of one."""

import json
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.downloads import attachment
from marketplace.core.errors import DomainError
from marketplace.core.showing import countdown, fen
from marketplace.core.workspace import ChoicesDropdownFilter, DropdownFilter, StageAdmin, add_panel, display, page_url
from marketplace.law import codes
from marketplace.law.admin import code_filter, name_of
from marketplace.parties import access

from .. import services
from ..models import Contract
from ..names import knows_seller
from ..papers import place_name, use_name
from ..reading import statements_of
from ..rules import clockwork
from . import evidence, moves, panels, standing
from .page import other_side, page_of
from .proposing import proposing

__all__ = ["ContractAdmin", "moves"]
PANELS = (  # most important first
    ("price", panels.price),
    ("timeline", panels.days),
    ("owed", panels.owed),
    ("terms", panels.terms),
    ("guarantees", evidence.guarantees),
    ("diligence", evidence.diligence),
    ("stages", evidence.stages),
    ("papers", evidence.papers),
)
for template, panel in PANELS:
    add_panel(Contract, f"contracts/{template}.html", panel)
RELATED = _("the buyer is an inventor or a related party")
SIDES = {"seller": _("as licensor"), "buyer": _("as licensee"), "manager": _("as technology manager")}
SIDES |= {"third": _("as guarantor or agency")}


class SideFilter(DropdownFilter):
    title = _("my side")
    parameter_name = "side"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(SIDES.items())

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        mine = access.organisation_ids(request.user)
        asked = {
            "seller": Q(seller_id__in=mine),
            "buyer": Q(buyer_id__in=mine),
            "manager": Q(manager=request.user),
            "third": Q(pk__in=Contract.objects.filter(third_parties__organisation_id__in=mine).values("pk")),
        }
        return rows.filter(asked[self.value()]) if self.value() in asked else rows


@admin.register(Contract)
class ContractAdmin(StageAdmin):
    list_display = ("mode_shown", "state_label", "next_day", "number_open", "number_overdue")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        code_filter("licensing_mode", "mode", _("licensing mode")),
        SideFilter,
    )
    list_select_related = ("sheet", "notice", "seller", "buyer", "achievement__projection__achievement")
    search_fields = ("title",)
    ordering = ("-id",)
    empty_sentence = _(
        "No contract yet. A firm applies on the page of a public listing; a technology manager or the owner draws up "
        "the contract of a deal."
    )

    def may_enter(self, user: Any) -> bool:
        is_member = bool(access.roles(user)) or access.is_technology_manager(user)
        return is_member or access.is_platform_staff(user)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The statements of a page's contracts come with one question to the database."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        signed = [row for row in rows if row.is_signed and row.sheet is not None]
        for row, statement in statements_of(signed, timezone.localdate()):
            row.__dict__["_statement"] = statement
        found.result_list = rows
        return found

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The other side is named by row, and nothing sorts by it: the order would tell who is anonymous."""

        @display(description=_("contract"), ordering="title")
        def title_shown(contract: Contract) -> Any:
            other = sides_in_words(request.user, contract)
            return format_html('<span class="ws-side">{}<small>{}</small></span>', contract.title, other)

        return [title_shown, *self.list_display]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return list_display[:1]

    # The page

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sides = ["buyer_name", "manager_name"]
        if obj is not None and knows_seller(request.user, obj):
            sides.insert(0, "seller_name")
        words = tuple(name for name in ("message", "export_licence", "end_note") if getattr(obj, name, ""))
        return (
            (_("Who, and what"), {"fields": (tuple(sides[:2]), *sides[2:], "achievement_title", "deal_page", *words)}),
            (
                _("The licence"),
                {
                    "fields": (
                        ("type_shown", "licence_kind"),
                        ("territory_shown", "uses_shown"),
                        ("sublicence", "pricing_route_shown"),
                        ("export", "audit_notice_days"),
                        "declared",
                    )
                },
            ),
        )

    def notices(self, request: HttpRequest, row: Contract) -> list[tuple[str, Any]]:
        """The banner: where it stands, and what this reader does next."""
        page = page_of(request.user, row)
        things = standing.todo(page)
        day = standing.next_day(row, page.statement)
        context = {
            "headline": standing.headline(page),
            "things": things,
            "waits_for": standing.waits_for(page),
            "is_open": row.state not in Contract.CLOSED and bool(page.sides),
            "day": day,
            "countdown": countdown(day.on, page.today) if day else "",
        }
        return [(standing.level(page, things), render_to_string("admin/stage/banner.html", context))]

    def get_urls(self) -> list[URLPattern]:
        propose, claim = (self.admin_site.admin_view(each) for each in (self.propose_view, self.claim_view))
        own = [
            path("<path:object_id>/do/propose/", propose, name="contracts_contract_propose"),
            path("<path:object_id>/claim/", claim, name="contracts_contract_claim"),
        ]
        return [*own, *super().get_urls()]

    def propose_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "object": row, "subtitle": str(row)}
        return proposing(request, row, context, self.media)

    def claim_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The evidence pack of a default as a file."""
        row = self.get_object(request, unquote(object_id))
        try:
            pack = services.claim_file(row, by=request.user)
        except DomainError as fault:
            messages.error(request, str(fault))
            return HttpResponseRedirect(page_url(row))
        content = json.dumps(pack, ensure_ascii=False, indent=2).encode()
        return attachment(content, name=f"claim-{row.public_id}.json", media_type="application/json")

    # Columns

    @display(description=_("licensing mode"), ordering="mode")
    def mode_shown(self, contract: Contract) -> str:
        return name_of("licensing_mode", contract.mode) or "–"

    @display(description=_("next day"))
    def next_day(self, contract: Contract) -> str:
        found = standing.next_day(contract, contract.__dict__.get("_statement"))
        return found.said(timezone.localdate()) if found else "–"

    @display(description=_("open (yuan)"))
    def number_open(self, contract: Contract) -> str:
        statement = contract.__dict__.get("_statement")
        lines = clockwork.unpaid(statement) if statement else []
        total = sum(line.unpaid + line.interest - line.interest_paid for line in lines)
        return fen(total) if total else "–"

    @display(description=_("overdue (yuan)"))
    def number_overdue(self, contract: Contract) -> str:
        statement = contract.__dict__.get("_statement")
        return fen(statement.overdue) if statement and statement.overdue else "–"

    # Particulars

    @display(description=_("licensor (seller)"))
    def seller_name(self, contract: Contract) -> str:
        return str(contract.seller)

    @display(description=_("licensee (buyer)"))
    def buyer_name(self, contract: Contract) -> str:
        return str(contract.buyer)

    @display(description=_("technology manager"))
    def manager_name(self, contract: Contract) -> str:
        return str(contract.manager) if contract.manager else "–"

    @display(description=_("achievement"))
    def achievement_title(self, contract: Contract) -> str:
        return contract.achievement.title if contract.achievement else "–"

    @display(description=_("deal"))
    def deal_page(self, contract: Contract) -> Any:
        if contract.deal is None:
            return "–"
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(contract.deal), contract.deal)

    @display(description=_("contract type"))
    def type_shown(self, contract: Contract) -> str:
        return f"{name_of('contract_type', contract.type)} · {name_of('contract_subtype', contract.subtype)}"

    @display(description=_("territory"))
    def territory_shown(self, contract: Contract) -> str:
        return ", ".join(place_name(code) for code in contract.territory) or "–"

    @display(description=_("fields of use"))
    def uses_shown(self, contract: Contract) -> str:
        return ", ".join([*(use_name(code) for code in contract.fields_of_use), contract.use_note]).strip(", ") or "–"

    @display(description=_("declared"))
    def declared(self, contract: Contract) -> Any:
        said = [(contract.is_publicly_funded, _("publicly funded")), (contract.is_related_party, RELATED)]
        return ", ".join(str(words) for is_so, words in said if is_so) or _("neither public money nor a relation")

    @display(description=_("pricing route"))
    def pricing_route_shown(self, contract: Contract) -> str:
        return codes.label("pricing_route", contract.pricing_route)


def sides_in_words(user: Any, contract: Contract) -> Any:
    """Whom the reader deals with; an owner that stays anonymous is not named."""
    found = other_side(user, contract)
    unknown = _("anonymous owner")
    if isinstance(found, tuple):
        return f"{found[0] or unknown} → {found[1]}"
    return found or unknown
