"""A published listing's life: the interest switch, one renewal, withdrawal, expiry, archive."""

from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict
from marketplace.parties.models import Organisation

from .. import rules
from ..models import Achievement, Demand, Listing
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


@transaction.atomic
def age_listings(today: date) -> dict[str, int]:
    """Expire what has had its time and archive what is two years old. Running it twice changes nothing."""
    counts = {"expired": 0, "archived": 0}
    for model in (Achievement, Demand):
        for listing in model.objects.filter(state=Listing.State.PUBLISHED, expires_on__lt=today):
            with act(listing, "listings.expire", by=SYSTEM) as listing:
                listing.expire()
            announce(listing, by=SYSTEM)
            counts["expired"] += 1
        old = model.objects.filter(
            state__in=[Listing.State.EXPIRED, Listing.State.WITHDRAWN],
            expires_on__lte=today + rules.LIFE - rules.ARCHIVED_AFTER,
        )
        for listing in old:
            with act(listing, "listings.archive", by=SYSTEM) as listing:
                listing.archive()
            counts["archived"] += 1
    return counts


@transaction.atomic
def hide_all_of(organisation: Organisation, *, by: Any) -> int:
    """Withdraw every published listing of a suspended organisation."""
    hidden = 0
    for model in (Achievement, Demand):
        for listing in model.objects.filter(owner=organisation, state=Listing.State.PUBLISHED):
            with act(listing, "listings.hide", by=SYSTEM, reason="organisation suspended") as listing:
                listing.withdraw()
            announce(listing, by=by)
            hidden += 1
    return hidden
