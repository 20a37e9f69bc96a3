"""What runs at night for leads."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="brokerage.lapse_leads")
def lapse_leads() -> int:
    """Close leads whose clock has run out; safe to run twice."""
    return services.lapse_leads(timezone.localdate())
