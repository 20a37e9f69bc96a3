"""What is confidential of a deal, for whom its agreement opens it; and the log of who was shown what."""

import django_filters as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services
from marketplace.brokerage.models import Nda, NdaShowing, Side

from .brokerage import deals
from .doors import Door, Listed, Retrieved, RowShape, Shape
from .fields import Amount, CodeName, Currency, ListingReference, Reference
from .filters import PublicId
from .listings.shapes import PublicOfferShape, PublicRightShape


class NdaReference(Reference):
    model = Nda


class ConfidentialShape(Shape):
    """All that a side says in its listing. `sha256` and `version` are those of the line in the disclosure log."""

    listing = serializers.CharField(source="row.public_id")
    title = serializers.CharField(source="row.title")
    title_zh = serializers.CharField(source="row.title_zh")
    title_en = serializers.CharField(source="row.title_en")
    texts = serializers.DictField(source="seen.texts", help_text="By name and language, such as description_zh.")
    keywords_zh = serializers.ListField(source="seen.keywords_zh")
    keywords_en = serializers.ListField(source="seen.keywords_en")
    price_low = Amount(source="seen.price_low", allow_null=True)
    price_high = Amount(source="seen.price_high", allow_null=True)
    currency = Currency()
    offers = PublicOfferShape(source="seen.offers", many=True)
    rights = PublicRightShape(many=True)
    version = serializers.IntegerField()
    sha256 = serializers.CharField()


class Confidential(Door):
    """The listing of one side of a deal with its confidential tier. Each showing is a line of the disclosure log."""

    queryset = deals()
    serializer_class = ConfidentialShape

    @extend_schema(
        parameters=[
            OpenApiParameter("id", str, OpenApiParameter.PATH),
            OpenApiParameter("side", str, OpenApiParameter.PATH, enum=Side.values),
        ]
    )
    def show_side(self, request: Request, id: str, side: str) -> Response:
        """The supplier's achievement or the seeker's demand, for whom the agreement in force opens it; else 404."""
        shown = services.show_listing(self.get_object(), side, how=NdaShowing.Door.API, by=request.user)
        return Response(self.get_serializer(shown).data)


class NdaShowingShape(RowShape):
    nda = NdaReference(read_only=True)
    shown_to = serializers.CharField(source="user.name", read_only=True)
    listing = ListingReference(read_only=True, allow_null=True)
    document = serializers.CharField(source="document.public_id", read_only=True, allow_null=True, default=None)
    side = serializers.ChoiceField(Side.choices, read_only=True)
    at = serializers.DateTimeField(source="created_at", read_only=True)
    how_display = CodeName(NdaShowing.Door, source="how")

    class Meta:
        model = NdaShowing
        fields = [
            *("id", "nda", "side", "shown_to", "listing", "document", "shown_version", "sha256", "how", "how_display"),
            "at",
        ]
        read_only_fields = fields


class NdaShowingFilter(filters.FilterSet):
    nda = PublicId("nda")
    listing = PublicId("listing")

    class Meta:
        model = NdaShowing
        fields: list[str] = []


class NdaShowings(Listed, Retrieved, Door):
    """The disclosure log of one's own side: who of the other side was shown which version, when and by which door."""

    queryset = NdaShowing.objects.select_related("nda", "user", "listing", "document").order_by("-id")
    serializer_class = NdaShowingShape
    filterset_class = NdaShowingFilter
