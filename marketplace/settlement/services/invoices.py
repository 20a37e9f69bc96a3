"""Invoices: recorded with their number and file, taken back by red letters. The tax system issues them, nobody here.

An invoice is for obligations: what is not invoiced yet, oldest first, or what the payment paid that it names. An
obligation is never invoiced for more than it comes to with its interest.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.contracts.models import Contract
from marketplace.contracts.telling import BUYER, tell
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO, to_fen
from marketplace.core.showing import percent
from marketplace.core.validation import validate
from marketplace.documents import services as documents
from marketplace.law.book import Provision

from ..models import Invoice, InvoicePart, Obligation, Payment
from ..models.invoice import standing_part
from ..rules import invoicing
from ..rules.invoicing import Facts, Fault, Part
from .reasons import reason_of


class Paper(NamedTuple):
    """The invoice itself as a file; both sides of the contract can open it."""

    filename: str
    content: bytes


SENTENCES: dict[Fault, Any] = {
    Fault.NUMBER: _("Copy the number from the invoice: 20 digits, on paper invoices 8."),
    Fault.CODE: _("A paper invoice has a code of 10 or 12 digits; a digital invoice has none."),
    Fault.DAY: _("An invoice is issued today at the latest."),
    Fault.NET: _("An invoice is for more than nothing."),
    Fault.RATE: _("No legal value gives this rate on that day: %(rates)s. Look at the invoice again."),
    Fault.TAX: _("This is not the tax of that rate: it comes to %(tax)s."),
}


@transaction.atomic
def record_invoice(
    contract: Contract,
    facts: Facts,
    *,
    paper: Paper,
    obligation: Obligation | None = None,
    payment: Payment | None = None,
    by: Any,
) -> Invoice:
    """Keep an invoice that was issued. The same one again is the first; another of its number is a Conflict.

    Raises Invalid by field, and for more than there is to invoice unless it names the payment that it is for.
    """
    contract = lock(contract)
    require("settlement.record_invoice", by, contract)
    known = recorded(contract, facts, corrects=None)
    if known is not None:
        return known
    check_of_contract(contract, obligation, payment)
    rule = checked(contract, facts)
    parts, left = invoicing.spread(facts.amount, to_invoice(contract, obligation, payment))
    over = left if payment is None else facts.amount - left_of(payment)
    if over > 0:
        raise Invalid(fields={"net": [str(_("It is %(over)s more than is left to invoice.") % {"over": over})]})
    return keep(Invoice(contract=contract, payment=payment), facts, rule, paper, parts, by=by)


@transaction.atomic
def correct_invoice(invoice: Invoice, facts: Facts, *, paper: Paper, by: Any) -> Invoice:
    """Keep a red-letter invoice (红字) that takes an invoice back, all of it or a part. Amounts are below zero."""
    contract = lock(invoice.contract)
    invoice = lock(invoice)
    require("settlement.correct_invoice", by, invoice)
    known = recorded(contract, facts, corrects=invoice)
    if known is not None:
        return known
    if invoice.is_red or invoice.state != Invoice.State.RECORDED:
        raise Conflict(_("Nothing of this invoice is left to take back."), code="nothing_left")
    left = invoice.amount + taken_back(invoice)
    if not -left <= facts.amount < 0:
        raise Invalid(fields={"net": [str(_("A red letter takes back at most %(left)s.") % {"left": left})]})
    rule = checked(contract, facts, day=invoice.on)
    parts = invoicing.take_back(-facts.amount, parts_left(invoice))
    red = Invoice(contract=contract, corrects=invoice, payment=invoice.payment)
    keep(red, facts, rule, paper, parts, by=by)
    if facts.amount == -left:
        with act(invoice, "settlement.correct_invoice", by=by) as invoice:
            invoice.correct()
    return red


@transaction.atomic
def withdraw_invoice(invoice: Invoice, reason: str, *, by: Any) -> Invoice:
    """It was recorded by mistake, and why: there is no such invoice, or it says something else."""
    said = reason_of(reason)
    lock(invoice.contract)
    with act(invoice, "settlement.withdraw_invoice", by=by, reason=said) as invoice:
        if invoice.corrections.filter(state=Invoice.State.RECORDED).exists():
            raise Conflict(_("Red letters take it back: withdraw those first."), code="has_red_letters")
        invoice.withdrawal_reason = said
        invoice.withdraw()
    corrected = invoice.corrects
    if corrected is not None and corrected.state == Invoice.State.CORRECTED:
        with act(corrected, "settlement.withdraw_invoice", by=by) as corrected:
            corrected.stand_again()
    return invoice


# What is checked


def recorded(contract: Contract, facts: Facts, *, corrects: Invoice | None) -> Invoice | None:
    """The invoice of this number if it is this one; a Conflict when it is another."""
    rows = Invoice.objects.standing().filter(issuer_id=contract.seller_id, code=facts.code, number=facts.number)
    row = rows.first()
    if row is None:
        return None
    if (row.contract_id, row.corrects, facts_of(row)) != (contract.pk, corrects, facts):
        raise number_used()
    return row


def facts_of(row: Invoice) -> Facts:
    return Facts(
        kind=row.kind, code=row.code, number=row.number, on=row.on, net=row.net, rate=row.rate, tax=row.tax
    )  # fmt: skip


def number_used() -> Conflict:
    return Conflict(_("Another invoice has this number."), code="number_used")


def check_of_contract(contract: Contract, obligation: Obligation | None, payment: Payment | None) -> None:
    """What the invoice is for belongs to the contract."""
    if obligation is not None and obligation.contract_id != contract.pk:
        raise Invalid(fields={"obligation": [str(_("Choose what is owed under this contract."))]})
    if payment is not None and (payment.contract_id != contract.pk or payment.state != Payment.State.BOOKED):
        raise Invalid(fields={"payment": [str(_("Choose a payment of this contract that stands."))]})


def checked(contract: Contract, facts: Facts, *, day: Any = None) -> Provision:
    """The legal value of the rate. A red letter has the rate of the invoice that it takes back, on that one's day."""
    book = law.on(min(day or facts.on, timezone.localdate()), contract.law_place)
    known = {book.percent(rule.key): rule for rule in book.entries("vat.rate.")}
    formats = law.on(timezone.localdate(), contract.law_place).table("invoice.formats")
    found = invoicing.faults(facts, formats, known, timezone.localdate())
    words = {
        "rates": "; ".join(f"{percent(rate)} {rule.citation}" for rate, rule in known.items()),
        "tax": invoicing.tax_of(facts.net, facts.rate),
    }
    if found:
        raise Invalid(fields={name: [str(SENTENCES[fault]) % words] for name, fault in found.items()})
    return known[facts.rate]


def keep(row: Invoice, facts: Facts, rule: Provision, paper: Paper, parts: Iterable[Part], *, by: Any) -> Invoice:
    """Write the invoice with its parts, and tell the licensee."""
    row.issuer, row.rate_rule, row.amount = row.contract.seller, rule.reference, facts.amount
    for name in ("kind", "code", "number", "on", "net", "rate", "tax"):
        setattr(row, name, getattr(facts, name))
    row.paper = documents.keep_document(
        paper.content,
        filename=paper.filename,
        title=f"{Invoice._meta.verbose_name} {row} · {row.contract.title}"[:200],
        readers=[row.contract.seller, row.contract.buyer],
        by=by,
    )
    validate(row, constraints=False)
    verb = "settlement.correct_invoice" if row.corrects_id else "settlement.record_invoice"
    try:
        with transaction.atomic():
            create(row, verb, by=by)
    except IntegrityError as fault:
        raise number_used() from fault
    keys = dict(Obligation.objects.filter(contract=row.contract).values_list("key", "pk"))
    InvoicePart.objects.bulk_create(
        InvoicePart(invoice=row, obligation_id=keys[part.key], amount=part.amount) for part in parts
    )
    about = "red-invoice" if row.corrects_id else "invoice"
    tell(row.contract, f"{about}:{row.public_id}", on=row.on, sides=(BUYER,))
    return row


# What is invoiced


def invoiced(contract: Contract) -> dict[str, Decimal]:
    """How much of each obligation is invoiced, red letters taken off."""
    rows = InvoicePart.objects.filter(standing_part(), obligation__contract=contract).order_by()
    return {key: to_fen(total) for key, total in rows.values_list("obligation__key").annotate(Sum("amount"))}


def to_invoice(contract: Contract, obligation: Obligation | None, payment: Payment | None) -> list[Part]:
    """What an invoice may be for, oldest first: one obligation, what a payment paid, or all that is owed."""
    done = invoiced(contract)
    rows = Obligation.objects.filter(contract=contract, amount__gt=0).exclude(kind=Obligation.SHARES)
    if obligation is not None:
        rows = rows.filter(pk=obligation.pk)
    most = {row.key: row.amount + row.interest for row in rows.order_by("due_on", "id")}
    if payment is not None:
        paid = paid_by(payment)
        most = {key: min(amount, paid.get(key, ZERO) + done.get(key, ZERO)) for key, amount in most.items()}
    return [Part(key, amount - done.get(key, ZERO)) for key, amount in most.items()]


def left_of(payment: Payment) -> Decimal:
    """What of a payment no invoice is for; what it paid nothing with may be invoiced in advance."""
    rows = Invoice.objects.standing().filter(payment=payment)
    return payment.amount - to_fen(rows.aggregate(total=Sum("amount", default=ZERO))["total"])


def paid_by(payment: Payment) -> dict[str, Decimal]:
    sums = payment.allocations.order_by().values_list("obligation__key")
    rows = sums.annotate(principal_sum=Sum("principal"), interest_sum=Sum("interest"))
    return {key: to_fen(principal + interest) for key, principal, interest in rows}


def taken_back(invoice: Invoice) -> Decimal:
    """The sum of its red letters, below zero."""
    rows = invoice.corrections.exclude(state=Invoice.State.WITHDRAWN)
    return to_fen(rows.aggregate(total=Sum("amount", default=ZERO))["total"])


def parts_left(invoice: Invoice) -> list[Part]:
    rows = InvoicePart.objects.filter(standing_part()).filter(invoice__in=[invoice, *invoice.corrections.all()])
    sums: dict[str, Decimal] = {}
    for key, amount in rows.order_by("id").values_list("obligation__key", "amount"):
        sums[key] = sums.get(key, ZERO) + amount
    return [Part(key, amount) for key, amount in sums.items()]
