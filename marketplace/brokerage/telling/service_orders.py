"""Tells the two sides of a service order what waits for them; the brief, the price and the report stay on its page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.notifying import add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties.telling import tell

from ..models import ServiceOrder

add_kinds(service_order=gettext_lazy("services on your listings: ordered, answered, delivered"))
ANSWERS = {
    ServiceOrder.State.TAKEN: gettext_lazy("The agency takes your service order"),
    ServiceOrder.State.DECLINED: gettext_lazy("The agency declined your service order"),
}
VERDICTS = {
    ServiceOrder.State.COMPLAINED: gettext_lazy("There is a complaint about a service that you delivered"),
    ServiceOrder.State.APPROVED: gettext_lazy("A service that you delivered is approved"),
}


def service_ordered(order: ServiceOrder, *, by: Any) -> None:
    def subject() -> str:
        return _("A service is ordered from you; please answer by %(day)s") % {"day": order.answer_by.isoformat()}

    say(order, order.provider.organisation_id, subject, by=by)


def service_answered(order: ServiceOrder, *, by: Any) -> None:
    say(order, order.customer_id, ANSWERS[ServiceOrder.State(order.state)], by=by)


def service_delivered(order: ServiceOrder, *, by: Any) -> None:
    say(order, order.customer_id, gettext_lazy("A service that you ordered is delivered: please look at it"), by=by)


def service_judged(order: ServiceOrder, *, by: Any) -> None:
    say(order, order.provider.organisation_id, VERDICTS[ServiceOrder.State(order.state)], by=by)


def say(order: ServiceOrder, organisation_id: int, subject: Any, *, by: Any) -> None:
    key = f"service_order:{order.public_id}:{order.version}"
    tell(organisation_id, key, subject=subject, about=lambda: order.get_kind_display(), path=page_url(order), by=by)
