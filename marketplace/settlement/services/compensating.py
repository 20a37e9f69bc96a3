"""Compensation (代偿): the guarantor's money has arrived. It pays what it covers, and the licensee owes it now.

The licensor, who has the money, records it: a payment for each obligation in its own books, and in the books of the
guarantor what it has paid and may recover. A mistake is taken back as a whole.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts import services as contracts
from marketplace.contracts.services.sides import needed
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO
from marketplace.core.validation import check_text

from ..claim_telling import BENEFICIARY, GUARANTOR, LICENSEE, tell
from ..models import Claim, Journal, Payment, Recourse
from ..rules import booking, claiming
from . import ledger, losses, payments, reasons
from .days import term

LONGEST_REFERENCE = 150


@transaction.atomic
def compensate(claim: Claim, amount: Decimal, *, on: date, reference: str, by: Any) -> Claim:
    """The guarantor's transfer has arrived: it pays the accepted lines, and recourse begins.

    `amount` is what arrived; it must be what is due, which is less than accepted where the licensee has paid
    meanwhile. Raises Invalid by field, Conflict when nothing is lost any more.
    """
    lock(claim.contract)
    with act(claim, "settlement.compensate", by=by) as claim:
        claim.compensate()
        due = checked(claim, amount, on)
        said = " ".join(check_text("reference", (reference or "").strip(), most=LONGEST_REFERENCE).split())
        if not said:
            raise Invalid(fields={"reference": [str(_("Copy the reference of the transfer from the bank."))]})
        claim.paid, claim.paid_on, claim.reference, claim.pay_by = amount, on, said, None
        pay_lines(claim, due, by=by)
        contracts.use_cover(claim.guarantee, amount, by=SYSTEM)
        if claim.guarantee.kind in claiming.OWN_MONEY:
            claim.close()
    losses.tell_cover(claim.guarantee)
    if claim.guarantee.guarantor is not None:
        begin_recourse(claim, by=by)
    tell(claim, "compensated", to=(GUARANTOR, LICENSEE))
    return claim


def checked(claim: Claim, amount: Decimal, on: date) -> dict[str, Decimal]:
    """What is due of each obligation, if that is what arrived on a day that can be."""
    today = timezone.localdate()
    if not claim.filed_on <= on <= today:
        sentence = _("Choose a day between the claim and today.")
        raise Invalid(fields={"on": [str(sentence)]})
    due = due_between(claim, on, today)
    if not due:
        raise Conflict(_("Nothing of this is lost any more: withdraw the claim."), code="nothing_lost")
    total = sum(due.values(), ZERO)
    if amount != total:
        raise Invalid(fields={"amount": [str(_("It comes to %(total)s; record what is due.") % {"total": total})]})
    return due


def due_between(claim: Claim, on: date, today: date) -> dict[str, Decimal]:
    """What is due on the day of the transfer, less what has been paid since."""
    then, now = losses.due_of(claim, on), losses.due_of(claim, today)
    return {key: min(amount, now[key]) for key, amount in then.items() if key in now}


def pay_lines(claim: Claim, due: dict[str, Decimal], *, by: Any) -> None:
    """A payment for each obligation, and the loss is compensated by as much; what it does not need is free again."""
    assert claim.paid_on is not None
    numbers = {key: number for number, key in enumerate(due, 1)}
    for row in claim.lines.select_related("loss__obligation").order_by("id"):
        key = row.loss.obligation.key
        amount = due.get(key, ZERO)
        if amount:
            row.payment = payments.record(
                claim.contract, amount, on=claim.paid_on, reference=named(claim.reference, numbers[key], len(due)),
                source=Payment.Source.GUARANTOR, obligation=key, by=by,
            )  # fmt: skip
        losses.hold_now(row, amount, compensated=amount)
    losses.see_what_is_left(claim, timezone.localdate())


def named(reference: str, number: int, count: int) -> str:
    """One transfer that pays several obligations is several payments, each with a name of its own."""
    return reference if count == 1 else f"{reference} ({number}/{count})"


def begin_recourse(claim: Claim, *, by: Any) -> Recourse:
    """The licensee owes the guarantor what it has paid (Civil Code 700)."""
    guarantor = claim.guarantee.guarantor
    assert guarantor is not None
    assert claim.paid_on is not None
    row = Recourse(
        claim=claim, contract=claim.contract, creditor=guarantor, since=claim.paid_on, amount=claim.paid
    )  # fmt: skip
    create(row, "settlement.compensate", by=by)
    ledger.post(
        guarantor, Journal.Kind.COMPENSATED, f"compensation:{row.public_id}", booking.compensate(row.amount),
        on=row.since, contract=claim.contract, by=by,
    )  # fmt: skip
    return row


# Booked wrongly


@transaction.atomic
def reverse_compensation(claim: Claim, reason: str, *, by: Any) -> Claim:
    """It never arrived, or went back: what it had paid is open again, recourse ends, and the guarantor has days to pay.

    Raises Conflict once something of it was recovered: that is reversed first.
    """
    said = needed("reason", reason)[: reasons.LONGEST_REASON]
    lock(claim.contract)
    with act(claim, "settlement.reverse_compensation", by=by, reason=said) as claim:
        claim.take_back()
        check_only_one(claim)
        end_recourse(claim, said, by=by)
        contracts.use_cover(claim.guarantee, -claim.paid, by=SYSTEM)
        take_lines_back(claim, said, by=by)
        claim.paid, claim.paid_on, claim.reference = ZERO, None, ""
        if claim.guarantee.kind not in claiming.OWN_MONEY:  # a deposit is at hand, nobody has days to pay it
            claim.pay_by = term("claim.pay_days", timezone.localdate(), claim.contract.law_place).until
    losses.tell_cover(claim.guarantee)
    tell(claim, "reversed", to=(BENEFICIARY, GUARANTOR, LICENSEE))
    return claim


def check_only_one(claim: Claim) -> None:
    others = Claim.objects.filter(guarantee_id=claim.guarantee_id, state__in=Claim.OPEN).exclude(pk=claim.pk)
    if others.exists():
        raise Conflict(_("Another claim on this guarantee is open: settle that first."), code="claim_open")


def end_recourse(claim: Claim, reason: str, *, by: Any) -> None:
    found = claim.recourses.exclude(state=Recourse.State.CANCELLED).first()
    if found is None:
        return
    with act(found, "settlement.reverse_compensation", by=by, reason=reason) as recourse:
        if recourse.recoveries.standing().exists() or recourse.state != Recourse.State.OWED:
            raise Conflict(_("Something was recovered or given up: take that back first."), code="recovered")
        recourse.cancel()
    journal = Journal.objects.get(book=recourse.creditor, cause=f"compensation:{recourse.public_id}")
    ledger.reverse(journal, reason="compensation", by=by)


def take_lines_back(claim: Claim, reason: str, *, by: Any) -> None:
    """The links go first: a payment that belongs to a claim is reversed by nobody else."""
    for row in claim.lines.select_related("payment", "loss").order_by("-id"):
        payment, row.payment, row.left = row.payment, None, None
        row.save(update_fields=["payment", "left"])
        if payment is not None:
            losses.change(row.loss, compensated=-payment.amount, borne=payment.amount)
            payments.reverse_payment(payment, reason, by=by)
    losses.hold_again(claim)
