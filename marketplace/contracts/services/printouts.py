"""Printouts: the term sheet of a contract as a Word file from the template that lawyers edit."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import record
from marketplace.core.errors import Conflict
from marketplace.documents import services as documents
from marketplace.documents.models import Document, Kind
from marketplace.documents.variables import VARIABLES

from ..models import Contract, TermSheet
from ..papers import values_of
from ..reading import parsed
from .signing import readers_of


@transaction.atomic
def make_term_sheet(contract: Contract, *, language: str = "zh", by: Any) -> Document:
    """The agreed version for all parties, else the latest for both sides. Raises Conflict while there is none."""
    require("contracts.make_text", by, contract)
    row = TermSheet.objects.current(contract)
    if row is None:
        raise Conflict(_("Nobody has proposed terms yet."), code="no_terms")
    title = f"{contract.title} · {row.number}"[:200]
    readers = readers_of(contract) if contract.sheet else [contract.seller, contract.buyer]
    made = documents.make_document(
        Kind.TERM_SHEET, language, term_sheet_values(contract, row, language), title=title,
        readers=readers, by=by,
    )  # fmt: skip
    record("contracts.make_text", contract, by=by)
    return made


def term_sheet_values(contract: Contract, row: TermSheet, language: str) -> dict[str, Any]:
    """What the template names, from the contract and one version of its terms."""
    given = values_of(contract, parsed(row), language)
    known = VARIABLES[Kind.TERM_SHEET].known()
    return {
        **{name: value for name, value in given.items() if name in known},
        "sheet_number": f"{contract.public_id.upper()}-{row.number}",
        "supplier_name": given["licensor_name"],
        "seeker_name": given["licensee_name"],
        "sheet_day": timezone.localdate(row.created_at).isoformat(),
        "manager_name": str(contract.manager) if contract.manager else "",
        "round": str(row.number),
        "notes": given["other_terms"],
    }
