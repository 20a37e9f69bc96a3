"""Printing the registration form (技术合同登记表): for an office elsewhere, and to be sealed on paper."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from marketplace.contracts.papers import ZH, values_of
from marketplace.contracts.reading import sheet_of
from marketplace.contracts.wording import yuan
from marketplace.core.access import require
from marketplace.core.acts import record
from marketplace.documents import services as documents
from marketplace.documents.models import Document, Kind
from marketplace.documents.rules.capitals import in_capitals
from marketplace.law import codes

from ..models import Registration
from .drafting import CODED


@transaction.atomic
def make_form(row: Registration, *, by: Any) -> Document:
    """Fill the template in use with the form as it stands. The seller reads it, and the office that has the form."""
    require("registration.make_form", by, row)
    office = row.office if row.state not in Registration.UNSEEN else None
    readers = [row.contract.seller, *([office] if office is not None else [])]
    with override(ZH):
        title = f"技术合同登记表 · {row.name}"[:200]
        values = values_for(row)
    made = documents.make_document(Kind.REGISTRATION_FORM, "zh", values, title=title, readers=readers, by=by)
    record("registration.make_form", row, by=by)
    return made


def values_for(row: Registration) -> dict[str, Any]:
    """The values of the template's variables; docs/templates.md says what each is."""
    contract = row.contract
    return {
        "form_number": row.public_id.upper(),
        "registration_number": row.number,
        "office_name": row.office_name or (row.office.name_zh if row.office else ""),
        "project_name": row.name,
        "contract_type": " / ".join((named("type", row), named("subtype", row))),
        "signed_on": row.signed_on.isoformat(),
        "in_force": f"{row.starts_on.isoformat()} – {row.ends_on.isoformat()}",
        "made_on": timezone.localdate().isoformat(),
        "seller_name": contract.seller.name_zh,
        "seller_code": contract.seller.credit_code,
        "seller_region": place(row.seller_region),
        "buyer_name": contract.buyer.name_zh,
        "buyer_code": contract.buyer.credit_code,
        "buyer_region": place(row.buyer_region),
        **{name: named(name, row) for name in CODED if name not in ("type", "subtype")},
        "payment_note": row.payment_note,
        **amounts_of(row),
        "contact": row.contact,
        "phone": row.phone,
        "leader": row.leader,
        "text_hash": contract.document.sha256 if contract.document else "",
        "rights": values_of(contract, sheet_of(contract), "zh")["rights"],
        "costs": [
            {"kind": str(each.get_kind_display()), "what": each.what, "amount": yuan(each.amount)}
            for each in row.costs.all()
        ],
    }


def amounts_of(row: Registration) -> dict[str, str]:
    return {
        "total_amount": yuan(row.total_amount),
        "total_capitals": in_capitals(row.total_amount),
        "deducted_amount": yuan(row.deducted_amount),
        "technical_amount": yuan(row.technical_amount),
        "technical_capitals": in_capitals(row.technical_amount),
        "expected_investment": yuan(row.expected_investment) if row.expected_investment is not None else "",
        "expected_output": yuan(row.expected_output) if row.expected_output is not None else "",
    }


def named(field: str, row: Registration) -> str:
    code = getattr(row, field)
    return codes.label(CODED[field], code) if code else ""


def place(code: str) -> str:
    return codes.label("province", code) if code in codes.values("province") else code
