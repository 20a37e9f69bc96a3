"""Matches judged one after another: a key keeps, a key dismisses with a reason, a key takes it back.

The page is made of plain forms that the moves of a match answer; a script adds the keys and stays on the page.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import move_url, page_url
from marketplace.discovery import wording
from marketplace.discovery.admin import midnight, score_bar, side_of
from marketplace.discovery.models import Match
from marketplace.law import codes
from marketplace.law.admin import name_of
from marketplace.listings.models import Projection

from .work import may_judge, undecided

MOST = 40  # on one page; the next ones come when these are judged
MOST_WHY = 5
KEYS = "1234567890"  # a reason each; one that asks for words has a page of its own


def urls(site: Any) -> list[URLPattern]:
    view = site.admin_view(lambda request: judge(request, site))
    return [path("discovery/match/judge/", view, name="discovery_match_judge")]


def judge(request: HttpRequest, site: Any) -> HttpResponse:
    """The best matches that this person has not judged, all of them or those of today."""
    user = request.user
    if not may_judge(user):
        raise Http404
    rows = undecided(user)
    if request.GET.get("found") == "1":
        rows = rows.filter(found_at__gte=midnight())
    found = list(rows[: MOST + 1])
    context = {
        "title": _("Judge matches"),
        "items": [item(user, match) for match in found[:MOST]],
        "has_more": len(found) > MOST,
        "reasons": reasons(),
        "next": request.get_full_path(),
        "api": reverse("api:match-list"),
        **site.each_context(request),
    }
    return TemplateResponse(request, "workspace/judge.html", context)


def item(user: Any, match: Match) -> dict[str, Any]:
    own = side_of(user, match)
    return {
        "id": match.public_id,
        "version": match.version,
        "demand": side(match.demand),
        "achievement": side(match.achievement),
        "score": score_bar(match),
        "why": wording.sentences(match.reasons, most=MOST_WHY),
        "organisation": own.public_id if own else "",
        "page": page_url(match),
        "shortlist": move_url(match, "shortlist"),
        "dismiss": move_url(match, "dismiss"),
    }


def side(row: Projection) -> dict[str, str]:
    """One of the two listings, as the market shows it."""
    owner = row.owner_name or str(_("anonymous owner"))
    summary = row.text("summary") or row.text("public_note")
    return {"title": row.title, "about": f"{owner} · {name_of('technical_field', row.field)}", "summary": summary}


def reasons() -> list[dict[str, Any]]:
    """The reasons of a dismissal, each with its key; what asks for words has none."""
    items = codes.items("match_dismissal")
    keys = iter(KEYS)
    return [
        {"code": each.code, "label": each.label, "asks": asks, "key": "" if asks else next(keys, "")}
        for each in items
        for asks in [bool(each.extra.get("needs_text"))]
    ]
