"""Claims on guarantees: filed by the licensor with the frozen evidence, reviewed by the guarantor within its days.

The contract is locked first, so whatever happens to its claims comes one after the other.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.lasting import legal_months
from marketplace.contracts.models import Contract, Guarantee
from marketplace.contracts.services import claim_file
from marketplace.contracts.services.guarantees import cover
from marketplace.contracts.services.sides import needed
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen
from marketplace.core.validation import check_text, validate
from marketplace.documents import services as documents
from marketplace.documents.models import Document

from ..claim_telling import BENEFICIARY, GUARANTOR, LICENSEE, tell
from ..models import Claim, Obligation
from ..rules import claiming
from ..rules.claiming import Line
from . import losses
from .billing import bill
from .days import term

LONGEST = 2000
FAULTS: dict[str, Any] = {
    claiming.DUPLICATE: _("This loss is claimed already, here or from another guarantee."),
    claiming.CLAIM_LATE: _("The guarantee period of this payment is over."),
    claiming.EARLY: _("The waiting period of the guarantee is not over yet."),
    claiming.USED_UP: _("The cover of this guarantee is used up."),
    claiming.TOO_SMALL: _("This guarantee bears less than half a fen of it."),
}


class Pursuit(NamedTuple):
    """How the debtor was pursued before a general guarantor is asked, on which day it was sued, and the proof."""

    how: str = ""
    on: date | None = None
    proof: Document | None = None


UNPURSUED = Pursuit()

# Filing


@transaction.atomic
def file_claim(
    guarantee: Guarantee,
    *,
    obligations: Collection[str] = (),
    note: str = "",
    pursuit: Pursuit = UNPURSUED,
    by: Any,
) -> Claim:
    """Ask a guarantor to pay what is overdue: all of it, or the obligations that are named by their keys.

    Raises Conflict: E_DEMAND_MISSING without a demand and its days, E_CLAIM_LATE, E_CLAIM_EARLY, E_DUPLICATE_CLAIM,
    E_COVER_USED_UP, E_CLAIM_TOO_SMALL, E_DEBTOR_NOT_PURSUED for a general guarantee; Invalid by field.
    """
    contract = lock(guarantee.contract)
    guarantee = lock(guarantee)
    guarantee.contract = contract
    require("settlement.file_claim", by, contract)
    today = timezone.localdate()
    check_defaulted(contract, today)
    check_stands(guarantee)
    check_pursued(guarantee, pursuit, today)
    bill(contract, by=SYSTEM)
    lines = chosen(guarantee, obligations, kept_on=pursuit.on or today, day=today)
    claim = drafted(guarantee, lines, check_text("note", note.strip(), most=LONGEST), pursuit, today, by=by)
    try:
        with transaction.atomic():
            create(claim, "settlement.file_claim", by=by)
    except IntegrityError as fault:
        sentence = _("A claim on this guarantee is open already.")
        raise Conflict(sentence, code=claiming.DUPLICATE) from fault
    rows = Obligation.objects.filter(contract=contract, key__in=[line.key for line in lines])
    losses.hold(claim, lines, {row.key: row for row in rows})
    losses.tell_cover(guarantee)
    if guarantee.kind in claiming.OWN_MONEY:
        return accept_from_deposit(claim)
    tell(claim, "filed", to=(GUARANTOR, LICENSEE), day=claim.review_by)
    return claim


def check_defaulted(contract: Contract, today: date) -> None:
    """A claim follows a default: a demand that is not paid, its days, and no dispute; whatever the contract's state.

    A demand that is paid is lifted, so one that stands says that something is still overdue.
    """
    if contract.state == Contract.State.DISPUTED:
        raise Conflict(_("The contract is disputed: settle that first."), code="disputed")
    if contract.demanded_on is None or contract.cure_until is None:
        sentence = _("A claim needs a default: demand first, and wait the days of the law.")
        raise Conflict(sentence, code=claiming.DEMAND_MISSING)
    if not contract.is_in_default(today):
        said = _("The licensee has until %(day)s to pay.") % {"day": contract.cure_until.isoformat()}
        raise Conflict(said, code=claiming.DEMAND_MISSING)


def check_stands(guarantee: Guarantee) -> None:
    if guarantee.state != Guarantee.State.ISSUED:
        raise Conflict(_("This guarantee does not stand."), code="not_issued")


def check_pursued(guarantee: Guarantee, pursuit: Pursuit, today: date) -> None:
    """A general guarantor is asked last: the beneficiary says how the debtor was pursued, and shows it."""
    if pursuit.on and pursuit.on > today:
        raise Invalid(fields={"pursued_on": [str(_("This day has not come yet."))]})
    if not claiming.must_pursue(guarantee.kind, guarantee.liability):
        return
    if not pursuit.how or pursuit.proof is None:
        sentence = _("This is a general guarantee: pursue the debtor first, and show how (Civil Code 687).")
        raise Conflict(sentence, code=claiming.NOT_PURSUED)
    if pursuit.how == Claim.Pursuit.ENFORCED and pursuit.on is None:
        raise Invalid(fields={"pursued_on": [str(_("Say on which day the debtor was sued."))]})


def chosen(guarantee: Guarantee, keys: Collection[str], *, kept_on: date, day: date) -> list[Line]:
    """The lines that are claimed: those that are named, or all that can be. Raises Conflict by what stands against."""
    found = claimable(guarantee, kept_on=kept_on, day=day)
    if unknown := sorted(set(keys) - {line.key for line in found}):
        said = _("This is not overdue: %(keys)s") % {"keys": ", ".join(unknown)}
        raise Invalid(fields={"obligations": [str(said)]})
    wanted = [line for line in found if line.key in keys] if keys else [line for line in found if not line.fault]
    if not found:
        raise Conflict(_("Nothing is overdue."), code="nothing_overdue")
    if fault := next((line.fault for line in wanted or found if line.fault), ""):
        raise Conflict(FAULTS[fault], code=fault)
    return wanted


def claimable(guarantee: Guarantee, *, kept_on: date, day: date) -> list[Line]:
    """Each overdue payment with what this guarantee may be asked for it, or why it may not."""
    return claiming.claimable(
        cover(guarantee), losses.lost(guarantee, day), used=losses.used_of(guarantee),
        legal_months=legal_months(guarantee.contract), kept_on=kept_on, day=day,
    )  # fmt: skip


def covering(obligation: Obligation, day: date) -> str:
    """Who can still be asked for an overdue payment, at once or after a waiting time; empty when nobody can."""
    rows = obligation.contract.guarantees.outstanding().select_related("contract", "guarantor").order_by("pk")
    lines = ((row, line) for row in rows for line in claimable(row, kept_on=day, day=day))
    found = [row for row, line in lines if line.key == obligation.key and line.fault in ("", claiming.EARLY)]
    return ", ".join(str(row.guarantor or row.get_kind_display()) for row in found)


def drafted(guarantee: Guarantee, lines: list[Line], note: str, pursuit: Pursuit, today: date, *, by: Any) -> Claim:
    """The claim before it is kept, with the evidence as it stands now."""
    contract = guarantee.contract
    days = term("claim.review_days", today, contract.law_place)
    assert contract.demanded_on is not None  # `check_defaulted`
    assert contract.cure_until is not None
    claim = Claim(
        contract=contract, guarantee=guarantee, filed_on=today, demanded_on=contract.demanded_on,
        cure_until=contract.cure_until, amount=sum(line.amount for line in lines),
        cover=guarantee.cover_amount - losses.used_of(guarantee), note=note, pursuit=pursuit.how,
        pursued_on=pursuit.on, pursuit_proof=pursuit.proof, review_by=days.until, review_rule=days.rule,
        evidence=frozen(contract, guarantee, by=by),
    )  # fmt: skip
    validate(claim, constraints=False)
    return claim


def frozen(contract: Contract, guarantee: Guarantee, *, by: Any) -> Document:
    """The claim file of the contract as a document with its hash; its parties and the guarantor read it."""
    title = _("Claim file %(day)s") % {"day": timezone.localdate().isoformat()}
    readers = [each for each in (contract.seller, contract.buyer, guarantee.guarantor) if each is not None]
    pack = claim_file(contract, by=by)
    return documents.freeze(pack, title=f"{title} · {contract.title}"[:200], readers=readers, by=by)


def accept_from_deposit(claim: Claim) -> Claim:
    """The licensee's own money is at hand: nobody has to review. The licensee is told."""
    losses.accept(claim, claim.amount)
    with act(claim, "settlement.accept_claim", by=SYSTEM) as claim:
        claim.accept()
        claim.accepted, claim.decided_on, claim.review_by = claim.amount, timezone.localdate(), None
    tell(claim, "deposit", to=(LICENSEE,))
    return claim


# Review


@transaction.atomic
def ask_about_claim(claim: Claim, question: str, *, by: Any) -> Claim:
    """The guarantor asks for more; it asks for everything at once (Insurance Law 22), and its own days wait."""
    lock(claim.contract)
    with act(claim, "settlement.ask_about_claim", by=by) as claim:
        claim.ask()
        claim.question = needed("question", question)
        claim.supply_by = term("claim.supply_days", timezone.localdate(), claim.contract.law_place).until
        claim.review_by = None
    tell(claim, "asked", to=(BENEFICIARY,), day=claim.supply_by)
    return claim


@transaction.atomic
def supply_claim(claim: Claim, answer: str, *, proof: Document | None = None, by: Any) -> Claim:
    """The beneficiary supplies what was asked for; the days of the review begin anew."""
    lock(claim.contract)
    with act(claim, "settlement.supply_claim", by=by) as claim:
        claim.supply()
        claim.supplied, claim.supplied_proof = needed("answer", answer), proof
        days = term("claim.review_days", timezone.localdate(), claim.contract.law_place)
        claim.review_by, claim.review_rule, claim.supply_by = days.until, days.rule, None
    tell(claim, "supplied", to=(GUARANTOR,), day=claim.review_by)
    return claim


@transaction.atomic
def accept_claim(claim: Claim, *, amount: Decimal | None = None, reasons: str = "", by: Any) -> Claim:
    """The guarantor will pay all that is claimed, or `amount` of it with reasons, by its day."""
    lock(claim.contract)
    with act(claim, "settlement.accept_claim", by=by) as claim:
        claim.accept()
        claim.accepted = agreed_amount(claim, amount)
        is_part = claim.accepted < claim.amount
        claim.reasons = needed("reasons", reasons) if is_part else check_text("reasons", reasons.strip(), most=LONGEST)
        today = timezone.localdate()
        claim.decided_on, claim.review_by = today, None
        claim.pay_by = term("claim.pay_days", today, claim.contract.law_place).until
        losses.accept(claim, claim.accepted)
    losses.tell_cover(claim.guarantee)
    tell(claim, "accepted", to=(BENEFICIARY, LICENSEE), day=claim.pay_by)
    return claim


def agreed_amount(claim: Claim, amount: Decimal | None) -> Decimal:
    accepted = claim.amount if amount is None else amount
    if not 0 < accepted <= claim.amount or accepted != to_fen(accepted):
        sentence = _("Accept more than nothing and at most %(most)s, in whole fen.") % {"most": claim.amount}
        raise Invalid(fields={"amount": [str(sentence)]})
    return accepted


@transaction.atomic
def refuse_claim(claim: Claim, code: str, reasons: str, *, by: Any) -> Claim:
    """The guarantor will not pay; the code and the reasons are kept, and the loss may be claimed elsewhere."""
    if code not in Claim.Refusal.values:
        raise Invalid(fields={"code": [str(_("Choose a reason of the list."))]})
    lock(claim.contract)
    with act(claim, "settlement.refuse_claim", by=by, reason=code) as claim:
        claim.refuse()
        claim.refusal, claim.reasons, claim.decided_on = code, needed("reasons", reasons), timezone.localdate()
        claim.review_by = claim.supply_by = None
        losses.release(claim)
    losses.tell_cover(claim.guarantee)
    tell(claim, "refused", to=(BENEFICIARY, LICENSEE))
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, reason: str, *, by: Any) -> Claim:
    """The beneficiary takes the claim back before anything is paid."""
    lock(claim.contract)
    with act(claim, "settlement.withdraw_claim", by=by, reason=needed("reason", reason)) as claim:
        claim.withdraw()
        claim.withdrawn_on = timezone.localdate()
        claim.review_by = claim.supply_by = claim.pay_by = None
        losses.release(claim)
    losses.tell_cover(claim.guarantee)
    tell(claim, "withdrawn", to=(GUARANTOR, LICENSEE))
    return claim
