"""The front page, what this place is, and what machines ask first: robots.txt and the site map."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace.brokerage.rules.leads import ANSWER_DAYS
from marketplace.listings.models import Projection
from marketplace.listings.rules import LIFE

from .cards import address, card
from .labels import Labels

NEWEST = 4
MOST_ADDRESSES = 50_000  # the limit of one site map file
PAGES = ("home", "achievements", "demands", "notices", "managers", "agencies", "ways_to_pay", "law", "about")
UNSEEN = ("search_text", "offers", "rights")  # a card needs none of them


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, how many listings are live, and the newest of each kind."""
    labels, live = Labels(), Projection.objects.visible_to(request.user)
    kinds = {kind: Count("pk", filter=Q(kind=kind)) for kind in Projection.Kind.values}
    newest = {kind: [card(row, labels) for row in live.filter(kind=kind).defer(*UNSEEN)[:NEWEST]] for kind in kinds}
    fields = labels.choices("technical_field")
    counts: dict[str, Any] = live.aggregate(**kinds)
    return render(request, "portal/home.html", {"counts": counts, "newest": newest, "fields": fields})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html", {"answer_days": ANSWER_DAYS, "life_days": LIFE.days})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/robots.txt", {"site": settings.SITE_URL}, content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages and live listings, newest first."""
    rows = Projection.objects.live().only("kind", "public_id", "published_on")[:MOST_ADDRESSES]
    listings = [(address(row), row.published_on) for row in rows]
    context = {"site": settings.SITE_URL, "pages": [reverse(f"portal:{name}") for name in PAGES], "listings": listings}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml")
