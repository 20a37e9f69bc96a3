"""What a person was told, and which kinds of news they want by which way: two pages of the workspace."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core import notifying
from marketplace.core.errors import NotFound

PAGE = 30


def urls(site: Any) -> list[URLPattern]:
    def guarded(view: Any) -> Any:
        return site.admin_view(lambda request, **named: view(request, site, **named))

    start = "notifications/"
    return [
        path(start, guarded(told), name="notifications"),
        path(f"{start}read/", guarded(read_all), name="notifications_read"),
        path(f"{start}choice/", guarded(choice), name="notifications_choice"),
        path(f"{start}<slug:public_id>/", guarded(read), name="notification"),
    ]


def told(request: HttpRequest, site: Any) -> HttpResponse:
    """The newest first, what was not read yet marked."""
    page = Paginator(notifying.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Notifications"), "page": page, **site.each_context(request)}
    return TemplateResponse(request, "workspace/notifications.html", context)


def read(request: HttpRequest, site: Any, public_id: str) -> HttpResponse:
    """Mark one as read and go where it leads."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        row = notifying.read(public_id, by=request.user)
    except NotFound as fault:
        raise Http404 from fault
    return HttpResponseRedirect(row.path or reverse("admin:notifications"))


def read_all(request: HttpRequest, site: Any) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    notifying.read_all(by=request.user)
    return HttpResponseRedirect(reverse("admin:notifications"))


def choice(request: HttpRequest, site: Any) -> HttpResponse:
    """The switches: each kind of news, in the page and by mail."""
    if request.method == "POST":
        notifying.choose(notifying.ticked(request.POST.getlist("on")), by=request.user)
        messages.success(request, str(_("Your choice is kept.")))
        return HttpResponseRedirect(reverse("admin:notifications_choice"))
    context = {"title": _("What you are told"), "switches": notifying.switches(request.user)}
    return TemplateResponse(request, "workspace/notifications_choice.html", context | site.each_context(request))
