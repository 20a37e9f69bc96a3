"""Public lists of achievements and demands, and the page of one listing."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from marketplace.brokerage.models import Lead
from marketplace.brokerage.rules.leads import ANSWER_DAYS
from marketplace.brokerage.services import public_response_rate_of
from marketplace.contracts.admin.moves import entering
from marketplace.core.workspace import move_url
from marketplace.listings import reading
from marketplace.listings.models import Projection
from marketplace.parties import access

from . import cards
from .filters import AchievementFilter, DemandFilter, ListingFilter
from .home import UNSEEN
from .labels import Labels

PAGE = 20
FILTERS: dict[str, type[ListingFilter]] = {"achievement": AchievementFilter, "demand": DemandFilter}


@require_safe
def browse(request: HttpRequest, kind: str) -> HttpResponse:
    """One page of a narrowed list. Nonsense in the address is left out and said, never an error."""
    labels = Labels()
    form = FILTERS[kind](request.GET, labels)
    rows = form.narrow(Projection.objects.visible_to(request.user).filter(kind=kind).defer(*UNSEEN))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "cards": [cards.card(row, labels) for row in page],
        "query": without_page(request),
    }
    return render(request, "portal/browse.html", context)


def without_page(request: HttpRequest) -> str:
    """The filters of this address, to be carried to the other pages."""
    values = request.GET.copy()
    values.pop("page", None)
    return values.urlencode()


@require_safe
def show(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """One listing, as far as this reader may read it."""
    row = find(request, kind, public_id)
    seen, labels = reading.read(row, request.user), Labels()
    context = {
        "row": row,
        "card": cards.card(row, labels),
        "sections": cards.sections(row, seen),
        "note": cards.in_language(seen.texts, "public_note")[0],
        "hidden": seen.hidden,
        "keywords": cards.keywords(seen),
        "price": cards.price(seen),
        "terms": cards.terms(row, seen, labels),
        "rights": cards.rights(row),
        "stage": labels.label("achievement_stage", row.stage),
        "ip": labels.label("ip_status", row.ip_status),
        "ip_explanation": labels.explanation("ip_status", row.ip_status),
        "regions_accepted": [labels.label("province", code) for code in row.regions_accepted],
        "answer_days": ANSWER_DAYS,
        "invites_login": cards.waits_for_login(seen),
        "answered_percent": answered_percent(row),
        "application": application(request, row),
        **standing(request.user, row),
    }
    return render(request, "portal/show.html", context)


def answered_percent(row: Projection) -> int | None:
    """How much of the interest shown in its listings the owner answers in time; nothing of an anonymous one."""
    rate = public_response_rate_of(row.listing.owner) if row.owner_name else None
    return None if rate is None else round(100 * rate)


def application(request: HttpRequest, row: Projection) -> str:
    """Where a firm applies to use it first and pay later: a visitor logs in first, who may not apply sees nothing."""
    if not entering.offers_pay_later(row):
        return ""
    if not request.user.is_authenticated:
        return f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    return move_url(row, entering.APPLY) if entering.firms_of(request.user, row) else ""


def find(request: HttpRequest, kind: str, public_id: str) -> Projection:
    rows = Projection.objects.visible_to(request.user).select_related("achievement", "demand")
    return get_object_or_404(rows, kind=kind, public_id=public_id)


def standing(user: Any, row: Projection) -> dict[str, Any]:
    """What this person has to do with the listing: is it theirs, does their organisation wait for an answer."""
    mine = access.organisation_ids(user)
    if not mine:
        return {"is_own": False, "waiting": None}
    waiting = Lead.objects.filter(listing=row, sender_id__in=mine, state=Lead.State.OPENED).first()
    return {"is_own": row.listing.owner_id in mine, "waiting": waiting}
