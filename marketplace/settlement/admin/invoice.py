"""Invoices in the workspace: recorded on the page of what they are for, taken back by red letters, withdrawn."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.contracts.admin.fields import amount, day, line, paper, without
from marketplace.contracts.admin.nouns import WithPapers, paper_of
from marketplace.contracts.models import Contract
from marketplace.core.money import ZERO
from marketplace.core.showing import fen, percent
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    add_panel,
    display,
    named,
    select,
)

from .. import services
from ..models import Invoice, Obligation, Payment
from ..rules.invoicing import Facts
from ..services.invoices import Paper, invoiced
from .fields import MoneyAdmin, ReasonForm


class InvoiceForm(MoveForm):
    """What stands on the invoice, and its file."""

    kind = select(label=_("kind"), choices=Invoice.Kind.choices)
    number = line(label=_("invoice number"), max_length=20, help_text=_("20 digits, on paper invoices 8."))
    code = line(label=_("invoice code"), max_length=12, required=False, help_text=_("Of paper invoices alone."))
    on = day(label=_("issued on"))
    net = amount(label=_("amount without tax, yuan"))
    rate = select(label=_("tax rate"))
    tax = amount(label=_("tax, yuan"))
    paper = paper(label=_("the invoice as a file"), required=True)

    def prepare(self) -> None:
        cast(forms.ChoiceField, self.fields["rate"]).choices = rates(cast(Any, self.row).contract)
        self.fields["on"].initial = timezone.localdate()


class RedForm(InvoiceForm):
    net = amount(label=_("amount without tax that is taken back, yuan"))
    tax = amount(label=_("tax that is taken back, yuan"))


def rates(contract: Contract) -> list[tuple[str, str]]:
    """The rates that the law knows now, each with its text."""
    book = law.on(timezone.localdate(), contract.law_place)
    rules = sorted(book.entries("vat.rate."), key=lambda rule: -book.percent(rule.key))
    return [(f"{rule.value}", f"{percent(book.percent(rule.key))} · {rule.citation}") for rule in rules]


def facts_of(values: dict[str, Any], sign: int = 1) -> Facts:
    amounts = {name: sign * values[name] for name in ("net", "tax")}
    return Facts(**without(values, "paper", "net", "tax", "rate"), **amounts, rate=Decimal(values["rate"]))


def paper_in(call: Call) -> Paper:
    file = call.values["paper"]
    return Paper(file.name, file.read())


def record(call: Call, **of: Any) -> Invoice:
    return services.record_invoice(call.row.contract, facts_of(call.values), paper=paper_in(call), by=call.by, **of)


def is_billable(row: Obligation) -> bool:
    return row.amount > 0 and row.kind != Obligation.SHARES


RECORD: dict[str, Any] = {
    "name": "record-invoice",
    "label": _("Record an invoice"),
    "permission": "settlement.record_invoice",
    "form": InvoiceForm,
    "question": _("Your tax system issues the invoice. It is kept here, and the licensee can open it."),
    "done": _("Recorded. The licensee is told."),
}
add_move(Obligation, Move(when=is_billable, does=lambda call: record(call, obligation=call.row), **RECORD))
add_move(
    Payment,
    Move(
        when=lambda row: row.state == Payment.State.BOOKED, does=lambda call: record(call, payment=call.row), **RECORD
    ),
)
add_move(
    Invoice,
    Move(
        name="correct",
        label=_("Record a red-letter invoice"),
        permission="settlement.correct_invoice",
        when=lambda row: row.state == Invoice.State.RECORDED and not row.is_red,
        form=RedForm,
        question=_("It takes this invoice back, all of it or a part. Write the amounts without their minus."),
        does=lambda call: services.correct_invoice(
            call.row, facts_of(call.values, -1), paper=paper_in(call), by=call.by
        ),
        done=_("Recorded. The licensee is told."),
    ),
    Move(
        name="withdraw",
        label=_("Recorded by mistake"),
        permission="settlement.withdraw_invoice",
        when=lambda row: row.state == Invoice.State.RECORDED,
        form=ReasonForm,
        question=_("Only for what was copied wrongly. An invoice that was really issued is taken back by red letter."),
        does=lambda call: services.withdraw_invoice(call.row, call.values["reason"], by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
)


def of_obligation(request: HttpRequest, row: Obligation) -> dict[str, Any] | None:
    rows = [(part.invoice, fen(part.amount)) for part in row.invoice_parts.select_related("invoice").order_by("id")]
    rows = [each for each in rows if each[0].state != Invoice.State.WITHDRAWN]
    left = row.amount + row.interest - invoiced(row.contract).get(row.key, ZERO)
    return {"invoices": rows, "left": fen(left) if left > 0 else ""} if rows else None


def of_payment(request: HttpRequest, row: Payment) -> dict[str, Any] | None:
    rows = [(each, fen(each.amount)) for each in Invoice.objects.standing().filter(payment=row).order_by("id")]
    return {"invoices": rows} if rows else None


def what_for(request: HttpRequest, row: Invoice) -> dict[str, Any] | None:
    rows = row.parts.select_related("obligation__contract__sheet").order_by("id")
    parts = [(each.obligation, str(each.obligation), fen(each.amount)) for each in rows]
    return {"parts": parts, "corrections": row.corrections.order_by("id")}


add_panel(Obligation, "settlement/invoices.html", of_obligation)
add_panel(Payment, "settlement/invoices.html", of_payment)
add_panel(Invoice, "settlement/invoice_parts.html", what_for)


@admin.register(Invoice)
class InvoiceAdmin(MoneyAdmin, WithPapers):
    list_display = ("number", "kind", "on", "number_amount", "contract_page", "state_label")
    list_display_links = ("number",)
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("contract",)
    search_fields = ("number", "contract__title")
    ordering = ("-on", "-id")
    fields = (
        "contract_page",
        ("kind", "on"),
        ("number", "code"),
        ("number_net", "rate_shown"),
        ("number_tax", "number_amount"),
        ("paper_shown", "payment_name"),
        "corrects_name",
        "withdrawal_reason",
    )
    told_later = ("code", "payment_name", "corrects_name", "withdrawal_reason")
    empty_sentence = _("No invoice yet. Record one on the page of what is owed, or of a payment.")
    paper_shown = paper_of("paper", _("file"))
    payment_name = named("payment", _("payment"))
    corrects_name = named("corrects", _("takes back"))

    @display(description=_("amount without tax (yuan)"))
    def number_net(self, row: Invoice) -> str:
        return fen(row.net)

    @display(description=_("tax rate"))
    def rate_shown(self, row: Invoice) -> str:
        return percent(row.rate)

    @display(description=_("tax (yuan)"))
    def number_tax(self, row: Invoice) -> str:
        return fen(row.tax)
