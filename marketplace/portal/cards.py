"""What a card and a detail page say of a listing: a row of the projection put into words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.showing import band, percent
from marketplace.listings import rules
from marketplace.listings.models import Projection, Right
from marketplace.listings.reading import Reading

from .labels import Labels

SECTIONS = {
    "achievement": {
        "summary": gettext_lazy("In short"),
        "description": gettext_lazy("How it works"),
        "advantage": gettext_lazy("Advantage over today's solution"),
        "economics": gettext_lazy("Economic comparison"),
    },
    "demand": {
        "summary": gettext_lazy("In short"),
        "description": gettext_lazy("The problem"),
        "target": gettext_lazy("Target specification"),
        "acceptance": gettext_lazy("Acceptance test"),
    },
}


@dataclass(frozen=True, slots=True)
class Card:
    """A listing in a list. `owner` is empty when the owner stays anonymous until contact."""

    url: str
    kind: str
    title: str
    summary: str
    owner: str
    field: str
    region: str
    readiness: str
    modes: list[str]
    price: str
    deadline: date | None
    has_passed: bool
    is_open: bool
    published_on: date | None


def address(row: Projection) -> str:
    return reverse(f"portal:{row.kind}", args=[row.public_id])


def card(row: Projection, labels: Labels) -> Card:
    return Card(
        url=address(row),
        kind=row.kind,
        title=row.title,
        summary=row.text("summary") or row.text("public_note"),
        owner=row.owner_name,
        field=labels.label("technical_field", row.field),
        region=labels.label("province", row.region),
        readiness=readiness(row, labels),
        modes=[labels.label("licensing_mode", mode) for mode in row.modes],
        price=band(row.price_low, row.price_high),
        deadline=row.deadline,
        has_passed=has_passed(row),
        is_open=row.is_open_for_interest and not has_passed(row),
        published_on=row.published_on,
    )


def has_passed(row: Projection) -> bool:
    """Whether a demand's deadline lies behind us."""
    return row.deadline is not None and row.deadline < timezone.localdate()


def readiness(row: Projection, labels: Labels) -> str:
    """The readiness level with its meaning, since a number alone tells a firm nothing."""
    if row.trl is None:
        return ""
    words = {"level": row.trl, "meaning": labels.label("trl9", row.trl)}
    if row.kind == Projection.Kind.DEMAND:
        return _("TRL %(level)s or higher (%(meaning)s)") % words
    return _("TRL %(level)s: %(meaning)s") % words


def sections(row: Projection, reading: Reading) -> list[dict[str, Any]]:
    """The texts in their order; one that this reader may not see says who may."""
    found = []
    for name, title in SECTIONS[row.kind].items():
        tier = reading.hidden.get(name, "")
        text, language = in_language(reading.texts, name)
        if text or tier:
            found.append({"name": name, "title": title, "text": text, "language": language, "tier": tier})
    return found


def in_language(texts: dict[str, str], name: str) -> tuple[str, str]:
    """A text in the reader's language, or in the other one where it is missing, and the language it is in."""
    order = ("en", "zh") if (get_language() or "").startswith("en") else ("zh", "en")
    for language in order:
        if texts.get(f"{name}_{language}"):
            return texts[f"{name}_{language}"], "en" if language == "en" else "zh-Hans"
    return "", ""


def keywords(reading: Reading) -> list[str]:
    zh, en = reading.keywords_zh, reading.keywords_en
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


def terms(row: Projection, reading: Reading, labels: Labels) -> list[dict[str, Any]]:
    """Each licensing mode with its plain explanation and, where this reader may see them, indicative terms."""
    offers = {offer["mode"]: offer for offer in reading.offers}
    return [
        {
            "mode": labels.label("licensing_mode", mode),
            "explanation": labels.explanation("licensing_mode", mode),
            "facts": offer_facts(offers.get(mode, {})),
            "note": offers.get(mode, {}).get("note", ""),
        }
        for mode in row.modes
    ]


def offer_facts(offer: dict[str, Any]) -> list[tuple[str, str]]:
    facts = []
    if offer.get("price_low") is not None:
        facts.append((_("Indicative price"), band(offer["price_low"], offer["price_high"])))
    if offer.get("royalty_percent") is not None:
        facts.append((_("Royalty on net sales"), percent(Decimal(offer["royalty_percent"]) / 100)))
    if offer.get("free_months"):
        facts.append((_("Free of charge at first"), _("%(months)s months") % {"months": offer["free_months"]}))
    return facts


def rights(row: Projection) -> list[dict[str, str]]:
    """The rights with what is public of each; an unpublished application shows its kind only."""
    kinds = dict(Right.Kind.choices)
    english = (get_language() or "").startswith("en")
    return [
        {
            "kind": str(kinds.get(right["kind"], right["kind"])),
            "number": right.get("number", ""),
            "title": (right.get("title_en") if english else "") or right.get("title_zh", ""),
        }
        for right in row.rights
    ]


def price(reading: Reading) -> str:
    return band(reading.price_low, reading.price_high)


def waits_for_login(reading: Reading) -> bool:
    """Whether logging in would show this reader more."""
    return rules.REGISTERED in reading.hidden.values()
