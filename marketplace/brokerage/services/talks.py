"""How a deal moves: two sides join, sign or need no NDA, talk about terms, agree. Who must act has a day.

Versions of the terms live in the contract that is drawn up from the deal; `contracts` stands above and says here
what became of them.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.law.rules.places import NATION
from marketplace.parties import access

from .. import telling
from ..models import Deal
from ..rules import deals as rules

State, Awaited = Deal.State, Deal.Awaited
LONGEST_WAIT = 90


def days_on(today: date) -> rules.Days:
    found: rules.Days = law.on(today, NATION).table("deal.clock")
    return found


def wait_for(deal: Deal, who: str, what: str) -> None:
    """From today `who` has as long as `what` takes."""
    today = timezone.localdate()
    deal.awaited, deal.answer_by, deal.moved_on = who, rules.clock(what, today, days_on(today)), today


def wait_for_nobody(deal: Deal) -> None:
    deal.awaited, deal.answer_by, deal.moved_on = "", None, timezone.localdate()


def begin_clock(deal: Deal) -> None:
    """A new deal: two who met over an expression of interest want to talk already, others are asked."""
    if deal.lead_id is not None:
        deal.supplier_joined_at = deal.seeker_joined_at = timezone.now()
    wait_for_joining(deal)


def wait_for_joining(deal: Deal) -> None:
    who = rules.awaited_to_join(bool(deal.supplier_joined_at), bool(deal.seeker_joined_at))
    wait_for(deal, who, "act" if who == Awaited.MANAGER else "join")


def sides_of(deal: Deal, by: Any) -> list[str]:
    """The sides of the deal that this person decides for."""
    return [side for side in rules.SIDES if access.may_decide_for(by, getattr(deal, f"{side}_id"))]


def side_of(deal: Deal, side: str, *, by: Any) -> str:
    """The side that was named, or the only one that the person decides for."""
    mine = sides_of(deal, by)
    if not side and len(mine) == 1:
        return mine[0]
    if side not in rules.SIDES:
        raise Invalid(fields={"side": [str(_("Choose a side."))]})
    if side not in mine:
        raise Forbidden
    return side


# Before the talks


def join(deal: Deal, *, side: str = "", version: int | None = None, by: Any) -> Deal:
    """A side says that it wants to talk. With both the two know each other, and the manager goes on."""
    with act(deal, "brokerage.join", by=by, version=version) as deal:
        side = side_of(deal, side, by=by)
        if deal.state != State.INTRODUCED:
            raise Conflict(code="wrong_state")
        if getattr(deal, f"{side}_joined_at") is not None:
            raise Conflict(_("Your side has said so already."), code="joined")
        setattr(deal, f"{side}_joined_at", timezone.now())
        wait_for_joining(deal)
    telling.deal_joined(deal, side, by=by)
    return deal


def waive_nda(deal: Deal, *, side: str = "", version: int | None = None, by: Any) -> Deal:
    """A side needs no non-disclosure agreement for this deal; with both the talks begin without one."""
    with act(deal, "brokerage.waive_nda", by=by, version=version) as deal:
        side = side_of(deal, side, by=by)
        if deal.state != State.INTRODUCED or not deal.have_joined:
            raise Conflict(_("Both sides must want to talk first."), code="not_joined")
        if getattr(deal, f"{side}_waived_at") is not None:
            raise Conflict(_("Your side has said so already."), code="waived")
        setattr(deal, f"{side}_waived_at", timezone.now())
        if deal.supplier_waived_at and deal.seeker_waived_at:
            deal.begin_talks()
            wait_for(deal, Awaited.MANAGER, "act")
        else:
            wait_for(deal, rules.other(side), "answer")
    telling.deal_moved(deal, by=by)
    return deal


def give_time(deal: Deal, until: date, *, version: int | None = None, by: Any) -> Deal:
    """The technology manager gives whoever must act until another day, at most three months ahead."""
    today = timezone.localdate()
    with act(deal, "brokerage.give_time", by=by, version=version) as deal:
        if not deal.awaited:
            raise Conflict(_("Nobody is waited for."), code="wrong_state")
        if not today <= until <= today + timedelta(days=LONGEST_WAIT):
            words = {"days": LONGEST_WAIT}
            raise Invalid(fields={"until": [str(_("Choose a day from today to %(days)d days ahead.") % words)]})
        deal.answer_by = until
    return deal


# What contracts say


def begin_talks(deal: Deal) -> Deal:
    """The contract is being drawn up: terms are proposed next."""
    with act(deal, "brokerage.begin_talks", by=SYSTEM) as deal:
        if deal.state in Deal.BEFORE_TALKS:
            deal.begin_talks()
        wait_for(deal, Awaited.MANAGER, "act")
    return deal


def follow_offer(deal: Deal, *, awaited: str) -> Deal:
    """Terms were proposed: who has not accepted them yet must answer."""
    with act(deal, "brokerage.follow_offer", by=SYSTEM) as deal:
        if deal.state in Deal.BEFORE_TALKS:
            deal.begin_talks()
        wait_for(deal, awaited, "answer")
    telling.deal_moved(deal, by=SYSTEM)
    return deal


@transaction.atomic
def agree(deal: Deal) -> Deal:
    """Both sides accepted the same version of the terms."""
    with act(deal, "brokerage.agree", by=SYSTEM) as deal:
        deal.agree()
        wait_for_nobody(deal)
    news.deal_agreed.send(Deal, deal=deal, by=SYSTEM)
    return deal


def reopen_talks(deal: Deal) -> Deal:
    """What was agreed is talked about again."""
    with act(deal, "brokerage.reopen_talks", by=SYSTEM) as deal:
        deal.reopen_talks()
        wait_for(deal, Awaited.MANAGER, "act")
    return deal


def lose_contract(deal: Deal) -> Deal:
    """The contract of the deal was given up: the manager draws up another one, or closes the deal."""
    with act(deal, "brokerage.lose_contract", by=SYSTEM) as deal:
        if deal.state == State.AGREED:
            deal.reopen_talks()
        if deal.state in Deal.LIVE:
            wait_for(deal, Awaited.MANAGER, "act")
    return deal


# At night


def remind_deals(today: date) -> int:
    """Tell those who must act shortly before their day, and the manager too after it; how many deals were looked at."""
    days = days_on(today)
    rows = Deal.objects.filter(state__in=Deal.LIVE, answer_by__lte=today + timedelta(days=days["remind"]))
    found = list(rows.select_related("manager"))
    for deal in found:
        assert deal.answer_by is not None  # the filter asks for it
        if said := rules.reminder(deal.answer_by, today, days):
            telling.deal_waits(deal, said)
    return len(found)
