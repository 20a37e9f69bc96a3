"""Non-disclosure agreements of deals: drawn up, signed on the hash of the text, their people named, ended."""

from typing import Any

import django_filters as filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services
from marketplace.brokerage.models import BoundPerson, Deal, Nda, Side
from marketplace.brokerage.models.nda import LONGEST_NOTE
from marketplace.brokerage.rules import ndas as rules
from marketplace.core.downloads import attachment
from marketplace.core.errors import Conflict
from marketplace.documents.models import Language
from marketplace.parties.models import Membership

from .brokerage import DealSideShape
from .documents import AnyType
from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, Reference
from .filters import PublicId, states_of


class DealReference(Reference):
    model = Deal


class MembershipReference(Reference):
    model = Membership


class NdaSignatureShape(Shape):
    side = serializers.ChoiceField(Side.choices)
    signer = serializers.CharField(source="signer.name")
    sha256 = serializers.CharField()
    signed_at = serializers.DateTimeField()


class BoundPersonShape(Shape):
    """Somebody whom a side has named to read; both sides see who is named."""

    side = serializers.ChoiceField(Side.choices)
    membership = serializers.CharField(source="membership.public_id")
    name = serializers.CharField(source="membership.user.name")


class NdaShape(RowShape):
    deal = DealReference(read_only=True)
    sha256 = serializers.CharField(source="document.sha256", read_only=True, help_text="Of the text that is signed.")
    filename = serializers.CharField(source="document.filename", read_only=True)
    state_display = CodeName(Nda.State, source="state")
    end_code_display = CodeName(Nda.End, source="end_code")
    signatures = NdaSignatureShape(many=True, read_only=True)
    people = serializers.SerializerMethodField()

    class Meta:
        model = Nda
        fields = [
            *("id", "deal", "sha256", "filename", "state", "state_display", "ends_on", "secrecy_years", "began_on"),
            *("ended_on", "end_code", "end_code_display", "end_note", "signatures", "people", "version", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(BoundPersonShape(many=True))
    def get_people(self, nda: Nda) -> Any:
        rows = [each for each in nda.bound.all() if each.released_at is None]
        return BoundPersonShape(rows, many=True, context=self.context).data


class NewNdaShape(Shape):
    deal = DealReference()
    ends_on = serializers.DateField(help_text="The last day on which anything is shown, at most ten years ahead.")
    secrecy_years = serializers.IntegerField(
        default=rules.SECRECY_YEARS,
        min_value=1,
        max_value=rules.MOST_SECRECY_YEARS,
        help_text="How long what was shown stays secret after the end.",
    )
    purpose = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")
    language = serializers.ChoiceField(Language.choices, default=Language.ZH)


class NdaSigningShape(DealSideShape):
    sha256 = serializers.CharField(max_length=64, help_text="Of exactly the text that you have read.")


class NamedPersonShape(Shape):
    person = MembershipReference(help_text="A membership of today in the side's organisation.")


class NdaEndShape(DealSideShape):
    note = serializers.CharField(max_length=LONGEST_NOTE, help_text="Why it ends.")


class NdaFilter(filters.FilterSet):
    state = states_of(Nda)
    deal = PublicId("deal")

    class Meta:
        model = Nda
        fields: list[str] = []


def agreements() -> Any:
    rows = Nda.objects.select_related("deal", "document").order_by("-id")
    return rows.prefetch_related("signatures__signer", "bound__membership__user")


class Ndas(Listed, Retrieved, Door):
    """Agreements of the deals that one sees. While one is in force, those whom it names read the confidential tier."""

    queryset = agreements()
    serializer_class = NdaShape
    filterset_class = NdaFilter

    @extend_schema(request=NewNdaShape, responses={201: NdaShape})
    def create(self, request: Request) -> Response:
        """Draw up the agreement of a deal whose sides want to talk. 409 nda_exists while another one is live."""
        values = self.body(NewNdaShape)
        return self.show(services.draft_nda(values.pop("deal"), **values, by=request.user), status=201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True, methods=["get"], renderer_classes=[AnyType])
    def content(self, request: Request, id: str) -> HttpResponse:
        """The text, a Word file. Each opening is noted."""
        nda: Any = self.get_object()
        content = services.open_nda_text(nda, how="api", by=request.user)
        return attachment(content, name=nda.document.filename, media_type=nda.document.media_type)

    @extend_schema(request=NdaSigningShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, id: str) -> Response:
        """Sign the text of this hash for a side. With both signatures the agreement is in force."""
        return self.moved(services.sign_nda, NdaSigningShape)

    @extend_schema(request=NamedPersonShape)
    @action(detail=True, methods=["post"])
    def bind(self, request: Request, id: str) -> Response:
        """A side names one of its people to read."""
        nda, person = self.get_object(), self.body(NamedPersonShape)["person"]
        services.bind(nda, person, by=request.user)
        return self.show(nda)

    @extend_schema(request=NamedPersonShape)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, id: str) -> Response:
        """A side takes a name back: that person is shown nothing more. 409 not_named for who is not named."""
        nda, person = self.get_object(), self.body(NamedPersonShape)["person"]
        row = BoundPerson.objects.filter(nda=nda, membership=person, released_at__isnull=True).first()
        if row is None:
            raise Conflict(code="not_named")
        services.release(row, by=request.user)
        return self.show(nda)

    @extend_schema(request=NdaEndShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, id: str) -> Response:
        """A side ends it: from this moment nothing more is shown to anybody."""
        return self.moved(services.terminate_nda, NdaEndShape)

    @extend_schema(request=Nothing, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """Give it up before both have signed."""
        return self.moved(services.withdraw_nda, Nothing)

    def moved(self, service: Any, shape: type[Shape]) -> Response:
        """What a service does with the version that the caller has read."""
        nda, body = self.get_object(), self.body(shape)
        return self.show(service(nda, **body, version=self.version(nda, required=True), by=self.request.user))
