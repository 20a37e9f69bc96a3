"""Payouts: approved shares become one file for the bank, and what the bank did is recorded transfer by transfer."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.contracts.services.clearing import check_day
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO
from marketplace.core.validation import check_text
from marketplace.parties.models import Organisation

from .. import computing, telling
from ..models import ClawBack, Distribution, Hold, Journal, Payout, PayoutLine, SetOff, Share
from ..rules import booking
from ..rules.paying_out import Debt, file_of, set_off
from . import ledger
from .reasons import reason_of

PURPOSE = "成果转化奖励"
Outcome = PayoutLine.Outcome


# Making


def payable(book: Organisation) -> list[Share]:
    """The approved shares that wait, that nothing blocks and whose receipt has earned them, the oldest first."""
    rows = Share.objects.filter(
        distribution__book=book, distribution__state=Distribution.State.APPROVED, state=Share.State.WAITING
    ).select_related("payee", "distribution__contract")
    standing = list(Hold.objects.standing().filter(distribution__book=book).values_list("distribution_id", "share_id"))
    blocked = {distribution for distribution, share in standing if share is None}
    held = {share for _distribution, share in standing}
    found = [row for row in rows.order_by("distribution_id", "id") if row.pk not in held]
    blocked |= {row.pk for row in {each.distribution for each in found} if not computing.is_earned(row)}
    return [row for row in found if row.distribution_id not in blocked]


@transaction.atomic
def make_payout(book: Organisation, *, distributions: Sequence[Distribution] = (), by: Any) -> Payout:
    """One batch of everything that may be paid, or of some distributions. What a person owes is set off first.

    Raises Conflict (nothing_to_pay), and (no_account) naming those whose account is not known.
    """
    require("settlement.pay_out", by, book)
    book = lock(book)
    locked = lock_contracts(book)
    wanted = {each.pk for each in distributions}
    shares = [row for row in payable(book) if not wanted or row.distribution_id in wanted]
    shares = [row for row in shares if row.distribution.contract_id in locked]
    if not shares:
        raise Conflict(_("Nothing waits to be paid here."), code="nothing_to_pay")
    lock_debts(ClawBack.objects.filter(payee__in={row.payee_id for row in shares}))
    lines = [line_of(share) for share in shares]
    if missing := sorted({share.name for share, line, _offs in lines if line.amount and not line.account_number}):
        raise Conflict(
            _("The account is missing of: %(names)s. Enter it first.") % {"names": ", ".join(missing)},
            code="no_account",
        )
    transfers = [line.as_transfer() for _share, line, _offs in lines if line.amount]
    payout = Payout(
        book=book, line_count=len(transfers), total=sum((each.amount for each in transfers), ZERO),
        sha256=hashlib.sha256(file_of(transfers)).hexdigest(), made_by_id=by.pk,
    )  # fmt: skip
    create(payout, "settlement.pay_out", by=by)
    for share, line, offs in lines:
        keep_line(payout, share, line, offs)
    return payout


def lock_contracts(book: Organisation) -> set[int]:
    """The contracts first, as everywhere, in their order; which they are."""
    waiting = Share.objects.filter(distribution__book=book, state=Share.State.WAITING)
    rows = Contract.objects.filter(pk__in=waiting.values("distribution__contract_id")).order_by("pk")
    return {lock(contract).pk for contract in rows}


def lock_batches(rows: "QuerySet[Payout]") -> list[Payout]:
    """After the contracts the batches, after them what they set off, each in their order: nobody waits in a ring."""
    locked = [lock(row) for row in rows.distinct().order_by("pk")]
    lock_debts(ClawBack.objects.filter(set_offs__line__payout__in=locked))
    return locked


def lock_debts(rows: "QuerySet[ClawBack]") -> None:
    for row in rows.distinct().order_by("pk"):
        lock(row)


def line_of(share: Share) -> tuple[Share, PayoutLine, dict[int, Any]]:
    payee = share.payee
    assert payee is not None
    debts = ClawBack.objects.filter(payee=payee, state=ClawBack.State.OWED).order_by("id")
    offs = set_off(share.amount, [Debt(row.pk, row.left) for row in debts])
    taken = reserve(offs)
    line = PayoutLine(
        share=share, amount=share.amount - taken, set_off=taken, holder=payee.holder or payee.name, bank=payee.bank,
        account_number=payee.account_number, purpose=f"{PURPOSE} {share.public_id}",
    )  # fmt: skip
    return share, line, offs


def reserve(offs: dict[int, Any]) -> Any:
    """Mark as given back what is set off, so that the next share of the same batch sees it."""
    for pk, amount in offs.items():
        settle(ClawBack.objects.get(pk=pk), amount)
    return sum(offs.values(), ZERO)


def settle(row: ClawBack, amount: Any) -> ClawBack:
    """More of it is given back; a negative amount takes that back."""
    with act(row, "settlement.follow_reward", by=SYSTEM) as row:
        row.settled += amount
        if row.state == ClawBack.State.OWED and not row.left:
            row.settle()
        elif row.state == ClawBack.State.SETTLED and row.left:
            row.reopen()
    return row


def keep_line(payout: Payout, share: Share, line: PayoutLine, offs: dict[int, Any]) -> None:
    line.payout = payout
    line.save(force_insert=True)
    SetOff.objects.bulk_create(SetOff(line=line, claw_back_id=pk, amount=amount) for pk, amount in offs.items())
    with act(share, "settlement.follow_reward", by=SYSTEM) as share:
        share.send()


# The file


@transaction.atomic
def take_file(payout: Payout, *, by: Any) -> bytes:
    """The file for the bank, whole account numbers and all; each taking is noted. The same bytes every time.

    Raises Conflict where something in it does not count, is not earned or is held, and the file was never taken.
    """
    lock_contracts_of(payout)  # nobody disputes a share in it meanwhile
    with act(payout, "settlement.pay_out", by=by) as payout:
        if payout.state == Payout.State.WITHDRAWN:
            raise Conflict(_("This batch was withdrawn. Make another one."), code="withdrawn")
        if payout.taken_at is None:
            check_payable(payout)
        content = content_of(payout)
        if hashlib.sha256(content).hexdigest() != payout.sha256:
            raise Conflict(_("This file is no longer what it was. Ask the platform."), code="altered")
        payout.taken_at = payout.taken_at or timezone.now()
    return content


def check_payable(payout: Payout) -> None:
    """Raise Conflict where something in a batch does not count any more, is not earned, or is held."""
    distributions = distributions_of(payout)
    if distributions.exclude(state__in=Distribution.LIVE).exists():
        raise Conflict(_("A distribution in it does not count any more. Make another batch."), code="ended")
    if not all(computing.is_earned(row) for row in distributions.select_related("payment")):
        raise Conflict(_("Less is earned of a receipt in it than it shares. Make another batch."), code="less_earned")
    is_in_it = Q(share=None, distribution__in=distributions) | Q(share__payout_lines__payout=payout)
    if Hold.objects.standing().filter(is_in_it).exists():
        said = _("Something in it is disputed or held back. Resolve that, or make another batch without it.")
        raise Conflict(said, code="held")


def lines_of(payout: Payout) -> Any:
    return payout.lines.select_related("share__distribution").order_by("id")


def distributions_of(payout: Payout) -> Any:
    return Distribution.objects.filter(shares__payout_lines__payout=payout).distinct()


def content_of(payout: Payout) -> bytes:
    rows = payout.lines.filter(amount__gt=0).order_by("id")
    return file_of([row.as_transfer() for row in rows])


def file_name(payout: Payout) -> str:
    return f"payout-{timezone.localdate(payout.created_at):%Y%m%d}-{payout.public_id}.csv"


# What the bank did


@transaction.atomic
def mark_paid(payout: Payout, *, on: date, reference: str, version: int | None = None, by: Any) -> Payout:
    """The bank has carried the batch out. Every share in it is paid and booked under the bank's reference."""
    check_day("on", on)
    said = check_text("reference", reference.strip(), most=100)
    if not said:
        raise Invalid(fields={"reference": [str(_("Write the reference that the bank gave."))]})
    lock_contracts_of(payout)
    with act(payout, "settlement.pay_out", by=by, version=version) as payout:
        if payout.state == Payout.State.MADE and payout.taken_at is None:
            raise Conflict(_("The file was never taken, so no bank can have it."), code="not_taken")
        payout.pay()
        payout.paid_on, payout.reference = on, said
    for line in lines_of(payout):
        pay_line(line, on, said, by=by)
    for pk in sorted(set(payout.lines.values_list("share__distribution_id", flat=True))):
        finish(Distribution.objects.get(pk=pk), on)
    return payout


def contracts_of(payout: Payout) -> Any:
    ids = payout.lines.values("share__distribution__contract_id")
    return Contract.objects.filter(pk__in=ids).order_by("pk")


def lock_contracts_of(payout: Payout) -> None:
    for contract in contracts_of(payout):
        lock(contract)


def pay_line(line: PayoutLine, on: date, reference: str, *, by: Any) -> None:
    line.outcome = Outcome.PAID
    line.save(update_fields=["outcome"])
    with act(line.share, "settlement.follow_reward", by=SYSTEM) as share:
        share.pay()
        share.paid_on, share.reference = on, reference
    distribution = share.distribution
    entries = booking.pay_out(line.amount, line.set_off)
    ledger.post(
        distribution.book, Journal.Kind.PAID_OUT, cause_of(line), entries, on=on, contract=distribution.contract, by=by
    )
    if distribution.state == Distribution.State.REVERSED:
        claw_back(share, on, by=by)  # the file was with the bank already
    telling.tell_payee("paid", share, key=str(line.pk))


def cause_of(line: PayoutLine) -> str:
    return f"paid-out:{line.share.public_id}:{line.payout.public_id}"


def finish(row: Distribution, on: date) -> None:
    """Paid out with its last share."""
    open_shares = row.shares.filter(state__in=(Share.State.WAITING, Share.State.SENT))
    if row.state == Distribution.State.APPROVED and not open_shares.exists():
        with act(row, "settlement.follow_reward", by=SYSTEM) as row:
            row.pay_out()
            row.paid_on = on


def claw_back(share: Share, on: date, *, by: Any) -> ClawBack:
    """A paid share does not count any more: its person owes it, set off with what comes next or given back."""
    assert share.payee is not None
    row = ClawBack(book=share.distribution.book, share=share, payee=share.payee, amount=share.amount)
    create(row, "settlement.follow_reward", by=SYSTEM)
    ledger.post(
        row.book, Journal.Kind.CLAWED_BACK, f"clawed-back:{row.public_id}", booking.claw_back(row.amount), on=on,
        contract=share.distribution.contract, by=by,
    )  # fmt: skip
    telling.tell_payee("clawed-back", share)
    return row


@transaction.atomic
def return_transfer(line: PayoutLine, reason: str, *, by: Any) -> Share:
    """The bank gave one transfer back: its booking is reversed, and the share waits again.

    Raises Conflict (no_transfer) for a share that was wholly set off: the bank never had it.
    """
    said = reason_of(reason)
    lock(line.share.distribution.contract)
    lock_batches(Payout.objects.filter(pk=line.payout_id))
    with act(line.payout, "settlement.pay_out", by=by, reason=said):
        line = PayoutLine.objects.select_for_update(no_key=True).get(pk=line.pk)
        if line.outcome != Outcome.PAID or ClawBack.objects.filter(share=line.share).exists():
            raise Conflict
        if not line.amount:
            raise Conflict(_("It was set off in full: the bank had no transfer to return."), code="no_transfer")
        line.outcome, line.returned_reason = Outcome.RETURNED, said
        line.save(update_fields=["outcome", "returned_reason"])
    undo_set_offs(line)
    with act(line.share, "settlement.follow_reward", by=SYSTEM, reason=said) as share:
        share.return_from_bank()
        share.paid_on, share.reference = None, ""
    journal = Journal.objects.get(book=share.distribution.book, cause=cause_of(line))
    ledger.reverse(journal, reason="returned", by=by)
    if share.distribution.state == Distribution.State.PAID:
        with act(share.distribution, "settlement.follow_reward", by=SYSTEM) as distribution:
            distribution.reopen()
            distribution.paid_on = None
    return share


def undo_set_offs(line: PayoutLine) -> None:
    for off in line.set_offs.select_related("claw_back"):
        settle(off.claw_back, -off.amount)


@transaction.atomic
def withdraw_payout(payout: Payout, reason: str, *, version: int | None = None, by: Any) -> Payout:
    """It does not go to the bank: its shares wait again, or are void where their distribution is."""
    said = reason_of(reason)
    lock_contracts_of(payout)
    lock_batches(Payout.objects.filter(pk=payout.pk))
    return take_apart(payout, said, version=version, by=by)


def take_apart(payout: Payout, said: str, *, version: int | None = None, by: Any) -> Payout:
    """Withdraw a batch that is locked (`lock_batches`)."""
    with act(payout, "settlement.pay_out", by=by, version=version, reason=said) as payout:
        payout.withdraw()
        payout.end_reason = said
    for line in payout.lines.select_related("share__distribution"):
        line.outcome = Outcome.WITHDRAWN
        line.save(update_fields=["outcome"])
        undo_set_offs(line)
        with act(line.share, "settlement.follow_reward", by=SYSTEM) as share:
            share.take_back()
            if not share.distribution.is_live:
                share.void()
    return payout
