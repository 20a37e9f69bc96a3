"""What being in the register brings with it: yearly data to file, removals with the right to be heard."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.parties.models import TechnologyManager
from marketplace.register import services
from marketplace.register.models import Removal, YearlyFiling

from .doors import Door, Listed, Nothing, Retrieved, Shape
from .fields import Amount, CodeName
from .filters import states_of
from .register import FIELDS, LONG, AgencyHolder, HeldShape, ManagerHolder, RegisterDecisionShape

# Yearly data


class YearlyFilingShape(HeldShape):
    contract_sum = Amount(read_only=True)
    income = Amount(read_only=True)
    is_late = serializers.BooleanField(read_only=True)
    state_display = CodeName(YearlyFiling.State, source="state")

    class Meta:
        model = YearlyFiling
        fields = [
            *(*FIELDS, "year", "due_on", "filed_on", "is_late", "deals", "counted", "contract_sum", "income", "staff"),
            *("note", "state", "state_display", "fault", "version", "created_at"),
        ]
        read_only_fields = fields


class FiguresShape(Shape):
    deals = serializers.IntegerField(min_value=0, max_value=1_000_000)
    contract_sum = Amount()
    income = Amount()
    staff = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, help_text="Agencies only.")
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class NewFilingShape(FiguresShape):
    agency = AgencyHolder(required=False, help_text="Without it, as technology manager.")
    year = serializers.IntegerField(min_value=1990, max_value=2200)


class FilingFaultShape(Shape):
    fault = serializers.CharField(max_length=1000)


class YearlyFilingFilter(filters.FilterSet):
    state = states_of(YearlyFiling)
    year = filters.NumberFilter()

    class Meta:
        model = YearlyFiling
        fields: list[str] = []


class YearlyFilings(Listed, Retrieved, Door):
    """Business data of a year: one's own; who keeps the register sees all."""

    queryset = YearlyFiling.objects.select_related("manager__user", "agency__organisation").order_by("-year", "-id")
    serializer_class = YearlyFilingShape
    filterset_class = YearlyFilingFilter

    @extend_schema(request=NewFilingShape, responses={201: YearlyFilingShape})
    def create(self, request: Request) -> Response:
        """File the data of a year that is over."""
        values = self.body(NewFilingShape)
        held = values.pop("agency", None) or own_entry(request.user)
        return self.show(services.file_year(held, values.pop("year"), values, by=request.user), 201)

    @extend_schema(request=FiguresShape)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, id: str) -> Response:
        """File anew before it is accepted."""
        row = self.get_object()
        values = self.body(FiguresShape)
        return self.show(services.correct_filing(row, values, by=request.user, version=self.version(row)))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: str) -> Response:
        """The keeper has nothing against it."""
        row = self.get_object()
        self.body(Nothing)
        return self.show(services.accept_filing(row, by=request.user, version=self.version(row)))

    @extend_schema(request=FilingFaultShape)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, id: str) -> Response:
        """The keeper says what is to be corrected."""
        row = self.get_object()
        fault = self.body(FilingFaultShape)["fault"]
        return self.show(services.return_filing(row, fault, by=request.user, version=self.version(row)))


def own_entry(user: Any) -> TechnologyManager:
    held = TechnologyManager.objects.filter(user=user).first()
    if held is None:
        raise ValidationError({"agency": [_("Name the agency: you are no technology manager.")]})
    return held


# Removals


class RemovalShape(HeldShape):
    ground_display = CodeName(Removal.Ground, source="ground")
    state_display = CodeName(Removal.State, source="state")

    class Meta:
        model = Removal
        fields = [
            *(*FIELDS, "ground", "ground_display", "reason", "announced_on", "reply_by", "reply", "replied_on"),
            *("state", "state_display", "decision", "decided_on", "version", "created_at"),
        ]
        read_only_fields = fields


class NewRemovalShape(Shape):
    manager = ManagerHolder(required=False)
    agency = AgencyHolder(required=False)
    ground = serializers.ChoiceField(choices=Removal.Ground.choices)
    reason = serializers.CharField(max_length=LONG)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("manager" in attrs) == ("agency" in attrs):
            raise ValidationError({"manager": [_("Give a manager or an agency, and not both.")]})
        return attrs


class RemovalReplyShape(Shape):
    reply = serializers.CharField(max_length=LONG)


class RemovalFilter(filters.FilterSet):
    state = states_of(Removal)
    ground = filters.ChoiceFilter(choices=Removal.Ground.choices)

    class Meta:
        model = Removal
        fields: list[str] = []


class Removals(Listed, Retrieved, Door):
    """Removals from the register that concern oneself; who keeps the register sees all."""

    queryset = Removal.objects.select_related("manager__user", "agency__organisation").order_by("-id")
    serializer_class = RemovalShape
    filterset_class = RemovalFilter

    @extend_schema(request=NewRemovalShape, responses={201: RemovalShape})
    def create(self, request: Request) -> Response:
        """Ask to be removed oneself (ground OWN_REQUEST), or, as a keeper, announce a removal with its ground."""
        values = self.body(NewRemovalShape)
        held = values.get("manager") or values["agency"]
        if values["ground"] == Removal.Ground.OWN_REQUEST:
            return self.show(services.ask_removal(held, values["reason"], by=request.user), 201)
        ground, reason = values["ground"], values["reason"]
        return self.show(services.announce_removal(held, ground=ground, reason=reason, by=request.user), 201)

    @extend_schema(request=RemovalReplyShape)
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, id: str) -> Response:
        """Whom it concerns says their part."""
        row = self.get_object()
        text = self.body(RemovalReplyShape)["reply"]
        return self.show(services.reply(row, text, by=request.user, version=self.version(row)))

    @extend_schema(request=RegisterDecisionShape)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, id: str) -> Response:
        """The keeper decides it, once it was heard."""
        return self.decided(services.remove)

    @extend_schema(request=RegisterDecisionShape)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, id: str) -> Response:
        """The keeper lets the entry stay."""
        return self.decided(services.drop)

    def decided(self, does: Any) -> Response:
        row = self.get_object()
        reason = self.body(RegisterDecisionShape)["reason"]
        return self.show(does(row, reason, by=self.request.user, version=self.version(row)))
