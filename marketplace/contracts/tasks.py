"""What runs by the clock for contracts."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="contracts.tick_contracts", ignore_result=True)
def tick_contracts() -> int:
    """Let every contract whose day has come do what it does by itself; safe to run twice and to be killed."""
    return services.tick_all(timezone.localdate()).ticked


@shared_task(name="contracts.lapse_applications", ignore_result=True)
def lapse_applications() -> int:
    """Close applications whose clock has run out; safe to run twice."""
    return services.lapse_applications(timezone.localdate())
