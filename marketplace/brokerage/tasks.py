"""What runs at night for leads, deals, agreements, mandates and introductions."""

from celery import shared_task
from django.utils import timezone

from . import services


@shared_task(name="brokerage.lapse_leads")
def lapse_leads() -> int:
    """Close leads whose clock has run out; safe to run twice."""
    return services.lapse_leads(timezone.localdate())


@shared_task(name="brokerage.turn_mandates")
def turn_mandates() -> int:
    """Begin and end the mandates whose day has come; safe to run twice."""
    return services.turn_mandates(timezone.localdate())


@shared_task(name="brokerage.let_introductions_stand")
def let_introductions_stand() -> int:
    """Introductions that nobody disputed in time stand by the record; safe to run twice."""
    return services.let_introductions_stand(timezone.localdate())


@shared_task(name="brokerage.remind_deals")
def remind_deals() -> int:
    """Tell who must act in a deal that their day comes or has passed; safe to run twice."""
    return services.remind_deals(timezone.localdate())


@shared_task(name="brokerage.turn_ndas")
def turn_ndas() -> int:
    """End the non-disclosure agreements whose last day is over; safe to run twice."""
    return services.turn_ndas(timezone.localdate())


@shared_task(name="brokerage.remind_tasks")
def remind_tasks() -> int:
    """Tell who must do something in the room of a deal that its day comes or has passed; safe to run twice."""
    return services.remind_tasks(timezone.localdate())
