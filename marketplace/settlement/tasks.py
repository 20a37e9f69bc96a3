"""What runs by the clock for money."""

from celery import shared_task
from django.utils import timezone

from .services import billing, reminding, watching


@shared_task(name="settlement.bill_contracts", ignore_result=True)
def bill_contracts() -> int:
    """Bill every contract whose day has come; safe to run twice and to be killed."""
    return billing.bill_all(timezone.localdate())


@shared_task(name="settlement.remind_claims", ignore_result=True)
def remind_claims() -> int:
    """Remind whoever a claim on a guarantee waits for; a letter is written once a step."""
    return reminding.remind_claims(timezone.localdate())


@shared_task(name="settlement.watch_rewards", ignore_result=True)
def watch_rewards() -> int:
    """Tell who decides of rewards whose last day comes near; a letter is written once a step."""
    return watching.watch_rewards(timezone.localdate())
