"""Receivables: what is still to be paid to one's organisations, by age and by contract."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Round

from marketplace.contracts.models import Contract
from marketplace.core.money import ZERO
from marketplace.parties import access

from .models import Invoice, Obligation
from .rules.ageing import Age, by_age


class OfContract(NamedTuple):
    """What is open under one contract; `ages` by age, principal alone."""

    contract: Contract
    ages: dict[Age, Decimal]
    interest: Decimal

    @property
    def total(self) -> Decimal:
        return sum(self.ages.values(), ZERO)


def open_to(user: Any) -> QuerySet[Obligation]:
    """What is open to the organisations of the person; to all for staff. Shares are none of it."""
    rows = Obligation.objects.unpaid().exclude(kind=Obligation.SHARES)
    if not access.is_platform_staff(user):
        rows = rows.filter(contract__seller_id__in=access.organisation_ids(user))
    return rows.select_related("contract__buyer", "contract__seller").order_by("contract_id", "due_on", "id")


def not_invoiced(organisation_ids: Iterable[int]) -> QuerySet[Obligation]:
    """What was paid to these organisations, in all or in part, and has no invoice for as much yet."""
    counts = Q(invoice_parts__isnull=False) & ~Q(invoice_parts__invoice__state=Invoice.State.WITHDRAWN)
    invoiced = Round(Sum("invoice_parts__amount", filter=counts, default=ZERO), 2)
    rows = Obligation.objects.filter(contract__seller_id__in=organisation_ids, paid__gt=0, amount__gt=0)
    rows = rows.exclude(kind=Obligation.SHARES).annotate(invoiced=invoiced)
    return rows.filter(invoiced__lt=Round(F("paid") + F("interest_paid"), 2)).order_by("due_on", "id")


def by_contract(rows: Iterable[Obligation], today: date) -> list[OfContract]:
    """The contracts with their open amounts by age, what is longest overdue first."""
    grouped: dict[Contract, list[Obligation]] = defaultdict(list)
    for row in rows:
        grouped[row.contract].append(row)
    found = [
        OfContract(
            contract,
            by_age([(row.due_on, row.unpaid) for row in theirs], today),
            sum((row.interest - row.interest_paid for row in theirs), ZERO),
        )
        for contract, theirs in grouped.items()
    ]
    return sorted(found, key=lambda each: [-each.ages[age] for age in reversed(Age)])


def totals(rows: Iterable[OfContract]) -> dict[Age, Decimal]:
    """The same over all contracts."""
    rows = list(rows)
    return {age: sum((row.ages[age] for row in rows), ZERO) for age in Age}
