"""What is to be done in the rooms of deals."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Acknowledgement, Audience, Deal, Meeting, Task
from marketplace.brokerage.rules.deals import SIDES
from marketplace.core.workspace import Waiting, Waits, Work, add_work

from .asking import deciding, listed, title_of


def tasks_to_do(user: Any) -> Any:
    """Open tasks of this person, while they are in the room and the deal is not lost."""
    mine = Task.objects.visible_to(user).filter(assignee_id=user.pk, state=Task.State.OPEN)
    return mine.exclude(deal__state=Deal.State.LOST)


def held(row: Waiting) -> Any:
    return row.day.isoformat() if row.day else ""


def notes_to_acknowledge(user: Any) -> Any:
    """Meetings whose last notes a side of this person has not acknowledged."""
    mine, wanted = deciding(user), Q(pk__in=[])
    for side in SIDES:
        given = Acknowledgement.objects.filter(
            notes__meeting=OuterRef("pk"), notes__number=OuterRef("last_number"), seat=side
        )
        reads = Q(audience__in=(Audience.ALL, side), **{f"deal__{side}_id__in": mine})
        wanted |= reads & ~Q(Exists(given))
    return Meeting.objects.filter(wanted).exclude(deal__state=Deal.State.LOST) if mine else None


add_work(
    Work(
        name="notes-to-acknowledge",
        title=_("Notes of meetings to acknowledge"),
        order=17,
        of=(
            Waits(
                Meeting,
                notes_to_acknowledge,
                by=("-held_on", "-id"),
                title="title",
                about=title_of("deal__demand"),
                day="held_on",
            ),
        ),
        side=held,
        more=listed(Meeting),
    ),
    Work(
        name="room-tasks",
        title=_("Tasks in your deals"),
        order=16,
        of=(
            Waits(Task, tasks_to_do, by=("due_on", "id"), title="title", about=title_of("deal__demand"), day="due_on"),
        ),
        more=listed(Task, "whose=mine&state__exact=open"),
    ),
)
