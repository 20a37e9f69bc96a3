"""Names: who may read whose name in a lead or a deal. Every door asks here, so that all keep an owner anonymous."""

from typing import Any

from marketplace.listings.models import Projection
from marketplace.parties import access

from .models import Deal, Lead

SIDES = {"supplier": "achievement", "seeker": "demand"}


def is_anonymous(row: Projection) -> bool:
    """Whether the owner of this listing stays unnamed: on the market the public row says it, later the owner."""
    return not row.owner_name_zh if row.is_live else row.listing.is_anonymous


def knows_receiver(user: Any, lead: Lead) -> bool:
    """The receiver of a lead on an anonymous listing is named to the sender once it is accepted, not before."""
    has_answered = lead.state == Lead.State.ACCEPTED
    return has_answered or is_insider(user, lead.receiver_id) or not is_anonymous(lead.listing)


def knows_side(user: Any, deal: Deal, side: str) -> bool:
    """Whether this reader may know the supplier or seeker of a deal.

    An introduction is the manager's doing, so it names an anonymous side to nobody but its own people, the manager
    and staff, unless that side has accepted a lead. From the next step on the two know each other.
    """
    have_met = deal.lead_id is not None or deal.state not in (Deal.State.INTRODUCED, Deal.State.LOST)
    is_told = deal.manager_id == user.pk or is_insider(user, getattr(deal, f"{side}_id"))
    return have_met or is_told or not is_anonymous(getattr(deal, SIDES[side]))


def known_sides(user: Any, deal: Deal) -> dict[str, Any]:
    """Supplier and seeker as this reader may know them; None where the name is kept."""
    return {side: getattr(deal, side) if knows_side(user, deal, side) else None for side in SIDES}


def is_insider(user: Any, organisation_id: int) -> bool:
    """Staff, and the organisation's own people."""
    return access.is_platform_staff(user) or organisation_id in access.roles(user)
