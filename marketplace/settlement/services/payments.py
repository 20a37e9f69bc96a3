"""Payments: recorded once, taken back with a reason; and claims that the owner gives up.

The fact is the contract's (`contracts.record_payment`, `revoke_fact`); obligations, allocations and bookings follow it
in the same transaction, whoever recorded it and by whatever door.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, lock
from marketplace.core.errors import Conflict

from ..models import BankLine, Journal, Obligation, Payment
from ..rules import booking
from . import claims, ledger
from .billing import bill
from .reasons import reason_of


@transaction.atomic
def record(
    contract: Contract,
    amount: Decimal | int | str,
    *,
    on: date,
    reference: str,
    source: str = Payment.Source.HAND,
    obligation: str = "",
    bank_line: BankLine | None = None,
    by: Any,
) -> Payment:
    """Record money that really arrived. The same transfer twice is one payment; what is not owed yet is a credit.

    Raises Invalid by field, and Conflict (`reference_used`) for another transfer of the same reference.
    """
    require("settlement.record", by, contract)
    contract = lock(contract)
    last = Payment.objects.filter(contract=contract).aggregate(last=Max("pk", default=0))["last"]
    fact = contracts.record_payment(contract, amount, on=on, reference=reference, obligation=obligation, by=by)
    bill(contract, by=SYSTEM)  # its payment is there already, unless the fact was known before
    payment = lock(Payment.objects.get(fact=fact))
    if payment.pk > last:
        payment.source = source
    payment.bank_line = payment.bank_line or bank_line
    payment.save(update_fields=["source", "bank_line"])
    return payment


@transaction.atomic
def reverse_payment(payment: Payment, reason: str, *, by: Any) -> Payment:
    """Take a payment back that never arrived or went back; what it had paid is open again. Raises Conflict twice."""
    require("settlement.reverse", by, payment)
    said = reason_of(reason)
    contract = lock(payment.contract)
    payment = lock(payment)
    if payment.state != Payment.State.BOOKED:
        raise Conflict(_("This payment is reversed already."), code="reversed")
    contracts.revoke_fact(payment.fact, said, by=by)
    bill(contract, by=SYSTEM)
    return Payment.objects.get(pk=payment.pk)


@transaction.atomic
def write_off(obligation: Obligation, reason: str, *, gives_up_cover: bool = False, by: Any) -> Obligation:
    """Give a claim up in the books by a decision, named in `reason`. The debt stands: what still comes is recovered.

    The contract hears of it and does not wait for it any more, be it to be cured or to end; so no claim on a guarantee
    can follow. Raises Conflict (`covered`) while one can still be asked, unless the decision gives that up as well.
    """
    said = reason_of(reason, most=1000)
    contract = lock(obligation.contract)
    bill(contract, by=SYSTEM)
    with act(obligation, "settlement.write_off", by=by, reason=said) as obligation:
        check_open(obligation)
        if not gives_up_cover:
            check_uncovered(obligation)
        obligation.write_off_reason = said
        obligation.write_off()
    cause, entries = f"write-off:{obligation.public_id}", booking.write_off(obligation.unpaid)
    ledger.post(
        contract.seller, Journal.Kind.WRITTEN_OFF, cause, entries, on=timezone.localdate(), contract=contract, by=by
    )
    contracts.write_off(contract, obligation.key, said, by=SYSTEM)
    return obligation


def check_open(obligation: Obligation) -> None:
    if obligation.kind == Obligation.SHARES:
        raise Conflict(_("Shares are not written off here."), code="shares")
    if obligation.is_written_off or obligation.unpaid <= 0:
        raise Conflict(_("Nothing of this is open."), code="nothing_open")


def check_uncovered(obligation: Obligation) -> None:
    if names := claims.covering(obligation, timezone.localdate()):
        said = _("A guarantee can still be asked for this: %(guarantees)s. Claim it first, or give it up as well.")
        raise Conflict(said % {"guarantees": names}, code="covered")
