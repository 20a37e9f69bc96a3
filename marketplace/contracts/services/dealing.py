"""What a contract that was drawn up from a deal tells that deal, which stands below: offers, agreement, giving up.

A deal is always locked before its contract; who comes from the deal's end takes the same order.
"""

from typing import Any

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, lock

from ..models import Contract, TermSheet

AWAITED = {(False, False): "both", (True, False): "seeker", (False, True): "supplier"}
"""Who must answer, by whether seller and buyer have accepted the latest version."""


def lock_deal_of(contract: Contract) -> None:
    if contract.deal is not None:
        lock(contract.deal)


def tell_offer(contract: Contract, sheet: TermSheet) -> None:
    """Terms were proposed, or accepted by one side."""
    if contract.deal is not None and not sheet.is_agreed:
        accepted = (sheet.seller_accepted_at is not None, sheet.buyer_accepted_at is not None)
        brokerage.follow_offer(contract.deal, awaited=AWAITED[accepted])


def tell_agreement(contract: Contract) -> None:
    if contract.deal is not None:
        brokerage.agree(contract.deal)


def tell_reopening(contract: Contract) -> None:
    if contract.deal is not None:
        brokerage.reopen_talks(contract.deal)


def tell_giving_up(contract: Contract) -> None:
    if contract.deal is not None:
        brokerage.lose_contract(contract.deal)


def give_up_with(deal: Deal, by: Any) -> None:
    """The deal was closed as lost: what was being drawn up from it is withdrawn. The caller holds the deal."""
    for row in Contract.objects.filter(deal=deal, state__in=Contract.UNSIGNED):
        with act(row, "contracts.withdraw", by=SYSTEM) as contract:
            contract.state_before = contract.state
            contract.withdraw()
            contract.end_note, contract.ended_on = deal.get_state_display(), deal.moved_on
