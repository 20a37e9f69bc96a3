"""What brokerage does when it hears its own news: it tells whom a lead, a deal or an agreement concerns."""

from typing import Any

from django.dispatch import receiver

from marketplace.core import news

from . import services, telling
from .models import Deal, Lead, Nda


@receiver(news.qualification_removed)
def tell_principals(qualification: Any, by: Any, **_: Any) -> None:
    telling.broker_removed(qualification)


@receiver(news.lead_opened)
def tell_owner(lead: Lead, by: Any, **_: Any) -> None:
    telling.lead_opened(lead, by=by)


@receiver(news.lead_answered)
def tell_sender(lead: Lead, by: Any, **_: Any) -> None:
    telling.lead_answered(lead, by=by)


@receiver(news.deal_opened)
def tell_both_sides(deal: Deal, by: Any, **_: Any) -> None:
    telling.deal_opened(deal, by=by)


@receiver(news.deal_agreed)
def tell_of_agreement(deal: Deal, by: Any, **_: Any) -> None:
    telling.deal_agreed(deal, by=by)


@receiver(news.deal_lost)
def tell_of_loss(deal: Deal, by: Any, **_: Any) -> None:
    telling.deal_lost(deal, by=by)


@receiver(news.deal_taken_up)
def tell_of_a_new_beginning(deal: Deal, by: Any, **_: Any) -> None:
    telling.deal_taken_up(deal, by=by)


@receiver(news.deal_lost)
def end_agreements(deal: Deal, **_: Any) -> None:
    services.end_with(deal)


@receiver(news.nda_signed)
def tell_of_nda(nda: Nda, by: Any, **_: Any) -> None:
    telling.nda_signed(nda, by=by)


@receiver(news.nda_ended)
def tell_of_end_of_nda(nda: Nda, by: Any, **_: Any) -> None:
    telling.nda_ended(nda, by=by)
