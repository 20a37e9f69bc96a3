"""What contracts do when they hear news of their notice, and of the deal that they were drawn up from."""

from typing import Any

from django.dispatch import receiver

from marketplace.brokerage.models import Deal
from marketplace.core import news
from marketplace.notices.models import Notice

from . import services


@receiver(news.notice_closed)
def look_again(notice: Notice, **_: Any) -> None:
    services.follow_closed_notice(notice)


@receiver(news.notice_voided)
def go_back(notice: Notice, **_: Any) -> None:
    services.follow_voided_notice(notice)


@receiver(news.deal_lost)
def give_up(deal: Deal, by: Any, **_: Any) -> None:
    services.give_up_with(deal, by)
