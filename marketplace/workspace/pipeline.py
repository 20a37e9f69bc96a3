"""The pipeline: deals by stage, as a board and as a table, with what they may be worth and how long they stand still.

A manager sees their own deals, an agency those of its managers, a side the deals that it takes part in, staff all.
"""

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage import names
from marketplace.brokerage.admin import TWO_SIDES
from marketplace.brokerage.models import Deal
from marketplace.core.showing import band, countdown
from marketplace.core.workspace import page_url
from marketplace.law.admin import name_of
from marketplace.parties import access

from .kinds.brokerage import stalls

STAGES = (*Deal.LIVE, Deal.State.AGREED)
URGENT: list[Any] = [F("answer_by").asc(nulls_last=True), "moved_on", "pk"]  # the nearest day first
MOST = 30  # cards of one stage; the list of deals has the rest
VIEWS = {"board": _("Board"), "table": _("Table")}


def urls(site: Any) -> list[URLPattern]:
    view = site.admin_view(lambda request: show(request, site))
    return [path("brokerage/deal/pipeline/", view, name="brokerage_deal_pipeline")]


def deals_of(user: Any) -> Any:
    """The deals of which this person may see that they are there."""
    if access.is_platform_staff(user):
        return Deal.objects.all()
    agency = Q(manager__technology_manager__agency__organisation_id__in=own_agencies(user))
    return Deal.objects.filter(Q(pk__in=Deal.objects.visible_to(user).values("pk")) | agency)


def own_agencies(user: Any) -> list[int]:
    """Ids of the transfer agencies for which the person decides."""
    return [row.pk for row in access.own(user) if row.kind == row.Kind.AGENCY and access.may_decide_for(user, row.pk)]


def show(request: HttpRequest, site: Any) -> HttpResponse:
    """Board or table; both are the same rows, found by one query."""
    view = request.GET.get("view", "")
    columns = stages(request.user)
    context = {
        "title": _("Pipeline"),
        "columns": columns,
        "cards": [card for column in columns for card in column["cards"]],
        "view": view if view in VIEWS else "board",
        "views": VIEWS,
        **site.each_context(request),
    }
    return TemplateResponse(request, "workspace/pipeline.html", context)


def stages(user: Any) -> list[dict[str, Any]]:
    """Each stage with its first deals, those whose day is nearest before the others, and how many there are."""
    rows = deals_of(user).filter(state__in=STAGES)
    rows = rows.annotate(
        place=Window(RowNumber(), partition_by=F("state"), order_by=URGENT),
        in_all=Window(Count("*"), partition_by=F("state")),
        stalls=Case(When(stalls(timezone.localdate()), then=Value(True)), default=Value(False)),
    )
    rows = rows.filter(place__lte=MOST).select_related(*TWO_SIDES, "supplier", "seeker", "manager")
    found = sorted(rows, key=lambda deal: deal.place)
    return [column(user, state, [deal for deal in found if deal.state == state]) for state in STAGES]


def column(user: Any, state: Any, deals: list[Any]) -> dict[str, Any]:
    count, today = deals[0].in_all if deals else 0, timezone.localdate()
    return {
        "name": Deal.State(state).label,
        "state": state,
        "count": count,
        "more": max(count - len(deals), 0),
        "cards": [card(user, deal, today) for deal in deals],
    }


def card(user: Any, deal: Any, today: date) -> dict[str, Any]:
    """A deal as its reader may know it: an agency learns of an anonymous side no more than the other side does."""
    return {
        "title": f"{title(deal.demand)} ↔ {title(deal.achievement)}",
        "url": page_url(deal) if may_open(user, deal) else "",
        "sides": sides(names.known_sides(user, deal)),
        "manager": deal.manager,
        "field": name_of("technical_field", deal.demand.field) if deal.demand.field else "",
        "value": value(deal),
        "state": deal.get_state_display(),
        "clock": clock(deal, today),
        "stalls": deal.state in Deal.LIVE and deal.stalls,
    }


def clock(deal: Deal, today: date) -> str:
    """Who must act by when; where nobody must, when it last moved."""
    if deal.awaited and deal.answer_by is not None:
        return f"{deal.get_awaited_display()} · {countdown(deal.answer_by, today)}"
    return str(_("last moved %(when)s") % {"when": countdown(deal.moved_on, today)})


def title(row: Any) -> Any:
    return row.title or _("no longer on the market")


def sides(known: dict[str, Any]) -> str:
    return " · ".join(str(known[side] or _("anonymous owner")) for side in ("seeker", "supplier"))


def may_open(user: Any, deal: Deal) -> bool:
    """Whether the deal has a page for this person."""
    is_theirs = deal.manager_id == user.pk or {deal.supplier_id, deal.seeker_id} & set(access.roles(user))
    return access.is_platform_staff(user) or bool(is_theirs)


def value(deal: Deal) -> str:
    """What it may be worth, by what both say in public: the price asked for, else the budget."""
    asked, budget = deal.achievement, deal.demand
    return band(asked.price_low, asked.price_high) or band(budget.price_low, budget.price_high)
