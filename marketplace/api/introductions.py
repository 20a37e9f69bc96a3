"""Introductions, and what brokers declare and disclose."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import names, proofs, services
from marketplace.brokerage.models import Disclosure, Interest, Introduction

from .brokerage import LONGEST, PartyShape, text
from .doors import Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, ListingReference
from .mandates import AgencyReference, GroundShape, VerifiedOrganisation


class DisclosureAnswerShape(Shape):
    answer = text(allow_blank=True, default="")


class IntroductionRowShape(RowShape):
    """An anonymous side is named to the other one once it has confirmed."""

    achievement = ListingReference(read_only=True, allow_null=True)
    demand = ListingReference(read_only=True, allow_null=True)
    supplier = serializers.SerializerMethodField()
    seeker = serializers.SerializerMethodField()
    manager = serializers.CharField(source="manager.name", read_only=True)
    how_display = CodeName(Introduction.How, source="how")
    state_display = CodeName(Introduction.State, source="state")

    class Meta:
        model = Introduction
        fields = [
            *("id", "achievement", "demand", "supplier", "seeker", "manager", "on", "how", "how_display", "note"),
            *("confirm_by", "supplier_confirmed_at", "seeker_confirmed_at", "disputed_by", "dispute_note"),
            *("state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(PartyShape(allow_null=True))
    def get_supplier(self, row: Introduction) -> dict[str, Any] | None:
        return self.side(row, "supplier")

    @extend_schema_field(PartyShape(allow_null=True))
    def get_seeker(self, row: Introduction) -> dict[str, Any] | None:
        return self.side(row, "seeker")

    def side(self, row: Introduction, side: str) -> dict[str, Any] | None:
        known = names.known_sides(self.context["request"].user, row)[side]
        return PartyShape(known, context=self.context).data if known else None


class NewIntroductionShape(Shape):
    listing = ListingReference()
    other = VerifiedOrganisation()
    others_listing = ListingReference(required=False, allow_null=True)
    on = serializers.DateField(required=False, help_text="The day on which it happened; today unless told.")
    how = serializers.ChoiceField(Introduction.How.choices, default=Introduction.How.MEETING)
    note = text(allow_blank=True, default="")


class ActShape(Shape):
    at = serializers.DateTimeField(source="entry.at")
    verb = serializers.CharField(source="entry.verb")
    entry = serializers.IntegerField(source="entry.pk", help_text="The line of the journal.")
    seal = serializers.IntegerField(source="seal.number", allow_null=True, default=None)
    seal_hash = serializers.CharField(source="seal.hash", allow_null=True, default=None)


class ProofShape(Shape):
    supplier = PartyShape()
    seeker = PartyShape()
    subject = serializers.CharField()
    acts = ActShape(many=True)


class Introductions(Listed, Retrieved, Door):
    """Who was brought together with whom: one's own organisations, and those that one brought together."""

    queryset = Introduction.objects.select_related(
        *("achievement__achievement", "achievement__demand", "demand__achievement", "demand__demand"),
        *("supplier", "seeker", "manager", "supply_mandate__agency", "demand_mandate__agency"),
    ).order_by("-id")
    serializer_class = IntroductionRowShape

    @extend_schema(request=NewIntroductionShape, responses={201: IntroductionRowShape})
    def create(self, request: Request) -> Response:
        """Technology managers: write down whom they brought together; both are asked to confirm."""
        given = self.body(NewIntroductionShape)
        row = services.log_introduction(given.pop("listing"), given.pop("other"), **given, by=request.user)
        return self.show(row, status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, id: str) -> Response:
        """It was so."""
        self.body(Nothing)
        return self.show(services.confirm_introduction(self.get_object(), by=request.user))

    @extend_schema(request=GroundShape)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, id: str) -> Response:
        """It was not so, and why."""
        return self.show(services.dispute_introduction(self.get_object(), **self.body(GroundShape), by=request.user))

    @extend_schema(responses=ProofShape)
    @action(detail=True, methods=["get"])
    def proof(self, request: Request, id: str) -> Response:
        """The record with the lines of the journal that hold it, and their seals."""
        found = proofs.proof_of(self.get_object(), request.user)
        return Response(ProofShape(found, context=self.get_serializer_context()).data)


# Interests and disclosures


class DeclaredInterestShape(RowShape):
    organisation = PartyShape(read_only=True)
    holder = serializers.CharField(source="holder.__str__", read_only=True)
    kind_display = CodeName(Interest.Kind, source="kind")

    class Meta:
        model = Interest
        fields = ["id", "holder", "organisation", "kind", "kind_display", "note", "since", "ended_on", "version"]
        read_only_fields = fields


class NewInterestShape(Shape):
    organisation = VerifiedOrganisation()
    agency = AgencyReference(required=False, allow_null=True, help_text="Empty: one's own interest.")
    kind = serializers.ChoiceField(Interest.Kind.choices)
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")
    since = serializers.DateField(required=False)


class Interests(Listed, Retrieved, Door):
    """What ties one, or one's agency, to organisations."""

    queryset = Interest.objects.select_related("organisation", "manager", "agency__organisation").order_by("-id")
    serializer_class = DeclaredInterestShape

    @extend_schema(request=NewInterestShape, responses={201: DeclaredInterestShape})
    def create(self, request: Request) -> Response:
        """Declare an interest before one brings its organisation to somebody."""
        given = self.body(NewInterestShape)
        holder = {} if given.get("agency") else {"manager": request.user}
        return self.show(services.declare_interest({**given, **holder}, by=request.user), status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, id: str) -> Response:
        """It is over."""
        self.body(Nothing)
        return self.show(services.end_interest(self.get_object(), by=request.user))


class DisclosureShape(RowShape):
    """What is disclosed names the other side by its listing alone."""

    achievement = ListingReference(read_only=True)
    demand = ListingReference(read_only=True)
    party = PartyShape(read_only=True)
    manager = serializers.CharField(source="manager.name", read_only=True)
    kind_display = CodeName(Disclosure.Kind, source="kind")
    interest_kind = serializers.CharField(source="interest.kind", read_only=True, allow_null=True, default=None)
    state_display = CodeName(Disclosure.State, source="state")

    class Meta:
        model = Disclosure
        fields = [
            *("id", "kind", "kind_display", "interest_kind", "manager", "achievement", "demand", "party", "note"),
            *("answer", "answered_at", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class NewDisclosureShape(Shape):
    achievement = ListingReference()
    demand = ListingReference()
    note = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class Disclosures(Listed, Retrieved, Door):
    """What brokers told one's organisations, and what one told as a broker."""

    queryset = Disclosure.objects.select_related("achievement", "demand", "party", "manager", "interest").order_by(
        "-id"
    )
    serializer_class = DisclosureShape

    @extend_schema(request=NewDisclosureShape, responses={201: DisclosureShape(many=True)})
    def create(self, request: Request) -> Response:
        """Technology managers: tell both sides of a pair what they must know first."""
        rows = services.disclose(**self.body(NewDisclosureShape), by=request.user)
        fresh = self.everything().filter(pk__in=[row.pk for row in rows])
        return Response(self.get_serializer(fresh, many=True).data, status=201)

    @extend_schema(request=DisclosureAnswerShape)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, id: str) -> Response:
        """One's side knows it and lets the broker act."""
        return self.show(services.acknowledge(self.get_object(), **self.body(DisclosureAnswerShape), by=request.user))

    @extend_schema(request=DisclosureAnswerShape)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, id: str) -> Response:
        """One's side does not want the broker to act."""
        return self.show(services.refuse(self.get_object(), **self.body(DisclosureAnswerShape), by=request.user))
