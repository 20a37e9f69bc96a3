"""Services on listings: orders that wait for the agency, deliveries that wait for the owner."""

from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import ServiceOrder
from marketplace.core.workspace import Waiting, Waits, Work, add_work

from .asking import deciding, in_state, listed, name_of


def orders_to_answer(user: Any) -> Any:
    mine = deciding(user)
    own = ServiceOrder.objects.filter(provider__organisation_id__in=mine, state=ServiceOrder.State.ORDERED)
    return own if mine else None


def orders_to_deliver(user: Any) -> Any:
    mine, states = deciding(user), (ServiceOrder.State.TAKEN, ServiceOrder.State.COMPLAINED)
    own = ServiceOrder.objects.filter(provider__organisation_id__in=mine, state__in=states)
    return own if mine else None


def orders_to_judge(user: Any) -> Any:
    mine = deciding(user)
    own = ServiceOrder.objects.filter(customer_id__in=mine, state=ServiceOrder.State.DELIVERED)
    return own if mine else None


def service_of(row: Waiting) -> str:
    return f"{ServiceOrder.Kind(row.state).label} · {row.about}"


def about_listing(rows: Any, day: str, about: tuple[str, str]) -> tuple[Waits, ...]:
    """Orders under the title of their listing."""
    title = tuple(Coalesce(f"achievement__title_{each}", f"demand__title_{each}") for each in ("zh", "en"))
    return (Waits(ServiceOrder, rows, by=(day, "id"), title=(title[0], title[1]), about=about, state="kind", day=day),)


add_work(
    Work(
        name="service-orders",
        title=_("Service orders to answer"),
        order=13,
        of=about_listing(orders_to_answer, "answer_by", name_of("customer")),
        note=service_of,
        more=in_state(ServiceOrder, ServiceOrder.State.ORDERED),
    ),
    Work(
        name="services-to-deliver",
        title=_("Services to deliver"),
        order=26,
        of=about_listing(orders_to_deliver, "due_on", name_of("customer")),
        note=service_of,
        more=listed(ServiceOrder, "direction=received"),
    ),
    Work(
        name="services-to-judge",
        title=_("Services to approve"),
        order=14,
        of=about_listing(orders_to_judge, "delivered_on", name_of("provider__organisation")),
        note=service_of,
        more=in_state(ServiceOrder, ServiceOrder.State.DELIVERED),
    ),
)
