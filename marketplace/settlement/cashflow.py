"""The cash-flow calendar of one's organisations: what is expected and what came, as receiver and as payer.

What has fallen due stands in the obligations. What the terms will make due by themselves, if nothing else happens,
the engine says: it is asked for the last day of the calendar.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, QuerySet, Sum, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from marketplace.contracts.models import Contract
from marketplace.contracts.reading import statements_of
from marketplace.core.money import to_fen
from marketplace.parties import access

from .models import Obligation, Payment
from .rules import cashflow
from .rules.cashflow import Dated, Month

RECEIVER, PAYER = "seller", "buyer"
SIDES = (RECEIVER, PAYER)
AT_ONCE = 500
"""Contracts whose terms are asked together what is to come."""


def contracts_of(user: Any, side: str, organisation_id: int | None = None) -> QuerySet[Contract]:
    """Signed contracts in which one's organisations (or the one that is named) are on this side; all for staff."""
    rows = Contract.objects.filter(signed_on__isnull=False)
    if organisation_id is not None:
        rows = rows.filter(**{f"{side}_id": organisation_id})
    if access.is_platform_staff(user):
        return rows
    return rows.filter(**{f"{side}_id__in": access.organisation_ids(user)})


def months_of(contracts: QuerySet[Contract], first: date, count: int) -> list[Month]:
    """The months from that of `first` on. Questions to the database: a few, and three for AT_ONCE contracts more."""
    first = cashflow.first_of(first)
    after = cashflow.first_of(first, count)
    owed = Obligation.objects.filter(contract__in=contracts, due_on__gte=first, due_on__lt=after)
    owed = owed.exclude(kind=Obligation.SHARES).annotate(
        month=TruncMonth("due_on"),
        wanted=Case(When(write_off_reason="", then=F("amount")), default=F("paid")),
        left=Case(When(write_off_reason="", then=F("amount") - F("paid") + F("interest") - F("interest_paid"))),
    )
    paid = Payment.objects.standing().filter(contract__in=contracts, on__gte=first, on__lt=after)
    return cashflow.calendar(
        first,
        count,
        due=sums(owed, "wanted"),
        open=sums(owed, "left"),
        came=sums(paid.annotate(month=TruncMonth("on")), "amount"),
        planned=planned(contracts, after - timedelta(days=1)),
    )


def sums(rows: QuerySet[Any], name: str) -> list[Dated]:
    found = rows.order_by().values_list("month").annotate(total=Sum(name))
    return [(month, to_fen(amount)) for month, amount in found if amount is not None]


def planned(contracts: QuerySet[Contract], until: date) -> Iterator[Dated]:
    """What the terms make due by themselves until a day and what is no obligation yet."""
    if until <= timezone.localdate():
        return
    running = contracts.filter(state__in=Contract.RUNNING, sheet__isnull=False).select_related("sheet")
    for rows in batched(running.order_by("pk"), AT_ONCE):
        yield from planned_of(rows, until)


def batched(rows: QuerySet[Contract], size: int) -> Iterator[list[Contract]]:
    """All rows, by their ids, so many at a time."""
    part = list(rows[:size])
    while part:
        yield part
        part = list(rows.filter(pk__gt=part[-1].pk)[:size]) if len(part) == size else []


def planned_of(rows: list[Contract], until: date) -> Iterator[Dated]:
    known = set(Obligation.objects.filter(contract__in=[row.pk for row in rows]).values_list("contract_id", "key"))
    for contract, statement in statements_of(rows, until):
        for line in statement.lines:
            if (contract.pk, line.key) not in known and line.kind != Obligation.SHARES:
                yield line.due_on, line.amount
