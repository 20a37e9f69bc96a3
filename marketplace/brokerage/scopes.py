"""What a mandate takes of a principal's listings, and whether another broker has it already."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.law.rules.spans import EVERY_SLOT, Span, field_span, outermost, region_span, slot_span
from marketplace.listings.models import Projection
from marketplace.parties.models import Organisation, TechnologyManager

from .models import Mandate, MandateScope

EXCLUSIVE = "E_EXCLUSIVE_MANDATE"
SENTENCE = _(
    "Another broker is mandated for the same in the same time, and one of the two mandates is exclusive. Agree on "
    "other listings, fields, places or days, or end the other mandate first."
)


def subject_of(mandate: Mandate) -> str:
    """The side of the principal that the mandate is about."""
    return f"{mandate.principal_id}:{mandate.side}"


def scopes(mandate: Mandate) -> Iterator[MandateScope]:
    """The boxes that the mandate takes from its first day to its last."""
    slot = slot_span(excludes_others=mandate.is_exclusive, number=mandate.pk)
    for region in outermost([region_span(code) for code in mandate.territory]):
        for field, listing in _what(mandate):
            yield MandateScope(
                mandate=mandate, subject=subject_of(mandate),
                region_from=region.first, region_to=region.end, field_from=field.first, field_to=field.end,
                listing_from=listing.first, listing_to=listing.end, slot_from=slot.first, slot_to=slot.end,
                starts_on=mandate.starts_on, ends_on=mandate.ends_on,
            )  # fmt: skip


def _what(mandate: Mandate) -> Iterator[tuple[Span, Span]]:
    """Fields and listings: each listing in its own field, or whole fields with every listing in them."""
    rows = list(mandate.listings.order_by("pk"))
    for row in rows:
        yield field_span(row.field), Span(row.pk, row.pk + 1)
    for field in outermost([field_span(code) for code in mandate.fields]) if not rows else ():
        yield field, Span(*EVERY_SLOT)


def is_taken(mandate: Mandate) -> bool:
    """Whether a mandate in force stands against this one. Sure only while the principal is locked."""
    wanted = list(scopes(mandate))
    return any(_overlap(mine, theirs) for mine in wanted for theirs in _standing(mandate, wanted))


def _standing(mandate: Mandate, wanted: Sequence[MandateScope]) -> "QuerySet[MandateScope]":
    one = wanted[0]  # all have the same slots and days
    others = MandateScope.objects.filter(is_live=True, subject=one.subject).exclude(mandate=mandate)
    in_slot = others.filter(slot_from__lt=one.slot_to, slot_to__gt=one.slot_from)
    return in_slot.filter(starts_on__lte=one.ends_on, ends_on__gte=one.starts_on)


def _overlap(mine: MandateScope, theirs: MandateScope) -> bool:
    return (
        mine.region_from < theirs.region_to and theirs.region_from < mine.region_to
        and mine.field_from < theirs.field_to and theirs.field_from < mine.field_to
        and mine.listing_from < theirs.listing_to and theirs.listing_from < mine.listing_to
    )  # fmt: skip


def covers(mandate: Mandate, row: Projection, other: Organisation) -> bool:
    """Whether a listing of the principal is in the mandate's scope, with the other side in its territory."""
    listed = {each.pk for each in mandate.listings.all()}
    in_scope = row.pk in listed if listed else covers_field(mandate, row.field)
    return in_scope and any(region_span(code).overlaps(region_span(other.region)) for code in mandate.territory)


def covers_field(mandate: Mandate, field: str) -> bool:
    """Whether a technical field is among those of the mandate. A row that left the market has lost its field."""
    return any(field_span(code).overlaps(field_span(field or "*")) for code in mandate.fields)


def mandates_on(row: Projection, owner: Organisation, other: Organisation, day: date) -> list[Mandate]:
    """Mandates in force on a day under which a broker may bring this listing of its owner to the other side."""
    side = Mandate.Side.SUPPLY if row.kind == Projection.Kind.ACHIEVEMENT else Mandate.Side.DEMAND
    rows = Mandate.objects.standing(day).filter(principal=owner, side=side).prefetch_related("listings")
    return [each for each in rows.order_by("id") if covers(each, row, other)]


def held_by(mandate: Mandate, manager: Any) -> bool:
    """Whether the technology manager acts under the mandate: named in it, or working for its agency."""
    if mandate.manager_id == manager.pk:
        return True
    return TechnologyManager.objects.filter(user_id=manager.pk, agency=mandate.agency_id or 0).exists()
