"""Where a deal stands, on its page: what its reader does next, who must act by when, what each side has said."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.showing import countdown
from marketplace.core.workspace import add_panel

from .. import services
from ..models import Deal

State = Deal.State
WAY = (State.INTRODUCED, State.UNDER_NDA, State.NEGOTIATING, State.AGREED)


@dataclass(frozen=True, slots=True)
class Stage:
    label: Any
    is_done: bool
    is_now: bool


def standing(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    return {"stages": stages(deal), "said": said(deal)}


def banner(user: Any, deal: Deal) -> tuple[str, Any]:
    """How loud it is, and the banner: where the deal stands, and what this reader does next."""
    things = todo(user, deal)
    context = {
        "headline": headline(deal),
        "things": things,
        "is_open": deal.state in Deal.LIVE and not things,
        "clock": clock(deal),
    }
    level = "warning" if things else "success" if deal.state == State.AGREED else "info"
    return level, render_to_string("admin/stage/banner.html", context)


def todo(user: Any, deal: Deal) -> list[str]:
    """What waits for this reader; empty when it is somebody else's turn."""
    if deal.state not in Deal.LIVE:
        return []
    mine = services.sides_of(deal, user)
    if deal.state == State.INTRODUCED and any(getattr(deal, f"{side}_joined_at") is None for side in mine):
        return [_("Say whether you want to talk. Nothing is agreed by it.")]
    waits_for_nda = deal.state == State.INTRODUCED and deal.have_joined
    if waits_for_nda and any(getattr(deal, f"{side}_waived_at") is None for side in mine):
        return [_("Say whether you need a non-disclosure agreement before you talk about terms.")]
    if deal.state == State.NEGOTIATING and deal.awaited in (*mine, Deal.Awaited.BOTH) and mine:
        return [_("Read the proposed terms below: accept them, or propose others.")]
    return [manager_next(deal)] if deal.awaited == Deal.Awaited.MANAGER and deal.manager_id == user.pk else []


def manager_next(deal: Deal) -> str:
    if deal.state == State.INTRODUCED:
        return _("Draw up the non-disclosure agreement, or let both say that they need none.")
    return _("Draw up the contract, or propose terms in it.")


def stages(deal: Deal) -> list[Stage]:
    """The way from the introduction to the agreement; a deal that was lost shows its end instead."""
    if deal.state == State.LOST:
        return [Stage(State.INTRODUCED.label, True, False), Stage(State.LOST.label, False, True)]
    now = WAY.index(State(deal.state))
    return [Stage(label(deal, state), place < now, place == now) for place, state in enumerate(WAY)]


def label(deal: Deal, state: Any) -> Any:
    """The name of a stage; the agreement that both did without is called so."""
    is_waived = deal.supplier_waived_at and deal.seeker_waived_at
    return _("no NDA needed") if state == State.UNDER_NDA and is_waived else state.label


def headline(deal: Deal) -> str:
    if deal.state == State.LOST:
        return _("The deal was closed without an agreement.")
    if deal.state == State.AGREED:
        return _("Both sides agreed on the terms. The contract goes on from here.")
    if deal.state == State.NEGOTIATING:
        return _("The two sides talk about terms.")
    if deal.state == State.UNDER_NDA:
        return _("The non-disclosure agreement is signed. Terms are next.")
    return _("Both sides want to talk.") if deal.have_joined else _("The two sides were brought together.")


def clock(deal: Deal) -> str:
    """Who must act, and by which day."""
    if not deal.awaited or deal.answer_by is None:
        return ""
    words = {
        "who": deal.get_awaited_display(),
        "day": deal.answer_by.isoformat(),
        "when": countdown(deal.answer_by, timezone.localdate()),
    }
    if deal.answer_by < timezone.localdate():
        return _("It stalls: %(who)s should have acted by %(day)s (%(when)s).") % words
    return _("It waits for %(who)s until %(day)s (%(when)s).") % words


def said(deal: Deal) -> list[str]:
    """What each side has said before the talks."""
    lines = [
        (deal.supplier_joined_at, _("The supplier wants to talk since %(day)s.")),
        (deal.seeker_joined_at, _("The seeker wants to talk since %(day)s.")),
        (deal.supplier_waived_at, _("The supplier needs no non-disclosure agreement since %(day)s.")),
        (deal.seeker_waived_at, _("The seeker needs no non-disclosure agreement since %(day)s.")),
    ]
    return begun_again(deal) + [
        text % {"day": timezone.localdate(at).isoformat()} for at, text in lines if at is not None
    ]


def begun_again(deal: Deal) -> list[str]:
    """That it was lost before, who took it up again, and why."""
    if deal.taken_up_on is None:
        return []
    words = {"day": deal.taken_up_on.isoformat(), "who": deal.get_taken_up_by_display(), "why": deal.taken_up_note}
    return [_("Taken up again on %(day)s by %(who)s: %(why)s") % words]


add_panel(Deal, "brokerage/standing.html", standing)
