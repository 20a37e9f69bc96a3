"""What every address of the API shares: shapes, visible rows by public id, versions, the way to a service."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.acts import stale
from marketplace.core.errors import NotFound
from marketplace.core.models import ALPHABET, Record

from .problems import PreconditionRequired

R = TypeVar("R", bound=Record)
PUBLIC_ID = f"[{ALPHABET}]{{16}}"
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that you have read. Missing: 428. Changed since: 412.",
)


class Shape(serializers.Serializer[Any]):
    """The shape of a body or an answer. A name that it does not know, or may not write, is refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            faults = {name: [self.refusal(name)] for name in data if not self.may_write(name)}
            if faults:
                raise ValidationError(faults)
        return super().to_internal_value(data)

    def may_write(self, name: str) -> bool:
        return name in self.fields and not self.fields[name].read_only

    def refusal(self, name: str) -> Any:
        return _("This cannot be written.") if name in self.fields else _("There is no such field.")


class RowShape(Shape, serializers.ModelSerializer[Any]):
    """The same for a row: types and limits come from the model. Uniqueness is the service's to say."""

    id = serializers.CharField(source="public_id", read_only=True, help_text="Opaque public id.")

    def get_validators(self) -> list[Any]:
        return []


class Nothing(Shape):
    """A verb that needs no body."""


class Door(viewsets.GenericViewSet[Any]):
    """Rows that the asking person may see, by public id. What they may do with them the services decide."""

    queryset: Any
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = PUBLIC_ID
    permission_classes = [IsAuthenticated]

    def finalize_response(self, request: Request, response: Any, *given: Any, **named: Any) -> Any:
        """What was made for one person is kept by no cache on the way."""
        answer = super().finalize_response(request, response, *given, **named)
        is_personal = "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES
        answer.headers.setdefault("Cache-Control", "no-store" if is_personal else "no-cache")
        return answer

    def get_queryset(self) -> Any:
        return self.everything().visible_to(self.request.user)

    def everything(self) -> Any:
        return self.queryset.all()

    def get_object(self) -> Any:
        """The row of the address; what one may not see does not exist."""
        row = self.get_queryset().filter(public_id=self.kwargs["id"]).first()
        if row is None:
            raise NotFound
        return row

    def filter_queryset(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Only declared filters."""
        filters: type[FilterSet] | None = getattr(self, "filterset_class", None)
        self.refuse_unknown({"page", "page_size", *(filters.base_filters if filters else ())})
        return super().filter_queryset(queryset)

    def refuse_unknown(self, known: set[str]) -> None:
        """An unknown parameter is refused, never ignored."""
        faults = {name: [_("There is no such parameter.")] for name in self.request.query_params if name not in known}
        if faults:
            raise ValidationError(faults)

    def body(self, shape: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
        """The request's body in this shape, or a ValidationError."""
        read = shape(data=self.request.data, context=self.get_serializer_context(), **options)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def show(self, row: Record, status: int = 200) -> Response:
        """The row as it is now, with its version; whoever just acted on it may see what became of it."""
        fresh = self.everything().get(pk=row.pk)
        return Response(self.get_serializer(fresh).data, status=status, headers=etag(fresh))

    def version(self, row: Record, *, required: bool = False) -> int | None:
        """The version that the caller has read, from If-Match; None when it need not be said and is not."""
        asked = self.request.headers.get("If-Match", "").strip()
        if not asked and required:
            raise PreconditionRequired
        if asked in ("", "*"):
            return None
        if f'"{row.version}"' not in [each.strip().removeprefix("W/") for each in asked.split(",")]:
            raise stale(row)
        return row.version


class Listed(mixins.ListModelMixin):
    """A list, in pages."""


class Retrieved:
    """One row, with its version as ETag."""

    def retrieve(self, request: Request, id: str) -> Response:
        row = self.get_object()  # type: ignore[attr-defined]
        return Response(self.get_serializer(row).data, headers=etag(row))  # type: ignore[attr-defined]


def etag(row: Record) -> dict[str, str]:
    return {"ETag": f'"{row.version}"'}
