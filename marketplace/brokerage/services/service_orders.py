"""Service orders: ordered by the owner of a listing, taken or declined by an agency, delivered, approved, closed."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen
from marketplace.core.validation import check_text
from marketplace.listings.models import Achievement, Demand
from marketplace.parties.models import Agency

from .. import telling
from ..models import ServiceOrder
from ..rules.service_orders import answer_by
from .leads import require_verified, texts

MOST_MONEY = Decimal("999999999999.99")


@transaction.atomic
def order_service(
    listing: Achievement | Demand, *, provider: Agency, kind: str, brief: str, price: Decimal, due_on: date, by: Any
) -> ServiceOrder:
    """Order a service on one's own listing from a registered agency; the agency has a week to answer.

    Raises Invalid by field, Conflict when the agency is not registered today or is one's own.
    """
    today = timezone.localdate()
    order = ServiceOrder(
        **{listing.kind: listing},
        customer=listing.owner,
        provider=provider,
        kind=checked_kind(kind),
        price=checked_price(price),
        due_on=checked_day(due_on, today),
        answer_by=answer_by(today, due_on),
        ordered_by_id=by.pk,
        **texts({"brief": brief}, ("brief",)),
    )
    require_verified(listing.owner)
    if not provider.is_valid:
        raise Conflict(_("This agency is not registered at present. Choose another one."), code="not_registered")
    if provider.organisation_id == listing.owner_id:
        raise Conflict(_("This is your own agency."), code="own_agency")
    create(order, "brokerage.order_service", by=by)
    telling.service_ordered(order, by=by)
    return order


def checked_kind(kind: str) -> str:
    if kind not in ServiceOrder.Kind.values:
        raise Invalid(fields={"kind": [str(_("Choose from the list."))]})
    return kind


def checked_price(price: Decimal) -> Decimal:
    rounded = to_fen(price)
    if not 0 <= rounded <= MOST_MONEY:
        raise Invalid(fields={"price": [str(_("Give the whole price, 0 or more."))]})
    return rounded


def checked_day(due_on: date, today: date) -> date:
    if due_on < today:
        raise Invalid(fields={"due_on": [str(_("Choose a day that is still to come."))]})
    return due_on


def take_order(order: ServiceOrder, *, by: Any, text: str = "", version: int | None = None) -> ServiceOrder:
    """The agency takes the order at its price."""
    written = texts({"answer": text}, ())
    with transaction.atomic():
        with act(order, "brokerage.take_order", by=by, version=version) as order:
            require_verified(order.provider.organisation)
            order.take()
            order.answer = written["answer"]
        telling.service_answered(order, by=by)
    return order


def decline_order(order: ServiceOrder, text: str, *, by: Any, version: int | None = None) -> ServiceOrder:
    """The agency does not take it, and says why."""
    written = texts({"answer": text}, ("answer",))
    with transaction.atomic():
        with act(order, "brokerage.decline_order", by=by, version=version) as order:
            order.decline()
            order.answer = written["answer"]
        telling.service_answered(order, by=by)
    return order


def withdraw_order(order: ServiceOrder, *, by: Any, version: int | None = None) -> ServiceOrder:
    """The owner takes an order back that nobody has answered."""
    with act(order, "brokerage.withdraw_order", by=by, version=version) as order:
        order.withdraw()
    return order


def deliver_order(order: ServiceOrder, report: str, *, by: Any, version: int | None = None) -> ServiceOrder:
    """The agency says what it delivered; after a complaint, anew."""
    written = texts({"report": report}, ("report",))
    with transaction.atomic():
        with act(order, "brokerage.deliver_order", by=by, version=version) as order:
            order.report, order.delivered_on = written["report"], timezone.localdate()
            order.deliver()
        telling.service_delivered(order, by=by)
    return order


def complain(order: ServiceOrder, complaint: str, *, by: Any, version: int | None = None) -> ServiceOrder:
    """The owner says what is missing or wrong; the agency may deliver anew."""
    written = texts({"complaint": complaint}, ("complaint",))
    with transaction.atomic():
        with act(order, "brokerage.complain", by=by, version=version) as order:
            order.complaint = written["complaint"]
            order.complain()
        telling.service_judged(order, by=by)
    return order


def approve_order(order: ServiceOrder, *, rating: int, by: Any, version: int | None = None) -> ServiceOrder:
    """The owner approves what was delivered, and rates it from 1 to 5."""
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise Invalid(fields={"rating": [str(_("Rate from 1 to 5."))]})
    with transaction.atomic():
        with act(order, "brokerage.approve_order", by=by, version=version) as order:
            order.rating = rating
            order.approve()
        telling.service_judged(order, by=by)
    return order


def close_order(order: ServiceOrder, ending: str, *, by: Any, version: int | None = None) -> ServiceOrder:
    """Either side closes what is approved and paid, or what came to nothing after a complaint; how is written down."""
    cleaned = check_text("ending", ending.strip(), most=500)
    if not cleaned:
        raise Invalid(fields={"ending": [str(_("Say how it ended: paid, or given up and why."))]})
    with act(order, "brokerage.close_order", by=by, version=version) as order:
        order.ending = cleaned
        order.close()
    return order
