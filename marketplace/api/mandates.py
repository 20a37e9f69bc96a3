"""Mandates, introductions, and what brokers declare and disclose."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services, wording
from marketplace.brokerage.models import Mandate
from marketplace.parties.models import Agency, Organisation, TechnologyManager
from marketplace.parties.rules import CreditCodeError, check_credit_code

from .brokerage import PartyShape, text
from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import Amount, CodeName, Currency, ListingReference, Reference


class VerifiedOrganisation(serializers.CharField):
    """A verified organisation by its unified social credit code: nobody leafs through a list of all."""

    def __init__(self, **options: Any) -> None:
        super().__init__(help_text="Unified social credit code of a verified organisation.", **options)

    def to_internal_value(self, data: Any) -> Any:
        try:
            code = check_credit_code(super().to_internal_value(data))
        except CreditCodeError as fault:
            raise serializers.ValidationError(str(fault)) from fault
        row = Organisation.objects.filter(credit_code=code, state=Organisation.State.VERIFIED).first()
        if row is None:
            raise serializers.ValidationError(_("No verified organisation on this platform has this credit code."))
        return row


class AgencyReference(Reference):
    model = Agency


class ManagerReference(Reference):
    """A technology manager of the public directory."""

    model = TechnologyManager

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data).user


class RateShape(Shape):
    """From this amount of received money on, this rate."""

    vars()["from"] = serializers.CharField(help_text='Yuan, such as "0".')
    rate = serializers.CharField(help_text='From 0 to 1, such as "0.05".')


def terms_fields() -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    return {
        "side": serializers.ChoiceField(Mandate.Side.choices),
        "listings": serializers.ListField(child=ListingReference(), required=False, max_length=200),
        "fields": serializers.ListField(child=serializers.CharField(max_length=2), required=False),
        "is_exclusive": serializers.BooleanField(required=False),
        "territory": serializers.ListField(child=serializers.CharField(max_length=6), required=False),
        "starts_on": serializers.DateField(required=False),
        "ends_on": serializers.DateField(),
        "tail_months": serializers.IntegerField(min_value=0, required=False),
        "base": serializers.ChoiceField(Mandate.Base.choices, required=False),
        "tiers": RateShape(many=True, required=False),
        "floor": Amount(required=False, allow_null=True),
        "cap": Amount(required=False, allow_null=True),
        "agency_share": serializers.DecimalField(7, 6, min_value=0, max_value=1, required=False),
        "note": text(required=False, allow_blank=True),
    }


class TermsShape(Shape):
    """What a mandate says; the parties are named once, when it is drawn up."""

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | terms_fields()


class NewMandateShape(TermsShape):
    principal = VerifiedOrganisation()
    agency = AgencyReference(required=False, allow_null=True)
    manager = ManagerReference(required=False, allow_null=True)


class MandateShape(RowShape):
    principal = PartyShape(read_only=True)
    agency = serializers.SerializerMethodField()
    manager = serializers.CharField(source="manager.name", read_only=True, allow_null=True, default=None)
    side_display = CodeName(Mandate.Side, source="side")
    state_display = CodeName(Mandate.State, source="state")
    base_display = CodeName(Mandate.Base, source="base")
    listings = serializers.ListField(child=ListingReference(), source="listings.all", read_only=True)
    tiers = RateShape(many=True, read_only=True)
    manager_share = serializers.DecimalField(7, 6, read_only=True)
    currency = Currency(read_only=True)
    sentence = serializers.SerializerMethodField(help_text="The commission in one sentence.")

    class Meta:
        model = Mandate
        fields = [
            *("id", "principal", "agency", "manager", "side", "side_display", "listings", "fields", "is_exclusive"),
            *("territory", "starts_on", "ends_on", "tail_months", "base", "base_display", "tiers", "floor", "cap"),
            *("currency", "agency_share", "manager_share", "sentence", "note", "state", "state_display"),
            *("principal_signed_at", "broker_signed_at", "end_asked_by", "ended_on", "end_note"),
            *("version", "created_at", "changed_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_agency(self, row: Mandate) -> str | None:
        return str(row.agency) if row.agency else None

    def get_sentence(self, row: Mandate) -> str:
        return wording.commission_sentence(row)


class EndingShape(Shape):
    note = text(allow_blank=True, default="")


class GroundShape(Shape):
    reason = text()


class Mandates(Listed, Retrieved, Door):
    """Mandates that one's organisations gave, or that one was given."""

    queryset = (
        Mandate.objects.select_related("principal", "agency__organisation", "manager")
        .prefetch_related("listings")
        .order_by("-id")
    )
    serializer_class = MandateShape

    @extend_schema(request=NewMandateShape, responses={201: MandateShape})
    def create(self, request: Request) -> Response:
        """Draw up a mandate, for either side; it holds when both have signed."""
        return self.show(services.draft_mandate(self.body(NewMandateShape), by=request.user), status=201)

    @extend_schema(request=TermsShape, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a draft; what was signed is signed again."""
        row = self.get_object()
        version = self.version(row, required=True)
        given = self.body(TermsShape, partial=True)
        return self.show(services.edit_mandate(row, given, by=request.user, version=version))

    @extend_schema(request=Nothing, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, id: str) -> Response:
        """Sign for one's side the version that one has read."""
        row = self.get_object()
        version = self.version(row, required=True)
        self.body(Nothing)
        return self.show(services.sign_mandate(row, by=request.user, version=version))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """A draft comes to nothing."""
        self.body(Nothing)
        return self.show(services.withdraw_mandate(self.get_object(), by=request.user))

    @extend_schema(request=EndingShape)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, id: str) -> Response:
        """Ask to end it, or agree to that."""
        return self.show(services.end_mandate(self.get_object(), **self.body(EndingShape), by=request.user))

    @extend_schema(request=GroundShape)
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, id: str) -> Response:
        """Give it up today; what was earned stays."""
        return self.show(services.terminate_mandate(self.get_object(), **self.body(GroundShape), by=request.user))
