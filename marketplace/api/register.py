"""Applications to the register of technology managers and agencies, with their evidence and decision."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.parties.models import Agency, Organisation, TechnologyManager
from marketplace.register import services
from marketplace.register.models import Application, Held
from marketplace.register.services import Evidence

from .doors import Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, OrganisationReference, Reference
from .files import FileShape
from .filters import states_of
from .parties import SPOKEN

LONG = 2000
FIELDS = ["id", "entry", "entry_kind", "name"]


class AgencyHolder(Reference):
    model = Agency


class ManagerHolder(Reference):
    model = TechnologyManager


class HeldShape(RowShape):
    entry = serializers.CharField(source="holder.public_id", read_only=True)
    entry_kind = serializers.SerializerMethodField()
    name = serializers.CharField(source="holder.__str__", read_only=True)

    def get_entry_kind(self, row: Held) -> str:
        return "agency" if row.agency_id else "manager"


class EvidenceShape(Shape):
    id = serializers.CharField(source="public_id")
    filename = serializers.CharField()
    sha256 = serializers.CharField()


class RegisterApplicationShape(HeldShape):
    kind_display = CodeName(Application.Kind, source="kind")
    level_display = CodeName(TechnologyManager.Level, source="level")
    state_display = CodeName(Application.State, source="state")
    evidence = EvidenceShape(many=True, read_only=True)

    class Meta:
        model = Application
        fields = [
            *(*FIELDS, "kind", "kind_display", "level", "level_display", "declared", "statement", "rule", "evidence"),
            *("decide_by", "state", "state_display", "missing", "decision", "decided_on", "version", "created_at"),
        ]
        read_only_fields = fields


class ProofShape(Shape):
    declared = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=40)
    statement = serializers.CharField(max_length=LONG, allow_blank=True, default="")
    evidence = FileShape(many=True, default=list)

    def validate_evidence(self, files: Any) -> list[Evidence]:
        return [Evidence(each["filename"], each["content"]) for each in files]


class NewApplicationShape(ProofShape):
    organisation = OrganisationReference(required=False, help_text="For an agency; without it, as technology manager.")
    level = serializers.ChoiceField(choices=TechnologyManager.Level.choices, required=False)
    fields_known = serializers.ListField(child=serializers.CharField(max_length=8), required=False, max_length=40)
    languages = serializers.ListField(child=serializers.ChoiceField(SPOKEN), required=False)
    agency = AgencyHolder(required=False, allow_null=True)
    introduction = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    services = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class SupplementShape(Shape):
    declared = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=40)
    statement = serializers.CharField(max_length=LONG, allow_blank=True, required=False)
    evidence = FileShape(many=True, default=list)

    def validate_evidence(self, files: Any) -> list[Evidence]:
        return [Evidence(each["filename"], each["content"]) for each in files]


class GrantShape(Shape):
    number = serializers.CharField(max_length=40, allow_blank=True, default="", help_text="Of a first registration.")
    reason = serializers.CharField(max_length=LONG)


class RegisterDecisionShape(Shape):
    reason = serializers.CharField(max_length=LONG)


class MissingShape(Shape):
    missing = serializers.CharField(max_length=LONG)


class ApplicationFilter(filters.FilterSet):
    state = states_of(Application)
    kind = filters.ChoiceFilter(choices=Application.Kind.choices)

    class Meta:
        model = Application
        fields: list[str] = []


class Applications(Listed, Retrieved, Door):
    """Applications of one's own; who keeps the register sees all."""

    queryset = (
        Application.objects.select_related("manager__user", "agency__organisation")
        .prefetch_related("evidence")
        .order_by("-id")
    )
    serializer_class = RegisterApplicationShape
    filterset_class = ApplicationFilter

    @extend_schema(request=NewApplicationShape, responses={201: RegisterApplicationShape})
    def create(self, request: Request) -> Response:
        """Apply: for a first registration, or for a renewal or another level when one is in the register."""
        values = self.body(NewApplicationShape)
        proof = {name: values.pop(name) for name in ("declared", "statement", "evidence")}
        if "fields_known" in values:
            values["fields"] = values.pop("fields_known")
        organisation = values.pop("organisation", None)
        if organisation is not None:
            return self.show(apply_as_agency(organisation, values, proof, by=request.user), 201)
        return self.show(apply_as_manager(values, proof, by=request.user), 201)

    @extend_schema(request=SupplementShape)
    @action(detail=True, methods=["post"])
    def supplement(self, request: Request, id: str) -> Response:
        """The applicant supplies what was missing."""
        row = self.get_object()
        values = self.body(SupplementShape)
        return self.show(services.supplement(row, **values, by=request.user, version=self.version(row)))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """The applicant takes it back."""
        row = self.get_object()
        self.body(Nothing)
        return self.show(services.withdraw(row, by=request.user, version=self.version(row)))

    @extend_schema(request=MissingShape)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, id: str) -> Response:
        """The keeper of the register asks for a supplement."""
        row = self.get_object()
        missing = self.body(MissingShape)["missing"]
        return self.show(services.send_back(row, missing, by=request.user, version=self.version(row)))

    @extend_schema(request=GrantShape)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, id: str) -> Response:
        """The keeper enters it in the register, with the reason."""
        row = self.get_object()
        values = self.body(GrantShape)
        return self.show(services.grant(row, **values, by=request.user, version=self.version(row)))

    @extend_schema(request=RegisterDecisionShape)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, id: str) -> Response:
        """The keeper refuses it, with the reason."""
        row = self.get_object()
        reason = self.body(RegisterDecisionShape)["reason"]
        return self.show(services.refuse(row, reason, by=request.user, version=self.version(row)))


def apply_as_manager(values: dict[str, Any], proof: dict[str, Any], *, by: Any) -> Application:
    held = TechnologyManager.objects.filter(user=by).first()
    if held is None:
        return services.apply_as_manager(values, **proof, by=by)
    return again(held, values, proof, by=by)


def apply_as_agency(organisation: Organisation, values: dict[str, Any], proof: dict[str, Any], *, by: Any) -> Any:
    held = Agency.objects.filter(organisation=organisation).first()
    if held is None:
        return services.apply_as_agency(organisation, values, **proof, by=by)
    return again(held, values, proof, by=by)


def again(held: TechnologyManager | Agency, values: dict[str, Any], proof: dict[str, Any], *, by: Any) -> Application:
    """An entry that is there already: what it says of itself is not changed by an application."""
    said = {name: [_("This is known already; leave it out.")] for name in values if name != "level"}
    if said:
        raise ValidationError(said)
    is_registered = held.state == held.State.REGISTERED
    apply = services.renew if is_registered else services.apply_again
    return apply(held, level=values.get("level", ""), **proof, by=by)
