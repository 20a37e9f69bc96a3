"""Deals: opened on a match, and lost with a reason."""

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

from ..models import Deal, Lead
from . import introductions
from .conflicts import check_conflicts, pair_of
from .leads import texts
from .talks import begin_clock, wait_for_nobody


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
