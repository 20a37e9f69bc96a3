"""Rights of one's own organisations: patents, copyrights, know-how."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.listings import services
from marketplace.listings.models import Right

from ..doors import IF_MATCH, Door, Listed, Retrieved, RowShape
from ..fields import CodeName, OrganisationReference
from ..filters import PublicId


class RightShape(RowShape):
    owner = OrganisationReference()
    kind_display = CodeName(Right.Kind, source="kind")

    class Meta:
        model = Right
        fields = [
            *("id", "owner", "kind", "kind_display", "number", "title_zh", "title_en"),
            *("filed_on", "granted_on", "version", "created_at", "changed_at"),
        ]
        read_only_fields = ["version", "created_at", "changed_at"]


class RightChange(RightShape):
    """The owner of a right does not change."""

    owner = OrganisationReference(read_only=True)


class RightFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Right.Kind.choices)
    owner = PublicId("owner")

    class Meta:
        model = Right
        fields: list[str] = []


class Rights(Listed, Retrieved, Door):
    """The rights that one's listings may name."""

    queryset = Right.objects.select_related("owner").order_by("-id")
    serializer_class = RightShape
    filterset_class = RightFilter

    @extend_schema(responses={201: RightShape})
    def create(self, request: Request) -> Response:
        """Enter a right; its number's form and check digit are verified."""
        values: dict[str, Any] = self.body(RightShape)
        return self.show(services.add_right(values, owner=values.pop("owner"), by=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=RightChange, responses=RightShape)
    def partial_update(self, request: Request, id: str) -> Response:
        """Correct a right."""
        right = self.get_object()
        version = self.version(right, required=True)
        values = self.body(RightChange, partial=True)
        return self.show(services.edit_right(right, values, by=request.user, version=version))
