"""Sharing on the page of a contract: its plans and what was shared, for those who decide and those who share."""

from typing import Any

from django.http import HttpRequest

from marketplace.contracts.models import Contract
from marketplace.core.showing import fen
from marketplace.core.workspace import add_panel, move_url

from ...models import Distribution, Share, SharingPlan

MOST = 8


def sharing_of(request: HttpRequest, row: Contract) -> dict[str, Any] | None:
    user: Any = request.user
    plans = list(SharingPlan.objects.visible_to(user).of_money().filter(contract=row).order_by("-number"))
    decides = user.has_perm("settlement.draft_plan", row) and row.is_signed
    if not plans and not decides:
        return None
    shared = Distribution.objects.visible_to(user).filter(contract=row).order_by("-id")
    mine = Share.objects.filter(payee__user_id=user.pk, distribution__contract=row).order_by("-id")
    return {
        "plans": plans,
        "draft": move_url(row, "draft-plan") if decides else "",
        "distributions": [(each, fen(each.pool)) for each in shared[:MOST]],
        "own": [(each, fen(each.amount)) for each in mine.select_related("distribution")[:MOST]],
    }


add_panel(Contract, "settlement/rewards/of_contract.html", sharing_of)
