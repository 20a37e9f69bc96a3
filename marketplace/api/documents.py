"""Documents that one's organisations may read: what is known of each, and the file itself."""

from typing import Any

import django_filters as filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from marketplace.core.downloads import attachment
from marketplace.documents import services
from marketplace.documents.models import Document, Kind

from .brokerage import PartyShape
from .doors import Door, Listed, Retrieved, RowShape
from .fields import CodeName


class DocumentShape(RowShape):
    kind_display = CodeName(Kind, source="kind")
    tier_display = CodeName(Document.Tier, source="tier")
    scan_state_display = CodeName(Document.Scan, source="scan_state")
    readers = PartyShape(many=True, read_only=True, help_text="The organisations whose members may read it.")
    sha256 = serializers.CharField(read_only=True, help_text="Of the file's bytes, which never change.")

    class Meta:
        model = Document
        fields = [
            *("id", "kind", "kind_display", "title", "filename", "media_type", "size", "sha256", "tier"),
            *("tier_display", "scan_state", "scan_state_display", "readers", "version", "created_at"),
        ]
        read_only_fields = fields


class DocumentFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Kind.choices)
    sha256 = filters.CharFilter(help_text="Exactly: whether this very file is kept here.")

    class Meta:
        model = Document
        fields: list[str] = []


class AnyType(JSONRenderer):
    """The file has the type that it has, whatever was asked for; a refusal is a problem document."""

    media_type = "*/*"


class Documents(Listed, Retrieved, Door):
    """Documents of one's organisations: contracts, term sheets, notices, evidence."""

    queryset = Document.objects.prefetch_related("readers").order_by("-id")
    serializer_class = DocumentShape
    filterset_class = DocumentFilter

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True, methods=["get"], renderer_classes=[AnyType])
    def content(self, request: Request, id: str) -> HttpResponse:
        """The file, to be saved under its own name. Each opening is noted."""
        document: Any = self.get_object()
        content = services.open_document(document, how="api", by=request.user)
        return attachment(content, name=document.filename, media_type=document.media_type)
