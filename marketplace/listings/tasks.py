"""What runs at night for listings."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="listings.age_listings")
def age_listings() -> dict[str, int]:
    """Expire and archive by today's date; safe to run twice."""
    return services.age_listings(timezone.localdate())
