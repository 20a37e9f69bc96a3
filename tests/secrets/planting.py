"""Puts a canary into every confidential text as its row is written, and knows to whom each belongs.

A canary is planted before the row is saved, so whatever is made from the row afterwards (letters, journal, index,
documents, projections) carries it too. What `fill` adds at the end was never written by a service.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.signals import pre_save

from marketplace.brokerage.models import Deal, DealFile, Introduction, Nda
from marketplace.documents.models import Kind
from marketplace.listings.models import Demand, Listing, Right
from marketplace.parties.access import WRITERS
from marketplace.parties.models import Membership, Organisation, TechnologyManager, User

from .registry import CONFIDENTIAL, Secrets

TOKEN = re.compile(r"zqx[a-z]{5}xqz", re.IGNORECASE)
LETTERS = "abcdefghijklmnoprstuvwxy"
SIDES = ("supplier", "seeker")
MANDATED = ("supply_mandate.agency.organisation", "demand_mandate.agency.organisation")
KEEPERS = Membership.objects.live().filter(
    role__in=WRITERS, organisation__kind=Organisation.Kind.AUTHORITY, organisation__state=Organisation.State.VERIFIED
)
ANOTHER = 1_000_000
"""From here on the canaries of a twin are counted."""
OF_TWIN = "龘龘"
"""A word that only the texts of a twin hold."""
SHORT = 24
"""A column this short holds the canary alone."""


def token(number: int) -> str:
    """No word of any language, and too long to be met by chance in a nonce."""
    found = ""
    for _ in range(5):
        number, rest = divmod(number, len(LETTERS))
        found = LETTERS[rest] + found
    return f"zqx{found}xqz"


@dataclass
class Home:
    """Where a canary was planted: a field of a row."""

    row: Any
    field: str
    secrets: Secrets

    @property
    def name(self) -> str:
        return f"{self.row._meta.label}.{self.field}"

    def __str__(self) -> str:
        return f"{self.name} of {self.row.pk}"


class Planting:
    """The canaries of one world. `twin` writes other texts in the same places, but for the canaries that are `kept`."""

    def __init__(self, twin: bool = False, kept: Collection[str] = ()) -> None:
        self.homes: dict[str, Home] = {}
        self.twin, self.kept = twin, kept

    @contextmanager
    def at_work(self) -> Iterator[None]:
        pre_save.connect(self.plant, weak=False)
        try:
            yield
        finally:
            pre_save.disconnect(self.plant)

    def canary(self, row: Any, field: str, secrets: Secrets) -> str:
        made = token(len(self.homes))
        if self.twin and made not in self.kept:
            made = token(ANOTHER + len(self.homes))
        self.homes[made] = Home(row, field, secrets)
        return made

    def plant(self, sender: Any, instance: Any, **_said: Any) -> None:
        for secrets, name in confidential_texts(sender._meta.label):
            text = getattr(instance, name)
            if text and not TOKEN.search(text) and is_secret(instance, name):
                setattr(instance, name, self.planted(instance, name, text, secrets))

    def planted(self, row: Any, name: str, text: str, secrets: Secrets) -> str:
        """The canary, with what was there where there is room: in the twin world before it, and more of it."""
        made, room = self.canary(row, name, secrets), row._meta.get_field(name).max_length or 4000
        is_other = self.twin and made not in self.kept
        if room <= SHORT:
            return made
        if name == "filename":
            made = f"{made}.{text.rpartition('.')[2] or 'pdf'}"
        words = text[: (room - len(made) - 1) // 2]
        return f"{made} {OF_TWIN}{words}" if is_other else f"{words} {made}"

    def fill(self) -> None:
        """What no service has written so far: every empty confidential text that the database lets be filled."""
        for model in confidential_models():
            for row in model._base_manager.order_by("pk"):
                for secrets, name in confidential_texts(model._meta.label):
                    if not TOKEN.search(getattr(row, name) or "") and is_secret(row, name):
                        self.put(row, name, secrets)

    def put(self, row: Any, name: str, secrets: Secrets) -> None:
        text = self.planted(row, name, getattr(row, name) or "", secrets)
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{name: text})
        except IntegrityError:
            self.homes.popitem()

    def numbers(self) -> dict[str, list[Home]]:
        """What is confidential as it is, and long enough to be recognised: amounts, numbers of papers."""
        found: dict[str, list[Home]] = defaultdict(list)
        for model in confidential_models():
            for secrets in CONFIDENTIAL[model._meta.label]:
                for name in secrets.as_it_is.split():
                    for row in model._base_manager.order_by("pk"):
                        value = getattr(row, name)
                        if is_telling(value) and is_secret(row, name):
                            found[as_written(value)].append(Home(row, name, secrets))
        return dict(found)


def confidential_models() -> list[Any]:
    return [model for model in apps.get_models() if model._meta.label in CONFIDENTIAL]


@cache
def confidential_texts(label: str) -> list[tuple[Secrets, str]]:
    return [(secrets, name) for secrets in CONFIDENTIAL.get(label, ()) for name in secrets.texts.split()]


def is_secret(row: Any, name: str) -> bool:
    """What a listing's owner did not let be public; everything else in the registry."""
    if isinstance(row, Listing):
        field = {"budget_low": "price", "budget_high": "price"}.get(name, re.sub("_(zh|en)$", "", name))
        return row.effective_tiers.get(field, "nda") == "nda"
    if row._meta.label == "listings.Offer":
        return row.achievement.effective_tiers["price"] == "nda"
    return True


def is_telling(value: Any) -> bool:
    """Whether a value would be recognised on a page: an amount with five digits that count, a number of six."""
    if isinstance(value, Decimal):
        return len(value.normalize().as_tuple().digits) >= 5 and abs(value) > 1
    return isinstance(value, str) and len(value) >= 6 and any(each.isdigit() for each in value)


def as_written(value: Any) -> str:
    """An amount without its sign and its closing zeros, as `Sight` writes the numbers of a page."""
    return trimmed(f"{abs(value):f}") if isinstance(value, Decimal) else value


def trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def readers(home: Home) -> set[int]:
    """The people who may read it, staff apart."""
    return {pk for path in home.secrets.readers if is_for(home.row, path) for pk in people(home.row, path)}


def is_for(row: Any, path: str) -> bool:
    """What a side of a deal wrote for itself is not for the other; its files are for whom the agreement names."""
    row, side = getattr(row, "meeting", row), path.removeprefix("meeting.").removeprefix("deal.")
    audience = getattr(row, "audience", "")
    if audience == "own":
        return side == row.side
    if audience == "nda" and side in SIDES:
        return side == row.side
    return side not in SIDES or audience not in SIDES or audience == side


def people(row: Any, path: str) -> set[int]:
    if path == "keepers" or (path == "evidence" and row.kind == Kind.REGISTER_EVIDENCE):
        return set(KEEPERS.values_list("user_id", flat=True))
    if path == "agreement":
        return under_agreement(row)
    if path == "introduction":
        return {pk for each in introductions(row) for step in MANDATED for pk in people(each, step)}
    if path == "evidence":
        return set()
    ends = [type(row)._base_manager.get(pk=row.pk)]
    for step in path.rstrip("!~").split("."):
        if step != "self":
            ends = [end for each in ends for end in follow(each, step)]
    organisations = [each.pk for each in ends if isinstance(each, Organisation)]
    members = Membership.objects.live().filter(organisation_id__in=organisations)
    if path.endswith("!"):
        members = members.filter(role__in=WRITERS)
    users = [each for each in ends if isinstance(each, User) and not (path.endswith("~") and has_left(each))]
    return {each.pk for each in users} | set(members.values_list("user_id", flat=True))


def has_left(person: User) -> bool:
    return person.memberships.exists() and not person.memberships.live().exists()


def under_agreement(row: Any) -> set[int]:
    """Whom the other side named in an agreement of a deal about this listing, and the deal's registered manager."""
    if isinstance(row, DealFile):
        deals, other = Deal.objects.filter(pk=row.deal_id), SIDES[row.side == "supplier"]
        deals = deals if row.audience == "nda" else deals.none()
    elif isinstance(row, Right):
        deals, other = Deal.objects.filter(achievement__achievement__rights=row.pk), "seeker"
    else:
        listing = getattr(row, "achievement", row)
        is_demand = isinstance(listing, Demand)
        name, other = ("demand__demand", "supplier") if is_demand else ("achievement__achievement", "seeker")
        deals = Deal.objects.filter(**{name: listing.pk})
    found: set[int] = set()
    for nda in Nda.objects.filter(deal__in=deals, state="in_force"):
        named = nda.bound.filter(side=other, released_at=None, membership__in=Membership.objects.live())
        found |= set(named.values_list("membership__user_id", flat=True))
        held = TechnologyManager.objects.filter(user=nda.deal.manager).first()
        found |= {nda.deal.manager_id} if held is not None and held.is_valid else set()
    return found


def introductions(deal: Deal) -> Any:
    same = ("supplier", "seeker", "achievement", "demand", "manager")
    return Introduction.objects.filter(**{name: getattr(deal, name) for name in same})


def follow(row: Any, step: str) -> list[Any]:
    found = getattr(row, step, None)
    if isinstance(found, models.Manager):
        return list(found.all())
    return [] if found is None else [found]
