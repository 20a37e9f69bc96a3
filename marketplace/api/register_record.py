"""The record of a technology manager: consents of both sides of a contract, and portfolios that anybody can verify."""

from typing import Any

import django_filters as filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts.models import Contract
from marketplace.core.downloads import attachment
from marketplace.core.errors import Forbidden, NotFound
from marketplace.documents import services as documents
from marketplace.documents.models import Language
from marketplace.parties import access
from marketplace.parties.models import TechnologyManager
from marketplace.register import services
from marketplace.register.models import Consent, Portfolio

from .brokerage import PartyShape
from .documents import AnyType
from .doors import PUBLIC_ID, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, Reference
from .filters import PublicId, states_of


class SignedContract(Reference):
    model = Contract


class ManagerNameShape(Shape):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField(source="user.name")


def entry_of(user: Any) -> TechnologyManager:
    """The person's own entry; Forbidden for who has none."""
    held = access.qualification(user)
    if held is None:
        raise Forbidden
    return held


# Consents


class ConsentShape(RowShape):
    contract = SignedContract(read_only=True)
    contract_title = serializers.CharField(source="contract.title", read_only=True)
    organisation = PartyShape(read_only=True, help_text="The side that is asked.")
    manager = ManagerNameShape(read_only=True)
    scope_display = CodeName(Consent.Scope, source="scope")
    state_display = CodeName(Consent.State, source="state")

    class Meta:
        model = Consent
        fields = [
            *("id", "contract", "contract_title", "organisation", "manager", "scope", "scope_display"),
            *("asked_on", "answered_on", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class NewConsentShape(Shape):
    contract = SignedContract()
    scope = serializers.ChoiceField(Consent.Scope.choices)


class ConsentFilter(filters.FilterSet):
    contract = PublicId("contract")
    scope = filters.ChoiceFilter(choices=Consent.Scope.choices)
    state = states_of(Consent)

    class Meta:
        model = Consent
        fields: list[str] = []


class Consents(Listed, Retrieved, Door):
    """Those that one asked for as technology manager, or that one's organisation is asked for."""

    queryset = Consent.objects.select_related("contract", "organisation", "manager__user").order_by("-id")
    serializer_class = ConsentShape
    filterset_class = ConsentFilter

    @extend_schema(request=NewConsentShape, responses={201: ConsentShape(many=True)})
    def create(self, request: Request) -> Response:
        """Ask both sides of a signed contract that one brought about; who is asked already, or agreed, is not again."""
        entry_of(request.user)
        rows = services.ask_consent(**self.body(NewConsentShape), by=request.user)
        fresh = self.everything().filter(pk__in=[row.pk for row in rows])
        return Response(self.get_serializer(fresh, many=True).data, status=201)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, id: str) -> Response:
        """The side agrees."""
        return self.answered(services.give_consent)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, id: str) -> Response:
        """The side does not agree; no reason is asked."""
        return self.answered(services.refuse_consent)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """The side takes its consent back; public figures go without the contract at once."""
        return self.answered(services.withdraw_consent)

    def answered(self, does: Any) -> Response:
        row = self.get_object()
        self.body(Nothing)
        return self.show(does(row, by=self.request.user, version=self.version(row)))


# Portfolios


class PortfolioShape(RowShape):
    manager = ManagerNameShape(read_only=True)
    filename = serializers.CharField(source="document.filename", read_only=True)
    sha256 = serializers.CharField(source="document.sha256", read_only=True, help_text="Of the file's bytes.")

    class Meta:
        model = Portfolio
        fields = ["id", "number", "manager", "made_on", "cases", "filename", "sha256", "version", "created_at"]
        read_only_fields = fields


class NewPortfolioShape(Shape):
    contracts = serializers.ListField(
        child=serializers.RegexField(f"^{PUBLIC_ID}$"),
        min_length=1,
        max_length=services.MOST_CASES,
        help_text="Ids of one's own signed contracts. One without consent is shown without names.",
    )
    language = serializers.ChoiceField(Language.choices, default=Language.ZH.value)


class VerificationShape(Shape):
    """What the public may know of a portfolio: for whom, when, with which hash; nothing of its text."""

    number = serializers.CharField()
    manager = ManagerNameShape()
    made_on = serializers.DateField()
    cases = serializers.IntegerField()
    sha256 = serializers.CharField(source="document.sha256", help_text="Compare it with that of the file you hold.")


class Portfolios(Listed, Retrieved, Door):
    """One's own portfolios of cases; anybody verifies a number."""

    queryset = Portfolio.objects.select_related("manager__user", "document").order_by("-id")
    serializer_class = PortfolioShape

    @extend_schema(request=NewPortfolioShape, responses={201: PortfolioShape})
    def create(self, request: Request) -> Response:
        """Make the Word file of some of one's cases, under a number of its own."""
        manager, values = entry_of(request.user), self.body(NewPortfolioShape)
        return self.show(services.make_portfolio(manager, **values, by=request.user), 201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True, methods=["get"], renderer_classes=[AnyType])
    def content(self, request: Request, id: str) -> HttpResponse:
        """The file. Each opening is noted."""
        document = self.get_object().document
        content = documents.open_document(document, how="api", by=request.user)
        return attachment(content, name=document.filename, media_type=document.media_type)

    @extend_schema(
        parameters=[OpenApiParameter("number", str, required=True, description="As printed in the file.")],
        responses=VerificationShape,
    )
    @action(detail=False, methods=["get"], permission_classes=[AllowAny], pagination_class=None)
    def verify(self, request: Request) -> Response:
        """Whether a portfolio of this number was made here. An unknown number is 404."""
        self.refuse_unknown({"number"})
        found = services.find_portfolio(request.query_params.get("number", ""))
        if found is None:
            raise NotFound
        return Response(VerificationShape(found).data)
