"""Checking claims: losses, covers, recourses and the books of guarantors say the same; nothing is written."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from marketplace.contracts.models import Contract, Guarantee
from marketplace.core.money import ZERO, to_fen

from .models import Account, Claim, Loss, Payment, Recourse, Recovery
from .services import ledger, losses

Fact = tuple[str, object, object]
"""What, what it should be, and what it is."""


def of_claims(contract: Contract) -> Iterator[Fact]:
    """Every difference there could be between the claims of a contract and what follows from them."""
    claims = list(Claim.objects.filter(contract=contract).prefetch_related("lines__payment", "lines__loss"))
    if not claims:
        return
    for claim in claims:
        yield from of_claim(claim)
    for loss in Loss.objects.filter(obligation__contract=contract).prefetch_related("lines__payment"):
        lines = list(loss.lines.all())
        paid = sum((line.payment.amount for line in lines if line.payment), ZERO)
        yield f"claimed of loss {loss.pk}", sum((line.held for line in lines), ZERO), loss.claimed
        yield f"compensated of loss {loss.pk}", paid, loss.compensated
    for guarantee in Guarantee.objects.filter(contract=contract, claims__isnull=False).distinct():
        own = [each for each in claims if each.guarantee_id == guarantee.pk]
        paid = sum((each.paid for each in own), ZERO)
        yield f"cover used of {guarantee.public_id}", paid, guarantee.used_amount
        asked = (line.held for each in own if each.state in Claim.OPEN for line in each.lines.all())
        yield f"cover asked of {guarantee.public_id}", sum(asked, ZERO), guarantee.asked_amount
        held = losses.used_of(guarantee)
        yield f"cover held of {guarantee.public_id}", min(held, guarantee.cover_amount), held
    for recourse in Recourse.objects.filter(contract=contract).select_related("claim"):
        yield from of_recourse(recourse)
    yield from of_guarantor_books(contract)


def of_claim(claim: Claim) -> Iterator[Fact]:
    lines = list(claim.lines.all())
    name = claim.public_id
    yield f"claimed by {name}", claim.amount, sum((line.amount for line in lines), ZERO)
    if claim.state in (*Claim.PAID, Claim.State.ACCEPTED):
        yield f"accepted of {name}", claim.accepted, sum((line.accepted or ZERO for line in lines), ZERO)
    yield f"held by {name}", *held_by(claim, sum((line.held for line in lines), ZERO))
    payments = [line.payment for line in lines if line.payment]
    yield f"paid for {name}", claim.paid, sum((each.amount for each in payments), ZERO)
    standing = all(each.state == Payment.State.BOOKED for each in payments)
    yield f"payments of {name} stand", True, standing
    yield f"state of {name}", claim.state in Claim.PAID, claim.paid > 0


def held_by(claim: Claim, held: Decimal) -> tuple[Decimal, Decimal]:
    """What a claim should hold, and what it holds: once accepted, less where another took loss or cover meanwhile."""
    if claim.state in Claim.PAID:
        return claim.paid, held
    if claim.state == Claim.State.ACCEPTED:
        return min(held, claim.accepted or ZERO), held
    return (claim.amount if claim.state in Claim.OPEN else ZERO), held


def of_recourse(recourse: Recourse) -> Iterator[Fact]:
    rows = list(recourse.recoveries.standing().prefetch_related("parts__payment"))
    yield f"recovered of {recourse.public_id}", sum((row.guarantor_part for row in rows), ZERO), recourse.paid
    if recourse.state != Recourse.State.CANCELLED:
        yield f"recourse {recourse.public_id}", recourse.claim.paid, recourse.amount
    for row in rows:
        parts = list(row.parts.all())
        yield f"parts of {row.public_id}", row.licensor_part, sum((part.amount for part in parts), ZERO)
        passed = [part.payment is not None and part.payment.state == Payment.State.BOOKED for part in parts]
        yield f"passed on of {row.public_id}", bool(parts) and row.passed_on is not None, bool(parts) and all(passed)


def of_guarantor_books(contract: Contract) -> Iterator[Fact]:
    """What each account of a guarantor should hold of the contract."""
    for creditor in {row.creditor for row in Recourse.objects.filter(contract=contract).select_related("creditor")}:
        rows = Recourse.objects.filter(contract=contract, creditor=creditor)
        live = rows.exclude(state=Recourse.State.CANCELLED)
        forgone = live.filter(state=Recourse.State.FORGONE)
        booked = Recovery.objects.standing().filter(recourse__in=rows)
        passed = booked.exclude(passed_on=None)
        expected = {
            Account.Kind.RECOURSE: total(live, "amount") - total(live, "paid") - left(forgone),
            Account.Kind.WRITTEN_OFF: left(forgone),
            Account.Kind.COMPENSATION: -total(live, "amount"),
            Account.Kind.BANK: total(booked, "amount"),
            Account.Kind.COSTS: -total(booked, "costs"),
            Account.Kind.TO_PASS_ON: total(passed, "licensor_part") - total(booked, "licensor_part"),
            Account.Kind.PASSED_ON: -total(passed, "licensor_part"),
        }
        found = ledger.balances(journal__contract=contract, journal__book=creditor)
        for kind, amount in expected.items():
            yield f"account {kind} of {creditor.public_id}", amount, found[kind]


def total(rows: object, name: str) -> Decimal:
    return to_fen(rows.aggregate(total=Sum(name, default=ZERO))["total"])  # type: ignore[attr-defined]


def left(rows: object) -> Decimal:
    return total(rows, "amount") - total(rows, "paid")
