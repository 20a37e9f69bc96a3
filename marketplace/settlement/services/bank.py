"""Bank statements: each credit is taken up once; what is sure becomes a payment, and the rest waits in a queue."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, DomainError, Invalid
from marketplace.parties.models import Organisation

from ..importing.reading import Credit, Fault, Reading, read
from ..models import BankLine, BankStatement, Obligation, Payment
from ..rules.matching_bank import Candidate, Doubt, Found, match
from . import payments
from .reasons import reason_of


class Outcome(TextChoices):
    MATCHED = "matched", _("pays a contract")
    QUEUED = "queued", _("to be matched by hand")
    KNOWN = "known", _("taken up before")


@dataclass(frozen=True, slots=True)
class Planned:
    """One credit and what becomes of it."""

    credit: Credit
    outcome: Outcome
    contract: Contract | None = None
    doubt: str = ""


@dataclass
class Plan:
    """What importing a file does. With `faults` nothing is written."""

    rows: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outgoing: int = 0
    statement: BankStatement | None = None

    @property
    def counts(self) -> dict[str, int]:
        return {each.value: sum(row.outcome == each for row in self.rows) for each in Outcome}

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": self.counts | {"faults": len(self.faults), "outgoing": self.outgoing},
            "notes": [str(note) for note in self.notes],
            "faults": [{"row": each.row, "column": each.column, "sentence": each.sentence} for each in self.faults],
            "rows": [
                {
                    "row": row.credit.row,
                    "on": row.credit.on.isoformat(),
                    "amount": f"{row.credit.amount:f}",
                    "payer": row.credit.payer,
                    "reference": row.credit.reference,
                    "outcome": row.outcome.value,
                    "contract": row.contract.public_id if row.contract else "",
                    "doubt": row.doubt,
                }
                for row in self.rows
            ],
        }


class RowsAtFault(Invalid):
    """Some rows cannot be read, and nothing was imported."""

    code = "rows_at_fault"
    sentence = _("Some rows cannot be read, so nothing was imported. Take the file as the bank exports it.")


def preview(book: Organisation, content: bytes, *, by: Any) -> Plan:
    """Check every row and say what would become of it. Raises Forbidden, SheetFault. Writes nothing."""
    require("settlement.import_bank", by, book)
    reading = read(content)
    return Plan(planned(book, reading), reading.faults, reading.notes, reading.outgoing)


def planned(book: Organisation, reading: Reading) -> list[Planned]:
    references = [credit.reference for credit in reading.credits]
    known = set(BankLine.objects.filter(book=book, reference__in=references).values_list("reference", flat=True))
    contracts = {row.public_id: row for row in running(book)}
    choice, rows = candidates(contracts), list[Planned]()
    for credit in reading.credits:
        if credit.reference in known:
            rows.append(Planned(credit, Outcome.KNOWN))
            continue
        known.add(credit.reference)
        found = match(credit.amount, credit.payer, credit.purpose, choice)
        outcome = Outcome.MATCHED if found.contract else Outcome.QUEUED
        rows.append(Planned(credit, outcome, contracts.get(found.contract), str(found.doubt or "")))
    return rows


def running(book: Organisation) -> list[Contract]:
    """The signed contracts of a book."""
    return list(Contract.objects.filter(seller=book, signed_on__isnull=False).select_related("buyer").order_by("pk"))


def candidates(contracts: dict[str, Contract]) -> list[Candidate]:
    open_rows = Obligation.objects.unpaid().filter(contract__in=[row.pk for row in contracts.values()])
    amounts: dict[int, list[Any]] = {}
    for row in open_rows.exclude(kind=Obligation.SHARES).order_by("due_on", "id"):
        amounts.setdefault(row.contract_id, []).append(row.unpaid + row.interest - row.interest_paid)
    return [
        Candidate(row.public_id, (row.buyer.name_zh, row.buyer.name_en), tuple(amounts.get(row.pk, ())))
        for row in contracts.values()
    ]


@transaction.atomic
def import_statement(book: Organisation, content: bytes, filename: str, *, by: Any) -> Plan:
    """Take up a statement: all its credits, or none when a row has a fault. The same file or line is taken up once.

    Raises Forbidden, SheetFault, RowsAtFault.
    """
    require("settlement.import_bank", by, book)
    lock(book)
    plan = preview(book, content, by=by)
    if plan.faults:
        said = {f"{each.row} {each.column}": [each.sentence] for each in plan.faults[:50]}
        raise RowsAtFault(fields=said)
    sha256 = hashlib.sha256(content).hexdigest()
    plan.statement = BankStatement.objects.filter(book=book, sha256=sha256).first()
    if plan.statement is None:
        plan.statement = BankStatement(
            book=book, filename=filename[-200:], sha256=sha256, line_count=len(plan.rows), uploaded_by_id=by.pk
        )
        create(plan.statement, "settlement.import_bank", by=by)
    plan.rows = [take(plan.statement, row, by=by) for row in plan.rows]
    return plan


def take(statement: BankStatement, row: Planned, *, by: Any) -> Planned:
    """Keep one credit, and record it as a payment where it is sure."""
    if row.outcome == Outcome.KNOWN:
        return row
    credit = row.credit
    line = BankLine(
        book=statement.book, statement=statement, number=credit.row, on=credit.on, amount=credit.amount,
        payer=credit.payer, reference=credit.reference, purpose=credit.purpose, guess=row.doubt,
    )  # fmt: skip
    create(line, "settlement.import_bank", by=by)
    if row.contract is None:
        return row
    try:
        with transaction.atomic():
            match_line(line, row.contract, by=by)
    except DomainError as fault:
        doubt = Doubt.REFERENCE_USED if fault.code == "reference_used" else Doubt.NOT_RUNNING
        BankLine.objects.filter(pk=line.pk).update(guess=doubt)
        return Planned(credit, Outcome.QUEUED, None, doubt)
    return row


# The queue


def likely(line: BankLine) -> Found:
    """What a person looks at first."""
    choice = candidates({row.public_id: row for row in running(line.book)})
    return match(line.amount, line.payer, line.purpose, choice)


def likely_contracts(line: BankLine) -> list[Contract]:
    """The same as contracts, the likeliest first."""
    found = likely(line)
    ids = dict.fromkeys(each for each in (found.contract, *found.likely) if each)
    rows = {row.public_id: row for row in running(line.book)}
    return [rows[each] for each in ids if each in rows]


@transaction.atomic
def match_line(line: BankLine, contract: Contract, *, obligation: str = "", by: Any) -> Payment:
    """A credit pays this contract. Raises Conflict when it is matched already, Invalid for one of other books."""
    require("settlement.match_line", by, line)
    if contract.seller_id != line.book_id:
        raise Invalid(fields={"contract": [str(_("Choose a contract of these books."))]})
    contract = lock(contract)  # the contract first, as everywhere
    with act(line, "settlement.match_line", by=by) as line:
        line.match()
        line.guess = line.ignored_reason = ""
        payment = payments.record(
            contract, line.amount, on=line.on, reference=line.reference, source=Payment.Source.BANK,
            obligation=obligation, bank_line=line, by=by,
        )  # fmt: skip
    return payment


def ignore_line(line: BankLine, reason: str, *, by: Any) -> BankLine:
    """It has nothing to do with a contract here, and why."""
    said = reason_of(reason)
    with act(line, "settlement.ignore_line", by=by, reason=said) as line:
        line.ignore()
        line.ignored_reason = said
    return line


@transaction.atomic
def release_line(line: BankLine, reason: str = "", *, by: Any) -> BankLine:
    """Matched or set aside by mistake: it waits again, and the payment it had become is reversed."""
    require("settlement.release_line", by, line)
    line = BankLine.objects.get(pk=line.pk)
    if line.state == BankLine.State.NEW:
        raise Conflict
    payment = Payment.objects.standing().filter(bank_line=line).first()
    if payment is not None:
        payments.reverse_payment(payment, reason, by=by)  # and its line is let go
        return BankLine.objects.get(pk=line.pk)
    with act(line, "settlement.release_line", by=by, reason=reason) as line:
        line.release()
        line.ignored_reason = ""
    return line
