"""Money: what is overdue, what arrived, and what of it has no invoice yet."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.contracts.models import Contract
from marketplace.core.money import ZERO
from marketplace.core.showing import exact
from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.parties import access
from marketplace.settlement.models import Invoice, Obligation, Payment
from marketplace.settlement.receivables import not_invoiced

from .asking import OTHER, deciding, listed, name_of, other_side

RECENT = timedelta(days=14)


def overdue(user: Any) -> Any:
    """Contracts of either side with something past its day, and how much of it is open with its interest."""
    mine = deciding(user)
    if not mine:
        return None
    is_late = Q(obligations__state__in=Obligation.OPEN, obligations__due_on__lt=timezone.localdate())
    is_money = Q(obligations__amount__gt=0) & ~Q(obligations__kind=Obligation.SHARES)
    left = F("obligations__amount") - F("obligations__paid")
    interest = F("obligations__interest") - F("obligations__interest_paid")
    rows = Contract.objects.filter(Q(seller_id__in=mine) | Q(buyer_id__in=mine), is_late & is_money)
    rows = rows.annotate(late=Sum(left + interest), late_since=Min("obligations__due_on"))
    return rows.annotate(**other_side(mine, "seller", "buyer"))


def arrived(user: Any) -> Any:
    """Payments of the last fortnight to one's organisations, and under the contracts that one brought about."""
    mine = deciding(user)
    own = Q(contract__seller_id__in=mine) | Q(contract__manager_id=user.pk)
    if not mine and not access.is_technology_manager(user):
        return None
    return Payment.objects.standing().filter(own, on__gte=timezone.localdate() - RECENT)


def uninvoiced(user: Any) -> Any:
    """What was paid to one's organisations and has no invoice for as much yet."""
    mine = deciding(user)
    return not_invoiced(mine) if mine else None


def sum_of(row: Waiting) -> str:
    return exact(row.amount or ZERO)


def whose_and_since(row: Waiting) -> str:
    """The other side, and how long it has been overdue: to be chased, or to be paid."""
    assert row.day is not None  # an obligation has a day
    days = (timezone.localdate() - row.day).days
    said = ngettext(
        "%(who)s · due on %(day)s, %(days)d day overdue", "%(who)s · due on %(day)s, %(days)d days overdue", days
    )
    return said % {"who": row.about, "day": row.day.isoformat(), "days": days}


def when_and_how_much(row: Waiting) -> Any:
    return _("%(day)s, %(amount)s") % {"day": row.day, "amount": exact(row.amount or ZERO)}


add_work(
    Work(
        name="overdue",
        title=_("Overdue payments"),
        order=5,
        of=(
            Waits(
                Contract,
                overdue,
                by=("late_since", "id"),
                title="title",
                about=OTHER,
                day="late_since",
                amount="late",
            ),
        ),
        note=whose_and_since,
        side=sum_of,
        more=listed(Contract),
    ),
    Work(
        name="uninvoiced",
        title=_("Paid and not invoiced yet"),
        order=45,
        of=(
            Waits(
                Obligation,
                uninvoiced,
                by=("due_on", "id"),
                title="contract__title",
                about=name_of("contract__buyer"),
                amount="paid",
            ),
        ),
        side=sum_of,
        more=listed(Invoice),
    ),
    Work(
        name="arrived",
        title=_("Money that arrived"),
        order=50,
        of=(
            Waits(
                Payment,
                arrived,
                by=("-on", "-id"),
                title="contract__title",
                about=name_of("contract__buyer"),
                day="on",
                amount="amount",
            ),
        ),
        side=when_and_how_much,
        more=listed(Payment),
    ),
)
