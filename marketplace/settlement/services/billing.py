"""Billing: the statement of a contract becomes obligations, allocations and bookings, and they follow it.

The engine is the one source of what is owed; nothing is computed here. Each round compares what the statement says with
the rows and books the difference, so a round that runs twice finds nothing left to do. Rounds of one contract come one
after the other: each holds the contract's row.
"""

import logging
from datetime import date, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from marketplace.contracts.models import Contract
from marketplace.contracts.reading import statement_of
from marketplace.contracts.rules.statement import Statement
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import lock

from ..models import Billing
from . import allocations, bookings, commissions, mirror, receipts, reversing

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
BATCH = 500


@transaction.atomic
def bill(contract: Contract, as_of: date | None = None, *, by: Any) -> Billing | None:
    """Bring obligations, payments and books of a contract to what is owed at the end of a day; twice is once.

    A day before the last one billed counts as that one. None while nothing is signed.
    """
    require("settlement.bill", by, contract)
    contract = lock(contract)
    if contract.signed_on is None or contract.sheet_id is None:
        return None
    billing = Billing.objects.filter(contract=contract).first()
    day = max(as_of or timezone.localdate(), billing.billed_on if billing else contract.signed_on)
    return follow(contract, billing or Billing(contract=contract), statement_of(contract, day))


def follow(contract: Contract, billing: Billing, statement: Statement) -> Billing:
    """One round on a locked contract."""
    payments = receipts.take_up(contract)
    changes = mirror.follow(contract, statement)
    is_moved = payments.arrived or payments.reversed or any(any(change.settled) for change in changes)
    parts = allocations.follow(contract, statement, payments.standing) if is_moved else ()
    if billing.pk is None:
        commissions.open_for(contract)
    billing.version += 1
    bookings.book_bills(contract, changes, statement.as_of)
    bookings.book_money(contract, billing, changes, parts, payments, statement.as_of)
    billing.billed_on, billing.next_on, billing.credit = statement.as_of, next_day(statement), statement.credit
    billing.save()
    if is_moved:
        commissions.follow(contract)
    for payment in payments.reversed:
        reversing.follow_payment(payment)
    if is_moved:
        reversing.warn_of_less(contract)
    return billing


def next_day(statement: Statement) -> date | None:
    """The next day on which the statement changes by itself; interest grows each day."""
    if any(mirror.is_running(line) for line in statement.lines):
        return statement.as_of + DAY
    return statement.next_day


# At night


def waiting(today: date) -> QuerySet[Contract]:
    """The queue: signed contracts never billed, whose day has come, or in which something happened since."""
    signed = Contract.objects.filter(signed_on__isnull=False, sheet__isnull=False)
    never, due = Q(billing__isnull=True), Q(billing__next_on__lte=today)
    return signed.filter(never | due | Q(changed_at__gt=F("billing__changed_at")))


def bill_all(today: date, *, batch: int = BATCH) -> int:
    """Bill every contract of the queue, each in a transaction of its own, and return how many; safe to run twice."""
    billed = last = 0
    while rows := list(waiting(today).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]):
        last = rows[-1]
        billed += sum(bill_row(pk, today) for pk in rows)
    return billed


def bill_row(pk: int, today: date) -> bool:
    """Bill one contract of the queue; False when somebody else holds it, or it failed and stays in the queue."""
    try:
        with transaction.atomic():
            free = Contract.objects.select_for_update(skip_locked=True, no_key=True)
            row = free.filter(pk=pk, pk__in=waiting(today).values("pk")).first()
            return row is not None and bill(row, today, by=SYSTEM) is not None
    except (OperationalError, InterfaceError):  # the database is ill, not the contract
        raise
    except Exception:
        log.exception("Contract %s could not be billed; it stays in the queue.", pk)
        return False
