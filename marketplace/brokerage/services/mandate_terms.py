"""The terms of a mandate: what is checked before anybody signs them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Invalid
from marketplace.law import codes
from marketplace.law.rules.spans import region_span
from marketplace.listings.models import Projection

from .. import names
from ..models import Mandate
from ..rules import commission

EDITABLE = (
    *("side", "fields", "is_exclusive", "territory", "starts_on", "ends_on", "tail_months"),
    *("base", "tiers", "floor", "cap", "agency_share", "note"),
)
NOT_REGISTERED = "E_NOT_REGISTERED"


def fit_shares(mandate: Mandate, given: Mapping[str, Any]) -> None:
    """Who is alone gets the whole commission; two share it as told, half and half unless told."""
    if mandate.agency is None:
        mandate.agency_share = Decimal(0)
    elif mandate.manager is None:
        mandate.agency_share = Decimal(1)
    elif "agency_share" not in given and mandate.pk is None:
        mandate.agency_share = Decimal("0.5")


def check_terms(mandate: Mandate, listings: Iterable[Projection], *, by: Any) -> None:
    """Raise Invalid, by field, unless scope, places and commission make sense."""
    faults = {**scope_faults(mandate, list(listings), by), **place_faults(mandate)}
    if faults:
        raise Invalid(fields=faults)
    try:
        commission.read_tiers(mandate.tiers)
    except (ValueError, TypeError) as fault:
        sentence = _("Give rates from 0 to 1, the first from amount 0 on, then rising.")
        raise Invalid(sentence, code=commission.BASE, fields={"tiers": [str(sentence)]}) from fault


def offered_listings(mandate: Mandate, by: Any) -> QuerySet[Projection]:
    """Listings of the principal that this person may put into the mandate.

    A broker names no anonymous one: whether it can be named would tell whose it is.
    """
    rows = Projection.objects.live().filter(owner_key=mandate.principal.public_id)
    if not names.is_insider(by, mandate.principal_id):
        rows = rows.exclude(owner_name_zh="")
    kept = Projection.objects.filter(pk__in=mandate.listings.values("pk")) if mandate.pk else rows.none()
    return (rows | kept).distinct()


def scope_faults(mandate: Mandate, listings: list[Projection], by: Any) -> dict[str, list[str]]:
    kind = Projection.Kind.ACHIEVEMENT if mandate.side == Mandate.Side.SUPPLY else Projection.Kind.DEMAND
    wanted = {row.pk for row in listings}
    own = offered_listings(mandate, by).filter(kind=kind, pk__in=wanted) if wanted else ()
    if {row.pk for row in own} != wanted:
        return {"listings": [str(_("Choose published listings of the principal that fit the task."))]}
    if bool(listings) == bool(mandate.fields):
        return {"fields": [str(_("Name either listings or technical fields."))]}
    known = {"*", *codes.values("technical_field")}
    if not isinstance(mandate.fields, list) or not all(isinstance(f, str) and f in known for f in mandate.fields):
        return {"fields": [str(_("Choose from the list."))]}
    return {}


def place_faults(mandate: Mandate) -> dict[str, list[str]]:
    if not isinstance(mandate.territory, list) or not mandate.territory:
        return {"territory": [str(_("Name one region at least; CN is the whole country."))]}
    try:
        for code in mandate.territory:
            region_span(str(code))
    except ValueError:
        return {"territory": [str(_("A region is a code of six digits, CN or WORLD."))]}
    return {}


def terms_of(mandate: Mandate) -> commission.Terms:
    """The commission as the rules compute it."""
    return commission.Terms(
        base=commission.Base(mandate.base),
        tiers=commission.read_tiers(mandate.tiers),
        floor=mandate.floor,
        cap=mandate.cap,
        agency_share=mandate.agency_share,
    )
