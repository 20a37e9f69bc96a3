"""The meeting of a deal: when, who was there, and the versions of its notes, each acknowledged by the sides or not."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.models import Record

from .introduction import Introduction
from .room import InRoom, RoomQuerySet, Seat

LONGEST_NOTES = 10_000


class Meeting(InRoom):
    """洽谈会议. Its notes are never overwritten: an edit is a new version, to be acknowledged anew."""

    title = models.CharField(_("what it was about"), max_length=200)
    held_on = models.DateField(_("held on"))
    how = models.CharField(_("how"), max_length=8, choices=Introduction.How, default=Introduction.How.MEETING)
    attendees: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who was there"), blank=True, related_name="deal_meetings"
    )
    guests = models.CharField(
        _("others who were there"), max_length=300, blank=True, help_text=_("Who has no account here.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written down by"), on_delete=models.PROTECT, related_name="+"
    )
    last_number = models.PositiveSmallIntegerField(_("last version of the notes"), default=1, editable=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("deal room", "meeting")
        verbose_name_plural = pgettext_lazy("deal room", "meetings")
        ordering: ClassVar[list[str]] = ["-held_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title=""), name="a_meeting_says_what_it_was_about")
        ]

    def __str__(self) -> str:
        return f"{self.held_on} · {self.title}"


class MeetingNotes(Record):
    """One version of the notes of a meeting."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=pgettext_lazy("deal room", "meeting"), on_delete=models.PROTECT, related_name="notes"
    )
    number = models.PositiveSmallIntegerField(_("version of the notes"))
    text = models.TextField(_("notes"), max_length=LONGEST_NOTES)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written down by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("version of the notes")
        verbose_name_plural = _("versions of the notes")
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_text_per_version_of_the_notes"),
            models.CheckConstraint(condition=~Q(text=""), name="notes_of_a_meeting_say_something"),
            models.CheckConstraint(condition=Q(number__gt=0), name="versions_of_notes_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} v{self.number}"


class Acknowledgement(Record):
    """A side says that a version of the notes is right."""

    notes = models.ForeignKey(
        MeetingNotes,
        verbose_name=_("version of the notes"),
        on_delete=models.PROTECT,
        related_name="acknowledgements",
    )
    seat = models.CharField(_("acknowledged for"), max_length=8, choices=Seat)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("acknowledged by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("acknowledgement of notes")
        verbose_name_plural = _("acknowledgements of notes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notes", "seat"], name="a_side_acknowledges_notes_once"),
            models.CheckConstraint(
                condition=Q(seat__in=["supplier", "seeker"]), name="notes_are_acknowledged_by_the_sides"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notes_id} {self.seat}"
