"""What a contract says to its registration: the values that are proposed, and what is to be checked on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from marketplace import law
from marketplace.contracts.models import Contract
from marketplace.contracts.reading import sheet_of
from marketplace.contracts.wording import sentence
from marketplace.contracts.wording.names import reads_english
from marketplace.law import calendar, codes
from marketplace.law.rules.days import last_day
from marketplace.parties.models import Organisation

from .models import Registration
from .rules import amounts, checking, clocks, proposing
from .rules.checking import Finding, Form, OneRight
from .rules.proposing import Proposal

DECIDE, PATENT_TERM = "contract_reg.decision_days", "patent.term"
NATURES = {
    Organisation.Kind.UNIVERSITY: "022",
    Organisation.Kind.INSTITUTE: "021",
    Organisation.Kind.HOSPITAL: "023",
    Organisation.Kind.AUTHORITY: "010",
}
"""What the nature of a party is by its kind; of a firm it is asked."""
LONGEST_NOTE = 500


# What is proposed


def proposal_of(contract: Contract) -> Proposal:
    in_shares = proposing.is_paid_in_shares(sheet_of(contract))
    return proposing.proposal(contract.type, right_kinds(contract), is_paid_in_shares=in_shares)


def right_kinds(contract: Contract) -> set[str]:
    if contract.achievement is None:
        return set()
    return set(contract.achievement.rights.values_list("kind", flat=True))


def proposed(contract: Contract) -> dict[str, Any]:
    """The form as the contract fills it in by itself. The contract must be signed."""
    sheet, what = sheet_of(contract), proposal_of(contract)
    assert contract.signed_on is not None  # it is signed
    assert contract.ends_on is not None
    return {
        "name": contract.title,
        "type": what.type,
        "subtype": what.subtype,
        "ip_type": what.ip_type,
        "signed_on": contract.signed_on,
        "starts_on": contract.signed_on,
        "ends_on": contract.ends_on,
        "seller_region": contract.seller.region,
        "seller_nature": NATURES.get(Organisation.Kind(contract.seller.kind), ""),
        "buyer_region": contract.buyer.region,
        "buyer_nature": NATURES.get(Organisation.Kind(contract.buyer.kind), ""),
        "field": (contract.achievement.field if contract.achievement else "") or "",
        "plan_category": "" if contract.is_publicly_funded else "90",
        "payment_method": proposing.payment_method(sheet),
        "payment_note": by_result(contract),
        "total_amount": amounts.agreed_total(sheet),
        "is_open_priced": proposing.has_open_price(sheet),
    }


def by_result(contract: Contract) -> str:
    """The terms in one sentence, where a part is paid by result."""
    sheet = sheet_of(contract)
    if not proposing.has_open_price(sheet):
        return ""
    return sentence(sheet, "en" if reads_english() else "zh")[:LONGEST_NOTE]


def offices(contract: Contract) -> Any:
    """Verified authorities of the seller's province that are no party of the contract."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY, state=Organisation.State.VERIFIED)
    return rows.filter(region=contract.seller.region).exclude(pk__in=[contract.seller_id, contract.buyer_id])


# What is checked


def findings_of(row: Registration, today: date | None = None) -> list[Finding]:
    """What an office would send back, and what is worth knowing, as the form stands now."""
    today = today or timezone.localdate()
    return checking.findings(form_of(row, today), today)


def form_of(row: Registration, today: date) -> Form:
    contract, book = row.contract, law.on(today, row.seller_region or law.book.NATION)
    texts = {name: str(getattr(row, name)).strip() for name in (*checking.REQUIRED, "payment_note")}
    return Form(
        values=texts,
        type=row.type,
        subtype_parent=parent_of(row.subtype),
        ip_type=row.ip_type,
        total=row.total_amount,
        deducted=row.deducted_amount,
        is_open_priced=row.is_open_priced,
        has_expectations=row.expected_investment is not None and row.expected_output is not None,
        signed_on=row.signed_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_in_force=contract.state in Contract.RUNNING or contract.state == Contract.State.BOUGHT_OUT,
        has_text=contract.document_id is not None,
        regions_known={row.seller_region, row.buyer_region} <= codes.values("province"),
        rights=tuple(rights_of(contract)),
        is_licence=row.type == proposing.LICENCE,
        relief_years=int(book.number("cit.licence_min_years")) if "cit.licence_min_years" in book else 0,
        recordal_months=int(book.number("cnipa.licence_recordal")) if "cnipa.licence_recordal" in book else 0,
    )


def parent_of(subtype: str) -> str:
    return codes.item("contract_subtype", subtype).parent if subtype in codes.values("contract_subtype") else ""


def rights_of(contract: Contract) -> list[OneRight]:
    if contract.achievement is None:
        return []
    rows = contract.achievement.rights.values_list("kind", "filed_on")
    return [OneRight(kind=kind, filed_on=filed_on, years=term_of(kind, filed_on)) for kind, filed_on in rows]


def term_of(kind: str, filed_on: date | None) -> int | None:
    """Years of protection by the law of the day of filing; None where that is not known."""
    if filed_on is None:
        return None
    book = law.on(filed_on)
    years = book.table(PATENT_TERM) if PATENT_TERM in book else {}
    return int(years[kind]) if kind in years else None


def number_of(contract: Contract) -> str:
    """The number under which the contract is registered today; empty where it is not."""
    return Registration.objects.in_force().filter(contract=contract).values_list("number", flat=True).first() or ""


# The office's clock


class Deadline(NamedTuple):
    """By when the office decides, and the rule that says so."""

    on: date
    rule: str


def deadline(row: Registration, day: date) -> Deadline:
    """Counted from the day on which the material was complete."""
    entry = law.on(day, row.seller_region or law.book.NATION).entry(DECIDE)
    value: Any = entry.value
    days = clocks.days_to_decide(value if isinstance(value, Mapping) else int(value), entry.unit, row.technical_amount)
    until = date(day.year + 1, 12, 31)
    return Deadline(last_day(day, days.days, days.unit, calendar.working_days(day, until)), entry.reference)
