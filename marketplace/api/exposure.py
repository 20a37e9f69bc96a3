"""The exposure of guarantors over the API: on any day, by contract and due day, against the limit of the law."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts.models import Guarantee
from marketplace.settlement import exposure

from .brokerage import PartyShape
from .contracts.fields import Day
from .doors import Door, Shape
from .fields import Amount, CodeName, Currency, OrganisationReference


class AskedExposure(Shape):
    on = Day(required=False)
    guarantor = OrganisationReference(required=False)


class DueShape(Shape):
    key = serializers.CharField(help_text="Of the obligation, in its contract.")
    due_on = serializers.DateField()
    open = Amount()
    covered = Amount(help_text="What the guarantee would pay of it, while its cover lasts.")
    until = serializers.DateField(help_text="The last day on which it can be claimed.")


class OfGuaranteeShape(Shape):
    guarantee = serializers.CharField(source="guarantee.public_id")
    contract = serializers.CharField(source="guarantee.contract.public_id")
    kind = serializers.CharField(source="guarantee.kind")
    kind_display = CodeName(Guarantee.Kind, source="guarantee.kind")
    cover_amount = Amount(source="guarantee.cover_amount")
    compensated = Amount(help_text="Paid out by that day.")
    left = Amount(help_text="Counts against the limit.")
    called = Amount(help_text="What could be asked for if nothing of what is due were paid.")
    ends_on = serializers.DateField(allow_null=True, help_text="When nothing can be claimed any more; null: not known.")
    dues = DueShape(many=True)


class ExposureShape(Shape):
    guarantor = PartyShape()
    day = serializers.DateField()
    guarantee_count = serializers.IntegerField(help_text="Guarantees that count on the day.")
    is_cut = serializers.BooleanField(help_text="Whether `rows` are the largest of them alone; the sums are over all.")
    total = Amount()
    limit = serializers.DecimalField(18, 2, allow_null=True, help_text="Null where no net assets are shown.")
    room = serializers.DecimalField(18, 2, allow_null=True, help_text="Below zero beyond the limit.")
    currency = Currency(source="day")
    rows = OfGuaranteeShape(many=True)


class Exposures(Door):
    """What a guarantor stands in for; read by the guarantor itself and by staff."""

    queryset = Guarantee.objects.none()
    serializer_class = ExposureShape

    @extend_schema(
        parameters=[
            OpenApiParameter("on", OpenApiTypes.DATE, description="Any day, past or to come; else today."),
            OpenApiParameter("guarantor", str, description="Needed for who reads more than one."),
        ],
        responses={200: ExposureShape},
    )
    def show_exposure(self, request: Request) -> Response:
        """Every guarantee that stands on the day, with what is open by the day it falls due."""
        self.refuse_unknown({"on", "guarantor"})
        asked = AskedExposure(data=request.query_params.dict(), context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        found = self.guarantor(asked.validated_data.get("guarantor"))
        day = asked.validated_data.get("on") or timezone.localdate()
        return Response(self.get_serializer(exposure.exposure_on(found, day)).data)

    def guarantor(self, named: Any) -> Any:
        """The guarantor that is named, or the only one of the reader's."""
        rows = exposure.guarantors_of(self.request.user)
        found = list(rows.filter(pk=named.pk) if named else rows[:2])
        if len(found) != 1:
            raise ValidationError({"guarantor": [_("Name one guarantor that you may read.")]})
        return found[0]
