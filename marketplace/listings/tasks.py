"""What runs at night for listings."""

from celery import shared_task
from django.utils import timezone

from . import services, telling


@shared_task(name="listings.age_listings")
def age_listings() -> dict[str, int]:
    """Expire and archive by today's date; safe to run twice."""
    return services.age_listings(timezone.localdate())


@shared_task(name="listings.warn_owners")
def warn_owners() -> int:
    """Tell owners which listings end within a fortnight; safe to run twice."""
    return telling.warn_owners(timezone.localdate())
