"""The proof of an introduction: its record in words, and where the journal has sealed each act on it."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from marketplace.core.errors import NotFound
from marketplace.core.models import Entry, Seal

from . import names
from .models import Introduction, Mandate


class Act(NamedTuple):
    """One line of the journal, with the seal that holds it; no seal within the first minute."""

    entry: Entry
    seal: Seal | None


class Proof(NamedTuple):
    """What is printed. Names are those that this reader may know."""

    supplier: Any
    seeker: Any
    subject: str
    mandates: list[Mandate]
    acts: list[Act]


def proof_of(row: Introduction, user: Any) -> Proof:
    """The proof for a reader who may name both sides; NotFound for others: it would be a paper with a hole."""
    known = names.known_sides(user, row)
    if not all(known.values()):
        raise NotFound
    entries = Entry.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk).order_by("id")
    acts = [Act(each, seal_of(each)) for each in entries]
    mandates = [each for each in (row.supply_mandate, row.demand_mandate) if each is not None]
    titles = [each.title or _("no longer on the market") for each in (row.demand, row.achievement) if each is not None]
    visible = Mandate.objects.visible_to(user).filter(pk__in=[each.pk for each in mandates])
    return Proof(known["supplier"], known["seeker"], " ↔ ".join(titles), list(visible), acts)


def seal_of(entry: Entry) -> Seal | None:
    return Seal.objects.filter(after_id__lt=entry.pk, through_id__gte=entry.pk).first()
