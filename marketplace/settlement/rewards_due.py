"""Rewards that wait: receipts not shared yet, distributions not paid yet, and the day by which each is to be paid."""

from datetime import date
from typing import Any

from django.db.models import DateField, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least, Round

from marketplace.contracts.readiness import PUBLIC_OWNERS
from marketplace.core.money import ZERO

from . import computing
from .models import Allocation, Distribution, Payment, SharingPlan

MONEY = DecimalField(max_digits=16, decimal_places=2)
WAITS = (*Distribution.OPEN, Distribution.State.APPROVED)


def not_shared(book_ids: Any = None) -> QuerySet[Payment]:
    """Receipts of which something earned is in no distribution that counts, with how much is `left`, oldest first.

    Only of owners that have to share or want to: public bodies, and contracts with a signed plan.
    """
    plans = SharingPlan.objects.of_money().filter(state=SharingPlan.State.SIGNED)
    shares = Q(contract__seller__kind__in=PUBLIC_OWNERS) | Q(contract__in=plans.values("contract"))
    rows = Payment.objects.filter(shares, state=Payment.State.BOOKED)
    if book_ids is not None:
        rows = rows.filter(contract__seller_id__in=book_ids)
    earned = total(Allocation.objects.all(), F("principal") + F("interest"))
    shared = total(Distribution.objects.live(), F("received"))
    return rows.annotate(left=Round(earned - shared, 2)).filter(left__gt=0).order_by("on", "id")


def total(rows: Any, amount: Any) -> Coalesce:
    """The sum over the rows of a payment; nothing where there are none."""
    mine = rows.filter(payment=OuterRef("pk")).order_by().values("payment")
    return Coalesce(Subquery(mine.annotate(total=Sum(amount)).values("total"), output_field=MONEY), ZERO)


def not_paid() -> QuerySet[Distribution]:
    """Distributions with something to pay that is not paid yet, with the day that comes first as `ends_on`."""
    first = Least(Coalesce(F("pay_by"), F("tax_until")), F("tax_until"), output_field=DateField())
    return Distribution.objects.filter(state__in=WAITS, pool__gt=0).annotate(ends_on=first)


def ending_by(day: date) -> QuerySet[Distribution]:
    """Those of them whose first day comes by then, or has passed."""
    ends: Any = {"ends_on__lte": day}
    return not_paid().filter(**ends)


def days_of_receipt(payment: Payment) -> dict[str, date]:
    """The days by which the reward of a receipt is to be paid, as a distribution of it would keep them."""
    book = computing.book_on(payment.contract, payment.on)
    rule = computing.rule_on(payment.contract.seller_id, computing.method_of(payment.contract), payment.on)
    pay_by = computing.pay_by(payment, book, rule)
    found = {"pay_by": pay_by} if pay_by else {}
    return found | {"tax_until": computing.tax_until(payment, book)}
