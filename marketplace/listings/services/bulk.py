"""Many listings at once: taken over from another collection, each checked as if it came alone.

Drafted, submitted and published in one transaction with bulk statements; one journal line each says that it was
taken over. Nobody is woken: the new projection rows are themselves the matcher's queue. Only the system may do it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from marketplace.core.access import require
from marketplace.core.acts import line
from marketplace.core.errors import DomainError, Invalid
from marketplace.core.models import Entry
from marketplace.parties.models import Organisation

from .. import checks, rules
from ..models import Achievement, Demand, Listing, Offer, Projection, Right
from ..projection import blank, write_down
from .drafting import checked_offer, checked_right, fill
from .review import require_verified

BATCH = 500
GONE = (Listing.State.WITHDRAWN, Listing.State.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One listing of the collection: its values (with `source_id`), and for an achievement offers and rights."""

    model: type[Listing]
    owner: Organisation
    values: dict[str, Any]
    offers: tuple[dict[str, Any], ...] = ()
    rights: tuple[dict[str, Any], ...] = ()
    published_on: date | None = None

    @property
    def number(self) -> str:
        return str(self.values["source_id"])


@dataclass
class Takeover:
    """What became of a collection, by number at the source; a refused one with its faults by field."""

    published: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, other: "Takeover") -> None:
        self.published += other.published
        self.unchanged += other.unchanged
        self.refused |= other.refused


@transaction.atomic
def take_over(newcomers: Iterable[Newcomer], *, source: str, by: Any, reason: str = "") -> Takeover:
    """Publish many listings of another collection. Those that are here already are left as they are."""
    require("listings.take_over", by)
    report = Takeover()
    everybody = list(newcomers)
    for model in (Achievement, Demand):
        drafts = accepted(model, [each for each in everybody if each.model is model], source, report)
        store(model, drafts, by=by, reason=reason)
        report.published += [each.number for each, _listing in drafts]
    return report


Drafts = list[tuple[Newcomer, Any]]


def accepted(model: type[Any], newcomers: Sequence[Newcomer], source: str, report: Takeover) -> Drafts:
    """The newcomers that pass every check, as unsaved listings; the others go into the report."""
    here = set(model.objects.filter(source=source).values_list("owner_id", "source_id"))
    owners = {each.owner.pk for each in newcomers}
    titles = model.objects.filter(owner__in=owners).exclude(state__in=GONE).values_list("owner_id", "fingerprint")
    taken, drafts = set(titles), []
    for each in newcomers:
        if (each.owner.pk, each.number) in here:
            report.unchanged.append(each.number)
            continue
        listing = model(owner=each.owner, source=source)
        try:
            check(each, listing, taken)
        except DomainError as fault:
            report.refused[each.number] = fault.fields or {"": [str(fault)]}
            continue
        taken.add((listing.owner_id, listing.fingerprint))
        here.add((listing.owner_id, each.number))
        drafts.append((each, listing))
    return drafts


def check(newcomer: Newcomer, listing: Listing, taken: set[tuple[int, str]]) -> None:
    """Every check of drafting, submitting and publishing, without asking the database."""
    fill(listing, newcomer.values)
    require_verified(listing)
    checks.check_shape(listing)
    if (listing.owner_id, listing.fingerprint) in taken:
        raise Invalid(fields={"title_zh": [str(_("This owner already has a listing with this title."))]})
    checks.check_complete(listing, timezone.localdate(), has_offers=bool(newcomer.offers))
    for values in newcomer.offers:
        checked_offer(Offer(**values), stored=False)


def store(model: type[Any], drafts: Drafts, *, by: Any, reason: str) -> None:
    """Write listings with history, offers, rights, projections and journal lines."""
    for newcomer, listing in drafts:
        listing.submit()
        listing.publish()
        listing.submitted_at = timezone.now()
        listing.published_on = newcomer.published_on or timezone.localdate()
        listing.expires_on = rules.expires_on(listing.published_on)
    listings = [listing for _newcomer, listing in drafts]
    bulk_create_with_history(listings, model, batch_size=BATCH)
    if model is Achievement:
        store_offers(drafts)
        store_rights(drafts)
    prefetch_related_objects(listings, *(("offers", "rights") if model is Achievement else ()))
    Projection.objects.bulk_create([write_down(each, blank(each)) for each in listings], batch_size=BATCH)
    entries = [line("listings.take_over", each, by=by, reason=reason) for each in listings]
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def store_offers(drafts: Drafts) -> None:
    offers = [
        Offer(achievement=listing, **values)
        for newcomer, listing in drafts
        for values in newcomer.offers
    ]
    Offer.objects.bulk_create(offers, batch_size=BATCH)


def store_rights(drafts: Drafts) -> None:
    """Enter the rights and name them; one that the owner has already is the same right."""
    for newcomer, listing in drafts:
        if newcomer.rights:
            listing.rights.set([own_right(listing.owner, values) for values in newcomer.rights])


def own_right(owner: Organisation, values: dict[str, Any]) -> Right:
    same = Right.objects.filter(owner=owner, kind=values["kind"], number=values.get("number", ""))
    if not values.get("number"):
        same = same.filter(title_zh=values["title_zh"])
    found = same.first()
    if found is None:
        found = checked_right(Right(owner=owner, **values))
        found.save()
    return found
