"""Commissions: opened when a contract follows from an introduction, computed on each receipt, invoiced, paid, disputed.

Every round computes the whole from the payments that stand and writes the difference, so a receipt that is reversed
takes its commission with it, and tiers, floor and cap hold over the deal whatever happens in between.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage import scopes, telling
from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Introduction, Mandate
from marketplace.brokerage.rules.commission import Base, shared
from marketplace.brokerage.rules.mandates import is_earned
from marketplace.contracts.models import Contract
from marketplace.contracts.services.sides import needed
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock, record
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO, to_fen
from marketplace.parties.models import Organisation

from ..models import Allocation, Commission, CommissionLine, Journal, Payment
from ..rules import booking
from ..rules.commissions import Due, Receipt, dues
from . import ledger

TAIL_DUPLICATE = "E_TAIL_DUPLICATE"
ROYALTIES = ("ROYALTY", "MINIMUM")
State = CommissionLine.State


# Opening


def open_for(contract: Contract) -> None:
    """Open the commission of each side that had mandated who brought the two together; the first broker has it."""
    for side, principal in sides_of(contract):
        found = next(earning(contract, side, principal), None)
        if found is not None and not Commission.objects.filter(contract=contract, principal=principal).exists():
            opened(contract, found, side, "settlement.open_commission", SYSTEM)


def sides_of(contract: Contract) -> list[tuple[str, Organisation]]:
    return [(Mandate.Side.SUPPLY, contract.seller), (Mandate.Side.DEMAND, contract.buyer)]


def earning(contract: Contract, side: str, principal: Organisation) -> Iterator[Introduction]:
    """Introductions that this contract follows from, under a mandate of that side, the first one first."""
    rows = Introduction.objects.between(contract.seller_id, contract.buyer_id)
    mandated = f"{side.lower()}_mandate"
    for row in rows.filter(**{f"{mandated}__isnull": False}).select_related(f"{mandated}__agency", "manager"):
        if counts(contract, row, row.mandate_of(side), principal):
            yield row


def counts(contract: Contract, row: Introduction, mandate: Mandate | None, principal: Organisation) -> bool:
    """Whether the mandate is paid for this contract: in time, on something in its scope, written down before.

    Somebody who belongs to a side is paid by that side's own rules, and not by commission.
    """
    if mandate is None or mandate.principal_id != principal.pk or contract.signed_on is None:
        return False
    written_on = timezone.localdate(row.created_at)
    side = "supplier" if principal.pk == contract.seller_id else "seeker"
    is_known = written_on <= contract.signed_on or getattr(row, f"{side}_confirmed_at") is not None
    in_time = is_earned(
        row.on,
        contract.signed_on,
        starts_on=mandate.starts_on,
        ended_on=mandate.last_day,
        tail_months=mandate.tail_months,
    )
    is_own = any(brokerage.is_member(mandate.manager_id, each) for each in (contract.seller_id, contract.buyer_id))
    return is_known and in_time and not is_own and is_about(contract, row, mandate)


def is_about(contract: Contract, row: Introduction, mandate: Mandate) -> bool:
    """The same achievement or the same deal as in the introduction, or another one in the scope of the mandate."""
    deal, achievement = contract.deal, contract.achievement
    if achievement is None or (deal is not None and deal.manager_id == row.manager_id):
        return True
    projection = getattr(achievement, "projection", None)
    if row.achievement is None or projection is None:
        return scopes.covers_field(mandate, achievement.field)
    return row.achievement == projection or scopes.covers(mandate, projection, contract.buyer)


def opened(contract: Contract, row: Introduction, side: str, verb: str, by: Any) -> Commission:
    mandate = row.mandate_of(side)
    assert mandate is not None  # `earning` asked for it
    is_in_hand = contract.manager_id is not None and contract.manager_id == row.manager_id
    kind = Commission.Kind.MANDATE if is_in_hand else Commission.Kind.BYPASSED
    commission = Commission(
        contract=contract, mandate=mandate, introduction=row, principal=mandate.principal, kind=kind
    )
    try:
        with transaction.atomic():
            create(commission, verb, by=by)
    except IntegrityError as fault:
        raise duplicate() from fault
    people = [each for one in (Mandate.PRINCIPAL, Mandate.BROKER) for each in telling.people_of(mandate, one)]
    telling.tell("commission-arose", commission, people)
    return commission


def duplicate() -> Conflict:
    sentence = _("There is a commission for this contract already; a principal pays one.")
    return Conflict(sentence, code=TAIL_DUPLICATE)


@transaction.atomic
def claim_commission(introduction: Introduction, side: str, *, by: Any) -> Commission:
    """A broker who was gone around claims what it is owed for a contract between the two whom it introduced.

    Raises Conflict: E_TAIL_DUPLICATE when it is opened already, `no_contract` while there is nothing to claim.
    """
    introduction = lock(introduction)
    mandate = introduction.mandate_of(side)
    if mandate is None:
        raise Invalid(fields={"side": [str(_("The introduction was made under no mandate of this side."))]})
    require("settlement.claim_commission", by, Commission(mandate=mandate, principal=mandate.principal))
    signed = Contract.objects.filter(
        seller_id=introduction.supplier_id, buyer_id=introduction.seeker_id, signed_on__isnull=False
    )
    fitting = [each for each in signed.order_by("pk") if counts(each, introduction, mandate, mandate.principal)]
    if not fitting:
        raise Conflict(_("No contract between the two earns a commission under this mandate."), code="no_contract")
    taken = Commission.objects.filter(principal=mandate.principal, contract__in=fitting).values_list("contract_id")
    free = [each for each in fitting if (each.pk,) not in set(taken)]
    if not free:
        raise duplicate()
    contract = lock(free[0])
    commission = opened(contract, introduction, side, "settlement.claim_commission", by)
    follow(contract)
    return commission


# Following the receipts


def follow(contract: Contract) -> None:
    """Bring the lines of a locked contract's commissions to what the standing payments earn."""
    rows = list(Commission.objects.filter(contract=contract).select_related("mandate__agency", "introduction"))
    if not rows:
        return
    payments = list(Payment.objects.filter(contract=contract).order_by("on", "pk"))
    for commission in rows:
        terms = brokerage.terms_of(commission.mandate)
        receipts = counted(payments, terms.base)
        for due in dues(receipts, terms):
            follow_receipt(commission, due)


def counted(payments: Sequence[Payment], base: Base) -> list[Receipt]:
    """How much of each payment counts: all of it, or what it paid of the kinds that the mandate names."""
    stands = {row.pk: row.state == Payment.State.BOOKED for row in payments}
    if base is Base.RECEIVED:
        return [Receipt(row.pk, row.amount if stands[row.pk] else ZERO) for row in payments]
    made = Allocation.objects.filter(payment__in=payments).order_by()
    made = made.filter(obligation__kind__in=ROYALTIES) if base is Base.ROYALTY else made.exclude(
        obligation__kind__in=ROYALTIES
    )  # fmt: skip
    sums = {pk: to_fen(total) for pk, total in made.values_list("payment_id").annotate(Sum("principal"))}
    return [Receipt(row.pk, sums.get(row.pk, ZERO) if stands[row.pk] else ZERO) for row in payments]


def follow_receipt(commission: Commission, due: Due) -> None:
    """Let the lines of one receipt add up to what it earns: paid lines stay, the open one is replaced."""
    lines = list(commission.lines.filter(payment_id=due.payment).exclude(state=State.CANCELLED))
    paid = sum((line.amount for line in lines if line.state == State.PAID), ZERO)
    open_line = next((line for line in lines if line.state != State.PAID), None)
    rest = due.earned.amount - paid
    if (open_line.amount if open_line else ZERO) == rest:
        return
    if open_line is not None:
        cancel(open_line)
    if rest:
        write_line(commission, due, rest, disputed_as=open_line)


def cancel(line: CommissionLine) -> None:
    with act(line, "settlement.follow_commission", by=SYSTEM) as line:
        line.cancel()
    journal = Journal.objects.filter(book=line.commission.principal, cause=cause_of(line)).first()
    assert journal is not None  # it was booked with the line
    ledger.reverse(journal, reason="commission", by=SYSTEM)


def write_line(commission: Commission, due: Due, amount: Decimal, *, disputed_as: CommissionLine | None) -> None:
    parts = shared(amount, commission.mandate.agency_share)
    line = CommissionLine(
        commission=commission,
        payment_id=due.payment,
        counted=due.counted,
        amount=amount,
        agency_amount=parts.agency,
        manager_amount=parts.manager,
        steps=[step._asdict() | {"value": str(step.value)} for step in due.earned.steps],
    )
    note = dispute_of(commission, disputed_as)
    if note:
        line.dispute_note = note
        line.dispute()
    line.save(force_insert=True)
    record("settlement.follow_commission", line, by=SYSTEM)
    entries = booking.owe_commission(amount)
    ledger.post(
        commission.principal, Journal.Kind.COMMISSION, cause_of(line), entries, on=line.payment.on,
        contract=commission.contract, by=SYSTEM,
    )  # fmt: skip


def dispute_of(commission: Commission, replaced: CommissionLine | None) -> str:
    """What is in dispute stays so when it is computed anew; a disputed introduction puts its commission in dispute."""
    if replaced is not None:
        return replaced.dispute_note if replaced.state == State.DISPUTED else ""
    introduction = commission.introduction
    return introduction.dispute_note if introduction.state == Introduction.State.DISPUTED else ""


def cause_of(line: CommissionLine) -> str:
    return f"commission:{line.public_id}"


# Invoiced, paid, disputed: under the lock of the contract, as `follow_receipt` reads the lines


@transaction.atomic
def bill_commission(line: CommissionLine, number: str, *, by: Any) -> CommissionLine:
    """The broker writes down under which number it has invoiced the principal."""
    said = needed("invoice", number, most=80)
    lock(line.commission.contract)
    with act(line, "settlement.bill_commission", by=by) as line:
        line.bill()
        line.invoice = said
    return line


@transaction.atomic
def pay_commission(line: CommissionLine, *, on: date, reference: str, by: Any) -> CommissionLine:
    """The principal records that it paid, or that what was paid too much came back; both parts at once."""
    said = needed("reference", reference, most=200)
    if on > timezone.localdate():
        raise Invalid(fields={"on": [str(_("That day has not come yet."))]})
    lock(line.commission.contract)
    with act(line, "settlement.pay_commission", by=by) as line:
        line.pay()
        line.paid_on, line.reference = on, said
    commission = line.commission
    ledger.post(
        commission.principal, Journal.Kind.COMMISSION_PAID, f"{cause_of(line)}:paid",
        booking.pay_commission(line.amount), on=on, contract=commission.contract, by=by,
    )  # fmt: skip
    telling.tell("commission-paid", line, telling.people_of(commission.mandate, Mandate.BROKER))
    return line


@transaction.atomic
def dispute_commission(line: CommissionLine, reason: str, *, by: Any) -> CommissionLine:
    """The principal says why it is not owed; it stays booked until the two agree or a court decides."""
    said = needed("reason", reason, most=2000)
    lock(line.commission.contract)
    with act(line, "settlement.dispute_commission", by=by, reason=said) as line:
        line.dispute()
        line.dispute_note = said
    telling.tell("commission-disputed", line, telling.people_of(line.commission.mandate, Mandate.BROKER))
    return line


@transaction.atomic
def settle_commission(line: CommissionLine, *, by: Any) -> CommissionLine:
    """It is owed after all."""
    lock(line.commission.contract)
    with act(line, "settlement.settle_commission", by=by) as line:
        line.settle()
        line.dispute_note = ""
    return line
