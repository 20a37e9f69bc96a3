"""The cash-flow calendar over the API: what is expected and what came, by month, as receiver or as payer."""

import re
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import cashflow
from marketplace.settlement.models import Obligation
from marketplace.settlement.rules.cashflow import MOST_MONTHS, first_of, total

from .doors import Door, Shape
from .fields import Amount, Currency, OrganisationReference


class Month(serializers.CharField):
    """A month such as 2027-01; given as its first day."""

    default_error_messages = {"month": _("Name a month like 2027-01.")}

    def to_internal_value(self, data: Any) -> date:  # type: ignore[override]
        text = super().to_internal_value(data)
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text, re.ASCII):
            self.fail("month")
        return date.fromisoformat(f"{text}-01")


class AskedShape(Shape):
    side = serializers.ChoiceField(cashflow.SIDES, default=cashflow.RECEIVER)
    first = Month(required=False)
    months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS, default=12)
    organisation = OrganisationReference(required=False)


class MonthShape(Shape):
    month = serializers.CharField(source="name")
    due = Amount(help_text="Fell or falls due in the month; what is written off counts no more.")
    planned = Amount(help_text="What the terms make due by themselves if nothing else happens.")
    came = Amount(help_text="Arrived in the month.")
    open = Amount(help_text="What of `due` is not paid, with its interest so far.")


class CashFlowShape(Shape):
    side = serializers.CharField()
    currency = Currency(source="side")
    months = MonthShape(many=True)
    total = MonthShape(help_text="The sums, under the first month.")


def parameter(name: str, description: str, kind: Any = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description)


class CashFlow(Door):
    """Money by month, of one's organisations or of one of them; of everybody for staff."""

    queryset = Obligation.objects.none()
    serializer_class = CashFlowShape

    @extend_schema(
        parameters=[
            parameter("side", "`seller` (what is received, the default) or `buyer` (what is paid)."),
            parameter("first", "The first month, such as 2027-01; else six months back."),
            parameter("months", "1 to 60, else 12.", int),
            parameter("organisation", "The id of an organisation; else all of one's own."),
        ],
        responses={200: CashFlowShape},
    )
    def show_months(self, request: Request) -> Response:
        """What is due, what is to come by the terms, what arrived and what is open, month by month."""
        self.refuse_unknown({"side", "first", "months", "organisation"})
        asked = AskedShape(data=request.query_params.dict(), context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        organisation = given.get("organisation")
        contracts = cashflow.contracts_of(request.user, given["side"], organisation.pk if organisation else None)
        first = given.get("first") or first_of(timezone.localdate(), -6)
        months = cashflow.months_of(contracts, first, given["months"])
        answer = {"side": given["side"], "months": months, "total": total(months)}
        return Response(self.get_serializer(answer).data)
