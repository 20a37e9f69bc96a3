"""Checking: whether rows, books and engine say the same of every contract; nothing is written."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum

from marketplace.contracts.models import Contract, Fact
from marketplace.contracts.reading import statement_of
from marketplace.contracts.rules.events import Kind
from marketplace.contracts.rules.statement import Statement
from marketplace.core.money import ZERO, to_fen
from marketplace.parties.models import Organisation

from .checking_claims import of_claims
from .checking_shares import of_sharing
from .models import Account, Allocation, Journal, Obligation, Payment
from .services import ledger
from .services.mirror import state_of, values_of

STATEMENT = ("arose_on", "due_on", "amount", "interest", "paid", "interest_paid")


class Difference(NamedTuple):
    """Two things that should be equal. `subject` is the public id of a contract, a booking or an organisation."""

    subject: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.subject} {self.what}: {self.found}, expected {self.expected}"


def differences(contracts: Iterable[Contract] | None = None) -> list[Difference]:
    """Every difference there is: in bookings, in the sums of a book, and contract by contract."""
    rows = Contract.objects.filter(billing__isnull=False) if contracts is None else contracts
    found = [*of_bookings(), *of_books(), *of_unbilled(), *of_shares()] if contracts is None else []
    for contract in rows:
        found += of_contract(contract)
    return found


def of_bookings() -> Iterator[Difference]:
    for journal in ledger.broken_bookings():
        yield Difference(journal.public_id, "booking", "balanced", journal.cause)
    for journal in Journal.objects.filter(reverses__isnull=False).select_related("reverses"):
        twice = ledger.entries_of(journal) + ledger.entries_of(journal.reverses)  # type: ignore[arg-type]
        sums: dict[str, Decimal] = {}
        for entry in twice:
            sums[entry.account] = sums.get(entry.account, ZERO) + entry.amount
        if any(sums.values()):
            yield Difference(journal.public_id, "reversal", "the opposite", journal.cause)


def of_books() -> Iterator[Difference]:
    for book in Organisation.objects.filter(accounts__isnull=False).distinct():
        sums = ledger.trial_balance(book)
        if sum(sums.values()) != 0:
            yield Difference(book.public_id, "trial balance", "0.00", str(sum(sums.values())))


def of_unbilled() -> Iterator[Difference]:
    """Whatever is billed without a billing: rows that no round knows of."""
    for contract in Contract.objects.filter(obligations__isnull=False, billing__isnull=True).distinct():
        yield Difference(contract.public_id, "billing", "there", "missing")


def of_shares() -> Iterator[Difference]:
    for subject, what, expected, found in of_sharing():
        yield Difference(subject, what, str(expected), str(found))


def of_contract(contract: Contract) -> Iterator[Difference]:
    statement = statement_of(contract, contract.billing.billed_on)
    rows = list(Obligation.objects.filter(contract=contract))
    for what, expected, found in [
        *lines(statement, rows),
        *money(contract, statement),
        *books(contract, statement, rows),
        *parts(contract, statement, rows),
        *of_claims(contract),
    ]:
        if expected != found:
            yield Difference(contract.public_id, what, str(expected), str(found))


Pair = tuple[str, object, object]


def lines(statement: Statement, rows: list[Obligation]) -> Iterator[Pair]:
    """The engine's lines and the obligations, field by field."""
    by_key = {row.key: row for row in rows}
    for line in statement.lines:
        row = by_key.pop(line.key, None)
        yield f"obligation {line.key}", True, row is not None
        if row is not None:
            expected = values_of(line)
            for name in STATEMENT:
                yield f"{name} of {line.key}", expected[name], getattr(row, name)
            yield f"state of {line.key}", str(state_of(row, line)), str(row.state)
    for row in by_key.values():
        yield f"state of {row.key}", str(Obligation.State.CANCELLED), str(row.state)


def money(contract: Contract, statement: Statement) -> Iterator[Pair]:
    """The facts that stand, the payments that stand, and the credit."""
    facts = Fact.objects.standing().filter(contract=contract, kind=Kind.PAID)
    payments = Payment.objects.standing().filter(contract=contract)
    paid = sorted((fact.pk, Decimal(fact.content["amount"])) for fact in facts)
    yield "payments", paid, sorted(payments.values_list("fact_id", "amount"))
    yield "credit", statement.credit, contract.billing.credit
    received = sum((amount for _fact, amount in paid), ZERO)
    yield "paid and credit", received, statement.paid + statement.credit


def books(contract: Contract, statement: Statement, rows: list[Obligation]) -> Iterator[Pair]:
    """What each account should hold of the contract."""
    cash = [row for row in rows if row.kind != Obligation.SHARES]
    expected = {
        Account.Kind.RECEIVABLE: sum((row.unpaid for row in cash if not row.is_written_off), ZERO),
        Account.Kind.WRITTEN_OFF: sum((row.unpaid for row in cash if row.is_written_off), ZERO),
        Account.Kind.INCOME: -sum((row.amount for row in cash), ZERO),
        Account.Kind.INTEREST: -sum((row.interest_paid for row in cash), ZERO),
        Account.Kind.BANK: statement.paid + statement.credit,
        Account.Kind.PREPAID: -statement.credit,
    }
    found = ledger.balances(journal__contract=contract, journal__book=contract.seller)
    for kind, amount in expected.items():
        yield f"account {kind}", amount, found[kind]


def parts(contract: Contract, statement: Statement, rows: list[Obligation]) -> Iterator[Pair]:
    """Which payment paid what: adds up by obligation, by payment, and by what is set off."""
    made = Allocation.objects.filter(obligation__contract=contract).order_by()
    sums = made.values_list("obligation_id").annotate(Sum("principal"), Sum("interest"))
    by_row = {pk: (to_fen(principal), to_fen(interest)) for pk, principal, interest in sums}
    for row in [each for each in rows if each.amount >= 0]:
        yield f"parts of {row.key}", (row.paid, row.interest_paid), by_row.get(row.pk, (ZERO, ZERO))
    totals = made.values_list("payment_id").annotate(Sum("principal"), Sum("interest"))
    by_payment = {pk: to_fen(principal + interest) for pk, principal, interest in totals}
    set_off = -sum((line.paid for line in statement.lines if line.amount < 0), ZERO)
    yield "set off", set_off, by_payment.pop(None, ZERO)
    for payment in Payment.objects.filter(contract=contract):
        most = payment.amount if payment.state == Payment.State.BOOKED else ZERO
        yield f"parts of payment {payment.public_id}", True, 0 <= by_payment.get(payment.pk, ZERO) <= most
    yield "paid out of payments", statement.paid, sum((v for k, v in by_payment.items() if k), ZERO)
