"""What runs each morning for the register."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="register.remind")
def remind() -> int:
    """Tell whose term ends and whose yearly data is due; safe to run twice."""
    return services.remind(timezone.localdate())
