"""The law and the code lists, for anybody: which value holds at a place on a day, and what a code is called."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import law
from marketplace.core.errors import NotFound
from marketplace.law import codes
from marketplace.law.errors import NoSuchRule, UnknownList
from marketplace.law.models import CodeList, Rule

from .doors import Shape
from .fields import CodeName


class CodeShape(Shape):
    code = serializers.CharField()
    label = serializers.CharField(help_text="In the reader's language.")  # type: ignore[assignment]
    zh = serializers.CharField()
    en = serializers.CharField()
    parent = serializers.CharField(help_text="The code above it, or empty.")  # type: ignore[assignment]
    explanation = serializers.CharField(help_text="One plain sentence, or empty.")


class CodeListShape(Shape):
    name = serializers.CharField()
    title = serializers.CharField(source="__str__")


class CodesShape(Shape):
    name = serializers.CharField()
    title = serializers.CharField()
    codes = CodeShape(many=True)


class Codes(viewsets.ViewSet):
    """Code lists: the identifiers that other addresses take and give."""

    permission_classes = [AllowAny]
    lookup_url_kwarg = "name"
    lookup_value_regex = "[a-z0-9_]{1,40}"

    @extend_schema(responses=CodeListShape(many=True))
    def list(self, request: Request) -> Response:
        """Names of all lists."""
        return Response(CodeListShape(CodeList.objects.order_by("name"), many=True).data)

    @extend_schema(responses=CodesShape, parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH)])
    def retrieve(self, request: Request, name: str) -> Response:
        """The codes of one list that are in use today."""
        try:
            found = {"name": name, "title": codes.title(name), "codes": codes.items(name, on=timezone.localdate())}
        except UnknownList as fault:
            raise NotFound from fault
        return Response(CodesShape(found).data)


class ProvisionShape(Shape):
    """One legal value as it stands at a place on a day, with the text that it comes from."""

    key = serializers.CharField()
    place = serializers.CharField(help_text="CN, or the region whose rule it is.")
    kind = serializers.ChoiceField(Rule.Kind.choices)
    kind_display = CodeName(Rule.Kind, source="kind")
    value = serializers.SerializerMethodField("as_json")
    unit = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    title = serializers.CharField()
    citation = serializers.CharField()
    law_zh = serializers.CharField()
    law_en = serializers.CharField()
    article = serializers.CharField()
    issue = serializers.CharField()
    note = serializers.CharField()
    verification = serializers.ChoiceField(Rule.Verification.choices)
    verification_display = CodeName(Rule.Verification, source="verification")
    is_verified = serializers.BooleanField()
    reference = serializers.CharField(help_text="What a record keeps to say which rule it was decided under.")

    @extend_schema_field(OpenApiTypes.ANY)
    def as_json(self, provision: law.book.Provision) -> Any:
        """Ratios, amounts and numbers as strings; days as a number; tables as they are."""
        return plain(provision.value)


class Question(Shape):
    """At which place, on which day."""

    place = serializers.RegexField(r"^(CN|[1-9][0-9]{5})$", default="CN", help_text="CN or a region code.")
    day = serializers.DateField(required=False, help_text="Today unless told.")

    def book(self) -> law.book.Book:
        self.is_valid(raise_exception=True)
        day: date = self.validated_data.get("day") or timezone.localdate()
        return law.on(day, self.validated_data["place"])


class Law(viewsets.ViewSet):
    """Dated legal values with their citations."""

    permission_classes = [AllowAny]
    lookup_url_kwarg = "key"
    lookup_value_regex = r"[a-z0-9_.]{1,80}"

    @extend_schema(responses=ProvisionShape(many=True), parameters=[Question])
    def list(self, request: Request) -> Response:
        """Everything in force at a place on a day; a nearer rule stands in place of a wider one."""
        book = Question(data=request.query_params.dict()).book()
        return Response(ProvisionShape(book.entries(), many=True).data)

    @extend_schema(responses=ProvisionShape, parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH), Question])
    def retrieve(self, request: Request, key: str) -> Response:
        """One value, such as reward.floor.equity."""
        try:
            found = Question(data=request.query_params.dict()).book().entry(key)
        except NoSuchRule as fault:
            raise NotFound from fault
        return Response(ProvisionShape(found).data)


def plain(value: Any) -> Any:
    """A frozen value as JSON; a decimal as a string."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value
