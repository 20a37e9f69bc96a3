"""Makes the public projection of a listing: the one door through which a listing's text leaves its owner."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from . import rules
from .models import Achievement, Demand, Listing, Projection
from .searching import search_text

LANGUAGES = ("zh", "en")
BLANK: dict[str, Any] = {
    "owner_name_zh": "", "owner_name_en": "", "owner_kind": "", "title_zh": "", "title_en": "", "texts": {},
    "keywords_zh": [], "keywords_en": [], "field": "", "region": "", "trl": None, "stage": "", "ip_status": "",
    "modes": [], "regions_accepted": [], "price_low": None, "price_high": None, "offers": [], "rights": [],
    "deadline": None, "published_on": None, "expires_on": None, "owner_key": "", "search_text": "",
}  # fmt: skip


def project(listing: Listing) -> Projection:
    """Write the projection of a published listing, or blank it when the listing is off the market."""
    held = Projection.objects.select_for_update(no_key=True).filter(**{listing.kind: listing})
    row = held.first() or blank(listing)  # held, because the matcher writes in it too
    is_new = row._state.adding
    write_down(listing, row)
    row.version += 0 if is_new else 1
    row.save()
    return row


def blank(listing: Listing) -> Projection:
    """A projection of the listing that says nothing yet and is not saved."""
    return Projection(kind=listing.kind, public_id=listing.public_id, **{listing.kind: listing})


def write_down(listing: Listing, row: Projection) -> Projection:
    """Fill the row with what is public of the listing now; saving it is the caller's."""
    row.is_live = listing.state == Listing.State.PUBLISHED
    row.is_open_for_interest = row.is_live and listing.is_open_for_interest
    values = public_values(listing) if row.is_live else BLANK
    for name, value in (values | {"search_text": search_text(values)}).items():
        setattr(row, name, value)
    row.content_changed_at = later_than(row.content_changed_at)
    row.index_attempts, row.index_after, row.index_fault = 0, None, ""  # a new text has not failed yet
    return row


def later_than(earlier: datetime) -> datetime:
    """Now, or just after `earlier` where this machine's clock is behind: the queue goes by these times."""
    return max(timezone.now(), earlier + timedelta(microseconds=1))


def public_values(listing: Listing) -> dict[str, Any]:
    """Everything that anybody may read of this listing, and nothing else."""
    tiers = listing.effective_tiers
    values = {
        **BLANK,
        "owner_key": listing.owner.public_id,
        "title_zh": listing.title_zh,
        "title_en": listing.title_en,
        "texts": public_texts(listing, tiers),
        "field": listing.field,
        "region": listing.region,
        "published_on": listing.published_on,
        "expires_on": listing.expires_on,
    }
    for language in LANGUAGES:
        values[f"keywords_{language}"] = public_keywords(listing, tiers, language)
    if not listing.is_anonymous:
        values["owner_name_zh"] = listing.owner.name_zh
        values["owner_name_en"] = listing.owner.name_en
        values["owner_kind"] = listing.owner.kind
    if isinstance(listing, Achievement):
        return values | achievement_values(listing, tiers)
    if isinstance(listing, Demand):
        return values | demand_values(listing, tiers)
    return values


def public_texts(listing: Listing, tiers: dict[str, str]) -> dict[str, str]:
    """The texts of the public tier by name and language, and the note that stands for the rest."""
    names = [name for name in listing.TEXTS if name != "title" and tiers.get(name, rules.PUBLIC) == rules.PUBLIC]
    if any(tier != rules.PUBLIC for tier in tiers.values()):
        names.append("public_note")
    keys = [f"{name}_{language}" for name in names for language in LANGUAGES]
    return {key: getattr(listing, key) for key in keys if getattr(listing, key)}


def public_keywords(listing: Listing, tiers: dict[str, str], language: str) -> list[str]:
    groups = [n for n in ("technology_keywords", "market_keywords") if tiers.get(n, rules.PUBLIC) == rules.PUBLIC]
    return [word for group in groups for word in getattr(listing, f"{group}_{language}")]


def achievement_values(listing: Achievement, tiers: dict[str, str]) -> dict[str, Any]:
    offers = sorted(listing.offers.all(), key=lambda offer: offer.pk)  # read once when fetched before
    prices_public = tiers.get("price", rules.PUBLIC) == rules.PUBLIC
    lows = [offer.price_low for offer in offers if offer.price_low is not None]
    highs = [offer.price_high for offer in offers if offer.price_high is not None]
    return {
        "trl": listing.trl,
        "stage": listing.stage,
        "ip_status": listing.ip_status,
        "modes": [offer.mode for offer in offers],
        "price_low": min(lows) if lows and prices_public else None,
        "price_high": max(highs) if highs and prices_public else None,
        "offers": [public_offer(offer) for offer in offers] if prices_public else [],
        "rights": [] if listing.is_anonymous else [public_right(right, listing) for right in listing.rights.all()],
    }


def public_offer(offer: Any) -> dict[str, Any]:
    amounts = ("price_low", "price_high", "royalty_percent")
    return {
        "mode": offer.mode,
        **{name: None if getattr(offer, name) is None else str(getattr(offer, name)) for name in amounts},
        "free_months": offer.free_months,
        "note": offer.note,
    }


def public_right(right: Any, listing: Achievement) -> dict[str, str]:
    """An application that is not published yet shows its kind only: title and number would tell of it."""
    if listing.ip_status in (rules.UNFILED, rules.FILED):
        return {"kind": right.kind}
    return whole_right(right)


def whole_right(right: Any) -> dict[str, str]:
    return {
        "kind": right.kind,
        "number": right.number,
        "title_zh": right.title_zh,
        "title_en": right.title_en,
    }


def demand_values(listing: Demand, tiers: dict[str, str]) -> dict[str, Any]:
    prices_public = tiers.get("price", rules.PUBLIC) == rules.PUBLIC
    return {
        "trl": listing.trl_min,
        "modes": listing.modes,
        "regions_accepted": listing.regions_accepted,
        "price_low": listing.budget_low if prices_public else None,
        "price_high": listing.budget_high if prices_public else None,
        "deadline": listing.deadline,
    }
