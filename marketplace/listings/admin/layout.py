"""In which order a listing is written and read: sections, Chinese beside English."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..models import Achievement, Demand, Listing
from .forms import CONFIDENTIAL, SECRECY, TIER

Section = tuple[Any, dict[str, Any]]


def both(*names: str) -> list[tuple[str, str]]:
    """Each text in Chinese with the English one beside it."""
    return [(f"{name}_zh", f"{name}_en") for name in names]


def section(title: Any, *rows: Any, description: Any = "") -> Section:
    return title, {"fields": rows, "description": description}


def with_owner(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """A new listing also says whose it is."""
    (title, options), *rest = sections
    return ((title, options | {"fields": ("owner", *options["fields"])}), *rest)


def confidential(model: type[Listing]) -> Section:
    tiers = [f"{TIER}{name}" for name in model().tiered_names]
    pairs = [tuple(tiers[at : at + 2]) for at in range(0, len(tiers), 2)]
    return section(_("What stays confidential"), *pairs, *both("public_note"), "is_anonymous", description=CONFIDENTIAL)


WHAT = section(_("What it is"), *both("title", "summary", "description"))
BETTER = section(_("What it is better at"), *both("advantage", "economics"))
READY = section(_("How ready it is, and whose right"), ("field", "region"), ("trl", "stage"), "ip_status", "rights")
HURTS = section(_("What hurts"), *both("title", "summary", "description"))
AIM = section(_("What would help"), *both("target", "acceptance"), ("field", "region"), "trl_min")
PAY = section(
    _("What may be paid, how and by when"), ("budget_low", "budget_high"), "deadline", "modes", "regions_accepted"
)
WORDS = section(
    _("Keywords"),
    *both("technology_keywords", "market_keywords"),
    description=_("The words an expert would search with: materials, methods, products, uses."),
)
SECRET = section(_("Secrecy declaration"), "secrecy_level", "is_secrecy_checked", description=SECRECY)
MARKET = section(_("On the market"), "is_open_for_interest")

ACHIEVEMENT = (WHAT, BETTER, READY, WORDS, confidential(Achievement), SECRET, MARKET)
DEMAND = (HURTS, AIM, PAY, WORDS, confidential(Demand), SECRET, MARKET)

WHERE = ("owner", "field_shown"), ("region_shown", "secrecy_shown")
SHOWN_WORDS = section(_("Keywords"), ("words_zh", "words_en"))
LIFE = section(_("On the market"), ("published_on", "expires_on"), "is_open_for_interest")
SHOWN_SECRET = section(
    _("What stays confidential"), "tiers_shown", "is_anonymous", *both("public_note"), "is_secrecy_checked"
)

ACHIEVEMENT_READ = (
    section(_("What it is"), *both("title", "summary", "description")),
    BETTER,
    section(_("How ready it is, and whose right"), *WHERE, ("trl_shown", "stage"), "ip_status", "rights_shown"),
    SHOWN_WORDS,
    SHOWN_SECRET,
    LIFE,
)
DEMAND_READ = (
    HURTS,
    section(_("What would help"), *both("target", "acceptance"), *WHERE, "trl_shown"),
    section(_("What may be paid, how and by when"), ("budget_shown", "deadline"), ("modes_shown", "regions_shown")),
    SHOWN_WORDS,
    SHOWN_SECRET,
    LIFE,
)
