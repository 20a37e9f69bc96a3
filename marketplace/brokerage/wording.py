"""How mandates and their commissions read: one sentence for what is owed, and the steps to each number."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.showing import in_full, money, percent
from marketplace.law import codes
from marketplace.listings.models import Projection

from .models import Mandate
from .rules.commission import Tier, read_tiers


def commission_sentence(mandate: Mandate) -> str:
    """ "5 % of all money received; at least 20,000 yuan; at most 500,000 yuan"."""
    parts = [_("%(rates)s of: %(base)s") % {"rates": rates(mandate.tiers), "base": mandate.get_base_display()}]
    if mandate.floor is not None:
        parts.append(_("at least %(amount)s over the whole deal") % {"amount": money(mandate.floor)})
    if mandate.cap is not None:
        parts.append(_("at most %(amount)s over the whole deal") % {"amount": money(mandate.cap)})
    return _("; ").join(parts)


def rates(raw: Any) -> str:
    """ "5 %, from 1,000,000 yuan on 3 %"."""
    first, *others = read_tiers(raw)
    return _(", ").join([percent(first.rate), *(from_on(tier) for tier in others)])


def from_on(tier: Tier) -> str:
    return _("from %(amount)s on %(rate)s") % {"amount": money(tier.above), "rate": percent(tier.rate)}


def shares(mandate: Mandate) -> list[tuple[str, str]]:
    """Who gets which part of a commission; the parts make the whole."""
    found = [(mandate.agency, mandate.agency_share), (mandate.manager, mandate.manager_share)]
    return [(str(who), percent(part)) for who, part in found if who is not None]


def scope_lines(mandate: Mandate) -> list[str]:
    """The listings by title, or the technical fields by name."""
    rows = list(mandate.listings.all())
    if rows:
        return [listing_name(row) for row in rows]
    return [field_name(code) for code in mandate.fields]


def listing_name(row: Projection) -> str:
    return row.title or _("no longer on the market")


def field_name(code: str) -> str:
    return _("every technical field") if code == "*" else codes.label("technical_field", code)


def place_name(code: str) -> str:
    """A region as people call it; what is smaller than a province goes by its code."""
    named = {"CN": _("all of China"), "WORLD": _("the whole world")}
    if code in named:
        return named[code]
    return codes.label("province", code) if code in codes.values("province") else code


def step_sentence(step: Mapping[str, Any]) -> str:
    """One step to a commission, in words."""
    given: dict[str, str] = dict(step["inputs"])
    value = in_full(step["value"])
    if step["name"] == "tier":
        facts = {"part": in_full(given["part"]), "rate": percent(Decimal(given["rate"])), "value": value}
        return _("%(part)s at %(rate)s: %(value)s") % facts
    if step["name"] == "floor":
        return _("at least %(floor)s, and no more than was received: %(value)s") % {
            "floor": in_full(given["floor"]),
            "value": value,
        }
    if step["name"] == "cap":
        return _("at most %(cap)s: %(value)s") % {"cap": in_full(given["cap"]), "value": value}
    facts = {"with": in_full(given["with"]), "without": in_full(given["without"]), "value": value}
    return _("%(with)s with this receipt, less %(without)s before it: %(value)s") % facts


def steps_in_words(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    return [step_sentence(step) for step in steps]
