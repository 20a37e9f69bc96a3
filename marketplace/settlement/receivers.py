"""What settlement does when it hears news of contracts: it bills, in the transaction of the act."""

from typing import Any

from django.dispatch import receiver

from marketplace.contracts.models import Contract
from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.notices.models import Notice

from .services import allotments, billing, distributions


@receiver(news.contract_signed)
def begin(contract: Contract, **_: Any) -> None:
    billing.bill(contract, by=SYSTEM)


@receiver(news.contract_moved)
def follow(contract: Contract, **_: Any) -> None:
    billing.bill(contract, by=SYSTEM)


@receiver(news.notice_closed)
def follow_reward(notice: Notice, **_: Any) -> None:
    distributions.follow_notice(notice)
    allotments.follow_notice(notice)
