"""Organisations and their members, and the public directory of technology managers and agencies."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.parties import services
from marketplace.parties.models import LANGUAGES, Agency, Membership, Organisation, TechnologyManager

from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, CodeNames, OrganisationReference
from .filters import CodeOf, PublicId, holding, states_of

SPOKEN = [(code, str(code)) for code in LANGUAGES]


class OrganisationShape(RowShape):
    kind_display = CodeName(Organisation.Kind, source="kind")
    region_display = CodeName("province", source="region")
    size_display = CodeName(Organisation.Size, source="size")
    state_display = CodeName(Organisation.State, source="state")

    class Meta:
        model = Organisation
        fields = [
            *("id", "name_zh", "name_en", "kind", "kind_display", "credit_code", "region", "region_display"),
            *("size", "size_display", "size_proof", "size_proved_on", "state", "state_display"),
            *("version", "created_at", "changed_at"),
        ]
        read_only_fields = ["state", "version", "created_at", "changed_at"]
        extra_kwargs = {"credit_code": {"validators": [], "max_length": 40}}


class ReasonShape(Shape):
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class OrganisationFilter(filters.FilterSet):
    state = states_of(Organisation)
    kind = filters.ChoiceFilter(choices=Organisation.Kind.choices)

    class Meta:
        model = Organisation
        fields: list[str] = []


class Organisations(Listed, Retrieved, Door):
    """One's own organisations; staff see all."""

    queryset = Organisation.objects.order_by("name_zh", "id")
    serializer_class = OrganisationShape
    filterset_class = OrganisationFilter

    @extend_schema(responses={201: OrganisationShape})
    def create(self, request: Request) -> Response:
        """Apply for an organisation; whoever applies becomes its first administrator."""
        return self.show(services.apply(self.body(OrganisationShape), by=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """Change its particulars."""
        organisation = self.get_object()
        version = self.version(organisation, required=True)
        values = self.body(OrganisationShape, partial=True)
        return self.show(services.edit(organisation, values, by=request.user, version=version))

    @extend_schema(request=ReasonShape, responses=OrganisationShape)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, id: str) -> Response:
        """Staff: it is who it says."""
        return self.show(services.verify(self.get_object(), by=request.user, **self.body(ReasonShape)))

    @extend_schema(request=ReasonShape, responses=OrganisationShape)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, id: str) -> Response:
        """Staff: it may not act until it is verified again. Its listings leave the market at once."""
        return self.show(services.suspend(self.get_object(), by=request.user, **self.body(ReasonShape)))


class PersonShape(Shape):
    name = serializers.CharField()
    email = serializers.EmailField()


class MembershipShape(RowShape):
    organisation = OrganisationReference(read_only=True)
    organisation_name = serializers.CharField(source="organisation.__str__", read_only=True)
    person = PersonShape(source="user", read_only=True)
    role_display = CodeName(Membership.Role, source="role")

    class Meta:
        model = Membership
        fields = [
            *("id", "organisation", "organisation_name", "person", "role", "role_display"),
            *("started_on", "ended_on", "version"),
        ]
        read_only_fields = fields


class AdmissionShape(Shape):
    organisation = OrganisationReference()
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(Membership.Role.choices)


class MembershipFilter(filters.FilterSet):
    organisation = PublicId("organisation")
    is_live = filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")

    class Meta:
        model = Membership
        fields: list[str] = []


class Memberships(Listed, Retrieved, Door):
    """Who acts for one's organisations, and as what."""

    queryset = Membership.objects.select_related("organisation", "user").order_by("organisation_id", "id")
    serializer_class = MembershipShape
    filterset_class = MembershipFilter

    @extend_schema(request=AdmissionShape, responses={201: MembershipShape})
    def create(self, request: Request) -> Response:
        """Give a registered person a role; their earlier role there ends."""
        return self.show(services.admit(**self.body(AdmissionShape), by=request.user), status=201)

    @extend_schema(request=Nothing, responses=MembershipShape)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, id: str) -> Response:
        """End a role. The last administrator stays until there is another."""
        self.body(Nothing)
        return self.show(services.end_membership(self.get_object(), by=request.user))


class AgencyShape(RowShape):
    name = serializers.CharField(source="organisation.__str__", read_only=True)
    region = serializers.CharField(source="organisation.region", read_only=True)
    region_display = CodeName("province", source="organisation.region")
    fields_display = CodeNames("technical_field", source="fields")

    class Meta:
        model = Agency
        fields = [
            *("id", "name", "region", "region_display", "fields", "fields_display"),
            *("contact", "services", "services_en"),
            *("register_number", "valid_until"),
        ]
        read_only_fields = fields


class AgencyReferenceShape(Shape):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField(source="organisation.__str__")


class TechnologyManagerShape(RowShape):
    name = serializers.CharField(source="user.name", read_only=True)
    level_display = CodeName(TechnologyManager.Level, source="level")
    fields_display = CodeNames("technical_field", source="fields")
    agency = AgencyReferenceShape(read_only=True, allow_null=True)

    class Meta:
        model = TechnologyManager
        fields = [
            *("id", "name", "level", "level_display", "fields", "fields_display", "languages", "agency"),
            *("contact", "introduction", "introduction_en", "register_number", "valid_until"),
        ]
        read_only_fields = fields


def words(most: int) -> Any:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


class DescriptionShape(Shape):
    """What an entry says of itself; what is left out stays."""

    fields = serializers.ListField(child=serializers.CharField(max_length=8), required=False, max_length=40)  # type: ignore[assignment]
    contact = words(120)


class AgencyDescriptionShape(DescriptionShape):
    services = words(1000)
    services_en = words(1000)


class ManagerDescriptionShape(DescriptionShape):
    languages = serializers.ListField(child=serializers.ChoiceField(SPOKEN), required=False, max_length=10)
    introduction = words(1000)
    introduction_en = words(1000)


class DirectoryFilter(filters.FilterSet):
    field = filters.CharFilter(method="in_fields", validators=[CodeOf("technical_field")])

    def in_fields(self, rows: Any, name: str, value: str) -> Any:
        return holding(rows, "fields", [value])


class AgencyFilter(DirectoryFilter):
    region = filters.CharFilter(field_name="organisation__region", validators=[CodeOf("province")])


class TechnologyManagerFilter(DirectoryFilter):
    level = filters.ChoiceFilter(choices=TechnologyManager.Level.choices)
    language = filters.ChoiceFilter(choices=SPOKEN, method="speaking")
    agency = PublicId("agency")

    def speaking(self, rows: Any, name: str, value: str) -> Any:
        return holding(rows, "languages", [value])


class Directory(Listed, Retrieved, Door):
    """Valid registrations, for anybody; whoever has an entry may write what it says of itself."""

    permission_classes = [AllowAny]

    def get_permissions(self) -> Any:
        return [IsAuthenticated()] if self.action == "partial_update" else super().get_permissions()

    def get_queryset(self) -> Any:
        """An entry that waits, or whose term is over, is changed too."""
        rows = self.everything()
        return rows.visible_to(self.request.user) if self.action == "partial_update" else rows.valid()

    def describe(self, shape: type[Shape]) -> Response:
        row = self.get_object()
        version = self.version(row, required=True)
        values = self.body(shape)
        return self.show(services.describe_qualification(row, values, by=self.request.user, version=version))


class Agencies(Directory):
    """Registered technology transfer agencies."""

    queryset = Agency.objects.select_related("organisation").order_by("organisation__name_zh", "id")
    serializer_class = AgencyShape
    filterset_class = AgencyFilter

    @extend_schema(request=AgencyDescriptionShape, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """The agency's administrator: fields, contact, services. Nobody decides about it."""
        return self.describe(AgencyDescriptionShape)


class TechnologyManagers(Directory):
    """Registered technology managers."""

    queryset = TechnologyManager.objects.select_related("user", "agency__organisation").order_by("user__name", "id")
    serializer_class = TechnologyManagerShape
    filterset_class = TechnologyManagerFilter

    @extend_schema(request=ManagerDescriptionShape, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """The manager: fields, languages, contact, introduction. Nobody decides about it."""
        return self.describe(ManagerDescriptionShape)
