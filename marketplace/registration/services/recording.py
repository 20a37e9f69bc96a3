"""Recording a registration that was made outside the platform: number, day and office, as the certificate says."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.clearing import readable
from marketplace.core.acts import act
from marketplace.core.errors import Invalid
from marketplace.core.validation import check_text
from marketplace.documents import services as documents
from marketplace.documents.models import Document

from .. import telling
from ..models import Registration
from .deciding import number_of, taken

LONGEST_NAME = 200


@transaction.atomic
def record(
    row: Registration,
    *,
    number: str,
    on: date,
    office_name: str,
    certificate: Document,
    version: int | None = None,
    by: Any,
) -> Registration:
    """Enter what an office elsewhere decided on this form. The certificate is kept as its proof."""
    readable("certificate", certificate, by=by)
    given, name = number_of(number), check_text("office_name", office_name.strip(), most=LONGEST_NAME)
    if not name:
        raise Invalid(fields={"office_name": [str(_("Say which office."))]})
    try:
        with transaction.atomic(), act(row, "registration.record", by=by, version=version) as row:
            row.record()
            if not row.signed_on <= on <= timezone.localdate():
                sentence = str(_("Between the day of the signature and today."))
                raise Invalid(fields={"on": [sentence]})
            row.office, row.office_name = None, name
            row.number, row.registered_on, row.certificate = given, on, certificate
    except IntegrityError as fault:
        raise taken() from fault
    documents.let_read(certificate, row.contract.buyer, by=by)
    telling.answered(row, by=by)
    return row
