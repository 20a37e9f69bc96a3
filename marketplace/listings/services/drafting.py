"""Drafting: a listing, its offers and its rights are written down and corrected."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import validate
from marketplace.law import codes
from marketplace.parties.models import Organisation

from .. import checks, numbers, rules
from ..models import Achievement, Listing, Offer, Right

L = TypeVar("L", bound=Listing)
FIXED = frozenset(
    (
        *("id", "public_id", "owner", "state", "version", "created_at", "changed_at", "fingerprint", "source"),
        *("submitted_at", "published_on", "expires_on", "has_been_renewed", "return_code", "return_note"),
    )
)
OFFER_FIELDS = ("mode", "price_low", "price_high", "royalty_percent", "free_months", "note")


def writable(model: type[Listing]) -> frozenset[str]:
    """Names of the fields that an owner may write."""
    return frozenset(field.name for field in model._meta.concrete_fields) - FIXED


def fill(listing: Listing, values: dict[str, Any]) -> None:
    """Put the values into the listing; a name that may not be written is refused."""
    unknown = set(values) - writable(type(listing))
    if unknown:
        raise Invalid(fields={name: [str(_("This cannot be written."))] for name in sorted(unknown)})
    for name, value in values.items():
        setattr(listing, name, value)
    listing.fingerprint = rules.fingerprint(str(listing.title_zh))


@transaction.atomic
def draft(
    model: type[L],
    values: dict[str, Any],
    *,
    owner: Organisation,
    by: Any,
    offers: Iterable[dict[str, Any]] = (),
    rights: Iterable[Right] = (),
    source: str = "",
) -> L:
    """Write down a new listing as a draft. Raises Invalid by field, or Conflict for a duplicate of the same owner."""
    listing = model(owner=owner, source=source)
    fill(listing, values)
    checks.check_shape(listing)
    lock(owner)  # one entry at a time: two of one title see each other
    checks.refuse_duplicate(listing)
    create(listing, "listings.draft", by=by)
    if isinstance(listing, Achievement):
        for terms in offers:
            add_offer(listing, terms)
        link_rights(listing, rights)
    return listing


@transaction.atomic
def edit(
    listing: L,
    values: dict[str, Any],
    *,
    by: Any,
    version: int | None = None,
    rights: Iterable[Right] | None = None,
) -> L:
    """Change a draft or a returned listing. While it is in review or published its text is fixed."""
    lock(listing.owner)  # as in `draft`, and before the listing, as in `publish`
    with act(listing, "listings.edit", by=by, version=version) as listing:
        if not listing.is_editable:
            raise Conflict(_("Take it back to draft before you change it."), code="not_editable")
        fill(listing, values)
        checks.check_shape(listing)
        checks.refuse_duplicate(listing)
    if rights is not None and isinstance(listing, Achievement):
        link_rights(listing, rights)
    return listing


def link_rights(achievement: Achievement, rights: Iterable[Right]) -> None:
    """Name the rights behind the achievement; they must be the owner's own."""
    rights = list(rights)
    if any(right.owner_id != achievement.owner_id for right in rights):
        raise Invalid(fields={"rights": [str(_("Choose among your own rights."))]})
    achievement.rights.set(rights)


@transaction.atomic
def set_offers(achievement: Achievement, offers: Iterable[dict[str, Any]], *, by: Any) -> list[Offer]:
    """Replace the achievement's licensing offers; only while it is a draft."""
    with act(achievement, "listings.offer", by=by) as achievement:
        if not achievement.is_editable:
            raise Conflict(_("Take it back to draft before you change it."), code="not_editable")
        achievement.offers.all().delete()
        return [add_offer(achievement, values) for values in offers]


def add_offer(achievement: Achievement, values: dict[str, Any]) -> Offer:
    offer = Offer(achievement=achievement, **{name: values[name] for name in OFFER_FIELDS if name in values})
    checked_offer(offer).save()
    return offer


def checked_offer(offer: Offer, *, stored: bool = True) -> Offer:
    """The offer, if its mode and terms are valid; one of an achievement that is not stored yet is asked alone."""
    if not isinstance(offer.mode, str) or offer.mode not in codes.values("licensing_mode"):
        raise Invalid(fields={"offers": [str(_("%(mode)s is not a licensing mode.") % {"mode": offer.mode})]})
    try:
        validate(offer, exclude=() if stored else ["achievement"])
    except Invalid as fault:
        raise Invalid(fields={"offers": [s for each in fault.fields.values() for s in each]}) from fault
    if (offer.price_low is None) != (offer.price_high is None):
        raise Invalid(fields={"offers": [str(_("Give both ends of the price band, or neither."))]})
    return offer


def checked_right(right: Right) -> Right:
    """Normalise and verify the right's number; raise Invalid by field."""
    try:
        right.number = numbers.check_right_number(right.kind, right.number)
    except numbers.NumberError as fault:
        raise Invalid(code=fault.code, fields={"number": [str(fault)]}) from fault
    validate(right)
    return right


def add_right(values: dict[str, Any], *, owner: Organisation, by: Any) -> Right:
    """Enter a right in the owner's list."""
    names = ("kind", "number", "title_zh", "title_en", "filed_on", "granted_on")
    right = checked_right(Right(owner=owner, **{name: values[name] for name in names if name in values}))
    return create(right, "listings.add_right", by=by)


def edit_right(right: Right, values: dict[str, Any], *, by: Any, version: int | None = None) -> Right:
    """Correct a right. While a listing that names it is in review or published it is fixed, as the text is."""
    with act(right, "listings.edit_right", by=by, version=version) as right:
        if right.achievements.filter(state__in=[Listing.State.SUBMITTED, Listing.State.PUBLISHED]).exists():
            raise Conflict(_("Take the listings that name this right back to draft first."), code="not_editable")
        for name in ("kind", "number", "title_zh", "title_en", "filed_on", "granted_on"):
            if name in values:
                setattr(right, name, values[name])
        checked_right(right)
    return right


__all__ = ["add_right", "draft", "edit", "edit_right", "set_offers", "writable"]
