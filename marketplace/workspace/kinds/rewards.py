"""Rewards: plans to sign, receipts to share, distributions to show, approve and pay, and days that run out."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.readiness import PUBLIC_OWNERS
from marketplace.core.money import ZERO
from marketplace.core.showing import exact
from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.notices.models import Notice
from marketplace.settlement import rewards_due
from marketplace.settlement.models import Distribution, Hold, Payment, Payout, PlanLine, Share, SharingPlan
from marketplace.settlement.rules.reward_days import horizon

from .asking import day_at, deciding, in_state, listed, name_of

State = Distribution.State


def to_sign(user: Any) -> Any:
    mine = PlanLine.objects.filter(payee__user_id=user.pk, role=PlanLine.Role.INVENTOR, signed_at=None)
    return SharingPlan.objects.filter(state=SharingPlan.State.DRAFTED, pk__in=mine.values("plan_id"))


def running_out(user: Any) -> Any:
    """Not paid, and the first of their days is less than a month away or has passed."""
    mine = deciding(user)
    until = horizon(timezone.localdate())
    return rewards_due.ending_by(until).filter(book_id__in=mine) if mine else None


def to_share(user: Any) -> Any:
    mine = deciding(user)
    is_open = Distribution.objects.filter(state__in=Distribution.OPEN)
    return rewards_due.not_shared(mine).exclude(pk__in=is_open.values("payment_id")) if mine else None


NEEDS_NOTICE = Q(book__kind__in=PUBLIC_OWNERS, pool__gt=0)
"""Public bodies show rewards before they are approved; a firm pays them as it likes."""


def to_show(user: Any) -> Any:
    """Those whose notice is due and was never opened, or is void."""
    mine = deciding(user)
    rows = Distribution.objects.filter(NEEDS_NOTICE, book_id__in=mine, state=State.PROPOSED)
    void = Q(notice__state=Notice.State.VOID) | Q(leader_notice__state=Notice.State.VOID)
    return rows.filter(void | Q(notice=None, leader_notice=None)) if mine else None


def to_approve(user: Any) -> Any:
    """By somebody who neither proposed it nor receives anything of it."""
    mine = deciding(user)
    own = Q(proposed_by_id=user.pk) | Q(pk__in=Distribution.objects.filter(shares__payee__user_id=user.pk).values("pk"))
    ready = Q(state=State.NOTICED) | (Q(state=State.PROPOSED) & ~NEEDS_NOTICE)
    return Distribution.objects.filter(ready, book_id__in=mine).exclude(own) if mine else None


def to_pay(user: Any) -> Any:
    mine = deciding(user)
    waiting = Share.objects.filter(distribution__book_id__in=mine, state=Share.State.WAITING)
    rows = rewards_due.not_paid().filter(state=State.APPROVED, pk__in=waiting.values("distribution_id"))
    return rows if mine else None


def at_the_bank(user: Any) -> Any:
    mine = deciding(user)
    return Payout.objects.filter(book_id__in=mine, state=Payout.State.MADE) if mine else None


def to_resolve(user: Any) -> Any:
    """By somebody who did not raise it."""
    mine = deciding(user)
    rows = Hold.objects.standing().filter(distribution__book_id__in=mine, distribution__state__in=rewards_due.WAITS)
    return rows.exclude(raised_by_id=user.pk) if mine else None


def sum_of(row: Waiting) -> str:
    return exact(row.amount or ZERO)


def received(row: Waiting) -> Any:
    return _("received on %(day)s") % {"day": row.day.isoformat() if row.day else ""}


def of_distributions(rows: Any, day: str = "received_on", amount: str = "pool") -> tuple[Waits, ...]:
    about = name_of("contract__buyer")
    return (Waits(Distribution, rows, by=(day, "id"), title="contract__title", about=about, day=day, amount=amount),)


add_work(
    Work(
        name="plans-to-sign",
        title=_("Sharing plans to sign"),
        order=11,
        of=(Waits(SharingPlan, to_sign, title="contract__title", about=name_of("book"), day=day_at("created_at")),),
        side=lambda row: "",
        more=listed(SharingPlan),
    ),
    Work(
        name="rewards-running-out",
        title=_("Rewards whose last day is near"),
        order=26,
        of=of_distributions(running_out, day="ends_on"),
        more=listed(Distribution),
    ),
    Work(
        name="receipts-to-share",
        title=_("Receipts to share"),
        order=27,
        of=(Waits(Payment, to_share, by=("on", "id"), title="contract__title", day="on", amount="left"),),
        note=received,
        side=sum_of,
        more=listed(Payment),
    ),
    Work(
        name="distributions-to-show",
        title=_("Rewards to show in public"),
        order=28,
        of=of_distributions(to_show),
        side=sum_of,
        more=in_state(Distribution, State.PROPOSED),
    ),
    Work(
        name="distributions-to-approve",
        title=_("Distributions to approve"),
        order=29,
        of=of_distributions(to_approve),
        side=sum_of,
        more=in_state(Distribution, State.NOTICED),
    ),
    Work(
        name="rewards-to-pay",
        title=_("Rewards to pay"),
        order=30,
        of=of_distributions(to_pay, day="ends_on"),
        more=in_state(Distribution, State.APPROVED),
    ),
    Work(
        name="payouts-at-the-bank",
        title=_("Bank files whose payment is to be recorded"),
        order=31,
        of=(Waits(Payout, at_the_bank, title=name_of("book"), about="public_id", amount="total"),),
        side=sum_of,
        more=in_state(Payout, Payout.State.MADE),
    ),
    Work(
        name="holds-to-resolve",
        title=_("Holds to resolve"),
        order=32,
        of=(Waits(Hold, to_resolve, title="distribution__contract__title", about="reason"),),
        more=in_state(Hold, Hold.State.STANDING),
    ),
)
