"""Whether a contract may be signed: the one list of what is missing, each gap with its code and what to do about it.

The law protects the process (Law on Promoting Transformation, art. 18, 19): so the list asks for the evidence of a
careful decision, and `sign` refuses with exactly this list.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace import law
from marketplace.notices.models import Notice
from marketplace.notices.rules import fingerprint
from marketplace.parties.models import Organisation

from . import exclusivity
from .models import Clearance, Contract
from .rules import clearances, eligibility
from .rules.history import agreed_end
from .rules.reading import read_sheet
from .rules.sheet import Sheet
from .wording import refusal

PUBLIC_OWNERS = (Organisation.Kind.UNIVERSITY, Organisation.Kind.INSTITUTE, Organisation.Kind.HOSPITAL)
NEGOTIATED = "NEGOTIATED"


class Gap(NamedTuple):
    """One thing that is missing."""

    code: str
    sentence: str


def what_is_missing(contract: Contract) -> list[Gap]:
    """Everything that stands between the contract as it is now and a signature today; empty when nothing does."""
    today = timezone.localdate()
    return [*of_the_sides(contract), *of_the_terms(contract, today), *of_the_evidence(contract), *of_the_text(contract)]


# The sides


def of_the_sides(contract: Contract) -> Iterator[Gap]:
    if not contract.seller.is_verified:
        yield Gap("E_NOT_VERIFIED", _("The licensor is not verified at present. Ask the platform to verify it."))
    if not contract.buyer.is_verified:
        yield Gap("E_NOT_VERIFIED", _("The licensee is not verified at present. Ask the platform to verify it."))


def is_public(seller: Organisation) -> bool:
    """Universities, institutes and hospitals decide together and show the price; a firm does as it likes."""
    return seller.kind in PUBLIC_OWNERS


# The terms


def of_the_terms(contract: Contract, today: date) -> Iterator[Gap]:
    if contract.sheet is None:
        yield Gap("E_NOT_AGREED", _("The terms are not agreed. Both sides accept the same version first."))
        return
    sheet = read_sheet(contract.sheet.content)
    if lacks_cover(contract, sheet):
        yield Gap("E_GUARANTEE_OPEN", _("The guarantee is open. Have it issued, or record why none is asked."))
    for code in unfit(contract, sheet, today):
        yield Gap(code, refusal(code))
    if agreed_end(sheet, today) <= today:
        yield Gap("E_CONTRACT_EXPIRED", _("The licence would be over already. Agree on a later last day."))
    elif exclusivity.is_taken(contract, today, agreed_end(sheet, today)):
        yield Gap("E_EXCLUSIVE_CONFLICT", str(exclusivity.SENTENCE))


def lacks_cover(contract: Contract, sheet: Sheet) -> bool:
    """Whether an agreed guarantee is neither issued nor waived; each one issued stands for one that was agreed."""
    if contract.state == Contract.State.GUARANTEE_PENDING:
        return True
    return not contract.guarantee_waiver and contract.guarantees.outstanding().count() < len(sheet.guarantees)


def unfit(contract: Contract, sheet: Sheet, today: date) -> tuple[str, ...]:
    """Codes of what does not go together: these terms with this firm, or with this kind of licence."""
    found = eligibility.unsuitable(sheet, licence_kind=contract.licence_kind, sublicence=contract.sublicence)
    return (*found, *ineligible(contract.seller, contract.buyer, sheet.mode, today))


def ineligible(seller: Organisation, firm: Organisation, mode: str, today: date) -> tuple[str, ...]:
    """Codes of why the firm may not use first and pay later what this owner licenses; none in other modes.

    Months of proof and accepted regions are law of the owner's place.
    """
    if not eligibility.needs_eligibility(mode):
        return ()
    book = law.on(today, place_of(seller))
    return eligibility.faults(
        licensee(firm, today),
        today=today,
        proof_months=int(book.number("eligibility.size_proof_months")),
        regions=book.table("eligibility.regions") if "eligibility.regions" in book else (),
    )


def licensee(firm: Organisation, today: date) -> eligibility.Licensee:
    has_open_default = firm.contracts_as_buyer.in_default(today).exists()
    return eligibility.Licensee(
        size=firm.size, size_proved_on=firm.size_proved_on, region=firm.region, has_open_default=has_open_default
    )


def place_of(seller: Organisation) -> str:
    """The place whose law holds: where the seller is."""
    return seller.region or law.book.NATION


# The evidence


def decided(contract: Contract) -> str:
    """The fingerprint of what is decided and shown: price, method and counterparty. The terms must be agreed."""
    assert contract.sheet is not None
    return fingerprint(
        price=contract.sheet.fingerprint,
        method=[contract.type, contract.licence_kind, contract.pricing_route],
        counterparty=contract.buyer.credit_code,
    )


def of_the_evidence(contract: Contract) -> Iterator[Gap]:
    if contract.sheet is not None and is_public(contract.seller):
        yield from of_the_decision(contract)
    if contract.sheet is not None and needs_notice(contract):
        yield from of_the_notice(contract)
    yield from of_the_clearances(contract)


def needs_notice(contract: Contract) -> bool:
    """A negotiated price of a public owner is shown first; a market or an auction shows it by itself (art. 18)."""
    return is_public(contract.seller) and contract.pricing_route == NEGOTIATED


def of_the_decision(contract: Contract) -> Iterator[Gap]:
    decisions = contract.decisions.values_list("terms_fingerprint", flat=True)
    if not decisions:
        yield Gap("E_NO_DECISION_RECORD", _("Record the collective decision: meeting, present, votes, resolution."))
    elif decided(contract) not in decisions:
        yield Gap("E_NO_DECISION_RECORD", _("The recorded decision was about other terms. Decide on these ones."))


def of_the_notice(contract: Contract) -> Iterator[Gap]:
    notice = contract.notice
    if notice is None or notice.state == Notice.State.VOID:
        yield Gap("E_SIGN_BEFORE_NOTICE_END", _("Open the public notice of the price and wait for its end."))
    elif notice.terms_fingerprint != decided(contract):
        yield Gap("E_NOTICE_TERMS_CHANGED", _("The notice showed other terms. Open a new notice of these ones."))
    elif notice.state == Notice.State.OBJECTED:
        yield Gap("E_OPEN_OBJECTION", _("An objection to the notice waits for its answer. Answer it first."))
    elif notice.state == Notice.State.OPEN:
        day = notice.ends_on.isoformat()
        yield Gap("E_SIGN_BEFORE_NOTICE_END", _("The public notice runs until %(day)s, 24:00. Wait.") % {"day": day})


def of_the_clearances(contract: Contract) -> Iterator[Gap]:
    if contract.export == Contract.Export.PROHIBITED:
        yield Gap("E_EXPORT_CONTROL", _("This technology may not be exported. It cannot be licensed abroad."))
    answers: dict[str, list[str]] = {}
    for kind, answer in contract.clearances.order_by("id").values_list("kind", "answer"):
        answers.setdefault(kind, []).append(answer)
    for kind in needed_clearances(contract):
        if not clearances.is_settled(kind, answers.get(kind, [])):
            yield Gap(clearances.CODES[kind], asked(kind, answers.get(kind, [])))


def needed_clearances(contract: Contract) -> tuple[str, ...]:
    """The kinds of clearance that this contract needs."""
    return clearances.needed(
        type=contract.type,
        licence_kind=contract.licence_kind,
        is_abroad=contract.export != Contract.Export.DOMESTIC,
        is_publicly_funded=contract.is_publicly_funded,
        is_public_seller=is_public(contract.seller),
    )


def asked(kind: str, answers: list[str]) -> str:
    """What to do about a clearance: ask, wait, or find another way."""
    if Clearance.Answer.REFUSED in answers:
        return _("%(what)s was refused. Agree with them, or change the contract.") % {"what": name(kind)}
    if Clearance.Answer.ASKED in answers:
        return _("%(what)s was asked and not answered yet.") % {"what": name(kind)}
    return {
        "CO_OWNER": _("Say whether the right has co-owners. If so, record the consent of each of them."),
        "PLEDGE": _("Say whether the right is pledged. If so, record the consent of the pledgee."),
        "PREEMPTION": _("Ask each inventor whether they buy on the same terms, and record the answers."),
        "EXPORT": _("Record the export registration, or the licence for technology of restricted export."),
        "PUBLIC_FUNDING": _("Record the consent of the authority that funded the project."),
        "CONFLICT": _("Record who is related to the buyer and stood aside, or that nobody is."),
        "CLAUSES": _("Have somebody read the text for clauses that are void, and record it."),
    }[kind]


def name(kind: str) -> Any:
    return Clearance.Kind(kind).label


# The text


def of_the_text(contract: Contract) -> Iterator[Gap]:
    if contract.document is None:
        yield Gap("E_NO_TEXT", _("There is no text to sign. Make the contract from the template, or hand one in."))
