"""What a contract takes of an achievement and its rights, and whether somebody has it already.

Exclusive, sole and ordinary licences exclude each other by subject, region, field of use and time (DOMAIN 4.3).
An assignment moves the title: it needs that the title is still there, and licences given before survive it
(interpretation on technology contracts, art. 24); whoever has given the title away gives no licence any more.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.law.rules.spans import slot_span
from marketplace.listings.models import Achievement, Right

from .models import Contract, LicenceScope
from .rules.clearances import ASSIGNMENT, LICENCE, excludes_others
from .rules.days import FAR
from .rules.scope import Box, boxes

SENTENCE = _(
    "Another licence in force stands against this one. Agree on another kind of licence, territory, field or time."
)
TITLE = ":title"


def subjects(contract: Contract) -> list[Achievement | Right]:
    """What is licensed or assigned: the achievement and its rights, in the one order in which they are locked."""
    if contract.type not in (ASSIGNMENT, LICENCE) or contract.achievement is None:
        return []
    return [contract.achievement, *contract.achievement.rights.order_by("pk")]


def subject_of(row: Achievement | Right) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def scopes(contract: Contract, first: date, last: date) -> Iterator[LicenceScope]:
    """The boxes that the contract takes from the first day to the last."""
    is_assignment = contract.type == ASSIGNMENT
    slot = slot_span(excludes_others=excludes_others(contract.type, contract.licence_kind), number=contract.pk)
    for row in subjects(contract):
        for box in _boxes(contract):
            yield LicenceScope(
                contract=contract, subject=subject_of(row) + (TITLE if is_assignment else ""),
                region_from=box.region.first, region_to=box.region.end,
                field_from=box.field.first, field_to=box.field.end, slot_from=slot.first, slot_to=slot.end,
                starts_on=first, ends_on=FAR if is_assignment else last,
            )  # fmt: skip


def _boxes(contract: Contract) -> Sequence[Box]:
    """A title is not divided by places and uses."""
    return boxes(["WORLD"], ["*"]) if contract.type == ASSIGNMENT else boxes(contract.territory, contract.fields_of_use)


def is_taken(contract: Contract, first: date, last: date) -> bool:
    """Whether a contract in force stands against this one. Sure only while the subjects are locked."""
    wanted = list(scopes(contract, first, last))
    standing = list(_standing(contract, wanted)) if wanted else []
    return any(_overlap(mine, theirs) for mine in wanted for theirs in standing)


def _standing(contract: Contract, wanted: Sequence[LicenceScope]) -> "QuerySet[LicenceScope]":
    """Scopes of others in force in the same slots and time, and whoever has the title."""
    names = {name for each in wanted for name in (each.subject, _title(each.subject))}
    others = LicenceScope.objects.filter(is_live=True).exclude(contract=contract)
    one = wanted[0]  # all have the same slots and days
    in_slot = others.filter(subject__in=names, slot_from__lt=one.slot_to, slot_to__gt=one.slot_from)
    return in_slot.filter(starts_on__lte=one.ends_on, ends_on__gte=one.starts_on)


def _title(subject: str) -> str:
    return subject if subject.endswith(TITLE) else subject + TITLE


def _overlap(mine: LicenceScope, theirs: LicenceScope) -> bool:
    return (
        theirs.subject in (mine.subject, _title(mine.subject))
        and mine.region_from < theirs.region_to and theirs.region_from < mine.region_to
        and mine.field_from < theirs.field_to and theirs.field_from < mine.field_to
    )  # fmt: skip
