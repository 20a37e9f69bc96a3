"""Allotments: a stake divided by its signed plan, shown where leaders get shares, approved by a second person.

Everything happens on a locked stake, so it is divided once however many people press.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.contracts.readiness import is_public
from marketplace.contracts.services.clearing import check_day, readable
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.showing import percent
from marketplace.documents.models import Document
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.notices.rules import fingerprint

from .. import computing, equity, telling
from ..models import Allotment, Departure, Holding, Payee, PlanLine, SharingPlan, Stake
from ..rules import holding
from ..rules.holding import Fault
from .distributions import Gap, is_shown
from .reasons import reason_of

State = Allotment.State
LONGEST_MONTHS = 120


# Proposing


@transaction.atomic
def allot(stake: Stake, *, by: Any) -> Allotment:
    """Compute who holds what of a stake, by its signed plan and the law of its place and day, and keep it.

    Raises Conflict with the code of what is missing: E_NO_SIGNED_PLAN, E_REWARD_BELOW_FLOOR, E_HEAD_EQUITY, …
    """
    require("settlement.allot", by, stake)
    stake = lock(stake)
    if stake.state not in Stake.LIVE:
        raise Conflict(gettext_lazy("This stake has ended."), code="E_STAKE_ENDED")
    if Allotment.objects.filter(stake=stake, state__in=Allotment.LIVE).exists():
        raise Conflict(gettext_lazy("This stake is divided already, or about to be."), code="open")
    plan = SharingPlan.objects.filter(stake=stake, state=SharingPlan.State.SIGNED).first()
    if plan is None:
        sentence = gettext_lazy("No plan of this stake is signed by all inventors. Draft one and have it signed.")
        raise Conflict(sentence, code="E_NO_SIGNED_PLAN")
    lines = list(plan.lines.select_related("payee").order_by("id"))
    equity.check_heads(stake, lines, timezone.localdate())
    computing.check_plan(equity.book_of(stake), [line.as_rule() for line in lines])
    rate = equity.rate_of(stake)
    found = holding.allot(stake.units, rate.value, [line.as_rule() for line in lines])
    row = Allotment(
        book=stake.book, stake=stake, plan=plan, rule=rate.rule, rate=rate.value, floor=rate.floor, units=stake.units,
        pool=found.pool, law_references=equity.references(stake), proposed_by_id=by.pk,
    )  # fmt: skip
    create(row, "settlement.allot", by=by)
    Holding.objects.bulk_create(
        [
            *(of_line(row, line, units) for line, units in zip(lines, found.parts, strict=True)),
            Holding(allotment=row, role=PlanLine.Role.OWNER, name=stake.book.name_zh, units=found.retained),
        ]
    )
    return refreshed(row)


def of_line(row: Allotment, line: PlanLine, units: int) -> Holding:
    office = line.payee.office_on(timezone.localdate()) if line.payee else Payee.Office.NONE
    return Holding(
        allotment=row, line=line, payee=line.payee, role=line.role, name=line.name, office=office, units=units
    )


def refreshed(row: Allotment) -> Allotment:
    row.fingerprint = fingerprint_of(row)
    row.save(update_fields=["fingerprint"])
    return row


def fingerprint_of(row: Allotment) -> str:
    """What is approved: who holds how many units, earned when."""
    holders = [
        [each.name, each.role, str(each.units), *map(str, each.schedule or ())] for each in row.holdings.order_by("id")
    ]
    return fingerprint(allotment=row.public_id, plan=row.plan.sha256, pool=str(row.pool), holders=holders)


@transaction.atomic
def set_vesting(row: Holding, *, begins_on: date, cliff: int = 0, months: int, paper: Document, by: Any) -> Holding:
    """A person earns the units over months, as agreed with them in a paper; while nothing is shown or approved yet."""
    require("settlement.set_vesting", by, row)
    lock(row.stake)
    allotment = lock(row.allotment)
    if allotment.state != State.PROPOSED or is_shown(allotment.notice):
        raise Conflict(gettext_lazy("It is shown or approved: withdraw it and divide the stake anew."), code="too_late")
    if row.payee_id is None:
        raise Conflict(gettext_lazy("The owner's part is earned at once."), code="of_the_owner")
    if not 1 <= months <= LONGEST_MONTHS:
        raise Invalid(fields={"months": [_("Write 1 to %(most)d months.") % {"most": LONGEST_MONTHS}]})
    if not 0 <= cliff <= months:
        raise Invalid(fields={"cliff": [_("Write no more months than in all.")]})
    with act(row, "settlement.set_vesting", by=by) as row:
        row.vest_from, row.vest_cliff, row.vest_months = begins_on, cliff, months
        row.vest_paper = readable("paper", paper, by=by)
    refreshed(allotment)
    return row


# The notice of what leaders get


def leaders(row: Allotment) -> Any:
    return row.holdings.exclude(office=Payee.Office.NONE).filter(units__gt=0)


def notice_is_due(row: Allotment) -> bool:
    """What leaders get of a public body is shown in a notice of its own (provisions under the Law, art. 10)."""
    return is_public(row.book) and leaders(row).exists()


@transaction.atomic
def show_leaders(row: Allotment, *, version: int | None = None, by: Any) -> Allotment:
    """Open the notice of what leaders get, where it is due and not there yet."""
    lock(row.stake)
    with act(row, "settlement.show_leaders", by=by, version=version) as row:
        if row.state != State.PROPOSED:
            raise Conflict
        if not notice_is_due(row) or is_shown(row.notice):
            raise Conflict(gettext_lazy("No notice is due here: it can be approved."), code="no_notice_due")
        row.notice = open_notice(row, by=by)
    return row


def open_notice(row: Allotment, *, by: Any) -> Notice:
    achievement = row.contract.achievement
    title = achievement.title_zh if achievement else row.contract.title
    content = {
        "name": title[:200],
        "shares": [f"{each.name} {percent(each.part())}" for each in leaders(row).order_by("id")][:100],
    }
    return notices.open_notice(
        row.book, content=content, place=row.stake.law_place, fingerprint=row.fingerprint,
        title_zh=f"领导干部成果转化股权公示:{title}"[:200], kind=Notice.Kind.LEADER_SHARE, by=by,
    )  # fmt: skip


def follow_notice(notice: Notice) -> None:
    """A notice closed clean: the allotment may be approved."""
    for row in notice.allotments.filter(state=State.PROPOSED):
        if is_over(row):
            with act(row, "settlement.follow_reward", by=SYSTEM) as row:
                row.show()
            people = telling.money_people(row.book_id).exclude(pk=row.proposed_by_id)
            telling.tell("approve-shares", row, row.public_id, people, title=row.contract.title)


def is_over(row: Allotment) -> bool:
    """Closed clean, and of exactly these holders."""
    notice = row.notice
    if notice is None or notice.state != Notice.State.CLOSED_CLEAN:
        return False
    return bool(notice.terms_fingerprint == row.fingerprint == fingerprint_of(row))


# Approving


def what_blocks_shares(row: Allotment) -> list[Gap]:
    """Everything that stands between a proposal and its approval."""
    if row.state not in Allotment.OPEN:
        return []
    gaps = []
    if row.stake.state not in Stake.LIVE:
        gaps.append(Gap("E_STAKE_ENDED", _("This stake has ended.")))
    if row.plan.state != SharingPlan.State.SIGNED:
        gaps.append(Gap("E_PLAN_REPLACED", _("A later plan is signed. Withdraw this and divide the stake anew.")))
    people = [each.payee for each in row.holdings.select_related("payee").filter(units__gt=0)]
    if equity.has_head(row.stake, people, timezone.localdate()):
        gaps.append(Gap(Fault.HEAD_EQUITY.value, str(equity.SENTENCES[Fault.HEAD_EQUITY])))
    if notice_is_due(row) and not is_over(row):
        gaps.append(Gap(Fault.LEADER_NOT_NOTICED.value, str(equity.SENTENCES[Fault.LEADER_NOT_NOTICED])))
    return gaps


@transaction.atomic
def approve_allotment(row: Allotment, *, version: int | None = None, by: Any) -> Allotment:
    """A second person decides. Raises Conflict with the code of the first thing that blocks."""
    lock(row.stake)
    with act(row, "settlement.approve_allotment", by=by, version=version) as row:
        if gaps := what_blocks_shares(row):
            raise Conflict(" ".join(gap.sentence for gap in gaps), code=gaps[0].code)
        row.approve()
        row.approved_by_id, row.approved_on = by.pk, timezone.localdate()
    for each in row.holdings.select_related("payee__user").order_by("id"):
        if each.payee is not None and each.payee.user is not None:
            telling.tell("holder", each, each.public_id, [each.payee.user], title=row.contract.title)
    return row


@transaction.atomic
def withdraw_allotment(row: Allotment, reason: str, *, version: int | None = None, by: Any) -> Allotment:
    """Take it back before it is approved; a notice of it that runs becomes void."""
    said = reason_of(reason)
    lock(row.stake)
    with act(row, "settlement.withdraw_allotment", by=by, version=version, reason=said) as row:
        row.withdraw()
        row.end_reason = said
    if row.notice is not None and row.notice.is_running:
        notices.void(row.notice, Notice.VoidReason.WITHDRAWN, by=SYSTEM)
    return row


# Leaving


@transaction.atomic
def leave(row: Holding, *, on: date, reason: str, paper: Document, by: Any) -> Departure:
    """A holder left: what was not earned by that day goes back to the owner. Recorded once, never edited."""
    said = reason_of(reason)
    require("settlement.leave", by, row)
    lock(row.stake)
    row = lock(row)
    if Departure.objects.filter(holding=row).exists():
        raise Conflict(gettext_lazy("This has been recorded already."), code="already_recorded")
    if not equity.is_held(row):
        raise Conflict(gettext_lazy("Nobody holds this now."), code="not_held")
    check_day("on", on)
    if on < row.stake.agreed_on:
        raise Invalid(fields={"on": [_("This is before it was agreed.")]})
    gone = Departure(
        holding=row, on=on, returned=row.units - holding.vested(row.units, row.schedule, on), reason=said,
        recorded_by_id=by.pk,
    )  # fmt: skip
    gone.paper = readable("paper", paper, by=by)  # type: ignore[assignment]
    return create(gone, "settlement.leave", by=by)
