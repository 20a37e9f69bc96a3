"""Allocations: the rows that say which payment paid which obligation; added, never edited."""

from collections.abc import Sequence

from django.db.models import Sum

from marketplace.contracts.models import Contract
from marketplace.contracts.rules.statement import Statement
from marketplace.core.money import to_fen

from ..models import Allocation, Obligation, Payment
from ..rules.allocating import Line, Money, Part, allocate


def follow(contract: Contract, statement: Statement, standing: Sequence[Payment]) -> tuple[Part, ...]:
    """Write by how much the parts of each payment change, so that every line is paid as the statement says."""
    lines = [
        Line(each.key, each.term, each.paid, each.interest_paid)
        for each in sorted(statement.lines, key=lambda line: (line.due_on, line.arose_on, line.key))
        if each.kind != Obligation.SHARES
    ]
    payments = [Money(row.pk, row.amount, row.fact.content.get("obligation", "")) for row in standing]
    parts = allocate(lines, payments, held_by(contract))
    write(contract, parts)
    return parts


def held_by(contract: Contract) -> list[Part]:
    """What each payment has paid so far."""
    rows = Allocation.objects.filter(obligation__contract=contract).order_by("payment_id", "obligation_id")
    sums = rows.values_list("payment_id", "obligation__key").annotate(Sum("principal"), Sum("interest"))
    parts = (Part(payment, key, to_fen(principal), to_fen(interest)) for payment, key, principal, interest in sums)
    return [part for part in parts if part.principal or part.interest]


def write(contract: Contract, parts: Sequence[Part]) -> None:
    keys = {part.key for part in parts}
    rows = dict(Obligation.objects.filter(contract=contract, key__in=keys).values_list("key", "pk"))
    Allocation.objects.bulk_create(
        Allocation(
            payment_id=part.payment,
            obligation_id=rows[part.key],
            principal=part.principal,
            interest=part.interest,
        )
        for part in parts
    )
