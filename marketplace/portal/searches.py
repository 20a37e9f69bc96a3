"""Saved searches in the account: kept from a public list, their letters switched, removed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.errors import DomainError
from marketplace.discovery import narrowing, services
from marketplace.discovery.models import SavedSearch
from marketplace.discovery.services.digests import address

VERBS: dict[str, tuple[Any, Any]] = {
    "off": (services.switch_search_off, _("No more letters about this search.")),
    "on": (services.switch_search_on, _("You get a letter on days on which something new is there.")),
    "remove": (services.remove_search, _("Removed.")),
}


@login_required
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    rows = [
        {"row": row, "words": narrowing.in_words(row.kind, row.criteria), "url": address(row)}
        for row in SavedSearch.objects.visible_to(request.user)
    ]
    return render(request, "portal/searches.html", {"searches": rows})


@login_required
@require_POST
def save(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep the search of the list that one looks at, under the name that was given or what it looks for."""
    given = {name: request.POST.get(name, "") for name in narrowing.CRITERIA[kind]}
    try:
        criteria = narrowing.checked(kind, given)
        name = request.POST.get("name", "").strip() or narrowing.in_words(kind, criteria)[:80]
        services.save_search(name, kind, criteria, by=request.user)
    except DomainError as fault:
        said = [sentence for sentences in fault.fields.values() for sentence in sentences] or [str(fault)]
        messages.error(request, " ".join(map(str, said)))
        return redirect(f"portal:{kind}s")
    messages.success(request, _("Saved. You get a letter on days on which something new is there."))
    return redirect("portal:searches")


@login_required
@require_POST
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switch the letters of one, or remove it."""
    search = get_object_or_404(SavedSearch.objects.visible_to(request.user), public_id=public_id)
    does, said = VERBS.get(request.POST.get("do", ""), (None, ""))
    if does is not None:
        does(search, by=request.user)
        messages.success(request, said)
    return redirect("portal:searches")
