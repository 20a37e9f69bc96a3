"""The room of a deal: who is in it, and what is said there."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import room, services
from marketplace.brokerage.models import LONGEST_MESSAGE, Audience, Deal, Message, Seat
from marketplace.core.errors import NotFound
from marketplace.core.idempotency import once

from .doors import IF_MATCH, Door, Listed, Retrieved, RowShape, Shape
from .fields import CodeName, Reference
from .filters import PublicId

REASON = 300
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Sent again with the same key and body, the same answer comes back and nothing is written twice.",
)
OF_DEAL = OpenApiParameter("deal", str, OpenApiParameter.PATH)


class OfRoom(Door):
    """Rows of the room of one deal. To whoever is not in the room there is none, the platform's staff neither."""

    def everything(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.all()
        return self.queryset.filter(deal=self.deal())

    def deal(self) -> Deal:
        user = self.request.user
        rows = Deal.objects.visible_to(user).select_related("manager", "achievement", "demand")
        row = rows.filter(public_id=self.kwargs["deal"]).first()
        if row is None or not room.is_in(user, row):
            raise NotFound
        return row

    def added(self, deal: Deal, given: Any, does: Callable[[], Any]) -> Response:
        """Write a row once under the Idempotency-Key, if one is sent."""
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return self.show(does(), status=201)

        def act() -> tuple[int, Any]:
            row = self.everything().get(pk=does().pk)
            return 201, {"version": row.version, "row": self.get_serializer(row).data}

        route = f"{self.basename}:{self.request.method}:{deal.public_id}"
        status, kept = once(route, key, given, act, by=self.request.user)
        return Response(kept["row"], status=status, headers={"ETag": f'"{kept["version"]}"'})


class RoomPersonShape(Shape):
    """Somebody in the room. `id` names them when a task is theirs; `name` after an @ mentions them."""

    id = serializers.CharField(source="key")
    name = serializers.CharField()
    seat = serializers.ChoiceField(choices=Seat.choices)
    writes = serializers.BooleanField()


@extend_schema(parameters=[OF_DEAL])
class DealPeople(OfRoom):
    """Who is in the room, as far as the asking person may know: before both sides have met, only one's own."""

    queryset = Message.objects.none()
    serializer_class = RoomPersonShape
    pagination_class = None

    @extend_schema(responses=RoomPersonShape(many=True))
    def list(self, request: Request, deal: str) -> Response:
        found = self.deal()
        mine = room.widest(request.user, found)
        return Response(RoomPersonShape(room.people(found, mine), many=True).data)


class MessageReference(Reference):
    model = Message


class MessageShape(RowShape):
    """`text` is empty once a message was withdrawn; `withdrawn_reason` says why it was."""

    deal = serializers.CharField(source="deal.public_id", read_only=True)
    text = serializers.CharField(source="said", read_only=True)
    author = serializers.CharField(source="author.__str__", read_only=True)
    seat_display = CodeName(Seat, source="seat")
    audience_display = CodeName(Audience, source="audience")
    reply_to = serializers.CharField(source="thread.public_id", read_only=True, allow_null=True, default=None)
    corrects = serializers.CharField(source="corrects.public_id", read_only=True, allow_null=True, default=None)
    mentions = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = [
            *("id", "deal", "audience", "audience_display", "author", "seat", "seat_display", "reply_to", "corrects"),
            *("text", "mentions", "withdrawn_at", "withdrawn_reason", "version", "created_at"),
        ]
        read_only_fields = fields

    def get_mentions(self, row: Message) -> list[str]:
        return [] if row.is_withdrawn else [str(each) for each in row.mentions.all()]


class NewMessageShape(Shape):
    text = serializers.CharField(max_length=LONGEST_MESSAGE)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False, default="")
    reply_to = MessageReference(required=False, allow_null=True)


class MessageTextShape(Shape):
    text = serializers.CharField(max_length=LONGEST_MESSAGE)


class WithdrawalShape(Shape):
    reason = serializers.CharField(max_length=REASON)


class ThroughShape(Shape):
    through = MessageReference(required=False, allow_null=True, help_text="The last that was read; all without it.")


class CountShape(Shape):
    count = serializers.IntegerField()


class MessageFilter(filters.FilterSet):
    deal = PublicId("deal")
    reply_to = PublicId("thread")
    audience = filters.ChoiceFilter(choices=Audience.choices)
    is_unread = filters.BooleanFilter(method="unread")
    q = filters.CharFilter(method="saying", max_length=100, help_text="A part of the text.")

    class Meta:
        model = Message
        fields: list[str] = []

    def unread(self, rows: Any, name: str, value: bool) -> Any:
        found = rows.unread_by(self.request.user)
        return found if value else rows.exclude(pk__in=found.values("pk"))

    def saying(self, rows: Any, name: str, value: str) -> Any:
        """What was taken back is found by no word of it."""
        return rows.filter(withdrawn_at=None, text__icontains=value)


def messages() -> Any:
    rows = Message.objects.select_related("deal", "author", "thread", "corrects")
    return rows.prefetch_related("mentions").order_by("-id")


@extend_schema(parameters=[OF_DEAL])
class DealMessages(Listed, OfRoom):
    """What is said in the room of a deal, the newest first."""

    queryset = messages()
    serializer_class = MessageShape
    filterset_class = MessageFilter

    @extend_schema(request=NewMessageShape, responses={201: MessageShape}, parameters=[KEY])
    def create(self, request: Request, deal: str) -> Response:
        """Say something to everybody in the room, or to one side and the manager; or reply to a message."""
        found, given = self.deal(), self.body(NewMessageShape)
        return self.added(found, request.data, lambda: services.post_message(found, **given, by=request.user))

    @extend_schema(request=ThroughShape, responses=CountShape)
    def read(self, request: Request, deal: str) -> Response:
        """It has been read; says how much had not."""
        count = services.mark_read(self.deal(), **self.body(ThroughShape), by=request.user)
        return Response({"count": count})


class Messages(Listed, Retrieved, Door):
    """What is said in all deals of the asking person, the newest first."""

    queryset = messages()
    serializer_class = MessageShape
    filterset_class = MessageFilter

    @extend_schema(request=MessageTextShape, responses={201: MessageShape})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, id: str) -> Response:
        """The author says it anew: a new message, and the old one stays."""
        return self.show(
            services.correct_message(self.get_object(), **self.body(MessageTextShape), by=request.user), 201
        )

    @extend_schema(request=WithdrawalShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """The author takes it back and says why; its place stays."""
        row, given = self.get_object(), self.body(WithdrawalShape)
        version = self.version(row, required=True)
        return self.show(services.withdraw_message(row, **given, version=version, by=request.user))
