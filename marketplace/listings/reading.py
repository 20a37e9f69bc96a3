"""Reading: how much of a public listing this reader may see. Whether an NDA opens more, brokerage knows."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marketplace.parties import access

from . import projection, rules
from .models import Achievement, Listing, Projection


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader sees of one listing. `hidden` is field → tier of what is written but not shown to them."""

    texts: dict[str, str]
    keywords_zh: list[str]
    keywords_en: list[str]
    price_low: Decimal | None
    price_high: Decimal | None
    offers: list[dict[str, Any]]
    hidden: dict[str, str]


def is_registered(user: Any) -> bool:
    """Members of a verified organisation, technology managers and platform staff read the registered tier."""
    if not user.is_authenticated or not user.is_active:
        return False
    return (
        access.is_platform_staff(user)
        or access.is_technology_manager(user)
        or any(organisation.is_verified for organisation in access.organisations(user))
    )


def texts_for(row: Projection, user: Any) -> dict[str, str]:
    """The texts of a live listing that this reader may see, by name and language (`description_zh`)."""
    return read(row, user).texts


def read(row: Projection, user: Any, *, has_nda: bool = False) -> Reading:
    """Everything tiered of a live listing as this reader sees it; nothing of one that is off the market."""
    listing = row.listing
    if not row.is_live or listing.state != Listing.State.PUBLISHED:
        return Reading({}, [], [], None, None, [], {})
    registered = is_registered(user)
    tiers = listing.effective_tiers
    may = {"is_registered": registered, "has_nda": has_nda}
    closed = {name: tier for name, tier in tiers.items() if not rules.readable(tier, **may)}
    opened = {name: closed.get(name, rules.PUBLIC) for name in tiers}
    return Reading(
        texts=row.texts | projection.public_texts(listing, opened),
        keywords_zh=projection.public_keywords(listing, opened, "zh"),
        keywords_en=projection.public_keywords(listing, opened, "en"),
        hidden={name: tier for name, tier in closed.items() if is_written(listing, name)},
        **terms(row, listing, tiers, opened),
    )


def rights_under_nda(row: Projection) -> list[dict[str, str]]:
    """Every right behind an achievement by title and number, also of applications that are not published yet."""
    listing = row.listing
    return [projection.whole_right(right) for right in listing.rights.all()] if isinstance(listing, Achievement) else []


def terms(row: Projection, listing: Listing, tiers: dict[str, str], opened: dict[str, str]) -> dict[str, Any]:
    """Price band and offers: the projection's own, unless this reader may see more than anybody."""
    if tiers["price"] == opened["price"]:
        return {"price_low": row.price_low, "price_high": row.price_high, "offers": row.offers}
    if isinstance(listing, Achievement):
        values = projection.achievement_values(listing, opened)
    else:
        values = projection.demand_values(listing, opened)  # type: ignore[arg-type]
    return {"price_low": values["price_low"], "price_high": values["price_high"], "offers": values.get("offers", [])}


def is_written(listing: Listing, name: str) -> bool:
    """Whether the owner has filled the field at all: an empty one is not said to be confidential."""
    if name == "price":
        return listing.kind == "achievement" or getattr(listing, "budget_low", None) is not None
    return bool(getattr(listing, f"{name}_zh") or getattr(listing, f"{name}_en"))
