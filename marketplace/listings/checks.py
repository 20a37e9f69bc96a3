"""What a listing must satisfy to be kept, and what more to be published. Collects every fault, by field."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import validate
from marketplace.law import codes

from . import numbers, rules
from .models import Achievement, Demand, Listing, Right

MOST_KEYWORDS = 5
LONGEST_KEYWORD = 40
KEYWORD_FIELDS = (
    "technology_keywords_zh",
    "technology_keywords_en",
    "market_keywords_zh",
    "market_keywords_en",
)
Faults = dict[str, list[str]]


def check_shape(listing: Listing) -> None:
    """Raise Invalid unless every filled field has its right shape: limits, code lists, keywords, tiers."""
    faults: Faults = defaultdict(list)
    try:
        validate(listing, exclude=["owner", "fingerprint"], constraints=False)
    except Invalid as fault:
        for name, sentences in fault.fields.items():
            faults[name].extend(sentences)
    check_codes(listing, faults)
    check_keywords(listing, faults)
    check_tiers(listing, faults)
    check_readiness(listing, faults)
    check_band(listing, faults)
    if faults:
        raise Invalid(fields=faults)


def check_codes(listing: Listing, faults: Faults) -> None:
    single = {"field": "technical_field", "region": "province", "secrecy_level": "secrecy_level"}
    for name, code_list in single.items():
        value = getattr(listing, name)
        if name in faults:
            continue
        if value and value not in codes.values(code_list):
            faults[name].append(str(_("%(value)s is not a code of this list.") % {"value": value}))
    for name, code_list in {"modes": "licensing_mode", "regions_accepted": "province"}.items():
        values = getattr(listing, name, [])
        known = codes.values(code_list)
        if not isinstance(values, list) or any(not isinstance(v, str) or v not in known for v in values):
            faults[name].append(str(_("Choose from the list.")))


def check_keywords(listing: Listing, faults: Faults) -> None:
    for name in KEYWORD_FIELDS:
        words = getattr(listing, name)
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            faults[name].append(str(_("Give a list of words.")))
            continue
        if len(words) > MOST_KEYWORDS:
            faults[name].append(
                str(_("At most %(most)d keywords; these are %(count)d.") % {"most": MOST_KEYWORDS, "count": len(words)})
            )
        if any(len(word) > LONGEST_KEYWORD for word in words):
            faults[name].append(str(_("A keyword has at most %(most)d characters.") % {"most": LONGEST_KEYWORD}))


def check_tiers(listing: Listing, faults: Faults) -> None:
    if not isinstance(listing.tiers, dict):
        faults["tiers"].append(str(_("Give a tier for each confidential field.")))
        return
    for name, tier in listing.tiers.items():
        if name not in listing.tiered_names:
            faults["tiers"].append(str(_("%(name)s cannot be confidential.") % {"name": name}))
        elif tier not in rules.TIERS:
            faults["tiers"].append(str(_("%(tier)s is not a tier: use public, registered or nda.") % {"tier": tier}))


def check_readiness(listing: Listing, faults: Faults) -> None:
    name = "trl" if isinstance(listing, Achievement) else "trl_min"
    level = getattr(listing, name)
    if name not in faults and level is not None and not 1 <= level <= 9:
        faults[name].append(str(_("A readiness level is a number from 1 to 9.")))


def check_band(listing: Listing, faults: Faults) -> None:
    if not isinstance(listing, Demand) or faults.keys() & {"budget_low", "budget_high"}:
        return
    low, high = listing.budget_low, listing.budget_high
    if (low is None) != (high is None):
        faults["budget_high"].append(str(_("Give both ends of the budget band, or neither.")))
    elif low is not None and high is not None and not 0 <= low <= high:
        faults["budget_high"].append(str(_("The budget must go from low to high.")))


def check_complete(listing: Listing, today: Any) -> None:
    """Raise Invalid unless the listing may go to review: complete, unclassified, harmless to novelty and anonymity."""
    faults: Faults = defaultdict(list)
    for name in listing.REQUIRED:
        if getattr(listing, name) in ("", None, []):
            faults[name].append(str(_("This is needed before review.")))
    check_gate(listing, faults)
    check_anonymity(listing, faults)
    if isinstance(listing, Demand) and listing.deadline and listing.deadline <= today:
        faults["deadline"].append(str(_("The deadline has passed. Choose a later day.")))
    if isinstance(listing, Achievement) and not listing.offers.exists():
        faults["offers"].append(str(_("Say which licensing modes you accept; one is enough.")))
    if faults:
        raise Invalid(fields=faults)


def check_gate(listing: Listing, faults: Faults) -> None:
    """The secrecy and novelty gate."""
    if listing.secrecy_level != rules.NOT_CLASSIFIED:
        faults["secrecy_level"].append(
            str(
                _("Only unclassified work may be published here. Classified work stays outside the platform.")
                if listing.secrecy_level
                else _("Declare the secrecy level.")
            )
        )
    if not listing.is_secrecy_checked:
        faults["is_secrecy_checked"].append(str(_("The security officer's screening must be confirmed first.")))
    hidden = [name for name, tier in listing.effective_tiers.items() if tier != rules.PUBLIC]
    if "summary" in hidden and not listing.public_note_zh:
        faults["public_note_zh"].append(
            str(_("The summary is not public, so write a note that says what it is for without telling how it works."))
        )


def check_anonymity(listing: Listing, faults: Faults) -> None:
    if not listing.is_anonymous:
        return
    names = [f"{name}_{language}" for name in (*listing.TEXTS, "public_note") for language in ("zh", "en")]
    texts = {name: getattr(listing, name) for name in names} | {
        n: " ".join(getattr(listing, n)) for n in KEYWORD_FIELDS
    }
    if isinstance(listing, Achievement):
        texts["offers"] = "\n".join(listing.offers.values_list("note", flat=True))
    for name, text in texts.items():
        if rules.names_owner([text], [listing.owner.name_zh, listing.owner.name_en]):
            faults[name].append(str(_("This names the owner, who is to stay anonymous.")))
        if numbers.numbers_in(text):
            faults[name].append(str(_("A patent number tells who the anonymous owner is.")))


def own_others(listing: Listing) -> QuerySet[Any]:
    """The same owner's other listings of this kind."""
    return type(listing)._default_manager.filter(owner_id=listing.owner_id).exclude(pk=listing.pk)


def refuse_duplicate(listing: Listing) -> None:
    """Raise Conflict when the same owner already has a listing of this title, or of this number at the source."""
    if listing.source_id and own_others(listing).filter(source=listing.source, source_id=listing.source_id).exists():
        raise Conflict(
            _("You already have a listing with this number: %(number)s.") % {"number": listing.source_id},
            code="duplicate_listing",
        )
    same = own_others(listing).filter(fingerprint=listing.fingerprint)
    found = same.exclude(state__in=(Listing.State.WITHDRAWN, Listing.State.ARCHIVED)).first()
    if found:
        raise Conflict(
            _("You already have a listing with this title: %(title)s. Edit that one, or change the title.")
            % {"title": found.title_zh},
            code="duplicate_listing",
        )


def shared_rights(listing: Achievement) -> list[Right]:
    """Rights of other owners with the same number: shown to the reviewer, never to the owner."""
    own = [right.number for right in listing.rights.all() if right.number]
    return list(Right.objects.filter(number__in=own).exclude(owner_id=listing.owner_id).select_related("owner"))
