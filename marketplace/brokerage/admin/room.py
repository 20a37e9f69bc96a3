"""The room of a deal in the workspace: its page, and on the page of the deal how much of it is new."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import add_panel, page_url

from .. import room, telling
from ..models import Deal, Message, Task
from .meeting import meetings
from .task import todo
from .threads import talking

MOST_TASKS = 3
Part = Callable[[HttpRequest, Deal], dict[str, Any]]
PARTS: dict[str, tuple[Any, str, Part]] = {
    "messages": (_("Messages"), "brokerage/messages.html", talking),
    "tasks": (_("Tasks and checklists"), "brokerage/tasks.html", todo),
    "meetings": (_("Meetings"), "brokerage/meetings.html", meetings),
}


def show(request: HttpRequest, deal: Deal, site: Any) -> HttpResponse:
    """One part of the room; to whoever is not in it there is none."""
    if not room.is_in(request.user, deal):
        raise Http404
    view = request.GET.get("view", "")
    view = view if view in PARTS else "messages"
    _label, template, part = PARTS[view]
    context = {
        "title": _("Deal room"),
        "row": deal,
        "deal_url": page_url(deal),
        "view": view,
        "views": {name: label for name, (label, _template, _part) in PARTS.items()},
        "part": template,
        "is_open": room.is_open(deal),
        "here": request.get_full_path(),
        **part(request, deal),
        **site.each_context(request),
    }
    return TemplateResponse(request, "brokerage/room.html", context)


def summary(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """What is new in the room, on the page of its deal."""
    if not room.is_in(request.user, deal):
        return None
    seen = Message.objects.visible_to(request.user).filter(deal=deal)
    last = seen.select_related("author").first()
    tasks = Task.objects.visible_to(request.user).filter(deal=deal, state=Task.State.OPEN)
    return {
        "url": telling.room_path(deal),
        "unread": seen.unread_by(request.user).count(),
        "last": last,
        "tasks": list(tasks.select_related("assignee")[:MOST_TASKS]),
    }


add_panel(Deal, "brokerage/to_room.html", summary)
