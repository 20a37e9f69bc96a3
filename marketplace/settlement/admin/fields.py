"""What the pages of money share: who enters them, links to the contract, amounts, a reason before a move."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import fen
from marketplace.core.workspace import MoveForm, StageAdmin, display, page_url, text
from marketplace.parties import access


class ReasonForm(MoveForm):
    reason = text(label=_("reason"), rows=3, limit=300)


class MoneyAdmin(StageAdmin):
    """A noun of money: nothing is edited, and each row leads to its contract."""

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    @display(description=_("contract"), ordering="contract__title")
    def contract_page(self, row: Any) -> Any:
        if row.contract is None:
            return "–"
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.contract), row.contract.title)

    @display(description=_("amount (yuan)"), ordering="amount")
    def number_amount(self, row: Any) -> str:
        return fen(row.amount)


class HoldersAdmin(MoneyAdmin):
    """A noun of equity, which a technology manager without a seat opens by its link too; the menu asks nothing."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().may_enter(request.user)

    def may_enter(self, user: Any) -> bool:
        return super().may_enter(user) or bool(self.model._default_manager.visible_to(user).exists())


class BookAdmin(MoneyAdmin):
    """A noun of the books: for those whose books they are."""

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or any(
            access.may_decide_for(user, each) for each in access.organisation_ids(user)
        )
