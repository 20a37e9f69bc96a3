"""Which kinds of news a person gets, in the page and by letter: each with a switch of its own."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core import notifying
from marketplace.core.models import Mute, Notification

from .doors import Door, Shape


class SwitchShape(Shape):
    kind = serializers.CharField()
    label = serializers.CharField(help_text="In the language of the request.")  # type: ignore[assignment]
    page = serializers.BooleanField()
    mail = serializers.BooleanField()


class SwitchesShape(Shape):
    mail_is_off = serializers.BooleanField(help_text="No letters of any kind; the switches of mail say nothing then.")
    switches = SwitchShape(many=True)


class TurnShape(Shape):
    kind = serializers.CharField(max_length=40)
    page = serializers.BooleanField(required=False)
    mail = serializers.BooleanField(required=False)

    def validate_kind(self, kind: str) -> str:
        if kind not in notifying.kinds():
            raise serializers.ValidationError(self.refusal(kind))
        return kind


class TurnsShape(Shape):
    switches = TurnShape(many=True)


class NotificationSwitches(Door):
    """The asking person's own switches, and nobody else's."""

    queryset = Notification.objects.none()
    serializer_class = SwitchesShape

    @extend_schema(responses=SwitchesShape)
    def show_switches(self, request: Request) -> Response:
        """Every kind of news, and by which ways one gets it."""
        self.refuse_unknown(set())
        return self.answer()

    @extend_schema(request=TurnsShape, responses=SwitchesShape)
    def turn(self, request: Request) -> Response:
        """Turn the switches that are named; the others stay. Once is as good as twice."""
        notifying.turn(changes(self.body(TurnsShape)["switches"]), by=request.user)
        return self.answer()

    def answer(self) -> Response:
        user: Any = self.request.user
        found = {"mail_is_off": user.mail_is_off, "switches": notifying.switches(user)}
        return Response(SwitchesShape(found).data)


def changes(turns: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    """What is asked, as kind, way and whether it is on."""
    ways = {"page": Mute.Channel.PAGE.value, "mail": Mute.Channel.MAIL.value}
    return [(each["kind"], ways[name], each[name]) for each in turns for name in ways if name in each]
