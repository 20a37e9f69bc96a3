"""Notes of the meetings of a deal: written down, edited as a new version, acknowledged by the sides."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import validate
from marketplace.parties import access

from .. import room, telling
from ..models import Acknowledgement, Audience, Deal, Meeting, MeetingNotes
from ..rules.deals import SIDES

FIELDS = ("title", "held_on", "how", "guests")


@transaction.atomic
def write_meeting(
    deal: Deal, values: Mapping[str, Any], text: str, *, audience: str, attendees: Iterable[str] = (), by: Any
) -> Meeting:
    """Write down what was said at a meeting. `attendees` are keys of people of the room."""
    meeting = Meeting(deal=lock(deal), audience=audience, author_id=by.pk)
    room.check_writer(meeting.deal, audience, by=by)
    require("brokerage.write_meeting", by, meeting)
    fill(meeting, values)
    present = present_at(meeting, attendees)
    meeting = create(meeting, "brokerage.write_meeting", by=by)
    meeting.attendees.set(present)
    keep_notes(meeting, text, 1, by=by)
    telling.notes_written(meeting, 1, by=by)
    return meeting


def fill(meeting: Meeting, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(meeting, name, values[name])
    validate(meeting)
    if meeting.held_on > timezone.localdate():
        raise Invalid(fields={"held_on": [str(_("Notes are of a meeting that was held: choose today or before."))]})


def present_at(meeting: Meeting, keys: Iterable[str]) -> list[Any]:
    """The people of the room with these keys; Invalid for anybody else."""
    known = {each.key: each.user for each in room.people(meeting.deal, meeting.audience)}
    wanted = list(dict.fromkeys(keys))
    if not set(wanted) <= set(known):
        raise Invalid(fields={"attendees": [str(_("Choose people of the room who read these notes."))]})
    return [known[key] for key in wanted]


def keep_notes(meeting: Meeting, text: str, number: int, *, by: Any) -> MeetingNotes:
    notes = MeetingNotes(meeting=meeting, number=number, text=text.strip(), author_id=by.pk)
    validate(notes, exclude=["meeting"])
    return create(notes, "brokerage.keep_notes", by=by)


@transaction.atomic
def edit_meeting(
    meeting: Meeting,
    values: Mapping[str, Any],
    text: str | None = None,
    *,
    attendees: Iterable[str] | None = None,
    version: int | None = None,
    by: Any,
) -> Meeting:
    """Put right what was written down. Another text is a new version, which the sides acknowledge anew."""
    lock(meeting.deal)
    number = 0
    with act(meeting, "brokerage.edit_meeting", by=by, version=version) as meeting:
        room.check_open(meeting.deal, meeting.audience)
        fill(meeting, values)
        if attendees is not None:
            meeting.attendees.set(present_at(meeting, attendees))
        last = meeting.notes.order_by("-number")[0]
        if text is not None and text.strip() != last.text:
            number = meeting.last_number = last.number + 1
            keep_notes(meeting, text, number, by=by)
    if number:
        telling.notes_written(meeting, number, by=by)
    return meeting


@transaction.atomic
def acknowledge_notes(meeting: Meeting, number: int, *, by: Any) -> Acknowledgement:
    """A side says that the last version of the notes is right; Conflict when there is a newer one."""
    deal, meeting = lock(meeting.deal), lock(meeting)
    require("brokerage.acknowledge_notes", by, meeting)
    room.check_open(deal, meeting.audience)
    last = meeting.notes.order_by("-number")[0]
    if number != last.number:
        raise Conflict(_("There is a newer version of the notes. Read it first."), code="newer_notes")
    open_sides = [side for side in sides_to_acknowledge(meeting, by) if side not in acknowledged(last)]
    if not open_sides:
        raise Conflict(_("Your side has acknowledged these notes already."), code="acknowledged")
    row = Acknowledgement(notes=last, seat=open_sides[0], by_id=by.pk)
    return create(row, "brokerage.acknowledge_notes", by=by)


def sides_to_acknowledge(meeting: Meeting, by: Any) -> list[str]:
    """The sides that read the notes and for which this person decides."""
    read = [side for side in SIDES if meeting.audience in (Audience.ALL, side)]
    return [side for side in read if access.may_decide_for(by, room.side_id(meeting.deal, side))]


def acknowledged(notes: MeetingNotes) -> set[str]:
    return {each.seat for each in notes.acknowledgements.all()}
