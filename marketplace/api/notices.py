"""Public notices and the objections against them."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.limits import spend
from marketplace.notices import services, wording
from marketplace.notices.models import LONGEST, Notice, Objection
from marketplace.notices.rules import OBJECTIONS_AN_HOUR

from .brokerage import PartyShape
from .doors import Door, Listed, Nothing, Retrieved, RowShape, Shape, etag
from .fields import CodeName
from .filters import PublicId, states_of


class LegalBasisShape(Shape):
    reference = serializers.CharField(help_text="The rule, its place and its first day; see law/.")
    title = serializers.CharField()
    citation = serializers.CharField()
    is_verified = serializers.BooleanField(help_text="False: please check against the text.")


class ResultShape(RowShape):
    """What everybody reads of an objection: neither who filed it nor what it says."""

    state_display = CodeName(Objection.State, source="state")
    filed_on = serializers.DateField(read_only=True)
    answered_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Objection
        fields = ["id", "state", "state_display", "filed_on", "answer", "answered_on"]
        read_only_fields = fields


class NoticeShape(RowShape):
    owner = PartyShape(read_only=True)
    title = serializers.CharField(source="__str__", read_only=True)
    kind_display = CodeName(Notice.Kind, source="kind")
    state_display = CodeName(Notice.State, source="state")
    void_reason_display = CodeName(Notice.VoidReason, source="void_reason")
    content = serializers.DictField(read_only=True, help_text="name, price and what else the place asks for.")
    channels = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="unit, market")
    clock = serializers.SerializerMethodField(help_text="How long is left, in the reader's language.")
    days_left = serializers.SerializerMethodField(help_text="0 on the last day; null when it is over or void.")
    counts_weekends_alone = serializers.SerializerMethodField(help_text="The holidays of that year were not known.")
    law = serializers.SerializerMethodField()
    objections = ResultShape(many=True, read_only=True)

    class Meta:
        model = Notice
        fields = [
            *("id", "owner", "kind", "kind_display", "title", "title_zh", "title_en", "place", "content", "channels"),
            *("state", "state_display", "opened_on", "days", "unit", "ends_on", "clock", "days_left"),
            *("counts_weekends_alone", "law", "closed_on", "voided_on", "void_reason", "void_reason_display"),
            *("terms_fingerprint", "objections", "version", "created_at"),
        ]
        read_only_fields = fields

    def get_clock(self, notice: Notice) -> str:
        return str(wording.clock(notice).sentence)

    def get_days_left(self, notice: Notice) -> int | None:
        return wording.clock(notice).days_left

    def get_counts_weekends_alone(self, notice: Notice) -> bool:
        return wording.counts_weekends_alone(notice)

    @extend_schema_field(LegalBasisShape(many=True))
    def get_law(self, notice: Notice) -> Any:
        return LegalBasisShape(wording.provisions(notice), many=True).data


class FilingShape(Shape):
    name = serializers.CharField(max_length=60, help_text="Who objects; nobody does so without a name.")
    contact = serializers.CharField(max_length=120, help_text="Telephone or e-mail; the deciders alone read it.")
    organisation = serializers.CharField(max_length=120, allow_blank=True, default="")
    text = serializers.CharField(max_length=LONGEST)


class AnswerShape(Shape):
    answer = serializers.CharField(max_length=LONGEST, help_text="Everybody reads it: name nobody.")


class VoidShape(Shape):
    reason = serializers.ChoiceField(
        choices=[Notice.VoidReason.WITHDRAWN.value, Notice.VoidReason.TERMS_CHANGED.value],
        help_text="WITHDRAWN or TERMS_CHANGED.",
    )
    note = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")


class NoticeFilter(filters.FilterSet):
    state = states_of(Notice)
    kind = filters.ChoiceFilter(choices=Notice.Kind.choices)
    owner = PublicId("owner")

    class Meta:
        model = Notice
        fields: list[str] = []


class Notices(Listed, Retrieved, Door):
    """What organisations have decided and show before they sign: on the market, and in one's own organisations."""

    permission_classes = [AllowAny]
    queryset = Notice.objects.select_related("owner").prefetch_related("objections").order_by("-opened_on", "-id")
    serializer_class = NoticeShape
    filterset_class = NoticeFilter

    @extend_schema(request=FilingShape, responses={201: ResultShape})
    @action(detail=True, methods=["post"])
    def object(self, request: Request, id: str) -> Response:
        """Object by name, logged in or not, until the last day is over. The clock stops until it is answered."""
        notice, filed = self.get_object(), self.body(FilingShape)
        spend("objection", request, most=OBJECTIONS_AN_HOUR)
        objection = services.object_to(notice, **filed, by=request.user)
        shape = ResultShape(objection, context=self.get_serializer_context())
        return Response(shape.data, status=201, headers=etag(objection))

    @extend_schema(request=VoidShape)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def void(self, request: Request, id: str) -> Response:
        """Take a running notice back. Whoever wants to sign opens a new one."""
        return self.show(services.void(self.get_object(), **self.body(VoidShape), by=request.user))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def close(self, request: Request, id: str) -> Response:
        """End it once its last day is over and no objection is open; the night does it by itself."""
        self.body(Nothing)
        return self.show(services.close(self.get_object(), by=request.user))


class ObjectionShape(RowShape):
    """The whole objection, for those who decide for the organisation, who filed it, and staff."""

    notice = serializers.CharField(source="notice.public_id", read_only=True)
    notice_title = serializers.CharField(source="notice.__str__", read_only=True)
    state_display = CodeName(Objection.State, source="state")

    class Meta:
        model = Objection
        fields = [
            *("id", "notice", "notice_title", "name", "contact", "organisation", "text", "filed_at"),
            *("state", "state_display", "answer", "answered_at", "version"),
        ]
        read_only_fields = fields


class ObjectionFilter(filters.FilterSet):
    state = states_of(Objection)
    notice = PublicId("notice")

    class Meta:
        model = Objection
        fields: list[str] = []


class Objections(Listed, Retrieved, Door):
    """Objections to notices of one's organisations, and one's own."""

    queryset = Objection.objects.select_related("notice").order_by("-filed_at", "-id")
    serializer_class = ObjectionShape
    filterset_class = ObjectionFilter

    @extend_schema(request=AnswerShape)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, id: str) -> Response:
        """It changes nothing, and the answer says why. After the last one the clock goes on."""
        return self.show(services.dismiss(self.get_object(), **self.body(AnswerShape), by=request.user))

    @extend_schema(request=AnswerShape)
    @action(detail=True, methods=["post"])
    def uphold(self, request: Request, id: str) -> Response:
        """It is right: the notice is void."""
        return self.show(services.uphold(self.get_object(), **self.body(AnswerShape), by=request.user))
