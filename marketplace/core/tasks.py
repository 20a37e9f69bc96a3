"""What runs each minute: letters are sent, also woken by whoever posts one, and the journal is sealed.

And at night: the journal is verified, and old idempotency keys and notifications are forgotten.
"""

from celery import shared_task
from django.utils import timezone

from . import idempotency, notifying, sending
from .sealing import blocks, nightly


@shared_task(name="core.send_letters")  # type: ignore[untyped-decorator]
def send_letters() -> int:
    """Send what is due; safe to run twice, and side by side."""
    return sending.send_due(timezone.now())


@shared_task(name="core.forget_answers")  # type: ignore[untyped-decorator]
def forget_answers() -> int:
    """Delete the answers to requests that are too old to be sent again."""
    return idempotency.forget_answers(timezone.now())


@shared_task(name="core.forget_notifications")  # type: ignore[untyped-decorator]
def forget_notifications() -> int:
    """Delete notifications that were read long ago."""
    return notifying.forget(timezone.now())


@shared_task(name="core.seal_journal")  # type: ignore[untyped-decorator]
def seal_journal() -> int:
    """Seal what was written since the last time; safe to run twice, and side by side."""
    return blocks.seal_entries()


@shared_task(name="core.verify_journal")  # type: ignore[untyped-decorator]
def verify_journal() -> int:
    """Compute the whole journal again, keep what was found for the staff, and return how many faults there are."""
    return nightly.verify().fault_count
