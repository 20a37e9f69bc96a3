"""On the page of a deal: the offer that is on the table, what changed between versions, and the contract itself."""

from typing import Any

from django.http import HttpRequest

from marketplace.brokerage.models import Deal
from marketplace.core.workspace import add_panel, buttons, page_url

from ..models import Contract
from .page import page_of
from .panels import versions

ANSWERS = ("accept-terms", "propose")


def offers(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """The newest contract of the deal with the versions of its terms, for who may read it."""
    rows = Contract.objects.visible_to(request.user).filter(deal=deal).order_by("-id")
    contract = rows.select_related("seller", "buyer", "sheet", "notice").first()
    if contract is None:
        return None
    return {
        "contract": contract,
        "url": page_url(contract),
        "versions": versions(page_of(request.user, contract)),
        "buttons": [each for each in buttons(request.user, contract) if each.name in ANSWERS],
    }


add_panel(Deal, "contracts/offers.html", offers)
