"""Names: who may read the owner's name in a contract. Every door asks here, so that all keep an owner anonymous."""

from typing import Any

from marketplace.brokerage.names import is_anonymous, is_insider
from marketplace.listings.models import Projection
from marketplace.parties.models import Organisation

from .models import Contract

UNMET = (Contract.State.APPLIED, Contract.State.SCREENING, Contract.State.DECLINED)


def have_met(contract: Contract) -> bool:
    """Whether the owner accepted the application, or the contract was never an application."""
    is_withdrawn = contract.state == Contract.State.WITHDRAWN
    return (contract.state_before if is_withdrawn else contract.state) not in UNMET


def knows_seller(user: Any, contract: Contract) -> bool:
    """Whether this reader may know the owner: its own people and staff always, others once the two have met."""
    return have_met(contract) or is_insider(user, contract.seller_id) or not hides_owner(contract)


def known_seller(user: Any, contract: Contract) -> Organisation | None:
    """The owner as this reader may know it; None where the name is kept."""
    return contract.seller if knows_seller(user, contract) else None


def hides_owner(contract: Contract) -> bool:
    """Whether the owner lists this achievement without its name."""
    if contract.achievement is None:
        return False
    row: Projection | None = getattr(contract.achievement, "projection", None)
    return is_anonymous(row) if row else contract.achievement.is_anonymous
