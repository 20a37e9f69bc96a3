"""What runs at night for notices."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="notices.close_notices")
def close_notices() -> int:
    """Close the notices whose last day is over; safe to run twice."""
    return services.close_due(timezone.localdate())
