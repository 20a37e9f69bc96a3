"""The books in the workspace: bookings with their lines, accounts with their balances; read alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import ZERO
from marketplace.core.showing import exact
from marketplace.core.workspace import ChoicesDropdownFilter, add_panel, display, named

from .. import naming, services
from ..models import Account, Journal
from .fields import BookAdmin


def lines(request: HttpRequest, row: Journal) -> dict[str, Any]:
    rows = row.lines.select_related("account").order_by("id")
    return {"lines": [(each.account.get_kind_display(), *sides(each.amount)) for each in rows]}


def sides(amount: Any) -> tuple[str, str]:
    """An amount as debit or as credit."""
    return (exact(amount), "") if amount > 0 else ("", exact(-amount))


add_panel(Journal, "settlement/lines.html", lines)


@admin.register(Journal)
class JournalAdmin(BookAdmin):
    list_display = ("on", "kind", "number_total", "contract_page", "book_name")
    list_display_links = ("on",)
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("contract", "book")
    search_fields = ("cause", "contract__title")
    ordering = ("-id",)
    fields = (("book_name", "contract_page"), ("on", "kind"), "cause_shown", ("reverses_name", "created_at"))
    empty_sentence = _("Nothing is booked yet. What is owed and what is paid books itself.")

    book_name = named("book", _("books of"))
    reverses_name = named("reverses", _("reverses"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("lines")

    @display(description=_("cause"))
    def cause_shown(self, row: Journal) -> str:
        return naming.cause_in_words(row)

    @display(description=_("amount"))
    def number_total(self, row: Journal) -> str:
        return exact(sum((line.amount for line in row.lines.all() if line.amount > 0), ZERO))


@admin.register(Account)
class AccountAdmin(BookAdmin):
    list_display = ("kind", "number_balance", "book_name")
    list_display_links = ("kind",)
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("book",)
    ordering = ("book", "kind")
    fields = (("book_name", "kind"), "number_balance")
    empty_sentence = _("No account yet: the first booking opens it.")

    book_name = named("book", _("books of"))

    @display(description=_("balance (debit is positive)"))
    def number_balance(self, row: Account) -> str:
        return exact(services.balances(account=row)[row.kind])
