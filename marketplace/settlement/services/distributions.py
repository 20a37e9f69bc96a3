"""Distributions: proposed from a receipt, shown in public, approved by a second person and booked.

Everything happens on a locked contract, as billing does, so a receipt is shared once however many people press.
"""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.contracts.readiness import is_public
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict
from marketplace.core.showing import fen
from marketplace.core.validation import check_text
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.notices.rules import fingerprint
from marketplace.parties.models import Membership
from marketplace.registration.reading import number_of

from .. import computing, telling
from ..models import CostTaken, Distribution, Hold, Journal, Payee, Payment, PlanLine, Share, SharingPlan
from ..rules import booking
from . import ledger
from .reasons import reason_of

State = Distribution.State


class Gap(NamedTuple):
    """One thing that stands between a distribution and its approval."""

    code: str
    sentence: str


# Proposing


@transaction.atomic
def propose(payment: Payment, *, registration: str = "", by: Any) -> Distribution:
    """Compute who gets what of a receipt, and keep it. The same receipt is shared once; more earned of it, once more.

    Raises Conflict with the code of what is missing: E_NO_SIGNED_PLAN, E_REWARD_BELOW_FLOOR, nothing_to_share, …
    """
    require("settlement.propose", by, payment)
    contract = lock(payment.contract)
    payment = lock(payment)
    if Distribution.objects.filter(payment=payment, state__in=Distribution.OPEN).exists():
        raise Conflict(gettext_lazy("This receipt has a distribution that is not approved yet."), code="open")
    plan = SharingPlan.objects.of_money().filter(contract=contract, state=SharingPlan.State.SIGNED).first()
    if plan is None:
        sentence = gettext_lazy("No plan is signed by all inventors. Draft one and have it signed.")
        raise Conflict(sentence, code="E_NO_SIGNED_PLAN")
    lines = list(plan.lines.select_related("payee").order_by("id"))
    found = computing.compute(payment, lines)
    row = made(payment, plan, found, registration, by=by)
    create(row, "settlement.propose", by=by)
    shares = [share_of(row, line, amount) for line, amount in zip(lines, found.shared.amounts, strict=True)]
    Share.objects.bulk_create(shares)
    CostTaken.objects.bulk_create(
        CostTaken(distribution=row, cost_id=pk, amount=amount) for pk, amount in found.net.taken.items()
    )
    row.fingerprint = fingerprint_of(row)
    row.save(update_fields=["fingerprint"])
    hold_relations(row)
    if not due_notices(row):
        ask_for_approval(row)
    return row


def made(payment: Payment, plan: SharingPlan, found: computing.Computed, registration: str, *, by: Any) -> Distribution:
    contract, book = payment.contract, computing.book_on(payment.contract, payment.on)
    return Distribution(
        book=contract.seller, contract=contract, payment=payment, plan=plan, rule=found.rate.rule,
        law_place=book.place, received_on=payment.on, received=found.received, costs=found.net.costs,
        net=found.net.amount, rate=found.rate.value, pool=found.shared.pool, retained=found.shared.retained,
        registration=check_text("registration", registration.strip(), most=60) or number_of(contract),
        pay_by=computing.pay_by(payment, book, found.rate.rule), tax_until=computing.tax_until(payment, book),
        steps=found.steps, law_references=found.references, proposed_by_id=by.pk,
    )  # fmt: skip


def share_of(row: Distribution, line: PlanLine, amount: Any) -> Share:
    is_paid = line.payee is not None and amount > 0
    office = line.payee.office_on(row.received_on) if line.payee else Payee.Office.NONE
    return Share(
        distribution=row, line=line, payee=line.payee, role=line.role, name=line.name, amount=amount,
        office=office, state=Share.State.WAITING if is_paid else Share.State.KEPT,
    )  # fmt: skip


def fingerprint_of(row: Distribution) -> str:
    """What the notice shows: who gets how much of which receipt."""
    shares = [[share.name, share.role, f"{share.amount:.2f}"] for share in row.shares.order_by("id")]
    return fingerprint(distribution=row.public_id, plan=row.plan.sha256, pool=f"{row.pool:.2f}", shares=shares)


def hold_relations(row: Distribution) -> None:
    """An inventor who is related to the buyer blocks by itself, until somebody says why it may go on."""
    people = row.plan.lines.filter(payee__user__isnull=False).values("payee__user_id")
    at_buyer = Membership.objects.live().filter(organisation_id=row.contract.buyer_id, user_id__in=people)
    if row.contract.is_related_party or at_buyer.exists():
        reason = _("The contract says, or a membership shows, that an inventor is related to the buyer.")
        hold = Hold(distribution=row, kind=Hold.Kind.RELATED, reason=reason)
        create(hold, "settlement.hold", by=SYSTEM)


# Notices


def reward_notice_is_due(row: Distribution) -> bool:
    """A public body shows its rewards (national rules on cash rewards; Zhejiang art. 39)."""
    return is_public(row.book) and row.pool > 0


def leader_notice_is_due(row: Distribution) -> bool:
    """What leaders get is shown in a notice of its own (provisions under the Law, art. 10)."""
    return is_public(row.book) and leaders(row).exists()


def leaders(row: Distribution) -> Any:
    return row.shares.exclude(office=Payee.Office.NONE).filter(amount__gt=0)


@transaction.atomic
def show_reward(row: Distribution, *, version: int | None = None, by: Any) -> Distribution:
    """Open the notices that are due and not there yet: of the reward, and of what leaders get."""
    lock(row.contract)
    with act(row, "settlement.show_reward", by=by, version=version) as row:
        if row.state != State.PROPOSED:
            raise Conflict
        if reward_notice_is_due(row) and not is_shown(row.notice):
            row.notice = open_notice(row, Notice.Kind.REWARD, row.shares.filter(payee__isnull=False), by=by)
        if leader_notice_is_due(row) and not is_shown(row.leader_notice):
            row.leader_notice = open_notice(row, Notice.Kind.LEADER_SHARE, leaders(row), by=by)
        if row.notice is None and row.leader_notice is None:
            raise Conflict(gettext_lazy("No notice is due here: it can be approved."), code="no_notice_due")
    return row


def is_shown(notice: Notice | None) -> bool:
    return notice is not None and notice.state != Notice.State.VOID


def open_notice(row: Distribution, kind: str, shares: Any, *, by: Any) -> Notice:
    title = row.contract.achievement.title_zh if row.contract.achievement else row.contract.title
    label = "成果转化现金奖励公示" if kind == Notice.Kind.REWARD else "领导干部成果转化收益公示"
    people = list(shares.order_by("id"))
    content = {
        "name": title[:200],
        "inventors": [share.name for share in people if share.role == PlanLine.Role.INVENTOR][:50],
        "shares": [f"{share.name} {fen(share.amount)}" for share in people][:100],
        "registration": row.registration or "尚未认定登记",
    }
    return notices.open_notice(
        row.book, content={name: value for name, value in content.items() if value}, place=row.law_place,
        fingerprint=shown_fingerprint(row, kind), title_zh=f"{label}:{title}"[:200], kind=kind, by=by,
    )  # fmt: skip


def shown_fingerprint(row: Distribution, kind: str) -> str:
    return fingerprint(shown=row.fingerprint, kind=str(kind))


def follow_notice(notice: Notice) -> None:
    """A notice closed clean: a distribution whose notices are all over may be approved."""
    rows = [*notice.rewards.filter(state=State.PROPOSED), *notice.leader_rewards.filter(state=State.PROPOSED)]
    for row in rows:
        if all(is_over(each, row) for each in due_notices(row)):
            with act(row, "settlement.follow_reward", by=SYSTEM) as row:
                row.show()
            ask_for_approval(row)


def ask_for_approval(row: Distribution) -> None:
    """Of somebody else than who proposed it."""
    people = telling.money_people(row.book_id).exclude(pk=row.proposed_by_id)
    telling.tell("approve", row, row.public_id, people, title=row.contract.title)


def due_notices(row: Distribution) -> list[tuple[Notice.Kind, Notice | None]]:
    due = [(Notice.Kind.REWARD, row.notice)] if reward_notice_is_due(row) else []
    return due + ([(Notice.Kind.LEADER_SHARE, row.leader_notice)] if leader_notice_is_due(row) else [])


def is_over(due: tuple[Notice.Kind, Notice | None], row: Distribution) -> bool:
    """Closed clean, and of exactly these shares."""
    kind, notice = due
    if notice is None or notice.state != Notice.State.CLOSED_CLEAN:
        return False
    return notice.terms_fingerprint == shown_fingerprint(row, kind) and row.fingerprint == fingerprint_of(row)


# Approving


def what_blocks(row: Distribution) -> list[Gap]:
    """Everything that stands between a proposal and its approval, or what is approved and its payment."""
    less = Gap("E_LESS_EARNED", _("Less is earned of the receipt than this shares. Take it back and propose it anew."))
    if row.state not in Distribution.OPEN:
        return [less] if row.state == State.APPROVED and not computing.is_earned(row) else []
    gaps = []
    if row.payment.state != Payment.State.BOOKED:
        gaps.append(Gap("E_RECEIPT_REVERSED", _("The receipt was taken back. Withdraw the distribution.")))
    elif not computing.is_earned(row):
        gaps.append(less)
    if row.plan.state != SharingPlan.State.SIGNED:
        gaps.append(Gap("E_PLAN_REPLACED", _("A later plan is signed. Withdraw the distribution and propose it anew.")))
    sentences = {
        Notice.Kind.REWARD: ("E_REWARD_NOT_NOTICED", _("The reward must be shown in a notice that ends clean.")),
        Notice.Kind.LEADER_SHARE: ("E_LEADER_NOT_NOTICED", _("What leaders get must be shown in a notice of its own.")),
    }
    gaps += [Gap(*sentences[due[0]]) for due in due_notices(row) if not is_over(due, row)]
    for hold in row.holds.standing():
        gaps.append(Gap("E_HOLD", f"{hold.get_kind_display()}: {hold.reason}"))
    return gaps


@transaction.atomic
def approve(row: Distribution, *, version: int | None = None, by: Any) -> Distribution:
    """A second person decides, and it is booked. Raises Conflict with the code of the first thing that blocks."""
    lock(row.contract)
    with act(row, "settlement.approve", by=by, version=version) as row:
        if row.state in Distribution.OPEN and (gaps := what_blocks(row)):
            raise Conflict(" ".join(gap.sentence for gap in gaps), code=gaps[0].code)
        row.approve()
        row.approved_by_id, row.approved_on = by.pk, timezone.localdate()
        if not row.shares.filter(state=Share.State.WAITING).exists():
            row.pay_out()  # there is nothing to transfer
            row.paid_on = row.approved_on
    if row.net > 0:
        entries = booking.share(row.pool, row.retained)
        ledger.post(
            row.book, Journal.Kind.SHARED, cause_of(row), entries, on=timezone.localdate(), contract=row.contract, by=by
        )
    for share in row.shares.filter(state=Share.State.WAITING).select_related("payee__user"):
        telling.tell_payee("approved", share)
    return row


def cause_of(row: Distribution) -> str:
    return f"shared:{row.public_id}"


def withdraw(row: Distribution, reason: str, *, version: int | None = None, by: Any) -> Distribution:
    """Take a proposal back before it is approved; a notice of it that runs becomes void."""
    return end(row, reason_of(reason), "settlement.withdraw", version=version, by=by)


@transaction.atomic
def end(row: Distribution, reason: str, permission: str, *, version: int | None = None, by: Any) -> Distribution:
    lock(row.contract)
    with act(row, permission, by=by, version=version, reason=reason) as row:
        row.withdraw()
        row.end_reason = reason
    for share in row.shares.all():
        void(share)
    for notice in (row.notice, row.leader_notice):
        if notice is not None and notice.is_running:
            notices.void(notice, Notice.VoidReason.WITHDRAWN, by=SYSTEM)
    return row


def void(share: Share) -> None:
    with act(share, "settlement.follow_reward", by=SYSTEM) as share:
        share.void()
