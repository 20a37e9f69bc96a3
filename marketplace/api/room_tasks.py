"""Tasks and checklists in the room of a deal."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services
from marketplace.brokerage.models import Audience, Task, Tick

from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName
from .filters import PublicId, states_of
from .room import KEY, OF_DEAL, OfRoom, WithdrawalShape

PERSON = "The id of a person of deals/{id}/people/ who writes there."


class TaskShape(RowShape):
    deal = serializers.CharField(source="deal.public_id", read_only=True)
    audience_display = CodeName(Audience, source="audience")
    state_display = CodeName(Task.State, source="state")
    assignee = serializers.CharField(source="assignee.__str__", read_only=True)
    author = serializers.CharField(source="author.__str__", read_only=True)
    closed_by = serializers.CharField(source="closed_by.__str__", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Task
        fields = [
            *("id", "deal", "audience", "audience_display", "title", "note", "due_on", "assignee", "author"),
            *("state", "state_display", "closed_at", "closed_by", "ending", "version", "created_at"),
        ]
        read_only_fields = fields


class NewTaskShape(Shape):
    title = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    due_on = serializers.DateField()
    assignee = serializers.CharField(max_length=16, help_text=PERSON)
    audience = serializers.ChoiceField(choices=Audience.choices)


class TaskChangeShape(Shape):
    title = serializers.CharField(max_length=200, required=False)
    note = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    due_on = serializers.DateField(required=False)
    assignee = serializers.CharField(max_length=16, required=False, help_text=PERSON)


class TaskFilter(filters.FilterSet):
    deal = PublicId("deal")
    state = states_of(Task)
    is_mine = filters.BooleanFilter(method="mine")

    class Meta:
        model = Task
        fields: list[str] = []

    def mine(self, rows: Any, name: str, value: bool) -> Any:
        own = {"assignee_id": self.request.user.pk}
        return rows.filter(**own) if value else rows.exclude(**own)


def tasks() -> Any:
    return Task.objects.select_related("deal", "assignee", "author", "closed_by").order_by("due_on", "id")


@extend_schema(parameters=[OF_DEAL])
class DealTasks(Listed, OfRoom):
    """What is to be done in a deal, the next day first."""

    queryset = tasks()
    serializer_class = TaskShape
    filterset_class = TaskFilter

    @extend_schema(request=NewTaskShape, responses={201: TaskShape}, parameters=[KEY])
    def create(self, request: Request, deal: str) -> Response:
        """Ask somebody of the room for something by a day."""
        found, given = self.deal(), self.body(NewTaskShape)
        asked = {name: given.pop(name) for name in ("audience", "assignee")}
        return self.added(found, request.data, lambda: services.add_task(found, given, **asked, by=request.user))


class Tasks(Listed, Retrieved, Door):
    """Tasks of all deals that one reads, the next day first."""

    queryset = tasks()
    serializer_class = TaskShape
    filterset_class = TaskFilter

    @extend_schema(request=TaskChangeShape, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """Another wording, day or person."""
        task, given = self.get_object(), self.body(TaskChangeShape)
        assignee, version = given.pop("assignee", None), self.version(task, required=True)
        return self.show(services.change_task(task, given, assignee=assignee, version=version, by=request.user))

    @extend_schema(request=Nothing, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, id: str) -> Response:
        """It is done."""
        return self.moved(services.finish_task, Nothing)

    @extend_schema(request=WithdrawalShape, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, id: str) -> Response:
        """It need not be done, and why."""
        return self.moved(services.drop_task, WithdrawalShape)

    @extend_schema(request=Nothing, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, id: str) -> Response:
        """It is to be done after all."""
        return self.moved(services.reopen_task, Nothing)

    def moved(self, service: Callable[..., Task], shape: type[Shape]) -> Response:
        task, given = self.get_object(), self.body(shape)
        version = self.version(task, required=True)
        return self.show(service(task, **given, version=version, by=self.request.user))


class ItemShape(Shape):
    """An item of a checklist; with who ticked it and when, once it is."""

    code = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.label")
    ticked_by = serializers.CharField(source="tick.by.__str__", allow_null=True, default=None)
    ticked_at = serializers.DateTimeField(source="tick.created_at", allow_null=True, default=None)


class ChecklistShape(Shape):
    stage = serializers.CharField()
    title = serializers.CharField()
    items = ItemShape(many=True, source="lines")


class TickShape(Shape):
    stage = serializers.CharField(max_length=24, help_text="before_nda, before_offer or before_signing.")
    code = serializers.CharField(max_length=24, help_text="A code of the list deal_checklist_<stage>.")


@extend_schema(parameters=[OF_DEAL])
class Checklists(OfRoom):
    """What is to be thought of before the agreement on secrecy, the offer, the signature. Nothing is blocked by it."""

    queryset = Tick.objects.all()
    serializer_class = ChecklistShape
    pagination_class = None

    @extend_schema(responses=ChecklistShape(many=True))
    def list(self, request: Request, deal: str) -> Response:
        return self.shown(deal)

    @extend_schema(request=TickShape, responses=ChecklistShape(many=True))
    def tick(self, request: Request, deal: str) -> Response:
        """An item is done."""
        services.tick(self.deal(), **self.body(TickShape), by=request.user)
        return self.shown(deal)

    @extend_schema(request=TickShape, responses=ChecklistShape(many=True))
    def untick(self, request: Request, deal: str) -> Response:
        """Take a tick back."""
        services.untick(self.deal(), **self.body(TickShape), by=request.user)
        return self.shown(deal)

    def shown(self, deal: str) -> Response:
        return Response(ChecklistShape(services.checklists(self.deal()), many=True).data)
