"""Shares: stakes whose plan is signed and that nobody has divided, and divisions that wait for a second person."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.readiness import PUBLIC_OWNERS
from marketplace.core.workspace import Waits, Work, add_work
from marketplace.settlement.models import Allotment, Holding, Payee, SharingPlan, Stake

from .asking import deciding, listed


def to_divide(user: Any) -> Any:
    mine = deciding(user)
    signed = SharingPlan.objects.filter(state=SharingPlan.State.SIGNED, stake__isnull=False)
    divided = Allotment.objects.filter(state__in=Allotment.LIVE)
    rows = Stake.objects.filter(book_id__in=mine, state__in=Stake.LIVE, pk__in=signed.values("stake_id"))
    return rows.exclude(pk__in=divided.values("stake_id")) if mine else None


def to_show(user: Any) -> Any:
    """Those in which a leader of a public body gets something, and no notice of it is open."""
    mine = deciding(user)
    rows = Allotment.objects.filter(of_leaders(), book_id__in=mine, state=Allotment.State.PROPOSED, notice=None)
    return rows if mine else None


def to_approve(user: Any) -> Any:
    """By somebody who neither proposed it nor holds any of it."""
    mine = deciding(user)
    rows = Allotment.objects.filter(book_id__in=mine, state__in=Allotment.OPEN)
    waits_for_notice = Q(state=Allotment.State.PROPOSED) & of_leaders()
    own = Holding.objects.filter(payee__user_id=user.pk).values("allotment_id")
    rows = rows.exclude(waits_for_notice).exclude(proposed_by_id=user.pk)
    return rows.exclude(pk__in=own) if mine else None


def of_leaders() -> Q:
    led = Holding.objects.exclude(office=Payee.Office.NONE).filter(units__gt=0)
    return Q(book__kind__in=PUBLIC_OWNERS, pk__in=led.values("allotment_id"))


def of_allotments(rows: Any) -> tuple[Waits, ...]:
    return (Waits(Allotment, rows, title="stake__contract__title", about="stake__company"),)


add_work(
    Work(
        name="stakes-to-divide",
        title=_("Stakes to divide"),
        order=28,
        of=(Waits(Stake, to_divide, title="contract__title", about="company"),),
        more=listed(Stake),
    ),
    Work(
        name="divisions-to-show",
        title=_("Leaders' shares to show in public"),
        order=28,
        of=of_allotments(to_show),
        more=listed(Allotment),
    ),
    Work(
        name="divisions-to-approve",
        title=_("Divisions of stakes to approve"),
        order=29,
        of=of_allotments(to_approve),
        more=listed(Allotment),
    ),
)
