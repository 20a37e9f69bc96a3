"""Meetings in the workspace: notes written down, put right as a new version, acknowledged by the sides."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import (
    Call,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    add_panel,
    display,
    many,
    named,
    select,
    text,
)
from marketplace.core.workspace.fields import day, line

from .. import room, services
from ..models import LONGEST_NOTES, Audience, Deal, Introduction, Meeting, MeetingNotes
from ..rules.deals import SIDES
from ..rules.notes import Line, difference

MOST = 50


class MeetingForm(MoveForm):
    title = line(label=_("what it was about"), max_length=200)
    held_on = day(label=_("held on"))
    how = select(label=_("how"), choices=Introduction.How.choices)
    attendees = many(label=_("who was there"), long=True, required=False)
    guests = line(label=_("others who were there"), required=False, max_length=300)
    notes = text(label=_("notes"), rows=8, limit=LONGEST_NOTES)

    def offer(self, deal: Deal, audience: str) -> None:
        field = cast(forms.MultipleChoiceField, self.fields["attendees"])
        field.choices = [(each.key, f"{each.name} · {each.seat_label}") for each in room.people(deal, audience)]


class NewMeetingForm(MeetingForm):
    audience = select(label=pgettext_lazy("deal room", "who reads it"))
    field_order = ("title", "held_on", "how", "audience")

    def prepare(self) -> None:
        mine = room.audiences(self.request.user, self.row)
        field = cast(forms.ChoiceField, self.fields["audience"])
        field.choices = [(each.value, each.label) for each in Audience if each in mine]
        self.offer(self.row, room.widest(self.request.user, self.row))


class EditMeetingForm(MeetingForm):
    def prepare(self) -> None:
        self.offer(self.row.deal, self.row.audience)
        for name in ("title", "held_on", "how", "guests"):
            self.fields[name].initial = getattr(self.row, name)
        present = {each.pk for each in self.row.attendees.all()}
        known = room.people(self.row.deal, self.row.audience)
        self.fields["attendees"].initial = [each.key for each in known if each.user.pk in present]
        self.fields["notes"].initial = self.row.notes.order_by("-number")[0].text


class AcknowledgeForm(MoveForm):
    number = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["number"].initial = self.row.last_number


def write(call: Call) -> Meeting:
    values = dict(call.values)
    said, audience, present = (values.pop(name) for name in ("notes", "audience", "attendees"))
    return services.write_meeting(call.row, values, said, audience=audience, attendees=present, by=call.by)


def edit(call: Call) -> Meeting:
    values = dict(call.values)
    said, present = values.pop("notes"), values.pop("attendees")
    return services.edit_meeting(call.row, values, said, attendees=present, version=call.version, by=call.by)


def is_open(meeting: Meeting) -> bool:
    return room.is_open(meeting.deal)


add_move(
    Deal,
    Move(
        name="write-meeting", label=_("Write down a meeting"), may=lambda user, deal: bool(room.seats(user, deal)),
        when=room.is_open, form=NewMeetingForm, does=write, done=_("Written down. The sides are asked to read it."),
        look="rare",
    ),
)  # fmt: skip
add_move(
    Meeting,
    Move(
        name="acknowledge", label=_("Acknowledge the notes"), permission="brokerage.acknowledge_notes", when=is_open,
        form=AcknowledgeForm, question=_("You say for your side that the last version of the notes is right."),
        does=lambda call: services.acknowledge_notes(call.row, call.values["number"], by=call.by) and None,
        done=_("Acknowledged."), look="primary",
    ),
    Move(
        name="edit", label=_("Put right"), permission="brokerage.edit_meeting", when=is_open, form=EditMeetingForm,
        question=_("Other notes become a new version; the earlier one stays, and the sides acknowledge anew."),
        does=edit, done=_("Kept."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the notes, what changed since the one before, and which sides have acknowledged it."""

    row: MeetingNotes
    changes: list[Line]
    acknowledged: list[Any]


def versions(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """The notes, the newest version first; two queries however many there are."""
    rows = list(meeting.notes.select_related("author").prefetch_related("acknowledgements__by"))
    older = [each.text for each in rows[1:]] + [""]
    found = [
        Version(row, difference(before, row.text) if before else [], list(row.acknowledgements.all()))
        for row, before in zip(rows, older, strict=True)
    ]
    sides = [side for side in SIDES if meeting.audience in (Audience.ALL, side)]
    return {"latest": found[0], "versions": found, "missing": len(sides) - len(found[0].acknowledged)}


add_panel(Meeting, "brokerage/notes.html", versions)


@admin.register(Meeting)
class MeetingAdmin(StageAdmin):
    list_display = ("title", "deal_shown", "held_on", "how", "author_name")
    list_display_links = ("title",)
    list_select_related = ("author", "deal__achievement", "deal__demand")
    search_fields = ("title",)
    ordering = ("-held_on", "-id")
    fieldsets = (
        (None, {"fields": ("title", ("held_on", "how"), "present", ("deal_shown", "audience"), "author_name")}),
    )
    empty_sentence = _("No meeting was written down yet. It is done in the room of a deal.")
    author_name = named("author", _("written down by"))

    @display(description=_("deal"))
    def deal_shown(self, row: Meeting) -> str:
        return str(row.deal)

    @display(description=_("who was there"))
    def present(self, row: Meeting) -> str:
        return _(", ").join([*map(str, row.attendees.all()), *([row.guests] if row.guests else [])]) or "–"


def meetings(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    """The meetings of a room, the last one first. The same queries however many there were."""
    rows = Meeting.objects.visible_to(request.user).filter(deal=deal).select_related("author")[:MOST]
    may_write = room.is_open(deal) and bool(room.audiences(request.user, deal))
    return {"meetings": list(rows), "may_write": may_write}
