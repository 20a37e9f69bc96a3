"""Bookings: what a round of billing changed, in the ledger of the owner."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.core.money import ZERO

from ..models import Billing, Journal, Payment
from ..rules import booking
from ..rules.allocating import Part
from ..rules.booking import Kind, Settled
from . import ledger
from .ledger import Booking
from .mirror import Change
from .receipts import Taken


def book_bills(contract: Contract, changes: Iterable[Change], day: date) -> None:
    """What is owed more, or less, line by line: once for each version of the obligation."""
    found = [billed(change, day) for change in changes if change.is_money and change.row.amount != change.amount]
    ledger.post_all(found, contract=contract, by=SYSTEM)


def billed(change: Change, day: date) -> Booking:
    row = change.row
    entries = booking.bill(row.amount - change.amount, is_written_off=row.is_written_off)
    on = row.arose_on if row.version == 1 else day
    return Booking(Journal.Kind.BILLED, f"bill:{row.public_id}:{row.version}", entries, on)


def book_money(
    contract: Contract, billing: Billing, changes: Iterable[Change], parts: Sequence[Part], payments: Taken, day: date
) -> None:
    """Money that arrived or was taken back, and what changed in the use of over-payments.

    Every line's change is known; the bookings of arrived and reversed payments are a part of it, and the rest is a
    credit that was used (or given back).
    """
    changed = [change for change in changes if change.is_money]
    given_up = {change.row.key for change in changed if change.row.is_written_off}
    rest = total(change.settled for change in changed)
    for payment in payments.arrived:
        settled = total(settled_by(part, given_up) for part in parts if part.payment == payment.pk)
        rest = rest.less(settled)
        book_receipt(payment, settled)
    for journal in receipts_of(payments.reversed):
        ledger.reverse(journal, reason="payment", by=SYSTEM)
        rest = rest.less(Settled(*(-each for each in settled_in(journal))))
    if any(rest):
        cause = f"used:{contract.public_id}:{billing.version}"
        entries = booking.use(rest)
        ledger.post(contract.seller, Journal.Kind.USED, cause, entries, on=day, contract=contract, by=SYSTEM)


def book_receipt(payment: Payment, settled: Settled) -> Journal:
    contract = payment.contract
    return ledger.post(
        contract.seller, Journal.Kind.RECEIVED, cause_of(payment), booking.receive(payment.amount, settled),
        on=payment.on, contract=contract, by=payment.fact.recorded_by or SYSTEM,
    )  # fmt: skip


def cause_of(payment: Payment) -> str:
    return f"payment:{payment.public_id}"


def receipts_of(payments: Iterable[Payment]) -> QuerySet[Journal]:
    causes = [cause_of(payment) for payment in payments]
    return Journal.objects.filter(kind=Journal.Kind.RECEIVED, cause__in=causes).order_by("id")


def settled_by(part: Part, given_up: set[str]) -> Settled:
    if part.key in given_up:
        return Settled(recovered=part.principal, interest=part.interest)
    return Settled(part.principal, ZERO, part.interest)


def settled_in(journal: Journal) -> Settled:
    """What a receipt paid, as it was booked."""
    sums = dict.fromkeys(Kind, ZERO) | {entry.account: entry.amount for entry in ledger.entries_of(journal)}
    return Settled(-sums[Kind.RECEIVABLE], -sums[Kind.WRITTEN_OFF], -sums[Kind.INTEREST])


def total(settled: Iterable[Settled]) -> Settled:
    rows = list(settled)
    return Settled(*(sum((row[place] for row in rows), ZERO) for place in range(len(Settled._fields))))
