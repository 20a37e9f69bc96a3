"""Deals in the workspace: who talks about what, and how it went."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import countdown
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    StageAdmin,
    display,
    named,
)
from marketplace.law.admin import name_of

from .. import names
from ..models import Deal
from . import room
from .confidential import confidential_view
from .linking import linked
from .standing import banner

TWO_SIDES = ("achievement__achievement", "demand__demand")


def shown_sides(user: Any, deal: Deal) -> Any:
    """Seeker and supplier, as far as this reader may know them."""
    known = names.known_sides(user, deal)
    lines = ((known[side] or _("anonymous owner"),) for side in ("seeker", "supplier"))
    return format_html_join("", "<div>{}</div>", lines)


@admin.register(Deal)
class DealAdmin(StageAdmin):
    list_display = ("pair", "manager_name", "state_label", "clock_shown", "opened_on")
    list_display_links = ("pair",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = (*TWO_SIDES, "supplier", "seeker", "manager")
    search_fields = ("achievement__title_zh", "achievement__title_en", "demand__title_zh", "demand__title_en")
    ordering = ("-id",)
    empty_sentence = _("No deal yet. A technology manager opens one from a match.")

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        confidential = "<path:object_id>/confidential/<slug:side>/"
        return [
            path(confidential, guarded(self.confidential_view), name="brokerage_deal_confidential"),
            path("<path:object_id>/room/", guarded(self.room_view), name="brokerage_deal_room"),
            *super().get_urls(),
        ]

    def confidential_view(self, request: HttpRequest, object_id: str, side: str) -> HttpResponse:
        """One side's listing with its confidential tier, for whom the agreement opens it."""
        if side not in names.SIDES:
            raise Http404
        return confidential_view(self, request, self.get_object(request, unquote(object_id)), side)

    seeker_name = named("seeker", _("seeker"))
    supplier_name = named("supplier", _("supplier"))
    manager_name = named("manager", _("technology manager"))

    def room_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return room.show(request, self.get_object(request, unquote(object_id)), self.admin_site)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """An anonymous side is named by row, and nothing sorts by it: the order would tell."""

        def sides(deal: Deal) -> Any:
            return shown_sides(request.user, deal)

        sides.short_description = _("seeker and supplier")  # type: ignore[attr-defined]
        return [self.list_display[0], sides, *self.list_display[1:]]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        known = names.known_sides(request.user, obj) if obj is not None else {}
        sides = tuple(f"{side}_name" for side in ("seeker", "supplier") if known.get(side))
        pages = ("demand_page", "achievement_page")
        lost = ("lost_reason",) if obj is not None and obj.state == Deal.State.LOST else ()
        return (
            (None, {"fields": (pages, sides) if sides else (pages,)}),
            (None, {"fields": (("manager_name", "opened_on"), "note", *lost)}),
        )

    def notices(self, request: HttpRequest, row: Deal) -> list[tuple[str, Any]]:
        return [banner(request.user, row)]

    @display(description=_("deal"), ordering="demand__title_zh")
    def pair(self, deal: Deal) -> Any:
        titles = [row.title or _("no longer on the market") for row in (deal.demand, deal.achievement)]
        return format_html('<span class="ws-side">{}<small>{}</small></span>', *titles)

    @display(description=_("demand"))
    def demand_page(self, deal: Deal) -> Any:
        return linked(deal.demand)

    @display(description=_("achievement"))
    def achievement_page(self, deal: Deal) -> Any:
        return linked(deal.achievement)

    @display(description=_("opened on"), ordering="created_at")
    def opened_on(self, deal: Deal) -> Any:
        return timezone.localdate(deal.created_at)

    @display(description=_("who must act"), ordering="answer_by")
    def clock_shown(self, deal: Deal) -> Any:
        if not deal.awaited or deal.answer_by is None:
            return "–"
        when = countdown(deal.answer_by, timezone.localdate())
        return format_html('<span class="ws-side">{}<small>{}</small></span>', deal.get_awaited_display(), when)

    @display(description=_("reason of loss"))
    def lost_reason(self, deal: Deal) -> str:
        return name_of("lead_decline", deal.lost_code) or "–"
