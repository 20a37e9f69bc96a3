"""Commissions in the workspace: what is owed to brokers, why this number, invoiced, paid or disputed."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokerage import wording
from marketplace.brokerage.models import Introduction, Mandate
from marketplace.core.money import ZERO
from marketplace.core.showing import exact
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    Waiting,
    Waits,
    Work,
    add_move,
    add_panel,
    add_work,
    can,
    display,
    list_url,
    named,
    page_url,
    select,
    text,
)
from marketplace.core.workspace.fields import day, line
from marketplace.parties import access

from .. import services
from ..models import Commission, CommissionLine
from ..permissions import decides_for_broker

State = CommissionLine.State


class BillForm(MoveForm):
    number = line(label=_("invoice number"), max_length=80)


class PayForm(MoveForm):
    on = day(label=_("paid on"))
    reference = line(label=_("reference of the transfer"), max_length=200)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class DisputeForm(MoveForm):
    reason = text(label=_("reason"), rows=4, limit=2000, help_text=_("The broker reads it."))


add_move(
    CommissionLine,
    Move(
        name="bill",
        label=_("Record your invoice"),
        permission="settlement.bill_commission",
        when=can("bill"),
        form=BillForm,
        question=_("Under which number have you invoiced the principal?"),
        does=lambda call: services.bill_commission(call.row, call.values["number"], by=call.by),
        done=_("Recorded."),
    ),
    Move(
        name="pay",
        label=_("Record the payment"),
        permission="settlement.pay_commission",
        when=can("pay"),
        form=PayForm,
        question=_("You have paid it, or have it back where it stands below zero. The books follow."),
        does=lambda call: services.pay_commission(call.row, by=call.by, **call.values),
        done=_("Recorded."),
        look="primary",
    ),
    Move(
        name="dispute",
        label=_("Dispute"),
        permission="settlement.dispute_commission",
        when=can("dispute"),
        form=DisputeForm,
        question=_("Say why it is not owed. It stays booked until you take this back."),
        does=lambda call: services.dispute_commission(call.row, call.values["reason"], by=call.by),
        done=_("Recorded. The broker is told."),
        look="danger",
    ),
    Move(
        name="settle",
        label=_("Take the dispute back"),
        permission="settlement.settle_commission",
        when=can("settle"),
        question=_("It is owed after all."),
        does=lambda call: services.settle_commission(call.row, by=call.by),
        done=_("It is due."),
    ),
)


# A broker who was gone around


class ClaimForm(MoveForm):
    side = select(label=pgettext_lazy("mandate", "principal"))

    def prepare(self) -> None:
        names = {Mandate.Side.SUPPLY: _("supplier"), Mandate.Side.DEMAND: _("seeker")}
        sides = [side for side in names if may_claim_of(self.request.user, self.row, side)]
        cast(forms.ChoiceField, self.fields["side"]).choices = [(side, names[side]) for side in sides]


def may_claim_of(user: Any, row: Introduction, side: str) -> bool:
    mandate = row.mandate_of(side)
    return mandate is not None and decides_for_broker(user, Commission(mandate=mandate))


def may_claim(user: Any, row: Introduction) -> bool:
    return any(may_claim_of(user, row, side) for side in Mandate.Side.values)


def claim(call: Call) -> Commission:
    return services.claim_commission(call.row, call.values["side"], by=call.by)


add_move(
    Introduction,
    Move(
        name="claim-commission",
        label=_("Claim a commission"),
        may=may_claim,
        form=ClaimForm,
        question=_(
            "If the two have signed a contract within the tail of your mandate, your commission is owed even though "
            "they went around you (Civil Code 965). As a rule it is opened by itself."
        ),
        does=claim,
        done=_("The commission is opened and computed on what has arrived."),
        look="rare",
    ),
)


# Pages


class BrokersMoneyAdmin(StageAdmin):
    """For the principal, the agency, the technology manager and staff; the other side has none of these rows.

    What was earned is owed to a manager whose term is over, too.
    """

    def may_enter(self, user: Any) -> bool:
        return bool(access.is_platform_staff(user) or access.roles(user) or access.qualification(user) is not None)


def lines_panel(request: HttpRequest, row: Commission) -> dict[str, Any]:
    lines = list(row.lines.counting().select_related("payment").order_by("payment__on", "id"))
    sums = {
        "earned": sum((each.amount for each in lines), ZERO),
        "paid": sum((each.amount for each in lines if each.state == State.PAID), ZERO),
    }
    return {
        "lines": [(page_url(each), each, exact(each.counted), exact(each.amount)) for each in lines],
        "sentence": wording.commission_sentence(row.mandate),
        "earned": exact(sums["earned"]),
        "paid": exact(sums["paid"]),
        "open": exact(sums["earned"] - sums["paid"]),
    }


add_panel(Commission, "settlement/commission.html", lines_panel)


@admin.register(Commission)
class CommissionAdmin(BrokersMoneyAdmin):
    list_display = ("contract_title", "broker_name", "principal_name", "kind", "created_at")
    list_display_links = ("contract_title",)
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("contract", "principal", "mandate__agency__organisation", "mandate__manager")
    search_fields = ("contract__title", "principal__name_zh")
    ordering = ("-id",)
    fields = (("contract_title", "kind"), ("principal_name", "broker_name"), ("mandate_name", "introduction_name"))
    empty_sentence = _("No commission yet. A contract between two who were introduced under a mandate opens one.")
    contract_title = named("contract", _("contract"))
    principal_name = named("principal", pgettext_lazy("mandate", "principal"))
    mandate_name = named("mandate", _("mandate"))
    introduction_name = named("introduction", pgettext_lazy("broker", "introduction"))

    @display(description=_("broker"))
    def broker_name(self, row: Commission) -> str:
        return str(row.mandate.broker)


def why_panel(request: HttpRequest, row: CommissionLine) -> dict[str, Any]:
    mandate = row.commission.mandate
    found = [(mandate.agency, row.agency_amount), (mandate.manager, row.manager_amount)]
    return {
        "steps": wording.steps_in_words(row.steps),
        "parts": [(str(who), exact(amount)) for who, amount in found if who is not None],
        "commission": row.commission,
    }


add_panel(CommissionLine, "settlement/why_commission.html", why_panel)


@admin.register(CommissionLine)
class CommissionLineAdmin(BrokersMoneyAdmin):
    list_display = ("received_on", "contract_title", "number_amount", "broker_name", "state_label")
    list_display_links = ("received_on",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = (
        *("payment", "commission__contract", "commission__principal"),
        *("commission__mandate__agency__organisation", "commission__mandate__manager"),
    )
    search_fields = ("commission__contract__title", "reference", "invoice")
    ordering = ("-id",)
    fields = (
        ("contract_title", "broker_name"),
        ("received_on", "counted_shown", "number_amount"),
        ("invoice", "paid_on", "reference"),
        "dispute_note",
    )
    told_later = ("invoice", "paid_on", "reference", "dispute_note")
    empty_sentence = _("Nothing is owed to brokers yet. Each receipt under a contract with a commission adds its part.")

    @display(description=_("received on"), ordering="payment__on")
    def received_on(self, row: CommissionLine) -> Any:
        return row.payment.on

    @display(description=_("contract"), ordering="commission__contract__title")
    def contract_title(self, row: CommissionLine) -> str:
        return row.commission.contract.title

    @display(description=_("broker"))
    def broker_name(self, row: CommissionLine) -> str:
        return str(row.commission.mandate.broker)

    @display(description=_("commission"), ordering="amount")
    def number_amount(self, row: CommissionLine) -> str:
        return exact(row.amount)

    @display(description=_("received that counts"), ordering="counted")
    def counted_shown(self, row: CommissionLine) -> str:
        return exact(row.counted)

    def notices(self, request: HttpRequest, row: CommissionLine) -> list[tuple[str, Any]]:
        if row.amount < 0 and row.state in CommissionLine.OPEN:
            return [("warning", _("It is to be given back: the money that it was paid on went back."))]
        return []


# My work


def to_pay(user: Any) -> Any:
    mine = [pk for pk in access.roles(user) if access.may_decide_for(user, pk)]
    if not mine:
        return None
    return CommissionLine.objects.filter(commission__principal_id__in=mine, state__in=(State.DUE, State.INVOICED))


def to_invoice(user: Any) -> Any:
    if not access.is_technology_manager(user):
        return None
    return CommissionLine.objects.filter(commission__mandate__manager=user, state=State.DUE, amount__gt=0)


def of_lines(rows: Any) -> Waits:
    return Waits(
        CommissionLine, rows, by=("payment__on", "id"), title="commission__contract__title", amount="amount",
        day="payment__on",
    )  # fmt: skip


def amount_of(row: Waiting) -> str:
    assert row.amount is not None  # every line has one
    return exact(row.amount)


def received(row: Waiting) -> Any:
    assert row.day is not None  # every receipt has one
    return _("received on %(day)s") % {"day": row.day.isoformat()}


add_work(
    Work(
        name="commissions-to-pay",
        title=_("Commissions to pay"),
        order=56,
        of=(of_lines(to_pay),),
        note=received,
        side=amount_of,
        more=lambda: f"{list_url(CommissionLine)}?state__exact=due",
    ),
    Work(
        name="commissions-to-invoice",
        title=_("Commissions to invoice"),
        order=57,
        of=(of_lines(to_invoice),),
        note=received,
        side=amount_of,
        more=lambda: f"{list_url(CommissionLine)}?state__exact=due",
    ),
)
