"""A published listing's life: the interest switch, one renewal, withdrawal, expiry, archive."""

from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict
from marketplace.parties.models import Organisation

from .. import rules
from ..models import Achievement, Demand, Listing, Projection
from .review import announce

L = TypeVar("L", bound=Listing)


@transaction.atomic
def set_interest(listing: L, is_open: bool, *, by: Any) -> L:
    """Open or close a listing for leads; it stays published either way."""
    with act(listing, "listings.set_interest", by=by) as listing:
        listing.is_open_for_interest = is_open
    announce(listing, by=by)
    return listing


@transaction.atomic
def withdraw(listing: L, *, by: Any, reason: str = "") -> L:
    """Take a listing off the market."""
    with act(listing, "listings.withdraw", by=by, reason=reason) as listing:
        listing.withdraw()
    announce(listing, by=by)
    return listing


@transaction.atomic
def renew(listing: L, *, by: Any, today: date) -> L:
    """Give a published listing a second year: once, within its last 30 days."""
    with act(listing, "listings.renew", by=by) as listing:
        expires = listing.expires_on
        if expires is None or not rules.may_renew(
            expires=expires, has_been_renewed=listing.has_been_renewed, today=today
        ):
            raise Conflict(_("A listing can be renewed once, within 30 days before it expires."), code="not_renewable")
        listing.renew()
        listing.expires_on, listing.has_been_renewed = rules.expires_on(expires), True
    announce(listing, by=by)
    return listing


def age_listings(today: date) -> dict[str, int]:
    """Expire what has had its time and archive what is two years old. Running it twice changes nothing.

    Each listing is an act of its own; one that somebody moves meanwhile is passed over and holds up no other.
    """
    counts = {"expired": 0, "archived": 0}
    for model in (Achievement, Demand):
        for listing in model.objects.filter(state=Listing.State.PUBLISHED, expires_on__lt=today):
            with suppress(Conflict):
                expire(listing, today)
                counts["expired"] += 1
        old = model.objects.filter(
            state__in=[Listing.State.EXPIRED, Listing.State.WITHDRAWN],
            expires_on__lte=today + rules.LIFE - rules.ARCHIVED_AFTER,
        )
        for listing in old:
            with suppress(Conflict), act(listing, "listings.archive", by=SYSTEM) as listing:
                listing.archive()
                counts["archived"] += 1
    return counts


@transaction.atomic
def expire(listing: Listing, today: date) -> None:
    with act(listing, "listings.expire", by=SYSTEM) as listing:
        if listing.expires_on and listing.expires_on >= today:  # renewed or published anew since it was found
            raise Conflict
        listing.expire()
    announce(listing, by=SYSTEM)


@transaction.atomic
def hide_all_of(organisation: Organisation, *, by: Any) -> int:
    """Withdraw every published listing of a suspended organisation."""
    listings = published_of(organisation)
    for listing in listings:
        with act(listing, "listings.hide", by=SYSTEM, reason="organisation suspended") as listing:
            listing.withdraw()
        announce(listing, by=by)
    return len(listings)


def published_of(organisation: Organisation) -> list[Listing]:
    """The organisation's listings on the market, they and their projections locked in the order of all others."""
    listings: list[Listing] = []
    for model in (Achievement, Demand):
        rows = model.objects.select_for_update(no_key=True).filter(owner=organisation, state=Listing.State.PUBLISHED)
        listings += rows.order_by("pk")
    own = Q(achievement__in=[each.pk for each in listings if isinstance(each, Achievement)])
    own |= Q(demand__in=[each.pk for each in listings if isinstance(each, Demand)])
    list(Projection.objects.select_for_update(no_key=True).filter(own).order_by("pk"))
    return listings


@transaction.atomic
def project_all_of(organisation: Organisation, *, by: Any) -> int:
    """Write the public rows of an organisation's published listings anew: its name or kind has changed."""
    listings = published_of(organisation)
    for listing in listings:
        listing.owner = organisation
        announce(listing, by=by)
    return len(listings)
