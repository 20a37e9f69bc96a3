"""Reversing what was shared: booked back, and who was paid owes it, until every account is zero."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.contracts.services.clearing import check_day
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text

from .. import computing, telling
from ..models import ClawBack, Distribution, Journal, Payment, Payout, Share
from ..rules import booking
from . import distributions, ledger, payouts
from .reasons import reason_of

State = Distribution.State


@transaction.atomic
def reverse_distribution(row: Distribution, reason: str, *, version: int | None = None, by: Any) -> Distribution:
    """Take back what was approved, paid or not. Who was paid owes it: later shares are set off, or they give it back.

    A batch that the bank does not have yet is withdrawn; what it has already is clawed back when it is paid.
    """
    return undo(row, reason_of(reason), "settlement.reverse_distribution", version=version, by=by)


def undo(row: Distribution, reason: str, permission: str, *, version: int | None = None, by: Any) -> Distribution:
    lock(row.contract)
    with act(row, permission, by=by, version=version, reason=reason) as row:
        row.reverse()
        row.end_reason = reason
    journal = Journal.objects.filter(book=row.book, cause=distributions.cause_of(row)).first()
    if journal is not None:
        ledger.reverse(journal, reason="distribution", by=by)
    withdraw_unsent(row, reason)
    for share in row.shares.exclude(state=Share.State.SENT).select_related("payee__user", "distribution__contract"):
        if share.state == Share.State.PAID:
            payouts.claw_back(share, timezone.localdate(), by=by)
        elif share.state != Share.State.VOID:
            distributions.void(share)
    return row


def withdraw_unsent(row: Distribution, reason: str) -> None:
    """Batches with shares of it whose file nobody has taken yet.

    Shares of other contracts stand in them, whose locks are not taken here: two reversals in one batch, each with its
    own contract, would wait for each other. A share with the bank is kept by the lock of its batch.
    """
    found = Payout.objects.filter(lines__share__distribution=row, state=Payout.State.MADE, taken_at=None)
    locked = payouts.lock_batches(found)
    for payout in locked:
        if payout.state == Payout.State.MADE and payout.taken_at is None:  # nobody was faster
            payouts.take_apart(payout, reason, by=SYSTEM)


def follow_payment(payment: Payment) -> None:
    """A receipt was taken back: so is everything that was shared of it."""
    reason = str(_("The receipt was taken back: %(why)s") % {"why": payment.reversal_reason})[:300]
    for row in Distribution.objects.live().filter(payment=payment).order_by("id"):
        if row.state in Distribution.OPEN:
            distributions.end(row, reason, "settlement.follow_reward", by=SYSTEM)
        else:
            undo(row, reason, "settlement.follow_reward", by=SYSTEM)


def warn_of_less(contract: Contract) -> None:
    """A correction has lowered what a receipt earned below what is approved of it: that is not paid (`is_earned`).

    What is paid already stays paid, and is shared no second time when it is earned again.
    """
    for row in Distribution.objects.filter(contract=contract, state=State.APPROVED).order_by("id"):
        if not computing.is_earned(row):
            telling.tell_money_people("less-earned", row, row.public_id)


@transaction.atomic
def give_back(row: ClawBack, amount: Decimal, *, on: date, reference: str, by: Any) -> ClawBack:
    """Record money that somebody gave back; the same transfer twice is one.

    Raises Conflict (`reference_used`) for another transfer of the same reference.
    """
    require("settlement.give_back", by, row)
    check_day("on", on)
    said = check_text("reference", reference.strip(), most=100)
    contract = lock(row.share.distribution.contract)
    cause = f"given-back:{row.public_id}:{said}"[:160]
    known = Journal.objects.filter(book=row.book, cause=cause).first()
    if known is not None:
        check_same(known, amount, on)
        return ClawBack.objects.get(pk=row.pk)
    with act(row, "settlement.give_back", by=by) as row:
        check_amount(row, amount, said)
        row.settled += amount
        if not row.left:
            row.settle()
    ledger.post(row.book, Journal.Kind.GIVEN_BACK, cause, booking.give_back(amount), on=on, contract=contract, by=by)
    return row


def check_same(known: Journal, amount: Decimal, on: date) -> None:
    """Raise Conflict unless the booking that bears the reference is of this amount and day."""
    given_back = sum(entry.amount for entry in ledger.entries_of(known) if entry.amount > 0)
    if (known.on, given_back) != (on, amount):
        sentence = _("A transfer of this reference is recorded with another day or amount.")
        raise Conflict(sentence, code="reference_used")


def check_amount(row: ClawBack, amount: Decimal, reference: str) -> None:
    if row.state != ClawBack.State.OWED:
        raise Conflict(_("Nothing of this is left to be given back."), code="settled")
    if not 0 < amount <= row.left:
        sentence = _("Write an amount above zero and at most %(left)s.") % {"left": f"{row.left:,.2f}"}
        raise Invalid(fields={"amount": [str(sentence)]})
    if not reference:
        raise Invalid(fields={"reference": [str(_("Write the reference of the transfer."))]})
