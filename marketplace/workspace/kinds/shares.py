"""Shares: stakes whose plan is signed and that nobody has divided, and divisions that wait for a second person."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.readiness import PUBLIC_OWNERS
from marketplace.core.workspace import Waits, Work, add_work
from marketplace.settlement.models import Allotment, Holding, Nominee, Payee, SharingPlan, Stake

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


def of_new_heads(user: Any) -> Any:
    """Parts of who became head after getting them, which nobody holds for them: see `equity.head_days`."""
    mine, today = deciding(user), timezone.localdate()
    in_office = Q(payee__office=Payee.Office.HEAD, payee__office_from__gt=F("allotment__stake__agreed_on"))
    in_office &= Q(payee__office_to__isnull=True) | Q(payee__office_to__gte=today)
    rows = held(mine).filter(in_office)
    return rows.exclude(pk__in=Nominee.objects.running().values("holding_id")) if mine else None


def to_unwind(user: Any) -> Any:
    """What a nominee is to give back within a month, or should have given back."""
    mine, soon = deciding(user), timezone.localdate() + timedelta(days=30)
    rows = held(mine).filter(nominees__ended_on__isnull=True, nominees__unwinds_on__lte=soon)
    return rows.annotate(ends_on=F("nominees__unwinds_on")) if mine else None


def held(book_ids: Any) -> Any:
    rows = Holding.objects.filter(allotment__book_id__in=book_ids, allotment__state=Allotment.State.APPROVED)
    return rows.filter(allotment__stake__state__in=Stake.LIVE, departure=None, payee__isnull=False)


def of_leaders() -> Q:
    led = Holding.objects.exclude(office=Payee.Office.NONE).filter(units__gt=0)
    return Q(book__kind__in=PUBLIC_OWNERS, pk__in=led.values("allotment_id"))


def of_allotments(rows: Any) -> tuple[Waits, ...]:
    return (Waits(Allotment, rows, title="stake__contract__title", about="stake__company"),)


ABOUT: Any = {"title": "allotment__stake__contract__title", "about": "name"}

add_work(
    Work(
        name="parts-of-heads",
        title=_("Shares of new heads to transfer or entrust"),
        order=28,
        of=(Waits(Holding, of_new_heads, **ABOUT),),
        more=listed(Holding),
    ),
    Work(
        name="nominees-to-unwind",
        title=_("Shares to be given back by nominees"),
        order=28,
        of=(Waits(Holding, to_unwind, by=("ends_on", "id"), day="ends_on", **ABOUT),),
        more=listed(Holding),
    ),
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
