"""Expressions of interest and their answers; deals."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import names, services
from marketplace.brokerage.models import Deal, Lead, Side
from marketplace.parties import access

from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, ListingReference, OrganisationReference
from .filters import PublicId, states_of

LONGEST = services.LONGEST
BOTH_SIDES = (
    *("achievement__achievement", "achievement__demand", "demand__achievement", "demand__demand"),
    *("supplier", "seeker", "manager", "lead"),
)


def text(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST, **options)


class PartyShape(Shape):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField(source="__str__")


class LeadShape(RowShape):
    """The receiver of a lead on an anonymous listing is not named to the sender before it is accepted."""

    listing = ListingReference(read_only=True)
    listing_title = serializers.CharField(source="listing.title", read_only=True)
    own_listing = ListingReference(read_only=True, allow_null=True)
    sender = PartyShape(read_only=True)
    receiver = serializers.SerializerMethodField()
    state_display = CodeName(Lead.State, source="state")
    decline_code_display = CodeName("lead_decline", source="decline_code")

    class Meta:
        model = Lead
        fields = [
            *("id", "listing", "listing_title", "own_listing", "sender", "receiver", "pitch", "why_fit", "question"),
            *("state", "state_display", "answer_by", "answered_at", "answer", "decline_code", "decline_code_display"),
            *("version", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(PartyShape(allow_null=True))
    def get_receiver(self, lead: Lead) -> dict[str, Any] | None:
        is_known = names.knows_receiver(self.context["request"].user, lead)
        return PartyShape(lead.receiver, context=self.context).data if is_known else None


class InterestShape(Shape):
    listing = ListingReference()
    sender = OrganisationReference()
    own_listing = ListingReference(required=False, allow_null=True)
    pitch = text()
    why_fit = text()
    question = text(allow_blank=True, default="")


class AcceptanceShape(Shape):
    text = text(allow_blank=True, default="")


class DeclineShape(AcceptanceShape):
    code = serializers.CharField(max_length=24, help_text="A code of the list lead_decline.")


class LeadFilter(filters.FilterSet):
    state = states_of(Lead)
    listing = PublicId("listing")
    direction = filters.ChoiceFilter(choices=[("sent", "sent"), ("received", "received")], method="going")

    class Meta:
        model = Lead
        fields: list[str] = []

    def going(self, rows: Any, name: str, value: str) -> Any:
        side = "sender" if value == "sent" else "receiver"
        return rows.filter(**{f"{side}_id__in": access.organisation_ids(self.request.user)})


class Leads(Listed, Retrieved, Door):
    """Interest that one's organisations sent or received."""

    queryset = Lead.objects.select_related(
        "listing__achievement", "listing__demand", "own_listing", "sender", "receiver"
    ).order_by("answer_by", "-id")
    serializer_class = LeadShape
    filterset_class = LeadFilter

    @extend_schema(request=InterestShape, responses={201: LeadShape})
    def create(self, request: Request) -> Response:
        """Express interest in a listing; its owner has 14 days to answer."""
        return self.show(services.express_interest(**self.body(InterestShape), by=request.user), status=201)

    @extend_schema(request=AcceptanceShape)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: str) -> Response:
        """The owner wants to talk."""
        return self.show(services.accept(self.get_object(), **self.body(AcceptanceShape), by=request.user))

    @extend_schema(request=DeclineShape)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, id: str) -> Response:
        """The owner does not, and says why."""
        return self.show(services.decline(self.get_object(), **self.body(DeclineShape), by=request.user))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """The sender takes it back."""
        self.body(Nothing)
        return self.show(services.withdraw_lead(self.get_object(), by=request.user))


class DealShape(RowShape):
    """An anonymous side is not named to the other one while the deal is no more than an introduction."""

    achievement = ListingReference(read_only=True)
    achievement_title = serializers.CharField(source="achievement.title", read_only=True)
    demand = ListingReference(read_only=True)
    demand_title = serializers.CharField(source="demand.title", read_only=True)
    supplier = serializers.SerializerMethodField()
    seeker = serializers.SerializerMethodField()
    manager = serializers.CharField(source="manager.name", read_only=True)
    state_display = CodeName(Deal.State, source="state")
    awaited_display = serializers.CharField(source="get_awaited_display", read_only=True)
    lost_code_display = CodeName("lead_decline", source="lost_code")

    class Meta:
        model = Deal
        fields = [
            *("id", "achievement", "achievement_title", "demand", "demand_title", "supplier", "seeker", "manager"),
            *("state", "state_display", "supplier_joined_at", "seeker_joined_at"),
            *("supplier_waived_at", "seeker_waived_at", "awaited", "awaited_display", "answer_by", "moved_on"),
            *("lost_code", "lost_code_display", "taken_up_on", "taken_up_by", "taken_up_note"),
            *("note", "version", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(PartyShape(allow_null=True))
    def get_supplier(self, deal: Deal) -> dict[str, Any] | None:
        return self.side(deal, "supplier")

    @extend_schema_field(PartyShape(allow_null=True))
    def get_seeker(self, deal: Deal) -> dict[str, Any] | None:
        return self.side(deal, "seeker")

    def side(self, deal: Deal, side: str) -> dict[str, Any] | None:
        organisation = names.known_sides(self.context["request"].user, deal)[side]
        return PartyShape(organisation, context=self.context).data if organisation else None


class DealSideShape(Shape):
    side = serializers.ChoiceField(
        choices=Side.choices, required=False, default="", help_text="Needed by who decides for both."
    )


class TimeShape(Shape):
    until = serializers.DateField(help_text="The new last day, at most 90 days ahead.")


class LossShape(Shape):
    code = serializers.CharField(max_length=24, help_text="A code of the list lead_decline.")
    note = text(allow_blank=True, default="")


class TakeUpShape(Shape):
    reason = text(help_text="Both sides read it.")


class DealFilter(filters.FilterSet):
    state = states_of(Deal)
    achievement = PublicId("achievement")
    demand = PublicId("demand")

    class Meta:
        model = Deal
        fields: list[str] = []


def deals() -> Any:
    return Deal.objects.select_related(*BOTH_SIDES).order_by("-id")


class Deals(Listed, Retrieved, Door):
    """Deals of one's organisations, and those that one manages. They are opened from a match."""

    queryset = deals()
    serializer_class = DealShape
    filterset_class = DealFilter

    @extend_schema(request=DealSideShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def join(self, request: Request, id: str) -> Response:
        """A side wants to talk. Once both do, each is named to the other."""
        return self.moved(services.join, DealSideShape)

    @extend_schema(request=DealSideShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="waive-nda")
    def waive_nda(self, request: Request, id: str) -> Response:
        """A side needs no non-disclosure agreement. Once both say so, the talks begin without one."""
        return self.moved(services.waive_nda, DealSideShape)

    @extend_schema(request=TimeShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="give-time")
    def give_time(self, request: Request, id: str) -> Response:
        """The technology manager gives whoever must act until another day."""
        return self.moved(services.give_time, TimeShape)

    @extend_schema(request=LossShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, id: str) -> Response:
        """It came to nothing, and why. A contract that is being drawn up is given up with it."""
        return self.moved(services.lose, LossShape)

    @extend_schema(request=TakeUpShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, id: str) -> Response:
        """A lost deal begins anew. What ended with it stays ended; both sides are asked whether they want to talk."""
        return self.moved(services.take_up, TakeUpShape)

    def moved(self, service: Callable[..., Deal], shape: type[Shape]) -> Response:
        """What a service does with the version that the caller has read."""
        deal, body = self.get_object(), self.body(shape)
        version = self.version(deal, required=True)
        return self.show(service(deal, **body, version=version, by=self.request.user))
