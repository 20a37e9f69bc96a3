"""How long guarantees last: which of them stand on a day, and when nothing can be claimed of them any more."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from marketplace import law
from marketplace.parties.models import Organisation

from .models import Contract, Guarantee
from .reading import statements_of
from .rules.clockwork import SHARES
from .rules.guaranteeing import covered_until
from .rules.statement import Statement


class Standing(NamedTuple):
    """A guarantee that stands on a day, and the most that it stands for: its cover, or what is left to be answered."""

    guarantee: Guarantee
    most: Decimal


def standing(guarantor: Organisation, day: date, asked: Mapping[int, Decimal]) -> list[Standing]:
    """The guarantees of a guarantor that stand on a day: issued, not released, and something can still be claimed.

    Past its last claim day one stands for what was asked for in time and is not settled: `asked`, by its id.
    """
    rows = list(unreleased(guarantor, day).select_related("contract"))
    ends = ends_of(rows, day)
    can = {row.pk: row.cover_amount for row in rows if row.pk not in ends or day <= ends[row.pk]}
    return [Standing(row, can.get(row.pk) or asked[row.pk]) for row in rows if row.pk in can or asked.get(row.pk)]


def unreleased(guarantor: Organisation, day: date) -> QuerySet[Guarantee]:
    rows = Guarantee.objects.filter(guarantor=guarantor, issued_on__lte=day)
    return rows.filter(Q(released_on=None) | Q(released_on__gt=day)).order_by("-cover_amount", "pk")


def ends_of(rows: Sequence[Guarantee], day: date) -> dict[int, date]:
    """The last claim day of those of which it may have passed; the others are not asked for their statements.

    For a whole period after the end of a contract something can be claimed in any case.
    """
    old = [row for row in rows if row.contract.ended_on and until(row, row.contract.ended_on) < day]
    contracts = Contract.objects.filter(pk__in={row.contract_id for row in old})
    signed = contracts.filter(signed_on__isnull=False, sheet__isnull=False).select_related("sheet")
    statements = {contract.pk: statement for contract, statement in statements_of(signed, day)}
    found = {row.pk: last_claim_day(row, statements.get(row.contract_id)) for row in old}
    return {pk: last for pk, last in found.items() if last is not None}


def last_claim_day(row: Guarantee, statement: Statement | None) -> date | None:
    """The last day on which anything can be claimed: not known while the licence has no end."""
    if row.contract.ended_on is None:
        return None
    dues = [line.due_on for line in statement.lines if line.kind != SHARES] if statement else []
    return until(row, max([row.contract.ended_on, *dues]))


def legal_months(contract: Contract) -> int:
    """The guarantee period of the law, where none was agreed (Civil Code 692)."""
    day = contract.law_on or contract.signed_on or timezone.localdate()
    return int(law.on(day, contract.law_place).number("guarantee.default_period"))


def until(row: Guarantee, due_on: date) -> date:
    """The last day on which a payment due on that day can be claimed."""
    return covered_until(due_on, row.period_months, legal_months(row.contract))
