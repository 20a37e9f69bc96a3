"""Review before publication: submitted, published or returned with reasons, taken back to be changed."""

from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.acts import act, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text
from marketplace.law import codes

from .. import checks, rules
from ..models import Listing, Projection
from ..projection import project

L = TypeVar("L", bound=Listing)


def submit(listing: L, *, by: Any, version: int | None = None) -> L:
    """Hand a draft to review. Raises Invalid with every missing or harmful field."""
    with act(listing, "listings.submit", by=by, version=version) as listing:
        require_verified(listing)
        checks.check_complete(listing, timezone.localdate())
        listing.submit()
        listing.submitted_at = timezone.now()
        listing.return_code = listing.return_note = ""
    return listing


@transaction.atomic
def publish(listing: L, *, by: Any, version: int | None = None) -> L:
    """Put a reviewed listing on the market for 365 days.

    `version` is the one the reviewer read: if the owner has changed the text since, this raises Stale.
    """
    lock(listing.owner)  # before the listing, as a suspension does: it hides what is published, and nothing slips past
    with act(listing, "listings.publish", by=by, version=version) as listing:
        require_verified(listing)
        today = timezone.localdate()
        checks.check_complete(listing, today)
        listing.publish()
        listing.published_on, listing.expires_on = today, rules.expires_on(today)
        listing.has_been_renewed = False
    announce(listing, by=by)
    return listing


@transaction.atomic
def return_for_correction(listing: L, code: str, note: str, *, by: Any, version: int | None = None) -> L:
    """Give a submitted listing back with a reason code and a note that says what to mend."""
    codes.check_reason("return_reason", code, note, code_field="return_code", text_field="return_note")
    if not note.strip():
        raise Invalid(fields={"return_note": [str(_("Say what the owner should mend."))]})
    check_text("return_note", note)
    with act(listing, "listings.return", by=by, version=version, reason=f"{code}: {note}") as listing:
        listing.return_for_correction()
        listing.return_code, listing.return_note = code, note.strip()
    news.listing_returned.send(type(listing), listing=listing, by=by)
    return listing


@transaction.atomic
def revise(listing: L, *, by: Any, version: int | None = None) -> L:
    """Take a listing back to draft. A published one leaves the market until it is reviewed again."""
    with act(listing, "listings.revise", by=by, version=version) as listing:
        listing.revise()
    announce(listing, by=by)
    return listing


def require_verified(listing: Listing) -> None:
    if not listing.owner.is_verified:
        raise Conflict(
            _("Your organisation must be verified before its listings can be published."), code="not_verified"
        )


def announce(listing: Listing, *, by: Any) -> None:
    """Renew the projection and tell the others, if there is anything to tell."""
    if listing.state != Listing.State.PUBLISHED and not Projection.objects.filter(**{listing.kind: listing}).exists():
        return
    row = project(listing)
    said = news.listing_published if row.is_live else news.listing_hidden
    said.send(Projection, projection=row, by=by)
