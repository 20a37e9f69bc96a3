"""Deals: opened on a match, lost with a reason, taken up again with another."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.discovery.models import Match
from marketplace.law import codes
from marketplace.listings.models import Projection
from marketplace.parties import access

from .. import names
from ..models import Deal, Lead
from ..rules.deals import SIDES
from . import introductions
from .conflicts import check_conflicts, pair_of
from .leads import texts
from .talks import begin_clock, sides_of, wait_for_joining, wait_for_nobody


@transaction.atomic
def open_deal(match: Match, *, note: str = "", lead: Lead | None = None, by: Any) -> Deal:
    """Bring the two sides of a match together. One live deal a pair: the second opener gets a Conflict."""
    written = texts({"note": note}, ())
    achievement, demand = lock(match.achievement), lock(match.demand)
    if not (achievement.is_live and demand.is_live):
        raise Conflict(_("One of the two listings is no longer on the market."), code="not_live")
    if lead is not None:
        check_lead(lead, achievement, demand)
    deal = Deal(
        achievement=achievement,
        demand=demand,
        supplier=achievement.listing.owner,
        seeker=demand.listing.owner,
        manager_id=by.pk,
        lead=lead,
        note=written["note"],
    )
    require("brokerage.open_deal", by, deal)
    begin_clock(deal)
    check_conflicts(pair_of(achievement, demand), by, timezone.localdate())
    try:
        with transaction.atomic():
            create(deal, "brokerage.open_deal", by=by)
    except IntegrityError as fault:
        raise Conflict(_("A deal between these two is open already."), code="deal_open") from fault
    introductions.log_deal(deal)
    news.deal_opened.send(Deal, deal=deal, by=by)
    return deal


def check_lead(lead: Lead, achievement: Projection, demand: Projection) -> None:
    """Raise Invalid unless the lead was accepted between these two owners about one of these listings."""
    sides = {achievement.listing.owner_id, demand.listing.owner_id}
    belongs = {lead.sender_id, lead.receiver_id} == sides and lead.listing_id in (achievement.pk, demand.pk)
    if not belongs or lock(lead).state != Lead.State.ACCEPTED:
        raise Invalid(fields={"lead": [str(_("Choose an accepted expression of interest between these two."))]})


@transaction.atomic
def lose(deal: Deal, code: str, *, by: Any, note: str = "", version: int | None = None) -> Deal:
    """Close a deal that came to nothing, with the reason; a contract that is being drawn up is given up with it."""
    codes.check_reason("lead_decline", code, note, code_field="lost_code", text_field="note")
    with act(deal, "brokerage.lose", by=by, version=version, reason=f"{code} {note}".strip()) as deal:
        deal.lose()
        deal.lost_code = code
        wait_for_nobody(deal)
    news.deal_lost.send(Deal, deal=deal, by=by)
    return deal


def take_up(deal: Deal, reason: str, *, by: Any, version: int | None = None) -> Deal:
    """Bring the two sides of a lost deal together again, with a new reason that both read.

    It begins anew: the side that asks for it wants to talk, everybody else is asked, and an agreement on secrecy that
    ended with the deal stays ended. What was said and done before stays. Raises Conflict `deal_open` when another
    deal of the pair is open, `not_live` when a listing has left the market, `no_manager` when the technology
    manager of the deal is not registered today.
    """
    why = texts({"reason": reason}, ("reason",))["reason"]
    try:
        with transaction.atomic():
            deal = began_again(deal, why, by=by, version=version)
    except IntegrityError as fault:
        raise Conflict(_("A deal between these two is open already."), code="deal_open") from fault
    news.deal_taken_up.send(Deal, deal=deal, by=by)
    return deal


def began_again(deal: Deal, why: str, *, by: Any, version: int | None) -> Deal:
    with act(deal, "brokerage.take_up", by=by, version=version, reason=why) as deal:
        had_met = names.have_met(deal)
        deal.take_up()
        check_again(deal, by=by)
        sides = [] if deal.manager_id == by.pk else sides_of(deal, by)
        deal.have_met_before = had_met
        for side in SIDES:
            setattr(deal, f"{side}_joined_at", timezone.now() if side in sides else None)
            setattr(deal, f"{side}_waived_at", None)
        deal.taken_up_on, deal.taken_up_note = timezone.localdate(), why
        deal.taken_up_by = sides[0] if sides else Deal.Awaited.MANAGER
        wait_for_joining(deal)
    return deal


def check_again(deal: Deal, *, by: Any) -> None:
    """What an opening asks for must hold once more."""
    if not (deal.achievement.is_live and deal.demand.is_live):
        raise Conflict(_("One of the two listings is no longer on the market."), code="not_live")
    if not access.is_technology_manager(deal.manager):
        sentence = _("The technology manager of this deal is not registered today. Ask another one to open a new deal.")
        raise Conflict(sentence, code="no_manager")
    check_conflicts(pair_of(deal.achievement, deal.demand), deal.manager, timezone.localdate())
