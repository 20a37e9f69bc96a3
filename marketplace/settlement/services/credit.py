"""Credit notices: announced once a default is final, answered, put on record, contested and corrected.

A record on this platform for its parties and staff; nothing is sent to systems outside.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract
from marketplace.contracts.reading import statement_of
from marketplace.contracts.services.claiming import debts
from marketplace.contracts.services.sides import needed
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO
from marketplace.core.validation import validate
from marketplace.documents import services as documents
from marketplace.documents.models import Document
from marketplace.parties.models import Organisation

from ..claim_telling import tell_credit
from ..models import Claim, CreditNotice, Recourse
from ..rules import crediting
from ..rules.crediting import Default
from .days import term


@transaction.atomic
def announce_credit(contract: Contract, issuer: Organisation, grounds: str, *, by: Any) -> CreditNotice:
    """A creditor tells the licensee in writing that its default will be on record; it may answer within its days.

    The creditor is the licensor or a guarantor that paid. Raises Conflict (E_CREDIT_PUSH_NOT_FINAL) while the default
    is not final.
    """
    contract = lock(contract)
    check_creditor(contract, issuer)
    found = default_of(contract, issuer)
    check_final(found)
    today = timezone.localdate()
    days = term("credit.notice_days", today, contract.law_place)
    row = CreditNotice(
        contract=contract, issuer=issuer, subject=contract.buyer, amount=found.unpaid,
        grounds=needed("grounds", grounds), announced_on=today, reply_until=days.until, rule=days.rule,
    )  # fmt: skip
    require("settlement.announce_credit", by, row)
    row.evidence = frozen(row, by=by)
    validate(row, constraints=False)
    try:
        with transaction.atomic():
            create(row, "settlement.announce_credit", by=by)
    except IntegrityError as fault:
        raise Conflict(_("There is a credit notice of yours about this contract."), code="announced") from fault
    tell_credit(row, "announced", organisation_id=row.subject_id, day=row.reply_until)
    return row


def check_creditor(contract: Contract, issuer: Organisation) -> None:
    """Only a creditor: the licensor, or a guarantor with recourse."""
    if issuer.pk != contract.seller_id and not contract.recourses.filter(creditor=issuer).exists():
        raise Invalid(fields={"issuer": [str(_("Only the licensor, or a guarantor that has paid, gives notice."))]})


def default_of(contract: Contract, issuer: Organisation) -> Default:
    """What stands of a default today, as its creditor may say it: what is unpaid to this creditor."""
    today = timezone.localdate()
    recourses = contract.recourses.filter(state__in=Recourse.OPEN)
    own = sum((row.left for row in recourses if row.creditor_id == issuer.pk), ZERO)
    owed = sum((debt.loss for debt in debts(statement_of(contract, today))), ZERO)
    return Default(
        unpaid=owed if issuer.pk == contract.seller_id else own,
        is_terminated=contract.state == Contract.State.TERMINATED,
        is_demanded=contract.cure_until is not None and contract.cure_until < today,
        is_compensated=bool(recourses),
        is_disputed=contract.state == Contract.State.DISPUTED,
        is_claimed=contract.claims.filter(state__in=Claim.OPEN).exists(),
    )


def check_final(found: Default) -> None:
    if not crediting.is_final(found):
        sentence = _(
            "The default is not final: something must be unpaid, no claim under review and no dispute open, and the "
            "contract terminated for it or a guarantor have paid."
        )
        raise Conflict(sentence, code=crediting.NOT_FINAL)


def frozen(row: CreditNotice, *, by: Any) -> Document:
    """What the notice rests on as a document with its hash; both parties read it."""
    contract = row.contract
    pack: dict[str, Any] = {
        "contract": contract.public_id,
        "as_of": row.announced_on.isoformat(),
        "issuer": row.issuer.credit_code,
        "subject": row.subject.credit_code,
        "unpaid": f"{row.amount:.2f}",
        "claims": [of_claim(claim) for claim in contract.claims.order_by("pk")],
    }
    if contract.is_in_default(row.announced_on):  # not while a later default may be cured
        pack["claim_file"] = contracts.claim_file(contract, by=by)
    title = _("Evidence of a credit notice %(day)s") % {"day": row.announced_on.isoformat()}
    return documents.freeze(pack, title=f"{title} · {contract.title}"[:200], readers=[row.issuer, row.subject], by=by)


def of_claim(claim: Claim) -> dict[str, str]:
    return {
        "claim": claim.public_id,
        "state": claim.state,
        "demanded_on": claim.demanded_on.isoformat(),
        "cure_until": claim.cure_until.isoformat(),
        "claimed": f"{claim.amount:.2f}",
        "compensated": f"{claim.paid:.2f}",
        "evidence_sha256": claim.evidence.sha256,
    }


# The right to reply


def answer_credit(row: CreditNotice, reply: str, *, by: Any) -> CreditNotice:
    """The firm answers within its days; the latest answer stands."""
    with act(row, "settlement.answer_credit", by=by) as row:
        if row.state != CreditNotice.State.ANNOUNCED or crediting.may_push(row.reply_until, timezone.localdate()):
            raise Conflict(_("The days to answer are over. Contest it once it is on record."), code="days_over")
        row.reply, row.replied_on = needed("reply", reply), timezone.localdate()
    tell_credit(row, "answered", organisation_id=row.issuer_id)
    return row


@transaction.atomic
def push_credit(row: CreditNotice, *, answer: str = "", by: Any) -> CreditNotice:
    """Put it on record: the days are over, what the firm said is answered, and the default is still final.

    Raises Conflict (E_CREDIT_PUSH_NOT_FINAL) otherwise.
    """
    contract = lock(row.contract)
    with act(row, "settlement.push_credit", by=by) as row:
        row.push()
        today = timezone.localdate()
        if not crediting.may_push(row.reply_until, today):
            said = _("The licensee may answer until %(day)s.") % {"day": row.reply_until.isoformat()}
            raise Conflict(said, code=crediting.NOT_FINAL)
        check_final(default_of(contract, row.issuer))
        row.answer = needed("answer", answer) if row.reply else answer.strip()[:2000]
        row.pushed_on = today
    tell_credit(row, "pushed", organisation_id=row.subject_id)
    return row


def withdraw_credit(row: CreditNotice, reason: str, *, by: Any) -> CreditNotice:
    """The creditor does not go on with it."""
    with act(row, "settlement.withdraw_credit", by=by, reason=needed("reason", reason)) as row:
        row.withdraw()
        row.outcome, row.ended_on = needed("reason", reason), timezone.localdate()
    tell_credit(row, "withdrawn", organisation_id=row.subject_id)
    return row


# Correction


def contest_credit(row: CreditNotice, contest: str, *, by: Any) -> CreditNotice:
    """The firm says what of the record is wrong, or that it has paid; it is checked within the days of the law."""
    with act(row, "settlement.contest_credit", by=by) as row:
        row.contest_it()
        today = timezone.localdate()
        row.contest, row.contested_on = needed("contest", contest), today
        row.answer_by = term("credit.correction_days", today, row.contract.law_place).until
    tell_credit(row, "contested", organisation_id=row.issuer_id, day=row.answer_by)
    return row


def uphold_credit(row: CreditNotice, outcome: str, *, by: Any) -> CreditNotice:
    """Checked: it stays as it is, with reasons."""
    with act(row, "settlement.uphold_credit", by=by) as row:
        row.uphold()
        row.outcome, row.answer_by = needed("outcome", outcome), None
    tell_credit(row, "upheld", organisation_id=row.subject_id)
    return row


def correct_credit(row: CreditNotice, outcome: str, *, by: Any) -> CreditNotice:
    """It was wrong, or the debt is settled: it is on record no more, and why."""
    with act(row, "settlement.correct_credit", by=by, reason=needed("outcome", outcome)) as row:
        row.correct()
        row.outcome, row.ended_on, row.answer_by = needed("outcome", outcome), timezone.localdate(), None
    tell_credit(row, "corrected", organisation_id=row.subject_id)
    return row
