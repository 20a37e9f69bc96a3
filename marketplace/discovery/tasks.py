"""The matcher at work: woken by a message, and by the clock for what the messages forgot. The letters of the day."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="discovery.refresh_matches", ignore_result=True)
def refresh_matches(projection_id: int) -> bool:
    """Bring the matches of one listing up to date; safe to run twice."""
    return services.refresh(projection_id)


@shared_task(name="discovery.sweep_matches", ignore_result=True)
def sweep_matches() -> int:
    """Take up every row that waits, message or not."""
    total = 0
    while waiting := services.sweep():
        total += waiting
    return total


@shared_task(name="discovery.rematch_demands", ignore_result=True)
def rematch_demands() -> int:
    """Match every demand again at night: one listing more or less moves the weights of the words a little."""
    return services.refresh_all()


@shared_task(name="discovery.send_digests", ignore_result=True)
def send_digests() -> int:
    """Tell what was new yesterday in saved searches, and which matches one's listings found; safe to run twice."""
    today = timezone.localdate()
    return services.send_digests(today) + services.tell_matches(today)
