"""Recovery: the licensee pays the guarantor, part by part; each part is shared after costs and passed on.

The guarantor records what it has received, the licensor what reached it of that: who has the money writes it down.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.sides import needed
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO, to_fen
from marketplace.core.validation import check_text, validate

from ..claim_telling import BENEFICIARY, GUARANTOR, LICENSEE, tell
from ..models import Claim, Journal, Payment, Recourse, Recovery, RecoveryPart
from ..rules import booking, recovering
from ..rules.recovering import Bearer
from . import ledger, losses, payments, reasons
from .compensating import LONGEST_REFERENCE, named


@transaction.atomic
def record_recovery(
    recourse: Recourse, amount: Decimal, *, on: date, reference: str, costs: Decimal = ZERO, by: Any
) -> Recovery:
    """The licensee has paid the guarantor. The same transfer twice is one recovery; another of its name a Conflict.

    Raises Invalid by field, and for more than guarantor and licensor are still owed.
    """
    require("settlement.record_recovery", by, recourse)
    lock(recourse.contract)
    recourse = lock(recourse)
    said = reference_of(reference)
    known = recourse.recoveries.standing().filter(reference=said).first()
    if known is not None:
        return same(known, amount, on, costs)
    check_facts(recourse, amount, costs, on)
    row, parts = shared(recourse, amount, costs, on, said)
    validate(row, constraints=False)
    try:
        with transaction.atomic():
            create(row, "settlement.record_recovery", by=by)
    except IntegrityError as fault:
        raise other() from fault
    RecoveryPart.objects.bulk_create(RecoveryPart(recovery=row, loss_id=pk, amount=part) for pk, part in parts)
    book(row, by=by)
    follow(recourse, row.guarantor_part, by=by)
    tell(recourse.claim, "recovered", to=(BENEFICIARY, LICENSEE), about=row.public_id)
    return row


def reference_of(reference: str) -> str:
    said = " ".join(check_text("reference", (reference or "").strip(), most=LONGEST_REFERENCE).split())
    if not said:
        raise Invalid(fields={"reference": [str(_("Copy the reference of the transfer from the bank."))]})
    return said


def same(known: Recovery, amount: Decimal, on: date, costs: Decimal) -> Recovery:
    if (known.amount, known.on, known.costs) != (amount, on, costs):
        raise other()
    return known


def other() -> Conflict:
    sentence = _("A transfer of this reference is recorded with another day, amount or costs.")
    return Conflict(sentence, code="reference_used")


def check_facts(recourse: Recourse, amount: Decimal, costs: Decimal, on: date) -> None:
    if recourse.state not in (*Recourse.OPEN, Recourse.State.PAID):  # paid in full, what still comes is the licensor's
        raise Conflict(_("Nothing is owed to the guarantor any more."), code="nothing_owed")
    faults = {}
    if amount <= 0 or amount != to_fen(amount):
        faults["amount"] = [str(_("Write an amount above zero in yuan, with at most two decimals."))]
    if not 0 <= costs <= amount or costs != to_fen(costs):
        faults["costs"] = [str(_("The costs are at most what was recovered."))]
    if not recourse.since <= on <= timezone.localdate():
        faults["on"] = [str(_("Choose a day between the compensation and today."))]
    if faults:
        raise Invalid(fields=faults)


def is_recoverable(recourse: Recourse) -> bool:
    """Whether the licensee owes the guarantor still, or the licensor, whose part comes through the guarantor too."""
    if recourse.state != Recourse.State.PAID:
        return recourse.state in Recourse.OPEN
    debts = recovering.behind(on_its_way(recourse.claim), debts_of(recourse.claim, timezone.localdate()))
    return any(owed for _pk, owed in debts)


def shared(
    recourse: Recourse, amount: Decimal, costs: Decimal, on: date, reference: str
) -> tuple[Recovery, list[tuple[int, Decimal]]]:
    """The recovery with its parts, and what of the licensor's part is for which loss."""
    debts = recovering.behind(on_its_way(recourse.claim), debts_of(recourse.claim, on))
    bore = losses.borne_by_licensor(recourse.claim)
    guarantor = Bearer(recourse.amount, recourse.left)
    licensor = Bearer(bore, sum((owed for _pk, owed in debts), ZERO))
    try:
        parts = recovering.share(amount, costs, guarantor, licensor)
    except ValueError as fault:
        most = {"most": guarantor.left + licensor.left + costs}
        said = _("With these costs at most %(most)s can be recovered: no more is owed.") % most
        raise Invalid(fields={"amount": [str(said)]}) from fault
    row = Recovery(
        recourse=recourse, on=on, amount=amount, costs=costs, reference=reference, guarantor_part=parts.guarantor,
        licensor_part=parts.licensor, guarantor_bore=guarantor.bore, licensor_bore=bore,
    )  # fmt: skip
    return row, [(int(pk), part) for pk, part in recovering.spread(parts.licensor, debts)]


def debts_of(claim: Claim, day: date) -> list[tuple[str, Decimal]]:
    """What the licensor still lacks of the losses of a claim, the oldest first, by the id of the loss."""
    then, now = losses.open_of(claim.contract, day), losses.open_of(claim.contract, timezone.localdate())
    rows = claim.lines.filter(stands=True).select_related("loss__obligation")
    ordered = sorted(rows, key=lambda row: (row.loss.obligation.due_on, row.loss.obligation.key))
    keys = [(row.loss_id, row.loss.obligation.key) for row in ordered]
    return [(str(pk), min(then.get(key, ZERO), now.get(key, ZERO))) for pk, key in keys]


def on_its_way(claim: Claim) -> Decimal:
    """What guarantors have received for the losses of a claim and not passed on yet: its own one, or another's."""
    rows = RecoveryPart.objects.filter(loss__lines__claim=claim, loss__lines__stands=True)
    waiting = rows.filter(recovery__in=Recovery.objects.standing().filter(passed_on=None))
    return sum(waiting.values_list("amount", flat=True), ZERO)


def waiting_parts(recourse: Recourse) -> Any:
    return recourse.recoveries.standing().filter(licensor_part__gt=0, passed_on=None)


def book(row: Recovery, *, by: Any) -> None:
    entries = booking.recover(row.costs, row.guarantor_part, row.licensor_part)
    ledger.post(
        row.recourse.creditor, Journal.Kind.RECOVERED, f"recovery:{row.public_id}", entries, on=row.on,
        contract=row.contract, by=by,
    )  # fmt: skip


def follow(recourse: Recourse, more: Decimal, *, by: Any) -> None:
    """The recourse after a recovery or its reversal; with the last of it the claim is closed.

    A recovery of which the guarantor has nothing, such as one of costs alone, leaves the recourse as it is.
    """
    if more:
        with act(recourse, "settlement.record_recovery", by=SYSTEM) as recourse:
            recourse.paid += more
            if recourse.paid == recourse.amount:
                recourse.settle()
            elif recourse.paid:
                recourse.part_pay()
            else:
                recourse.wait()
    close_if_done(recourse)


def close_if_done(recourse: Recourse) -> None:
    """A claim is closed once nothing is to be recovered or passed on, and open again when that changes."""
    is_done = recourse.state in Recourse.DONE and not waiting_parts(recourse).exists()
    claim = Claim.objects.get(pk=recourse.claim_id)
    if is_done == (claim.state == Claim.State.CLOSED):
        return
    with act(claim, "settlement.close_claim", by=SYSTEM) as claim:
        if is_done:
            claim.close()
        else:
            claim.reopen()
    if is_done:
        tell(claim, "closed", to=(BENEFICIARY, GUARANTOR, LICENSEE))


# The licensor's part


@transaction.atomic
def pass_on(recovery: Recovery, *, on: date, reference: str, by: Any) -> Recovery:
    """The licensor has received its part: it pays the licensee's debts as of the day on which the licensee paid."""
    contract = lock(recovery.contract)
    with act(recovery, "settlement.pass_on", by=by) as recovery:
        if not recovery.waits_for_passing:
            raise Conflict(_("Nothing of this is to be passed on."), code="nothing_to_pass_on")
        if not recovery.on <= on <= timezone.localdate():
            raise Invalid(fields={"on": [str(_("Choose a day between the recovery and today."))]})
        recovery.passed_on, recovery.passing_reference = on, reference_of(reference)
        rows = list(recovery.parts.select_related("loss__obligation").order_by("id"))
        for number, row in enumerate(rows, 1):
            row.payment = payments.record(
                contract, row.amount, on=recovery.on, reference=named(recovery.passing_reference, number, len(rows)),
                source=Payment.Source.GUARANTOR, obligation=row.loss.obligation.key, by=by,
            )  # fmt: skip
            row.save(update_fields=["payment"])
    ledger.post(
        recovery.recourse.creditor, Journal.Kind.PASSED_ON, f"passed:{recovery.public_id}:{recovery.version}",
        booking.pass_on(recovery.licensor_part), on=on, contract=contract, by=by,
    )  # fmt: skip
    close_if_done(Recourse.objects.get(pk=recovery.recourse_id))
    tell(recovery.recourse.claim, "passed", to=(GUARANTOR,), about=recovery.public_id)
    return recovery


@transaction.atomic
def return_part(recovery: Recovery, reason: str, *, by: Any) -> Recovery:
    """The licensor's part was recorded by mistake: what it had paid is open again, and it waits to be passed on."""
    said = needed("reason", reason)[: reasons.LONGEST_REASON]
    lock(recovery.contract)
    with act(recovery, "settlement.return_part", by=by, reason=said) as recovery:
        if recovery.passed_on is None:
            raise Conflict(_("Nothing of this was passed on."), code="not_passed_on")
        for row in recovery.parts.select_related("payment").order_by("-id"):
            payment, row.payment = row.payment, None
            assert payment is not None  # each part of what was passed on is a payment
            row.save(update_fields=["payment"])
            payments.reverse_payment(payment, said, by=by)
        recovery.passed_on, recovery.passing_reference = None, ""
    cause = f"passed:{recovery.public_id}:"
    journal = Journal.objects.get(cause__startswith=cause, reverses=None, reversal=None)
    ledger.reverse(journal, reason="returned", by=by)
    close_if_done(Recourse.objects.get(pk=recovery.recourse_id))
    return recovery


# Reversed, given up, answered


@transaction.atomic
def reverse_recovery(recovery: Recovery, reason: str, *, by: Any) -> Recovery:
    """It never arrived, or went back. Raises Conflict (`passed_on`) while the licensor has its part."""
    said = needed("reason", reason)[: reasons.LONGEST_REASON]
    lock(recovery.contract)
    with act(recovery, "settlement.reverse_recovery", by=by, reason=said) as recovery:
        if recovery.passed_on is not None:
            raise Conflict(_("The licensor has its part: it returns that first."), code="passed_on")
        if recovery.recourse.state == Recourse.State.FORGONE:
            raise Conflict(_("The rest of it was given up already."), code="forgone")
        recovery.reversal_reason = said
        recovery.reverse()
    journal = Journal.objects.get(book=recovery.recourse.creditor, cause=f"recovery:{recovery.public_id}")
    ledger.reverse(journal, reason="recovery", by=by)
    follow(recovery.recourse, -recovery.guarantor_part, by=by)
    tell(recovery.recourse.claim, "unrecovered", to=(BENEFICIARY, LICENSEE), about=recovery.public_id)
    return recovery


@transaction.atomic
def forgo(recourse: Recourse, reason: str, *, by: Any) -> Recourse:
    """The guarantor gives up what it has not recovered, by a decision. The licensee owes it no more."""
    lock(recourse.contract)
    with act(recourse, "settlement.forgo", by=by, reason=needed("reason", reason)) as recourse:
        recourse.forgo()
        recourse.forgone_reason = needed("reason", reason)[:1000]
    ledger.post(
        recourse.creditor, Journal.Kind.WRITTEN_OFF, f"forgone:{recourse.public_id}", booking.forgo(recourse.left),
        on=timezone.localdate(), contract=recourse.contract, by=by,
    )  # fmt: skip
    close_if_done(recourse)
    tell(recourse.claim, "forgone", to=(BENEFICIARY, LICENSEE))
    return recourse


@transaction.atomic
def answer_recourse(recourse: Recourse, reply: str, *, by: Any) -> Recourse:
    """The licensee says when and how it will pay, or why it does not owe this; the latest reply stands."""
    lock(recourse.contract)
    with act(recourse, "settlement.answer_recourse", by=by) as recourse:
        if recourse.state not in Recourse.OPEN:
            raise Conflict(_("Nothing is owed to the guarantor any more."), code="nothing_owed")
        recourse.reply, recourse.replied_on = needed("reply", reply), timezone.localdate()
    tell(recourse.claim, "replied", to=(GUARANTOR, BENEFICIARY), about=str(recourse.version))
    return recourse
