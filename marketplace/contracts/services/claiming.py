"""The evidence pack: all that a claim on a guarantee, or a court, will ask for once a licensee has defaulted."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.models import Entry

from ..lasting import legal_months
from ..models import Contract, Guarantee
from ..reading import statement_of, written
from ..rules import clockwork, guaranteeing
from ..rules.guaranteeing import Debt
from ..rules.statement import Statement
from ..rules.writing import write_statement
from .guarantees import cover


def claim_file(contract: Contract, *, day: date | None = None, by: Any) -> dict[str, Any]:
    """The pack as data: parties, terms, signatures, facts, statement, demand, and what each guarantee pays of what.

    Amounts are texts in yuan, days ISO dates. Raises NotFound for who may not read the contract, Conflict
    (not_defaulted) before a default.
    """
    if by is not SYSTEM and not Contract.objects.visible_to(by).filter(pk=contract.pk).exists():
        raise NotFound
    contract = Contract.objects.select_related("sheet", "document", "seller", "buyer").get(pk=contract.pk)
    if not contract.is_in_default(timezone.localdate()):
        raise Conflict(_("A claim needs a default: demand first, and wait the days of the law."), code="not_defaulted")
    day = day or timezone.localdate()
    statement = statement_of(contract, day)
    return {
        "contract": contract.public_id,
        "title": contract.title,
        "as_of": day.isoformat(),
        "parties": {"seller": party(contract.seller), "buyer": party(contract.buyer)},
        "text": document(contract.document),
        "terms": {"fingerprint": contract.sheet.fingerprint, "sheet": contract.sheet.content} if contract.sheet else {},
        "signatures": signatures(contract),
        "demand": demand(contract),
        "facts": [written(fact) for fact in contract.facts.standing().order_by("on", "id")],
        "statement": write_statement(statement),
        "guarantees": [guaranteed(row, statement, day) for row in contract.guarantees.outstanding().order_by("pk")],
    }


def party(organisation: Any) -> dict[str, str]:
    names = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    return {**names, "credit_code": organisation.credit_code}


def document(row: Any) -> dict[str, str]:
    return {"id": row.public_id, "title": row.title, "sha256": row.sha256} if row else {}


def signatures(contract: Contract) -> list[dict[str, str]]:
    rows = contract.signatures.select_related("signer")
    return [
        {"side": row.side, "signer": str(row.signer), "sha256": row.sha256, "at": row.signed_at.isoformat()}
        for row in rows
    ]


def demand(contract: Contract) -> dict[str, str]:
    """The demand as the journal has it, with the days that it gave."""
    rows = Entry.objects.filter(subject_type=contract._meta.label_lower, subject_id=contract.pk)
    answers = (Contract.State.PAYING, Contract.State.DEFAULTED)  # cured, or not: the same verb, and no demand
    entry = rows.filter(verb="contracts.demand").exclude(to_state__in=answers).order_by("-id").first()
    assert contract.demanded_on is not None
    assert contract.cure_until is not None
    return {
        "demanded_on": contract.demanded_on.isoformat(),
        "cure_until": contract.cure_until.isoformat(),
        "note": entry.reason if entry else "",
        "recorded_at": entry.at.isoformat() if entry else "",
    }


def guaranteed(row: Guarantee, statement: Statement, day: date) -> dict[str, Any]:
    """One guarantee with what it pays of each overdue payment."""
    lines = guaranteeing.claimable(cover(row), debts(statement), legal_months=legal_months(row.contract), day=day)
    return {
        "guarantee": row.public_id,
        "kind": row.kind,
        "guarantor": party(row.guarantor) if row.guarantor else {},
        "liability": row.liability,
        "number": row.number,
        "cover_amount": f"{row.cover_amount:.2f}",
        "cover_share": f"{row.cover_share.normalize():f}",
        "conditions": row.conditions,
        "claimable": f"{guaranteeing.exposure(each.amount for each in lines):.2f}",
        "lines": [covered(each) for each in lines],
    }


def debts(statement: Statement) -> list[Debt]:
    """What is overdue, each with its interest: that is the loss."""
    return [
        Debt(key=line.key, due_on=line.due_on, loss=line.unpaid + line.interest - line.interest_paid)
        for line in clockwork.overdue(statement)
    ]


def covered(line: guaranteeing.Covered) -> dict[str, Any]:
    return {
        "obligation": line.key,
        "due_on": line.due_on.isoformat(),
        "loss": f"{line.loss:.2f}",
        "claimable_from": line.claimable_from.isoformat(),
        "covered_until": line.covered_until.isoformat(),
        "amount": f"{line.amount:.2f}",
        **({"fault": guaranteeing.CLAIM_LATE} if line.is_late else {}),
    }
