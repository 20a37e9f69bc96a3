"""What a person was told: their own, the newest first."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core import notifying
from marketplace.core.models import Notification

from .doors import Door, Listed, Nothing, RowShape, Shape


class NotificationShape(RowShape):
    text = serializers.CharField(read_only=True, help_text="In the language of the request.")
    about = serializers.CharField(read_only=True)

    class Meta:
        model = Notification
        fields = ["id", "kind", "text", "about", "path", "at", "read_at"]
        read_only_fields = fields


class HowMany(Shape):
    count = serializers.IntegerField()


class NotificationFilter(filters.FilterSet):
    is_unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notification
        fields: list[str] = []


class Notifications(Listed, Door):
    """What happened for the asking person."""

    queryset = Notification.objects.all()
    serializer_class = NotificationShape
    filterset_class = NotificationFilter

    def get_queryset(self) -> Any:
        return notifying.visible_to(self.request.user)

    @extend_schema(request=Nothing, responses=NotificationShape)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, id: str) -> Response:
        """It has been read. Twice is as good as once."""
        self.body(Nothing)
        row = notifying.read(id, by=request.user)
        row.refresh_from_db()
        return Response(self.get_serializer(row).data)

    @extend_schema(request=Nothing, responses=HowMany)
    @action(detail=False, methods=["post"], url_path="read-all", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """Everything has been read; says how much had not."""
        self.body(Nothing)
        return Response({"count": notifying.read_all(by=request.user)})
