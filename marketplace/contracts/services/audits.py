"""Audits: the licensor looks at the books after notice; a shortfall becomes a correction of the reports."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.documents.models import Document

from ..models import Audit, Contract
from ..rules import auditing
from ..telling import tell
from . import ending, schedule
from .clearing import readable
from .sides import needed


@transaction.atomic
def announce_audit(contract: Contract, *, starts_on: date, reason: str = "", by: Any) -> Audit:
    """Announce an audit of the books.

    Raises Invalid (E_AUDIT_TOO_SOON) before the agreed days of notice, or within a year of the last audit unless
    that one found a shortfall; Conflict while one is open.
    """
    contract = lock(contract)
    require("contracts.audit", by, contract)
    ending.check_signed(contract, states=schedule.WATCHED)
    today = timezone.localdate()
    earliest = auditing.earliest_start(today, contract.audit_notice_days, past(contract))
    if starts_on < earliest:
        sentence = _("The audit may begin on %(day)s at the earliest.") % {"day": earliest.isoformat()}
        raise Invalid(sentence, code=auditing.TOO_SOON, fields={"starts_on": [str(sentence)]})
    audit = Audit(contract=contract, noticed_on=today, starts_on=starts_on, reason=check_text("reason", reason.strip()))
    validate(audit, constraints=False)
    try:
        with transaction.atomic():
            create(audit, "contracts.audit", by=by)
    except IntegrityError as fault:
        raise Conflict(_("An audit of this contract is open already."), code="audit_open") from fault
    tell(contract, f"audit:{audit.public_id}", on=starts_on, sides=("BUYER",))
    return audit


def past(contract: Contract) -> list[auditing.Past]:
    return [auditing.Past(row.starts_on, row.reported_amount, row.found_amount) for row in contract.audits.all()]


def begin_audit(audit: Audit, *, by: Any) -> Audit:
    """The notice has run, and the auditors are at work."""
    with act(audit, "contracts.audit", by=by) as audit:
        if audit.starts_on > timezone.localdate():
            sentence = _("The audit was announced for %(day)s.") % {"day": audit.starts_on.isoformat()}
            raise Conflict(sentence, code=auditing.TOO_SOON)
        audit.begin()
    return audit


def report_findings(
    audit: Audit,
    *,
    reported_amount: Decimal,
    found_amount: Decimal,
    note: str = "",
    report: Document | None = None,
    by: Any,
) -> Audit:
    """Say which royalties were reported and which were found."""
    with act(audit, "contracts.audit", by=by) as audit:
        audit.report_findings()
        audit.reported_amount, audit.found_amount = reported_amount, found_amount
        audit.note, audit.report = check_text("note", note.strip()), readable("report", report, by=by)
        validate(audit, constraints=False)
        if min(audit.reported_amount, audit.found_amount) < 0:
            raise Invalid(fields={"found_amount": [str(_("An amount is not below zero."))]})
    tell(audit.contract, f"audited:{audit.public_id}", on=timezone.localdate(), sides=("BUYER",))
    return audit


def agree_audit(audit: Audit, *, by: Any) -> Audit:
    """The licensee agrees, and sends corrections of the reports where too little was reported."""
    with act(audit, "contracts.answer_audit", by=by) as audit:
        audit.agree()
    return audit


def object_to_audit(audit: Audit, reason: str, *, by: Any) -> Audit:
    """The licensee does not agree, and says why."""
    said = needed("note", reason)
    with act(audit, "contracts.answer_audit", by=by, reason=said) as audit:
        audit.object_to()
    return audit


def settle_audit(audit: Audit, *, note: str = "", by: Any) -> Audit:
    """Done with: what was missing is corrected, or the two found together."""
    with act(audit, "contracts.audit", by=by, reason=note) as audit:
        audit.settle()
    return audit
