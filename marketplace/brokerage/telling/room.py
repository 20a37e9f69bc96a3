"""Tells the people of a deal's room what concerns them: that something was said, not what."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.core.workspace import page_url

from .. import room
from ..models import Deal, Meeting, Message, ReadingMark, Task
from .deals import about

add_kinds(
    room_mention=_("somebody mentions you in the room of a deal"),
    room_message=_("new messages in the room of a deal"),
    room_task=_("your tasks in the room of a deal"),
    room_notes=_("notes of meetings of a deal"),
)
MENTIONED = _("Somebody mentions you in the room of a deal")
WRITTEN = _("There are new messages in the room of a deal")
NOTES = _("Notes of a meeting of a deal were written down: please read and acknowledge them")
GIVEN = _("A task in the room of a deal is yours, until %(day)s")
CLOSED = {
    Task.State.DONE: _("A task that you asked for is done"),
    Task.State.DROPPED: _("A task that you asked for was dropped"),
}
WAITS = {
    "coming": _("A task of yours in the room of a deal is due on %(day)s"),
    "passed": _("A task of yours in the room of a deal has been due since %(day)s"),
}
UNDONE = _("A task in a deal of yours has nobody to do it; it is due on %(day)s")


def room_path(deal: Deal, row: Any = None) -> str:
    """The room in the workspace, at this row."""
    path = reverse("admin:brokerage_deal_room", args=[deal.pk])
    return f"{path}#{row._meta.model_name}-{row.public_id}" if row is not None else path


def tell_person(key: str, deal: Deal, user: Any, *, subject: Any, path: str) -> None:
    """One person, once a key; the title of the deal and where to read it, never what it says."""

    def body() -> str:
        return f"{about(deal)()}\n{link(path)}"

    post(f"{key}:{user.pk}", subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)


def message_posted(message: Message, readers: Iterable[room.Person], mentioned: set[int], *, by: Any) -> None:
    """Who is mentioned, at once; who decides or spoke in the thread, once until they have read."""
    deal, path = message.deal, room_path(message.deal, message)
    others = {each.user.pk: each.user for each in readers if each.user.pk != by.pk}
    for pk in mentioned & set(others):
        key = f"room_mention:{message.public_id}"
        tell_person(key, deal, others[pk], subject=MENTIONED, path=path)
    read = dict(ReadingMark.objects.filter(deal=deal).values_list("user_id", "message_id"))
    for pk in sorted((concerned(message, readers) & set(others)) - mentioned):
        key = f"room_message:{deal.public_id}:{read.get(pk, 0)}"
        tell_person(key, deal, others[pk], subject=WRITTEN, path=path)


def concerned(message: Message, readers: Iterable[room.Person]) -> set[int]:
    """The deciders of the sides, the manager, and whoever spoke in the thread."""
    spoke: set[int] = set()
    if message.thread is not None:
        spoke = {message.thread.author_id, *message.thread.replies.values_list("author_id", flat=True)}
    return room.deciders(readers, message.deal) | spoke


# Tasks


def on_day(text: Any, task: Task) -> Any:
    """The sentence with the day of the task, in the language in which it is asked."""
    return lambda: str(text) % {"day": task.due_on.isoformat()}


def task_given(task: Task, *, by: Any) -> None:
    """Whose task it is now."""
    if task.assignee_id != by.pk:
        key = f"room_task:{task.public_id}:given:{task.version}"
        tell_person(key, task.deal, task.assignee, subject=on_day(GIVEN, task), path=page_url(task))


def task_closed(task: Task, *, by: Any) -> None:
    """Who asked for it, and still reads it."""
    if task.author_id != by.pk and reads(task, task.author_id):
        key = f"room_task:{task.public_id}:closed:{task.version}"
        tell_person(key, task.deal, task.author, subject=CLOSED[Task.State(task.state)], path=page_url(task))


def task_waits(task: Task, said: str) -> None:
    """Once before the day and once after it: who does it, or the manager where that person has left the room."""
    key = f"room_task:{task.public_id}:{said}:{task.due_on}"
    is_there = reads(task, task.assignee_id)
    user, text = (task.assignee, WAITS[said]) if is_there else (task.deal.manager, UNDONE)
    tell_person(key, task.deal, user, subject=on_day(text, task), path=page_url(task))


def reads(task: Task, user_id: int) -> bool:
    return any(each.user.pk == user_id for each in room.people(task.deal, task.audience))


# Meetings


def notes_written(meeting: Meeting, number: int, *, by: Any) -> None:
    """Who decides for a side that reads them, and the manager; once a version."""
    readers = room.people(meeting.deal, meeting.audience)
    deciding = room.deciders(readers, meeting.deal)
    key = f"room_notes:{meeting.public_id}:{number}"
    for user in {each.user.pk: each.user for each in readers if each.user.pk in deciding - {by.pk}}.values():
        tell_person(key, meeting.deal, user, subject=NOTES, path=page_url(meeting))
