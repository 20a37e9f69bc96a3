"""Sides: for which of the two a person acts, and what every act towards a signature asks first."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import lock
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.validation import check_text
from marketplace.parties import access
from marketplace.parties.models import Organisation

from ..models import Contract, Signature

Side = Signature.Side


def organisation_of(contract: Contract, side: str) -> Organisation:
    return contract.seller if side == Side.SELLER else contract.buyer


def check_side(contract: Contract, side: str, *, by: Any) -> None:
    """Raise Invalid for what is no side, Forbidden unless the person decides for it today."""
    if side not in Side.values:
        raise Invalid(fields={"side": [str(_("Choose a side."))]})
    if not access.may_decide_for(by, organisation_of(contract, side).pk):
        raise Forbidden


def sides_of(contract: Contract, by: Any) -> list[str]:
    """The sides that the person decides for; both only for somebody who belongs to both."""
    return [side for side in Side.values if access.may_decide_for(by, organisation_of(contract, side).pk)]


def one_side_of(contract: Contract, side: str, *, by: Any) -> str:
    """The side that was named, or the only one that the person decides for."""
    if not side and len(mine := sides_of(contract, by)) == 1:
        return mine[0]
    check_side(contract, side, by=by)
    return side


def check_verified(organisation: Organisation) -> None:
    """A suspended organisation applies for nothing, agrees to nothing and signs nothing."""
    if not organisation.is_verified:
        raise Conflict(_("Your organisation must be verified first."), code="not_verified")


def check_state(contract: Contract, *states: str) -> None:
    """Raise Conflict unless the contract is in one of the states."""
    if contract.state not in states:
        raise Conflict(code="wrong_state")


def lock_notice_of(contract: Contract) -> None:
    """Lock the contract's notice before the contract itself: whoever closes a notice comes from that end."""
    if contract.notice is not None:
        lock(contract.notice)


def needed(name: str, text: str, *, most: int = 2000) -> str:
    """A trimmed text that must say something."""
    text = check_text(name, (text or "").strip(), most=most)
    if not text:
        raise Invalid(fields={name: [str(_("Please write a few words."))]})
    return text
