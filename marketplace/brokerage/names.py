"""Names: who may read whose name in a lead or a deal. Every door asks here, so that all keep an owner anonymous."""

from typing import Any

from marketplace.listings.models import Projection
from marketplace.parties import access

from .models import Deal, Introduction, Lead

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
    and staff, until both want to talk. From then on the two know each other.
    """
    is_told = deal.manager_id == user.pk or is_insider(user, getattr(deal, f"{side}_id"))
    return have_met(deal) or is_told or not is_anonymous(getattr(deal, SIDES[side]))


def have_met(deal: Deal) -> bool:
    """Whether both sides want to talk, so that each knows the other."""
    are_talking = deal.state not in (Deal.State.INTRODUCED, Deal.State.LOST)
    return deal.have_joined or deal.lead_id is not None or are_talking or deal.have_met_before


def knows_introduced(user: Any, row: Introduction, side: str) -> bool:
    """Whether this reader may know a side of an introduction: an anonymous one is named once it has confirmed."""
    listing, agencies = getattr(row, SIDES[side]), (row.supply_mandate, row.demand_mandate)
    if listing is None or not is_anonymous(listing) or getattr(row, f"{side}_confirmed_at"):
        return True
    is_told = row.manager_id == user.pk or is_insider(user, getattr(row, f"{side}_id"))
    return is_told or any(each and each.agency and is_insider(user, each.agency.organisation_id) for each in agencies)


def known_sides(user: Any, row: Deal | Introduction) -> dict[str, Any]:
    """Supplier and seeker as this reader may know them; None where the name is kept."""
    knows = knows_side if isinstance(row, Deal) else knows_introduced
    return {side: getattr(row, side) if knows(user, row, side) else None for side in SIDES}  # type: ignore[arg-type]


def is_insider(user: Any, organisation_id: int) -> bool:
    """Staff, and the organisation's own people."""
    return access.is_platform_staff(user) or organisation_id in access.roles(user)
