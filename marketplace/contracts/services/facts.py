"""Facts: what happened under a contract is written down once, with the day that counts, and never edited.

A key names one happening (`delivered`, `election`, `milestone-m1`), so that a second try finds the first: pressed
twice, run twice or at the same moment, it is one fact. The engine reads the new history before it is kept; a fact
that contradicts the terms or what happened before is refused.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Invalid

from ..models import Contract, Fact
from ..reading import statement_of
from ..rules.events import Kind
from ..rules.faults import Broken, Fault
from ..wording import sentence_of


def happen(
    contract: Contract, kind: Kind, *, on: date, key: str, by: Any, content: dict[str, Any] | None = None
) -> Fact:
    """Keep one fact of a locked contract. Raises Invalid for a day to come, Conflict when it stands or cannot be."""
    check_day(on, "on")
    fact = Fact(contract=contract, key=free_key(contract, key), kind=kind, on=on, content=content or {})
    fact.recorded_by_id = by.pk
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError as fault:
        raise already() from fault
    refuse_contradiction(contract, fact)
    return fact


def check_day(on: date, name: str) -> None:
    """A fact is of a day that has come."""
    if on > timezone.localdate():
        raise Invalid(fields={name: [str(_("This day has not come yet."))]})


def free_key(contract: Contract, key: str) -> str:
    """The key, or the next one after what was revoked; Conflict while a fact of that name stands."""
    rows = Fact.objects.filter(contract=contract, key__regex=rf"^{key}(-again[0-9]+)?$")
    revoked = [row.revoked_at is not None for row in rows]
    if not all(revoked):
        raise already()
    return f"{key}-again{len(revoked)}" if revoked else key


def standing(contract: Contract, key: str) -> Fact | None:
    """The fact of that name that stands."""
    rows = Fact.objects.standing().filter(contract=contract, key__regex=rf"^{key}(-again[0-9]+)?$")
    return rows.first()


def already() -> Conflict:
    return Conflict(_("This has been recorded already."), code="already_recorded")


def refuse_contradiction(contract: Contract, fact: Fact) -> None:
    """Raise Conflict with the engine's own code when the fact does not fit the terms and the history."""
    found = faults_about(contract, fact.key, on=max(fact.on, timezone.localdate()))
    if found:
        raise Conflict(sentence_of(found[0]), code=found[0].code)


def faults_about(contract: Contract, key: str, *, on: date) -> list[Fault]:
    """What the engine finds wrong with one fact of the history."""
    place = f"/events/{key}"
    try:
        found = statement_of(contract, on).faults
    except Broken as fault:
        raise Invalid(sentence_of(fault.faults[0]), code=fault.faults[0].code) from fault
    return [each for each in found if each.pointer == place or each.pointer.startswith(f"{place}/")]
