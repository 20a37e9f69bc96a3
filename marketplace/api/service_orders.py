"""Services on one's listings: ordered from an agency, taken or declined, delivered, approved or complained about."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services
from marketplace.brokerage.models import ServiceOrder
from marketplace.listings.models import Achievement, Demand

from .brokerage import PartyShape
from .doors import Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import Amount, CodeName, Currency, Reference
from .filters import states_of
from .mandates import AgencyReference

LONGEST = services.LONGEST


class AchievementReference(Reference):
    model = Achievement


class DemandReference(Reference):
    model = Demand


class ServiceOrderShape(RowShape):
    achievement = AchievementReference(read_only=True, allow_null=True)
    demand = DemandReference(read_only=True, allow_null=True)
    listing_title = serializers.CharField(source="listing.title", read_only=True)
    customer = PartyShape(read_only=True)
    provider = PartyShape(read_only=True)
    kind_display = CodeName(ServiceOrder.Kind, source="kind")
    state_display = CodeName(ServiceOrder.State, source="state")
    price = Amount(read_only=True)
    currency = Currency(read_only=True)

    class Meta:
        model = ServiceOrder
        fields = [
            *("id", "achievement", "demand", "listing_title", "customer", "provider", "kind", "kind_display", "brief"),
            *("price", "currency", "due_on", "answer_by", "state", "state_display", "answer", "report"),
            *("delivered_on", "complaint", "rating", "ending", "version", "created_at"),
        ]
        read_only_fields = fields


class NewOrderShape(Shape):
    achievement = AchievementReference(required=False)
    demand = DemandReference(required=False)
    provider = AgencyReference()
    kind = serializers.ChoiceField(choices=ServiceOrder.Kind.choices)
    brief = serializers.CharField(max_length=LONGEST)
    price = Amount()
    due_on = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("achievement" in attrs) == ("demand" in attrs):
            raise ValidationError({"achievement": ["Give an achievement or a demand, and not both."]})
        return attrs


class OrderTextShape(Shape):
    text = serializers.CharField(max_length=LONGEST)


class OrderAnswerShape(Shape):
    text = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class OrderRatingShape(Shape):
    rating = serializers.IntegerField(min_value=1, max_value=5)


class ServiceOrderFilter(filters.FilterSet):
    state = states_of(ServiceOrder)
    kind = filters.ChoiceFilter(choices=ServiceOrder.Kind.choices)

    class Meta:
        model = ServiceOrder
        fields: list[str] = []


class ServiceOrders(Listed, Retrieved, Door):
    """Those that one's organisations ordered or provide."""

    queryset = ServiceOrder.objects.select_related(
        "achievement", "demand", "customer", "provider__organisation"
    ).order_by("-id")
    serializer_class = ServiceOrderShape
    filterset_class = ServiceOrderFilter

    @extend_schema(request=NewOrderShape, responses={201: ServiceOrderShape})
    def create(self, request: Request) -> Response:
        """Order a service on a listing of one's own."""
        values = self.body(NewOrderShape)
        listing = values.pop("achievement", None) or values.pop("demand")
        return self.show(services.order_service(listing, **values, by=request.user), 201)

    @extend_schema(request=OrderAnswerShape)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, id: str) -> Response:
        """The agency takes the order at its price."""
        order = self.get_object()
        text = self.body(OrderAnswerShape)["text"]
        return self.show(services.take_order(order, text=text, by=request.user, version=self.version(order)))

    @extend_schema(request=OrderTextShape)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, id: str) -> Response:
        """The agency does not take it, and says why."""
        return self.written(services.decline_order)

    @extend_schema(request=OrderTextShape)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, id: str) -> Response:
        """The agency says what it delivered."""
        return self.written(services.deliver_order)

    @extend_schema(request=OrderTextShape)
    @action(detail=True, methods=["post"])
    def complain(self, request: Request, id: str) -> Response:
        """The owner says what is missing or wrong."""
        return self.written(services.complain)

    @extend_schema(request=OrderRatingShape)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> Response:
        """The owner approves what was delivered, and rates it."""
        order = self.get_object()
        rating = self.body(OrderRatingShape)["rating"]
        return self.show(services.approve_order(order, rating=rating, by=request.user, version=self.version(order)))

    @extend_schema(request=OrderTextShape)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: str) -> Response:
        """Either side closes it and says how it ended."""
        return self.written(services.close_order)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """The owner takes an order back that nobody has answered."""
        order = self.get_object()
        self.body(Nothing)
        return self.show(services.withdraw_order(order, by=request.user, version=self.version(order)))

    def written(self, does: Any) -> Response:
        """An act that needs words."""
        order = self.get_object()
        text = self.body(OrderTextShape)["text"]
        return self.show(does(order, text, by=self.request.user, version=self.version(order)))
