"""What is confidential of a deal, as a page of its own: opening it is a line of the disclosure log; and that log."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import DomainError, NotFound
from marketplace.core.showing import band, percent
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    StageAdmin,
    add_panel,
    display,
    list_url,
    named,
    page_url,
)
from marketplace.law.admin import name_of
from marketplace.listings.admin.forms import TIERED
from marketplace.listings.models import Right
from marketplace.parties import access

from .. import services
from ..confidential import nda_for
from ..models import Deal, NdaShowing, Side
from ..names import SIDES
from ..services import Shown

TEXTS = ("summary", "description", "advantage", "economics", "target", "acceptance")
LATEST = 5
LABELS = {
    Side.SUPPLIER: _("The achievement with what is confidential"),
    Side.SEEKER: _("The demand with what is confidential"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A link to one side's confidential part."""

    label: Any
    url: str


def confidential_url(deal: Deal, side: str) -> str:
    return reverse("admin:brokerage_deal_confidential", args=[deal.pk, side])


def confidential_view(admin_page: StageAdmin, request: HttpRequest, deal: Deal, side: str) -> HttpResponse:
    """The page of one side's listing under the agreement; who may not be shown it finds nothing here."""
    try:
        shown = services.show_listing(deal, side, how=NdaShowing.Door.PAGE, by=request.user)
    except NotFound as fault:
        raise Http404 from fault
    except DomainError as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect(page_url(deal))
    context = {
        **admin_page.admin_site.each_context(request),
        "title": shown.row.title,
        "subtitle": str(deal),
        "opts": admin_page.opts,
        "back_url": page_url(deal),
        "now": timezone.localtime(),
        "reader": request.user,
        "shown": shown,
        "texts": texts_of(shown),
        "price": band(shown.seen.price_low, shown.seen.price_high),
        "words": str(_(", ")).join([*shown.seen.keywords_zh, *shown.seen.keywords_en]),
        "offers": offers_of(shown),
        "rights": rights_of(shown),
    }
    return TemplateResponse(request, "brokerage/confidential_page.html", context)


def texts_of(shown: Shown) -> list[tuple[Any, str]]:
    """The texts by their names, in both languages where there are two."""
    found = []
    for name in TEXTS:
        both = [shown.seen.texts.get(f"{name}_{language}", "") for language in ("zh", "en")]
        if any(both):
            found.append((TIERED.get(name, name), "\n".join(text for text in both if text)))
    return found


def offers_of(shown: Shown) -> list[tuple[str, str, str]]:
    return [(name_of("licensing_mode", each["mode"]), offer_of(each), each["note"]) for each in shown.seen.offers]


def offer_of(offer: dict[str, Any]) -> str:
    parts = [band(offer["price_low"], offer["price_high"])]
    if offer["royalty_percent"] is not None:
        parts.append(_("royalty %(rate)s") % {"rate": percent(Decimal(offer["royalty_percent"]) / 100)})
    return " · ".join(str(part) for part in parts if part)


def rights_of(shown: Shown) -> list[tuple[Any, str, str]]:
    kinds = dict(Right.Kind.choices)
    named_rights = ((each, each["title_zh"] or each["title_en"]) for each in shown.rights)
    return [(kinds.get(each["kind"], ""), each["number"], name) for each, name in named_rights]


def confidentiality(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """What this reader may open now, and whom their own side was shown to lately."""
    open_now = [side for side in SIDES if nda_for(request.user, deal, side)]
    log = NdaShowing.objects.visible_to(request.user).filter(nda__deal=deal)
    lines = list(log.select_related("user", "listing", "document")[:LATEST])
    if not open_now and not lines:
        return None
    ways = [Way(LABELS[Side(side)], confidential_url(deal, side)) for side in open_now]
    return {"ways": ways, "lines": lines, "log_url": list_url(NdaShowing)}


add_panel(Deal, "brokerage/confidential.html", confidentiality)


@admin.register(NdaShowing)
class NdaShowingAdmin(StageAdmin):
    list_display = ("what", "reader", "side", "shown_version", "time", "how")
    list_display_links = ("what",)
    list_filter = (("how", ChoicesDropdownFilter),)
    list_select_related = ("nda__deal", "user", "listing__achievement", "listing__demand", "document")
    ordering = ("-id",)
    fields = (("what", "reader"), ("time", "how"), ("side", "shown_version"), "sha256")
    empty_sentence = _("Nothing confidential of yours was shown to anybody yet.")
    reader = named("user", _("shown to"))

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    @display(description=_("what"), ordering="id")
    def what(self, row: NdaShowing) -> str:
        return str(row.listing.title if row.listing else row.document) or str(_("no longer on the market"))

    @display(description=_("time"), ordering="created_at")
    def time(self, row: NdaShowing) -> str:
        return timezone.localtime(row.created_at).strftime("%Y-%m-%d %H:%M:%S")
