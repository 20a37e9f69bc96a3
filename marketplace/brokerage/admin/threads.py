"""The threads of a deal's room, as their reader sees them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from marketplace.core.workspace import Button, buttons, list_url, move_url

from .. import room
from ..models import Audience, Deal, Message, Seat
from ..rules.mentions import Piece, pieces
from .message import WriteForm

PAGE = 15
MOST_NAMES = 30


@dataclass(slots=True)
class Shown:
    """A message with its replies, and what became of it."""

    row: Message
    pieces: list[Piece]
    is_new: bool
    correction: Message | None
    buttons: list[Button]
    reply_url: str
    replies: list["Shown"] = field(default_factory=list)


def talking(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    """A page of threads, the newest first, and the form that begins one. The same queries however much was said."""
    seen = Message.objects.visible_to(request.user).filter(deal=deal)
    page = Paginator(seen.filter(thread=None), PAGE).get_page(request.GET.get("page"))
    mine = room.audiences(request.user, deal) if room.is_open(deal) else []
    everybody = room.people(deal, room.widest(request.user, deal))
    return {
        "threads": threads(request.user, deal, seen, [each.pk for each in page.object_list]),
        "page": page,
        "newest": seen.first(),
        "unread": seen.unread_by(request.user).count(),
        "form": WriteForm(request=request, row=deal) if mine else None,
        "write_url": move_url(deal, "write"),
        "read_url": move_url(deal, "read-messages"),
        "search_url": f"{list_url(Message)}?room={deal.public_id}",
        "people": people(everybody),
        "names": mentionable(request.user, everybody, mine),
    }


def threads(user: Any, deal: Deal, seen: Any, firsts: list[int]) -> list[Shown]:
    """These threads with all that was said in them."""
    rows = (seen.filter(pk__in=firsts) | seen.filter(thread__in=firsts)).order_by("pk")
    found = list(rows.select_related("author").prefetch_related("mentions"))
    unread = set(seen.unread_by(user).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    corrections = {each.corrects_id: each for each in found if each.corrects_id}
    shown = {each.pk: shown_to(user, deal, each, unread, corrections.get(each.pk)) for each in found}
    for each in found:
        if each.thread_id is not None:
            shown[each.thread_id].replies.append(shown[each.pk])
    return [shown[pk] for pk in firsts]


def shown_to(user: Any, deal: Deal, row: Message, unread: Iterable[int], correction: Message | None) -> Shown:
    row.deal = deal  # the moves ask for it
    offered = [] if correction is not None else buttons(user, row)
    own = [each for each in offered if each.name != "reply"]
    can_reply = row.thread_id is None and any(each.name == "reply" for each in buttons(user, row))
    said = list(pieces(row.said, [str(each) for each in row.mentions.all()]))
    return Shown(row, said, row.pk in unread, correction, own, move_url(row, "reply") if can_reply else "")


def people(everybody: list[room.Person]) -> list[tuple[str, list[str]]]:
    """Who is in the room, as far as this person may know, seat by seat."""
    found: dict[str, list[str]] = {}
    for each in everybody:
        found.setdefault(str(each.seat_label), []).append(each.name)
    return [(seat, names[:MOST_NAMES]) for seat, names in found.items()]


def mentionable(user: Any, everybody: list[room.Person], mine: list[str]) -> dict[str, list[str]]:
    """For each circle that this person writes to, the names of the others who read there."""
    others = [each for each in everybody if each.user.pk != user.pk and each.user.name]
    return {
        audience: [each.name for each in others if audience == Audience.ALL or each.seat in (Seat.MANAGER, audience)]
        for audience in mine
    }
