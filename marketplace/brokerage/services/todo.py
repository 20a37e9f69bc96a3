"""Tasks in the room of a deal: given, changed, done, dropped, taken up again; who does them is reminded."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Invalid
from marketplace.core.validation import validate

from .. import room, telling
from ..models import Deal, Task
from ..rules.deals import reminder
from .talks import days_on

FIELDS = ("title", "note", "due_on", "assignee")


@transaction.atomic
def add_task(deal: Deal, values: Mapping[str, Any], *, audience: str, assignee: str, by: Any) -> Task:
    """Ask somebody of the room for something by a day. `assignee` is the key of a person who reads and writes there."""
    task = Task(deal=lock(deal), audience=audience, author_id=by.pk)
    room.check_writer(task.deal, audience, by=by)
    require("brokerage.add_task", by, task)
    fill(task, values, assignee)
    task = create(task, "brokerage.add_task", by=by)
    telling.task_given(task, by=by)
    return task


def fill(task: Task, values: Mapping[str, Any], assignee: str | None) -> None:
    """Put in what was given; Invalid for a day that has passed, or for somebody who is not in the room."""
    for name in ("title", "note", "due_on"):
        if name in values:
            setattr(task, name, values[name])
    if assignee is not None:
        task.assignee_id = room.writer(task.deal, task.audience, assignee).user.pk
    if isinstance(task.due_on, date) and "due_on" in values and task.due_on < timezone.localdate():
        raise Invalid(fields={"due_on": [str(_("Choose today or a later day."))]})
    validate(task)


@transaction.atomic
def change_task(
    task: Task, values: Mapping[str, Any], *, assignee: str | None = None, version: int | None = None, by: Any
) -> Task:
    """Another wording, day or person; who has it now is told."""
    lock(task.deal)
    before = task.assignee_id
    with act(task, "brokerage.change_task", by=by, version=version) as task:
        check_open(task)
        fill(task, values, assignee)
    if task.assignee_id != before:
        telling.task_given(task, by=by)
    return task


def check_open(task: Task) -> None:
    """Raise Conflict unless the room is open and the task is."""
    room.check_open(task.deal, task.audience)
    if task.state != Task.State.OPEN:
        task.finish()  # the state machine refuses


@transaction.atomic
def finish_task(task: Task, *, version: int | None = None, by: Any) -> Task:
    lock(task.deal)
    with act(task, "brokerage.finish_task", by=by, version=version) as task:
        room.check_open(task.deal, task.audience)
        task.finish()
        task.closed_at, task.closed_by_id = timezone.now(), by.pk
    telling.task_closed(task, by=by)
    return task


@transaction.atomic
def drop_task(task: Task, reason: str, *, version: int | None = None, by: Any) -> Task:
    """It need not be done; the reason is kept."""
    lock(task.deal)
    with act(task, "brokerage.drop_task", by=by, version=version) as task:
        room.check_open(task.deal, task.audience)
        task.drop()
        task.closed_at, task.closed_by_id, task.ending = timezone.now(), by.pk, reason.strip()
        if not task.ending:
            raise Invalid(fields={"reason": [str(_("Say in a few words why."))]})
        validate(task)
    telling.task_closed(task, by=by)
    return task


@transaction.atomic
def reopen_task(task: Task, *, version: int | None = None, by: Any) -> Task:
    lock(task.deal)
    with act(task, "brokerage.reopen_task", by=by, version=version) as task:
        room.check_open(task.deal, task.audience)
        task.reopen()
        task.closed_at, task.closed_by_id, task.ending = None, None, ""
    telling.task_given(task, by=by)
    return task


def remind_tasks(today: date) -> int:
    """Tell who must do something shortly before its day and once after it; how many tasks were looked at.

    Where that person is not in the room any more, the technology manager is told.
    """
    days = days_on(today)
    rows = Task.objects.filter(state=Task.State.OPEN, due_on__lte=today + timedelta(days=days["remind"]))
    rows = rows.exclude(deal__state=Deal.State.LOST)
    found = list(rows.select_related("deal__manager", "deal__achievement", "deal__demand", "assignee"))
    for task in found:
        if said := reminder(task.due_on, today, days):
            telling.task_waits(task, said)
    return len(found)
