"""Service orders in the workspace, and the button on a listing that orders one."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import by_when, money
from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    DropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSingleDateWidget,
    add_move,
    can,
    display,
    named,
    select,
    text,
)
from marketplace.listings.models import Achievement, Demand
from marketplace.parties import access
from marketplace.parties.models import Agency

from .. import services
from ..models import ServiceOrder

LONGEST = LONGEST_REMARK
RATINGS = [(str(number), str(number)) for number in range(5, 0, -1)]


class OrderForm(MoveForm):
    kind = select(label=_("service"), choices=ServiceOrder.Kind.choices, asks=True)
    provider = select(label=_("provider"), help_text=_("Agencies whose registration is valid today."), asks=True)
    brief = text(label=_("what is to be done"), rows=4, limit=LONGEST)
    price = forms.DecimalField(
        label=_("price"), max_digits=14, decimal_places=2, min_value=0, widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("The whole price in yuan."),
    )  # fmt: skip
    due_on = forms.DateField(label=_("to be delivered by"), widget=UnfoldAdminSingleDateWidget)

    def prepare(self) -> None:
        field = cast(forms.ChoiceField, self.fields["provider"])
        agencies = Agency.objects.valid().exclude(organisation_id=self.row.owner_id).select_related("organisation")
        field.choices = [("", _("Select value")), *((row.public_id, str(row)) for row in agencies)]


def order(call: Call) -> ServiceOrder:
    values = dict(call.values)
    provider = Agency.objects.valid().get(public_id=values.pop("provider"))  # one of the choices
    return services.order_service(call.row, provider=provider, by=call.by, **values)


ORDER = Move(
    name="order-service",
    label=_("Order a service"),
    may=lambda user, listing: access.may_decide_for(user, listing.owner_id),
    form=OrderForm,
    question=_("The agency reads the title and what you write here, and has seven days to answer."),
    does=order,
    done=_("Ordered. The agency has seven days to answer."),
    look="rare",
)
add_move(Achievement, ORDER)
add_move(Demand, ORDER)


class TakeForm(MoveForm):
    text = text(label=_("Your answer"), rows=3, required=False, limit=LONGEST)


class DeclineOrderForm(MoveForm):
    text = text(label=_("Why not"), rows=3, limit=LONGEST)


class DeliverForm(MoveForm):
    report = text(label=_("what was delivered"), rows=5, limit=LONGEST)


class ComplainForm(MoveForm):
    complaint = text(label=_("What is missing or wrong"), rows=4, limit=LONGEST)


class ApproveForm(MoveForm):
    rating = select(label=_("rating, 1 to 5"), choices=RATINGS, asks=True)


class CloseForm(MoveForm):
    ending = text(label=_("how it ended"), rows=2, limit=500, help_text=_("Paid, or given up and why."))


def move(name: str, verb: str, label: Any, does: Any, **options: Any) -> Move:
    return Move(name=name, label=label, permission=f"brokerage.{verb}", does=does, **options)


add_move(
    ServiceOrder,
    move(
        "take", "take_order", _("Take the order"),
        lambda call: services.take_order(call.row, text=call.values["text"], by=call.by, version=call.version),
        when=can("take"), form=TakeForm, done=_("Taken. The owner is told."), look="primary",
    ),
    move(
        "decline", "decline_order", _("Decline"),
        lambda call: services.decline_order(call.row, call.values["text"], by=call.by, version=call.version),
        when=can("decline"), form=DeclineOrderForm, done=_("Declined."),
    ),
    move(
        "deliver", "deliver_order", _("Deliver"),
        lambda call: services.deliver_order(call.row, call.values["report"], by=call.by, version=call.version),
        when=can("deliver"), form=DeliverForm, done=_("Delivered. The owner is told."), look="primary",
    ),
    move(
        "approve", "approve_order", _("Approve"),
        lambda call: services.approve_order(
            call.row, rating=int(call.values["rating"]), by=call.by, version=call.version
        ),
        when=can("approve"), form=ApproveForm, done=_("Approved."), look="primary",
    ),
    move(
        "complain", "complain", _("Complain"),
        lambda call: services.complain(call.row, call.values["complaint"], by=call.by, version=call.version),
        when=can("complain"), form=ComplainForm, done=_("The agency is told and may deliver anew."),
    ),
    move(
        "close", "close_order", _("Close the order"),
        lambda call: services.close_order(call.row, call.values["ending"], by=call.by, version=call.version),
        when=can("close"), form=CloseForm, done=_("Closed."),
    ),
    move(
        "withdraw", "withdraw_order", _("Withdraw"),
        lambda call: services.withdraw_order(call.row, by=call.by, version=call.version),
        when=can("withdraw"), question=_("You take the order back."), done=_("Withdrawn."), look="danger",
    ),
)  # fmt: skip


class SideFilter(DropdownFilter):
    title = _("direction")
    parameter_name = "direction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("received", _("received")), ("sent", _("sent"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        mine = access.organisation_ids(request.user)
        if self.value() == "received":
            return rows.filter(provider__organisation_id__in=mine)
        return rows.filter(customer_id__in=mine) if self.value() == "sent" else rows


@admin.register(ServiceOrder)
class ServiceOrderAdmin(StageAdmin):
    list_display = ("listing_shown", "kind", "provider_name", "number_price", "state_label", "clock")
    list_display_links = ("listing_shown",)
    list_filter = (SideFilter, ("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("achievement", "demand", "customer", "provider__organisation")
    search_fields = ("achievement__title_zh", "demand__title_zh")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("listing_shown", "kind"), ("customer_name", "provider_name"), "brief")}),
        (None, {"fields": (("number_price", "clock", "due_on"), "answer")}),
        (None, {"fields": (("delivered_on", "rating"), "report", "complaint", "ending")}),
    )
    empty_sentence = _("No service order yet. Order one from the page of a listing of yours.")
    customer_name = named("customer", _("ordered by"))
    provider_name = named("provider", _("provider"))

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    @display(description=_("listing"), ordering="id")
    def listing_shown(self, row: ServiceOrder) -> str:
        return row.listing.title

    @display(description=_("price"), ordering="price")
    def number_price(self, row: ServiceOrder) -> str:
        return money(row.price)

    @display(description=_("clock"), ordering="due_on")
    def clock(self, row: ServiceOrder) -> str:
        return clock_of(row)


def clock_of(row: ServiceOrder) -> str:
    """The day that matters now, and how far it is."""
    days = {ServiceOrder.State.ORDERED: row.answer_by, ServiceOrder.State.TAKEN: row.due_on}
    day = days.get(ServiceOrder.State(row.state))
    return by_when(day, timezone.localdate()) if day else "–"
