"""Watching: whoever decides is told, once a step, of rewards whose last day comes near, and once when it has passed."""

from datetime import date, timedelta

from django.db.models import Q

from .. import rewards_due, telling
from ..models import Distribution
from ..rules.reward_days import horizon, step_reached

OVER = timedelta(days=30)
"""So long after its day somebody is still told that it has passed, should a night have been missed."""
KINDS = {"pay_by": "pay-by", "tax_until": "tax-until"}


def watch_rewards(today: date) -> int:
    """Tell of windows that run out: of distributions not paid, of receipts not shared. Return how many were due."""
    return watch_distributions(today) + watch_receipts(today)


def watch_distributions(today: date) -> int:
    near = (today - OVER, horizon(today))
    rows = rewards_due.not_paid().filter(Q(pay_by__range=near) | Q(tax_until__range=near)).select_related("contract")
    return sum(tell(row, KINDS[name], getattr(row, name), today) for row in rows.order_by("pk") for name in KINDS)


def tell(row: Distribution, about: str, day: date | None, today: date) -> int:
    """One letter a step and person; the step that was told is not told again."""
    said = step_of(day, today)
    if not said:
        return 0
    about = f"{about}-over" if said == "over" else about
    telling.tell_money_people(about, row, f"{row.public_id}:{day}:{said}", day=day)
    return 1


def watch_receipts(today: date) -> int:
    """Receipts of which nothing is proposed yet: of the first of their days alone."""
    count = 0
    for payment in rewards_due.not_shared().select_related("contract__seller").iterator(chunk_size=200):
        day = min(rewards_due.days_of_receipt(payment).values())
        if said := step_of(day, today):
            people = telling.money_people(payment.contract.seller_id)
            key = f"{payment.public_id}:{day}:{said}"
            telling.tell("not-shared", payment, key, people, title=payment.contract.title, day=day)
            count += 1
    return count


def step_of(day: date | None, today: date) -> str:
    """The step that a day has come to: so many days before it, or over; nothing while it is far, or long over."""
    if day is None or day < today - OVER:
        return ""
    if day < today:
        return "over"
    step = step_reached(day, today)
    return "" if step is None else f"{step}"
