"""Payments in the workspace: what arrived and what it paid; one is recorded on the page of its contract."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import ZERO
from marketplace.core.showing import exact
from marketplace.core.workspace import ChoicesDropdownFilter, Move, add_move, add_panel, can

from .. import services
from ..models import Payment
from .fields import MoneyAdmin, ReasonForm

add_move(
    Payment,
    Move(
        name="reverse",
        label=_("Reverse"),
        permission="settlement.reverse",
        when=can("reverse"),
        form=ReasonForm,
        question=_("It never arrived, or went back. What it had paid is open again, with its interest."),
        does=lambda call: services.reverse_payment(call.row, call.values["reason"], by=call.by),
        done=_("Reversed."),
        look="danger",
    ),
)


def parts(request: HttpRequest, row: Payment) -> dict[str, Any]:
    rows = list(row.allocations.select_related("obligation__contract__sheet").order_by("id"))
    used = sum((each.principal + each.interest for each in rows), ZERO)
    named = [(each.obligation, str(each.obligation), exact(each.principal), exact(each.interest)) for each in rows]
    left = row.amount - used if row.state == Payment.State.BOOKED else ZERO
    return {"parts": named, "left": exact(left) if left else ""}


add_panel(Payment, "settlement/parts.html", parts)


@admin.register(Payment)
class PaymentAdmin(MoneyAdmin):
    list_display = ("on", "number_amount", "contract_page", "reference", "source", "state_label")
    list_display_links = ("on",)
    list_filter = (("state", ChoicesDropdownFilter), ("source", ChoicesDropdownFilter))
    list_select_related = ("contract",)
    search_fields = ("reference", "contract__title")
    ordering = ("-on", "-id")
    fields = ("contract_page", ("on", "number_amount"), ("reference", "source"), "reversal_reason")
    told_later = ("reversal_reason",)
    empty_sentence = _("No payment yet. Record one on the page of its contract, or import a bank statement.")
