"""Tells the owner of a listing that it came back from review, and that its year ends."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.access import SYSTEM
from marketplace.core.notifying import add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties.telling import tell

from . import rules
from .models import Achievement, Demand, Listing

add_kinds(
    listing_returned=gettext_lazy("a listing of yours was returned for correction"),
    listing_expiring=gettext_lazy("a listing of yours expires soon"),
)


def returned(listing: Listing, *, by: Any) -> None:
    """Once each time that it was handed in. What to mend stands on its page."""
    key = f"listing_returned:{listing.public_id}:{listing.version}"
    subject = gettext_lazy("A listing was returned to you for correction")
    tell(listing.owner_id, key, subject=subject, about=lambda: listing.title, path=page_url(listing), by=by)


def expiring(listing: Listing, day: date) -> None:
    def subject() -> str:
        return _("A listing expires on %(day)s; you can renew it once") % {"day": day.isoformat()}

    key = f"listing_expiring:{listing.public_id}:{day.isoformat()}"
    tell(listing.owner_id, key, subject=subject, about=lambda: listing.title, path=page_url(listing), by=SYSTEM)


def warn_owners(today: date) -> int:
    """Tell the owners of what ends within a fortnight; return how many listings that were. Each is told once."""
    last, count = (today, today + rules.WARNING_BEFORE), 0
    for model in (Achievement, Demand):
        for listing in model.objects.filter(state=Listing.State.PUBLISHED, expires_on__range=last).iterator():
            expiring(listing, listing.expires_on or today)
            count += 1
    return count
