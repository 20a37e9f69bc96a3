"""Tasks and checklists in the workspace: given, changed, done, dropped; ticked and taken back."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.showing import by_when, countdown
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    DropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    buttons,
    can,
    display,
    move_url,
    named,
    select,
    text,
)
from marketplace.core.workspace.fields import day, line

from .. import room, services
from ..models import Audience, Deal, Task

MOST = 100
MOST_CLOSED = 20


def askable(deal: Deal, audience: str) -> list[tuple[str, str]]:
    """Who may be asked: whoever reads and writes there."""
    found = (each for each in room.people(deal, audience) if each.writes)
    return [(each.key, f"{each.name} · {each.seat_label}") for each in found]


class TaskForm(MoveForm):
    title = line(label=_("what is to be done"), max_length=200)
    due_on = day(label=_("to be done by"))
    assignee = select(label=_("who does it"), asks=True)
    note = text(label=pgettext_lazy("task", "note"), rows=2, required=False, limit=2000)


class NewTaskForm(TaskForm):
    audience = select(label=pgettext_lazy("deal room", "who reads it"))
    field_order = ("title", "due_on", "assignee", "audience", "note")

    def prepare(self) -> None:
        mine = room.audiences(self.request.user, self.row)
        audience = cast(forms.ChoiceField, self.fields["audience"])
        audience.choices = [(each.value, each.label) for each in Audience if each in mine]
        assignee = cast(forms.ChoiceField, self.fields["assignee"])
        widest = room.widest(self.request.user, self.row)
        assignee.choices = [("", _("Select value")), *askable(self.row, widest)]


class ChangeTaskForm(TaskForm):
    def prepare(self) -> None:
        assignee = cast(forms.ChoiceField, self.fields["assignee"])
        assignee.choices = askable(self.row.deal, self.row.audience)
        assignee.initial = room.key_of(self.row.assignee_id, self.row.deal, self.row.audience)
        for name in ("title", "due_on", "note"):
            self.fields[name].initial = getattr(self.row, name)


class DropForm(MoveForm):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=text(rows=2).widget)


class TickForm(MoveForm):
    stage = forms.CharField(max_length=24)
    code = forms.CharField(max_length=24)


def add(call: Call) -> None:
    values = dict(call.values)
    audience, assignee = values.pop("audience"), values.pop("assignee")
    services.add_task(call.row, values, audience=audience, assignee=assignee, by=call.by)


def change(call: Call) -> Task:
    values = dict(call.values)
    return services.change_task(call.row, values, assignee=values.pop("assignee"), version=call.version, by=call.by)


def tick(call: Call) -> None:
    services.tick(call.row, call.values["stage"], call.values["code"], by=call.by)


def untick(call: Call) -> None:
    services.untick(call.row, call.values["stage"], call.values["code"], by=call.by)


def is_open(task: Task) -> bool:
    return room.is_open(task.deal)


def writes(user: Any, deal: Deal) -> bool:
    return bool(room.seats(user, deal))


def move(name: str, verb: str, label: Any, does: Any, *, state: str, **options: Any) -> Move:
    allows = can(state)
    return Move(
        name=name, label=label, permission=f"brokerage.{verb}", does=does,
        when=lambda task: is_open(task) and allows(task), **options,
    )  # fmt: skip


add_move(
    Deal,
    Move(
        name="add-task", label=_("Give a task"), may=writes, when=room.is_open, form=NewTaskForm, does=add,
        done=_("Given."), look="rare",
    ),
    Move(name="tick", label=_("Tick"), may=writes, when=lambda deal: False, form=TickForm, does=tick),
    Move(name="untick", label=_("Take back"), may=writes, when=lambda deal: False, form=TickForm, does=untick),
)  # fmt: skip
add_move(
    Task,
    move(
        "finish", "finish_task", _("Done"),
        lambda call: services.finish_task(call.row, version=call.version, by=call.by),
        state="finish", done=_("Done."), look="primary",
    ),
    move("change", "change_task", _("Change"), change, state="finish", form=ChangeTaskForm, done=_("Changed.")),
    move(
        "drop", "drop_task", _("Drop"),
        lambda call: services.drop_task(call.row, call.values["reason"], version=call.version, by=call.by),
        state="drop", form=DropForm, done=_("Dropped."),
    ),
    move(
        "reopen", "reopen_task", _("Take up again"),
        lambda call: services.reopen_task(call.row, version=call.version, by=call.by),
        state="reopen", done=_("It is open again."),
    ),
)  # fmt: skip


class MineFilter(DropdownFilter):
    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine to do"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(assignee_id=request.user.pk) if self.value() == "mine" else rows


@admin.register(Task)
class TaskAdmin(StageAdmin):
    list_display = ("title", "deal_shown", "assignee_name", "clock", "state_label")
    list_display_links = ("title",)
    list_filter = (MineFilter, ("state", ChoicesDropdownFilter))
    list_select_related = ("assignee", "author", "deal__achievement", "deal__demand")
    search_fields = ("title",)
    ordering = ("due_on", "id")
    fieldsets = (
        (None, {"fields": ("title", ("deal_shown", "audience"), ("assignee_name", "clock"), "note")}),
        (None, {"fields": (("author_name", "closed_at"), "ending")}),
    )
    empty_sentence = _("No task yet. Tasks are given in the room of a deal.")
    assignee_name = named("assignee", _("who does it"))
    author_name = named("author", _("asked by"))

    @display(description=_("deal"))
    def deal_shown(self, row: Task) -> str:
        return str(row.deal)

    @display(description=_("to be done by"), ordering="due_on")
    def clock(self, row: Task) -> str:
        if row.state != Task.State.OPEN:
            return row.due_on.isoformat()
        return by_when(row.due_on, timezone.localdate())


def todo(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    """Tasks and checklists of a room. The same queries however many there are."""
    user, today = request.user, timezone.localdate()
    rows = Task.objects.visible_to(user).filter(deal=deal).select_related("assignee", "closed_by")
    open_rows = list(rows.filter(state=Task.State.OPEN)[:MOST])
    closed = list(rows.exclude(state=Task.State.OPEN).order_by("-closed_at")[:MOST_CLOSED])
    for each in (*open_rows, *closed):
        each.deal = deal
    may_write = room.is_open(deal) and bool(room.audiences(user, deal))
    return {
        "tasks": [
            (each, countdown(each.due_on, today), each.due_on < today, buttons(user, each)) for each in open_rows
        ],
        "closed": [(each, buttons(user, each)) for each in closed],
        "form": NewTaskForm(request=request, row=deal) if may_write else None,
        "add_url": move_url(deal, "add-task"),
        "checklists": services.checklists(deal),
        "may_tick": room.is_open(deal) and room.may_tick(user, deal),
        "tick_url": move_url(deal, "tick"),
        "untick_url": move_url(deal, "untick"),
    }
