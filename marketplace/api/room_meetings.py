"""Notes of meetings in the room of a deal."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services
from marketplace.brokerage.models import LONGEST_NOTES, Audience, Introduction, Meeting

from .doors import IF_MATCH, Door, Listed, Retrieved, RowShape, Shape
from .fields import CodeName
from .filters import PublicId
from .room import KEY, OF_DEAL, OfRoom

PEOPLE = "Ids of people of deals/{id}/people/."


class AcknowledgedShape(Shape):
    """For which side, by whom and when."""

    seat = serializers.CharField()
    by = serializers.CharField(source="by.__str__")
    at = serializers.DateTimeField(source="created_at")


class NotesShape(Shape):
    """A version of the notes."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    author = serializers.CharField(source="author.__str__")
    at = serializers.DateTimeField(source="created_at")
    acknowledged = AcknowledgedShape(many=True, source="acknowledgements")


class MeetingShape(RowShape):
    deal = serializers.CharField(source="deal.public_id", read_only=True)
    audience_display = CodeName(Audience, source="audience")
    how_display = CodeName(Introduction.How, source="how")
    attendees = serializers.SerializerMethodField()
    author = serializers.CharField(source="author.__str__", read_only=True)
    notes = NotesShape(many=True, read_only=True, help_text="The newest version first.")

    class Meta:
        model = Meeting
        fields = [
            *("id", "deal", "audience", "audience_display", "title", "held_on", "how", "how_display", "attendees"),
            *("guests", "author", "last_number", "notes", "version", "created_at"),
        ]
        read_only_fields = fields

    def get_attendees(self, row: Meeting) -> list[str]:
        return [str(each) for each in row.attendees.all()]


class MeetingChangeShape(Shape):
    """Another text of the notes is a new version."""

    title = serializers.CharField(max_length=200, required=False)
    held_on = serializers.DateField(required=False)
    how = serializers.ChoiceField(choices=Introduction.How.choices, required=False)
    guests = serializers.CharField(max_length=300, allow_blank=True, required=False)
    attendees = serializers.ListField(
        child=serializers.CharField(max_length=16), max_length=200, required=False, help_text=PEOPLE
    )
    notes = serializers.CharField(max_length=LONGEST_NOTES, required=False)


class NewMeetingShape(MeetingChangeShape):
    title = serializers.CharField(max_length=200)
    held_on = serializers.DateField()
    notes = serializers.CharField(max_length=LONGEST_NOTES)
    audience = serializers.ChoiceField(choices=Audience.choices)


class NumberShape(Shape):
    number = serializers.IntegerField(min_value=1, max_value=10_000, help_text="The version that was read.")


class MeetingFilter(filters.FilterSet):
    deal = PublicId("deal")

    class Meta:
        model = Meeting
        fields: list[str] = []


def meetings() -> Any:
    rows = Meeting.objects.select_related("deal", "author").order_by("-held_on", "-id")
    return rows.prefetch_related("attendees", "notes__author", "notes__acknowledgements__by")


@extend_schema(parameters=[OF_DEAL])
class DealMeetings(Listed, OfRoom):
    """The meetings of a deal, the last one first."""

    queryset = meetings()
    serializer_class = MeetingShape
    filterset_class = MeetingFilter

    @extend_schema(request=NewMeetingShape, responses={201: MeetingShape}, parameters=[KEY])
    def create(self, request: Request, deal: str) -> Response:
        """Write down who was there and what was said."""
        found, given = self.deal(), self.body(NewMeetingShape)
        said, audience, present = given.pop("notes"), given.pop("audience"), given.pop("attendees", [])
        return self.added(
            found,
            request.data,
            lambda: services.write_meeting(found, given, said, audience=audience, attendees=present, by=request.user),
        )


class Meetings(Listed, Retrieved, Door):
    """Meetings of all deals that one reads, the last one first."""

    queryset = meetings()
    serializer_class = MeetingShape
    filterset_class = MeetingFilter

    @extend_schema(request=MeetingChangeShape, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """Put right what was written down."""
        row, given = self.get_object(), self.body(MeetingChangeShape)
        said, present, version = (
            given.pop("notes", None),
            given.pop("attendees", None),
            self.version(row, required=True),
        )
        row = services.edit_meeting(row, given, said, attendees=present, version=version, by=request.user)
        return self.show(row)

    @extend_schema(request=NumberShape)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, id: str) -> Response:
        """A side says that this version of the notes is right; a newer one is a conflict."""
        row = self.get_object()
        services.acknowledge_notes(row, **self.body(NumberShape), by=request.user)
        return self.show(row)
