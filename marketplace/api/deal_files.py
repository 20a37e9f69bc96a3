"""Files of deals: handed in by a side in versions, opened as a marked copy by whom they are shared with."""

from typing import Any

import django_filters as filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services
from marketplace.brokerage.models import DealFile, DealFileVersion, Side
from marketplace.core.downloads import attachment
from marketplace.core.errors import NotFound

from .documents import AnyType
from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName
from .files import FileParser, FileShape
from .filters import PublicId
from .ndas import DealReference


class DealFileVersionShape(Shape):
    """Who opens a marked copy learns neither the hash nor the size of the file itself: both find it elsewhere."""

    number = serializers.IntegerField()
    media_type = serializers.CharField(source="document.media_type")
    size = serializers.SerializerMethodField(help_text="Of the file as it was handed in; null for other sides.")
    sha256 = serializers.SerializerMethodField(help_text="Of the file as it was handed in; null for other sides.")
    created_at = serializers.DateTimeField()

    def get_size(self, row: DealFileVersion) -> int | None:
        return row.document.size if self.opens_itself(row) else None

    def get_sha256(self, row: DealFileVersion) -> str | None:
        return row.document.sha256 if self.opens_itself(row) else None

    def opens_itself(self, row: DealFileVersion) -> bool:
        return services.opens_original(row.file, self.context["request"].user)


class DealFileShape(RowShape):
    deal = DealReference(read_only=True)
    audience_display = CodeName(DealFile.Audience, source="audience")
    versions = DealFileVersionShape(many=True, read_only=True)

    class Meta:
        model = DealFile
        fields = [
            *("id", "deal", "side", "title", "audience", "audience_display", "versions", "withdrawn_at"),
            *("version", "created_at"),
        ]
        read_only_fields = fields


class NewDealFileShape(FileShape):
    deal = DealReference()
    title = serializers.CharField(max_length=100)
    audience = serializers.ChoiceField(DealFile.Audience.choices)
    side = serializers.ChoiceField(
        choices=Side.choices, required=False, default="", help_text="Needed by who decides for both."
    )


class DealFileFilter(filters.FilterSet):
    deal = PublicId("deal")
    audience = filters.ChoiceFilter(choices=DealFile.Audience.choices)

    class Meta:
        model = DealFile
        fields: list[str] = []


class DealFiles(Listed, Retrieved, Door):
    """Files that one's side handed in, and those of the other side that one may read now."""

    queryset = DealFile.objects.select_related("deal").prefetch_related("versions__document").order_by("-id")
    serializer_class = DealFileShape
    filterset_class = DealFileFilter
    parser_classes = [FileParser]

    @extend_schema(request=NewDealFileShape, responses={201: DealFileShape})
    def create(self, request: Request) -> Response:
        """Hand in a file for one's own side, for both under the agreement, or for both at once."""
        values = self.body(NewDealFileShape)
        row = services.add_file(values.pop("deal"), values.pop("content"), **values, by=request.user)
        return self.show(row, status=201)

    @extend_schema(request=FileShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="add-version")
    def add_version(self, request: Request, id: str) -> Response:
        """A newer version for the same readers."""
        file, body = self.get_object(), self.body(FileShape)
        version = self.version(file, required=True)
        content = body.pop("content")
        return self.show(services.add_version(file, content, **body, version=version, by=request.user))

    @extend_schema(request=Nothing, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """From this moment nobody but the side's own people opens it."""
        file = self.get_object()
        self.body(Nothing)
        version = self.version(file, required=True)
        return self.show(services.withdraw_file(file, version=version, by=request.user))

    @extend_schema(
        parameters=[OpenApiParameter("number", int, description="Of the version; the latest without it.")],
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True, methods=["get"], renderer_classes=[AnyType])
    def content(self, request: Request, id: str) -> HttpResponse:
        """The file; to the other side and the manager a copy marked with reader and time. Each opening is noted."""
        file: Any = self.get_object()
        self.refuse_unknown({"number"})
        asked = request.query_params.get("number", "")
        rows = file.versions.order_by("-number")
        if asked:
            is_number = asked.isascii() and asked.isdigit() and len(asked) < 5
            rows = rows.filter(number=int(asked)) if is_number else rows.none()
        row = rows.first()
        if row is None:
            raise NotFound
        copy = services.open_file(row, how="api", by=request.user)
        return attachment(copy.content, name=copy.name, media_type=copy.media_type)
