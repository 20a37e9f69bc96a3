"""The track record: what an entry brought about, out of the platform's own rows. One query however many entries.

What a manager reads of themselves is exact. The public reads only contracts that both sides agreed to have counted,
and what was received through them as a range, and that only when no single price can be told from it.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, DecimalField, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from marketplace.brokerage.models import Deal, Introduction
from marketplace.contracts.models import Contract
from marketplace.parties.models import Agency, TechnologyManager
from marketplace.settlement.models import Payment

from .models import Consent
from .models.consent import agreed
from .rules import PublicTrack, public_track

MONEY = DecimalField(max_digits=18, decimal_places=2)
SCOPES = (Consent.Scope.COUNT, Consent.Scope.NAME)


class Track(NamedTuple):
    """Exact figures; `received` is yuan that licensors received under the contracts."""

    introductions: int
    deals: int
    contracts: int
    received: Decimal


def with_track(rows: QuerySet[Any], *, is_public: bool) -> QuerySet[Any]:
    """The entries, each with its figures; `track_of` and `public_track_of` read them."""
    whose = "manager__technology_manager" if rows.model is TechnologyManager else "manager__technology_manager__agency"
    signed = Contract.objects.filter(signed_on__isnull=False)
    open_to_all = signed.filter(agreed(*SCOPES)) if is_public else signed
    paid = Payment.objects.filter(state=Payment.State.BOOKED, contract__in=open_to_all.values("pk"))
    figures = {
        "track_contracts": counted(open_to_all, whose),
        "track_received": summed(paid, f"contract__{whose}"),
    }
    if not is_public:
        known = Q(state__in=[Introduction.State.CONFIRMED, Introduction.State.STANDING])
        figures |= {
            "track_introductions": counted(Introduction.objects.filter(known), whose),
            "track_deals": counted(Deal.objects.filter(state=Deal.State.AGREED), whose),
        }
    return rows.annotate(**figures)


def counted(rows: QuerySet[Any], whose: str) -> Coalesce:
    """How many of the rows are an entry's."""
    own = rows.filter(**{whose: OuterRef("pk")}).order_by().values(whose)
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def summed(rows: QuerySet[Any], whose: str) -> Coalesce:
    """The amounts of an entry's rows."""
    own = rows.filter(**{whose: OuterRef("pk")}).order_by().values(whose)
    total = Subquery(own.annotate(n=Sum("amount")).values("n"), output_field=MONEY)
    return Coalesce(total, Decimal(0), output_field=MONEY)


def track_of(row: Model) -> Track:
    """The exact figures of a row of `with_track(is_public=False)`."""
    each: Any = row
    return Track(each.track_introductions, each.track_deals, each.track_contracts, each.track_received)


def public_track_of(row: Model) -> PublicTrack:
    """What anybody may read of a row of `with_track(is_public=True)`."""
    each: Any = row
    return public_track(each.track_contracts, each.track_received)


def own_track(holder: TechnologyManager | Agency) -> Track:
    """The exact figures of one entry."""
    return track_of(with_track(type(holder).objects.filter(pk=holder.pk), is_public=False).get())
