"""Deciding, by the office: taken up, sent back, given another type, shown to experts, registered or refused."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.clearing import readable
from marketplace.core.acts import act
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text
from marketplace.documents import services as documents
from marketplace.documents.models import Document
from marketplace.law import codes

from .. import reading, telling
from ..models import Registration
from ..rules.numbers import is_number

LONG, SHORT = 2000, 300
MOST_DAYS = 180


def said_in(name: str, text: str, *, most: int = LONG) -> str:
    found = check_text(name, (text or "").strip(), most=most)
    if not found:
        raise Invalid(fields={name: [str(_("Say why."))]})
    return found


def accept(row: Registration, *, version: int | None = None, by: Any) -> Registration:
    """Take it up: the material is complete."""
    with act(row, "registration.accept", by=by, version=version) as row:
        row.accept()
    return row


@transaction.atomic
def ask(row: Registration, missing: str, *, days: int = 15, version: int | None = None, by: Any) -> Registration:
    """Send it back for what is missing, to be supplied within so many days. Its clock stands until then."""
    said = said_in("missing", missing)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(fields={"days": [str(_("Between 1 and %(most)d days.") % {"most": MOST_DAYS})]})
    with act(row, "registration.ask", by=by, version=version) as row:
        row.ask()
        row.missing, row.supply_by = said, timezone.localdate() + timedelta(days=days)
    telling.answered(row, by=by)
    return row


def retype(
    row: Registration, *, type: str, subtype: str, reason: str, version: int | None = None, by: Any
) -> Registration:
    """Give it another type or sub-type, and say why. Raises Invalid (E_SUBTYPE_MISMATCH)."""
    said = said_in("reason", reason, most=SHORT)
    if type not in codes.values("contract_type"):
        raise Invalid(fields={"type": [str(_("Choose from the list."))]})
    if reading.parent_of(subtype) != type:
        sentence = str(_("This sub-type is not one of this type."))
        raise Invalid(code="E_SUBTYPE_MISMATCH", fields={"subtype": [sentence]})
    with act(row, "registration.retype", by=by, version=version, reason=said) as row:
        if row.state not in Registration.WITH_OFFICE:
            raise Conflict
        row.type, row.subtype, row.type_reason = type, subtype, said
    return row


def consult(row: Registration, reason: str, *, version: int | None = None, by: Any) -> Registration:
    """Have experts look at it: a large or disputed one."""
    said = said_in("reason", reason, most=SHORT)
    with act(row, "registration.consult", by=by, version=version, reason=said) as row:
        row.consult()
        row.review_reason = said
    return row


@transaction.atomic
def register(
    row: Registration,
    *,
    number: str,
    reason: str = "",
    certificate: Document | None = None,
    version: int | None = None,
    by: Any,
) -> Registration:
    """Recognise it under its number. Raises Invalid (E_NUMBER_FORMAT), Conflict (E_DUPLICATE_REG) for a taken one."""
    given = number_of(number)
    said = check_text("reason", reason.strip())
    readable("certificate", certificate, by=by)
    try:
        with transaction.atomic(), act(row, "registration.register", by=by, version=version) as row:
            row.register()
            decided(row, said, by=by)
            assert row.office is not None  # only an office decides here
            row.number, row.registered_on, row.office_name = given, timezone.localdate(), row.office.name_zh
            row.certificate = certificate
    except IntegrityError as fault:
        raise taken() from fault
    if certificate is not None:
        for side in (row.contract.seller, row.contract.buyer):
            documents.let_read(certificate, side, by=by)
    telling.answered(row, by=by)
    return row


def number_of(text: str) -> str:
    given = text.strip()
    if not is_number(given):
        sentence = str(_("A registration number has 16 digits."))
        raise Invalid(code="E_NUMBER_FORMAT", fields={"number": [sentence]})
    return given


def taken() -> Conflict:
    return Conflict(_("This number is given already."), code="E_DUPLICATE_REG")


@transaction.atomic
def refuse(row: Registration, reason: str, *, version: int | None = None, by: Any) -> Registration:
    """Do not recognise it, and say why; the seller may have it checked again, once. Not before a supplement is due."""
    said = said_in("reason", reason)
    with act(row, "registration.refuse", by=by, version=version, reason=said) as row:
        until = row.supply_by if row.state == Registration.State.SUPPLEMENT else None
        row.refuse()
        if until is not None and until >= timezone.localdate():
            sentence = _("The seller may supply it until %(day)s.") % {"day": until.isoformat()}
            raise Conflict(sentence, code="too_early")
        decided(row, said, by=by)
    telling.answered(row, by=by)
    return row


def decided(row: Registration, reason: str, *, by: Any) -> None:
    row.decision, row.decided_on, row.decided_by_id = reason, timezone.localdate(), by.pk
