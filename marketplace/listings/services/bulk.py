"""Many listings at once: taken over from another collection, each checked as if it came alone.

Drafted, submitted and published in one transaction with bulk statements; one journal line each says that it was
taken over. Nobody is woken: the new projection rows are themselves the matcher's queue. Only the system may do it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
MOVED = ("state", "submitted_at", "published_on", "expires_on")
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

    def passes(self, newcomer: Newcomer, check: Callable[[], None]) -> bool:
        """Whether the check lets it pass; if not, why stands in the report."""
        try:
            check()
        except DomainError as fault:
            self.refused[newcomer.number] = fault.fields or {"": [str(fault)]}
        return newcomer.number not in self.refused

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
        drafts = well_formed(model, [each for each in everybody if each.model is model], source, report)
        store(model, drafts)
        ready = complete(model, drafts, report)
        publish_all(model, ready, by=by, reason=reason)
        report.published += [each.number for each, _listing in ready]
    return report


Drafts = list[tuple[Newcomer, Any]]


def well_formed(model: type[Any], newcomers: Sequence[Newcomer], source: str, report: Takeover) -> Drafts:
    """The newcomers that may be drafted, as unsaved listings; the others go into the report."""
    here = set(model.objects.filter(source=source).values_list("owner_id", "source_id"))
    owners = {each.owner.pk for each in newcomers}
    titles = model.objects.filter(owner__in=owners).exclude(state__in=GONE).values_list("owner_id", "fingerprint")
    taken, drafts = set(titles), []
    for each in newcomers:
        if (each.owner.pk, each.number) in here:
            report.unchanged.append(each.number)
            continue
        listing = model(owner=each.owner, source=source)
        if report.passes(each, partial(check_draft, each, listing, taken)):
            taken.add((listing.owner_id, listing.fingerprint))
            here.add((listing.owner_id, each.number))
            drafts.append((each, listing))
    return drafts


def check_draft(newcomer: Newcomer, listing: Listing, taken: set[tuple[int, str]]) -> None:
    """What drafting checks of one listing, and that its owner has no other of this title."""
    fill(listing, newcomer.values)
    require_verified(listing)
    checks.check_shape(listing)
    if (listing.owner_id, listing.fingerprint) in taken:
        raise Invalid(fields={"title_zh": [str(_("This owner already has a listing with this title."))]})
    for values in newcomer.offers:
        check_terms(tuple(values.items()))


@lru_cache(maxsize=1024)
def check_terms(values: tuple[tuple[str, Any], ...]) -> None:
    """What drafting checks of one offer; a collection repeats its terms, so the same ones are checked once."""
    checked_offer(Offer(**dict(values)), stored=False)


def store(model: type[Any], drafts: Drafts) -> None:
    """Write the drafts with offers and rights, and fetch these for what follows."""
    listings = model.objects.bulk_create([listing for _newcomer, listing in drafts], batch_size=BATCH)
    if model is Achievement:
        store_offers(drafts)
        store_rights(drafts)
        prefetch_related_objects(listings, "offers", "rights")


def complete(model: type[Any], drafts: Drafts, report: Takeover) -> Drafts:
    """The drafts that may be published; the others are taken away again and go into the report."""
    today = timezone.localdate()
    ready = [
        (each, listing)
        for each, listing in drafts
        if report.passes(each, partial(checks.check_complete, listing, today))
    ]
    kept = {listing.pk for _newcomer, listing in ready}
    model.objects.filter(pk__in=[listing.pk for _each, listing in drafts if listing.pk not in kept]).delete()
    return ready


def publish_all(model: type[Any], ready: Drafts, *, by: Any, reason: str) -> None:
    """Submit and publish, then write states, history, projections and journal lines."""
    for newcomer, listing in ready:
        listing.submit()
        listing.publish()
        listing.submitted_at = timezone.now()
        listing.published_on = newcomer.published_on or timezone.localdate()
        listing.expires_on = rules.expires_on(listing.published_on)
    listings = [listing for _newcomer, listing in ready]
    model.objects.bulk_update(listings, MOVED, batch_size=BATCH)
    model.history.bulk_history_create(listings, batch_size=BATCH)
    Projection.objects.bulk_create([write_down(each, blank(each)) for each in listings], batch_size=BATCH)
    entries = [line("listings.take_over", each, by=by, reason=reason) for each in listings]
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def store_offers(drafts: Drafts) -> None:
    offers = [Offer(achievement=listing, **values) for newcomer, listing in drafts for values in newcomer.offers]
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
