"""The task in the room of a deal: what is to be done, until when, by whom; and what was ticked on a checklist."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record

from .deal import Deal
from .room import InRoom, RoomQuerySet


class Task(InRoom):
    """洽谈任务. One person of the room does it; whoever reads it sees how it goes."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "open")
        DONE = "done", pgettext_lazy("task", "done")
        DROPPED = "dropped", pgettext_lazy("task", "dropped")

    title = models.CharField(_("what is to be done"), max_length=200)
    note = models.TextField(pgettext_lazy("task", "note"), max_length=2000, blank=True)
    due_on = models.DateField(_("to be done by"), db_index=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who does it"), on_delete=models.PROTECT, related_name="room_tasks"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    state = FSMField(_("state"), choices=State, default=State.OPEN, protected=True, db_index=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ending = models.CharField(_("why it was dropped"), max_length=300, blank=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("deal room", "task")
        verbose_name_plural = pgettext_lazy("deal room", "tasks")
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title=""), name="a_task_says_what_is_to_be_done"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None)
                | (~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="a_task_that_is_over_says_when_and_by_whom",
            ),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(ending=""), name="a_dropped_task_says_why"),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(field=state, source=State.OPEN, target=State.DONE)
    def finish(self) -> None:
        """It is done."""

    @transition(field=state, source=State.OPEN, target=State.DROPPED)
    def drop(self) -> None:
        """It need not be done, and why."""

    @transition(field=state, source=(State.DONE, State.DROPPED), target=State.OPEN)
    def reopen(self) -> None:
        """It is to be done after all."""


class Tick(Record):
    """清单勾选. What somebody ticked on a checklist of the deal; taken back, the row stays and says by whom."""

    deal = models.ForeignKey(Deal, verbose_name=_("deal"), on_delete=models.PROTECT, related_name="ticks")
    stage = models.CharField(_("checklist"), max_length=24)
    code = models.CharField(_("item"), max_length=24)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ticked by"), on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["deal", "stage", "code"],
                condition=Q(cleared_at__isnull=True),
                name="one_standing_tick_per_deal_and_item",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="a_tick_taken_back_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.code}"
