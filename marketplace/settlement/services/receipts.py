"""Receipts: every payment that stands in a contract's history is a payment here, and one taken back is reversed."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract, Fact
from marketplace.contracts.reading import ASIDE
from marketplace.contracts.rules.events import Kind
from marketplace.core.access import SYSTEM
from marketplace.core.acts import record
from marketplace.core.errors import Conflict

from ..models import BankLine, Payment


@dataclass
class Taken:
    """The payments of a contract as its history has them: those that stand, and what is new since the last round."""

    standing: list[Payment] = field(default_factory=list)
    arrived: list[Payment] = field(default_factory=list)
    reversed: list[Payment] = field(default_factory=list)


def take_up(contract: Contract) -> Taken:
    """Make payments of the facts of a locked contract, in the order in which the money arrived."""
    taken = Taken()
    known = {row.fact_id: row for row in Payment.objects.filter(contract=contract)}
    facts = Fact.objects.filter(contract=contract, kind=Kind.PAID).select_related("recorded_by").order_by("on", "id")
    for fact in facts:
        payment, stands = known.get(fact.pk), fact.revoked_at is None
        if stands and payment is None:
            payment = receive(contract, fact)
            taken.arrived.append(payment)
        if not stands and payment is not None and payment.state == Payment.State.BOOKED:
            taken.reversed.append(give_back(payment, fact))
        if stands and payment is not None:
            payment.fact = fact
            taken.standing.append(payment)
    return taken


def receive(contract: Contract, fact: Fact) -> Payment:
    """A payment as its fact says it; whoever recorded it says more of it afterwards (`payments.record`)."""
    payment = Payment(
        contract=contract,
        fact=fact,
        source=Payment.Source.HAND,
        on=fact.on,
        amount=Decimal(fact.content["amount"]),
        reference=fact.content.get(ASIDE, fact.key),
    )
    payment.save(force_insert=True)
    record("settlement.record", payment, by=fact.recorded_by or SYSTEM)
    return payment


def give_back(payment: Payment, fact: Fact) -> Payment:
    """Reverse a payment whose fact was revoked; its line of the bank statement waits to be matched again."""
    check_alone(payment)
    before = {"state": payment.state, "reversal_reason": ""}
    payment.reversal_reason = fact.revoked_reason[:300]
    payment.reverse()
    payment.version += 1
    payment.save()
    record("settlement.reverse", payment, by=SYSTEM, before=before, reason=payment.reversal_reason)
    if payment.bank_line is not None and payment.bank_line.state == BankLine.State.MATCHED:
        let_go(payment.bank_line)
    return payment


def check_alone(payment: Payment) -> None:
    """What a guarantor paid is taken back as a whole, with its recourse, on the page of its claim."""
    if hasattr(payment, "claim_line") or hasattr(payment, "recovery_part"):
        sentence = _("A guarantor paid this: take it back on the page of the claim.")
        raise Conflict(sentence, code="of_a_claim")


def let_go(line: BankLine) -> None:
    before = {"state": line.state}
    line.release()
    line.version += 1
    line.save()
    record("settlement.release_line", line, by=SYSTEM, before=before)
