"""Holds over the API: what blocks a distribution, or one share of it, until somebody else says why it may go on."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import Distribution, Hold, Share
from marketplace.settlement.services.holds import MOST

from ..contracts.acting import Acting, verb
from ..contracts.fields import words
from ..doors import Listed, Retrieved, RowShape, Shape
from ..fields import CodeName
from ..filters import PublicId, states_of
from ..moving import Making, making
from .fields import DistributionReference, ShareReference, id_of


class HoldShape(RowShape):
    distribution = id_of("distribution")
    contract_title = serializers.CharField(source="distribution.contract.title", read_only=True)
    share = id_of("share")
    kind_display = CodeName(Hold.Kind, source="kind")
    is_by_itself = serializers.SerializerMethodField(help_text="Raised by the rules: somebody is related to the buyer.")
    state_display = CodeName(Hold.State, source="state")

    class Meta:
        model = Hold
        fields = [
            *("id", "distribution", "contract_title", "share", "kind", "kind_display", "reason", "is_by_itself"),
            *("resolution", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields

    def get_is_by_itself(self, hold: Hold) -> bool:
        return hold.raised_by_id is None


class NewHoldShape(Shape):
    distribution = DistributionReference(required=False, help_text="All of it: money people of the owner.")
    share = ShareReference(required=False, help_text="One share: its person, or the owner's money people.")
    kind = serializers.ChoiceField(Hold.Kind.choices, default=Hold.Kind.DISPUTED.value)
    reason = words(max_length=MOST)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("distribution" in given) == ("share" in given):
            raise ValidationError({"share": [_("Name the distribution, or one share of it.")]})
        return given


class ResolutionShape(Shape):
    resolution = words(max_length=MOST, help_text="Why it blocks no longer.")


class HoldFilter(filters.FilterSet):
    distribution = PublicId("distribution")
    share = PublicId("share")
    kind = filters.ChoiceFilter(choices=Hold.Kind.choices)
    state = states_of(Hold)

    class Meta:
        model = Hold
        fields: list[str] = []


class Holds(Listed, Retrieved, Making, Acting):
    """What one has raised oneself, and what blocks distributions that one decides about."""

    queryset = Hold.objects.select_related("distribution__contract", "share").order_by("-id")
    serializer_class = HoldShape
    filterset_class = HoldFilter

    def locked_before(self, row: Hold) -> list[Any]:
        return [row.distribution.contract]

    @making(NewHoldShape, HoldShape)
    def create(self, request: Request) -> Response:
        """Dispute one's own share, or block a distribution or a share. What is paid: 409 too_late."""
        return self.make(request, NewHoldShape, hold)

    @verb(ResolutionShape)
    def resolve(self, row: Hold, **values: Any) -> None:
        """Somebody who neither raised it nor receives anything says why it may go on."""
        services.resolve_hold(row, **values)


def hold(
    kind: str, reason: str, *, by: Any, distribution: Distribution | None = None, share: Share | None = None
) -> Any:
    whole = share.distribution if share is not None else distribution
    assert whole is not None
    return services.hold(whole, kind, reason, share=share, by=by)
