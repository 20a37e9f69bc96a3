"""Narrowing the market: the criteria of the public lists and of saved searches, checked, applied, put into words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.errors import Invalid
from marketplace.core.validation import is_unfit
from marketplace.law import codes
from marketplace.listings.models import Projection, ProjectionQuerySet

BANDS: dict[str, tuple[Decimal | None, Decimal | None, Any]] = {
    "to-100000": (None, Decimal(100_000), gettext_lazy("up to CNY 100,000")),
    "100000-500000": (Decimal(100_000), Decimal(500_000), gettext_lazy("CNY 100,000 to 500,000")),
    "500000-2000000": (Decimal(500_000), Decimal(2_000_000), gettext_lazy("CNY 500,000 to 2 million")),
    "from-2000000": (Decimal(2_000_000), None, gettext_lazy("CNY 2 million and more")),
}
LONGEST_WORDS = 100
OF_LISTS = {"field": "technical_field", "region": "province", "mode": "licensing_mode", "stage": "achievement_stage",
            "trl": "trl9"}  # fmt: skip
SHARED = ("q", "field", "region", "trl", "mode", "price")
CRITERIA = {Projection.Kind.ACHIEVEMENT.value: (*SHARED, "stage"), Projection.Kind.DEMAND.value: SHARED}


def narrow(rows: ProjectionQuerySet, kind: str, criteria: Mapping[str, Any]) -> ProjectionQuerySet:
    """The listings of a kind that meet all criteria. Every column asked is one of the public projection."""
    found = rows.search(str(criteria.get("q", "")))
    for name in ("field", "region", "stage"):
        if criteria.get(name):
            found = found.filter(**{name: criteria[name]})
    if criteria.get("mode"):
        found = found.accepting(criteria["mode"])
    if criteria.get("price"):
        low, high, _label = BANDS[criteria["price"]]
        found = found.priced_between(low, high)
    if not criteria.get("trl"):
        return found
    level = int(criteria["trl"])
    if kind == Projection.Kind.DEMAND:  # it asks for no more than the given level, or names none
        return found.exclude(trl__gt=level)
    return found.filter(trl__gte=level)


def checked(kind: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The criteria that say something; raises Invalid with a sentence for each that is not understood."""
    if kind not in CRITERIA:
        raise Invalid(fields={"kind": [_("Choose achievements or demands.")]})
    criteria = {name: str(value).strip() for name, value in given.items() if str(value or "").strip()}
    faults = {name: [sentence] for name, value in criteria.items() if (sentence := fault_of(kind, name, value))}
    if faults:
        raise Invalid(fields=faults)
    return criteria


def fault_of(kind: str, name: str, value: str) -> str:
    """What is wrong with a criterion, or nothing."""
    if name not in CRITERIA[kind]:
        return _("There is no such criterion for this kind of listing.")
    if name == "q":
        return _("Use at most 100 ordinary characters.") if len(value) > LONGEST_WORDS or is_unfit(value) else ""
    known = BANDS if name == "price" else codes.values(OF_LISTS[name])
    return "" if value in known else _("Choose from the list.")


def in_words(kind: str, criteria: Mapping[str, str]) -> str:
    """What is looked for, in a line."""
    said = [f"“{criteria['q']}”"] if criteria.get("q") else []
    coded = [name for name in ("field", "region", "stage", "mode") if criteria.get(name)]
    said += [codes.label(OF_LISTS[name], criteria[name]) for name in coded]
    if criteria.get("trl"):
        said.append(_("TRL %(level)s") % {"level": criteria["trl"]})
    if criteria.get("price"):
        said.append(str(BANDS[criteria["price"]][2]))
    return " · ".join(said) or _("everything")
