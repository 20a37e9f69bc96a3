"""Notes of meetings: written down, put right as a new version, acknowledged by the sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Meeting
from marketplace.brokerage.rules.notes import difference
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Letter, Notification
from tests.rows import reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def joined(deal, university_officer, sme):
    return services.join(services.join(deal, by=university_officer), by=sme)


def write(deal, text="约定寄样品。", *, by, audience="all", attendees=(), days=0, **values):
    values = {"title": "首次会议", "held_on": timezone.localdate() - timedelta(days=days)} | values
    return services.write_meeting(deal, values, text, audience=audience, attendees=attendees, by=by)


def key(user):
    return user.memberships.get().public_id


def told(user):
    return Notification.objects.filter(user=user, kind="room_notes").count()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("甲\n乙", "甲\n丙", [("kept", "甲"), ("removed", "乙"), ("added", "丙")]),
        ("甲", "甲\n乙", [("kept", "甲"), ("added", "乙")]),
        ("甲\n乙", "乙", [("removed", "甲"), ("kept", "乙")]),
        ("甲", "甲", [("kept", "甲")]),
    ],
)
def test_the_difference_names_each_line(old, new, found):
    assert [tuple(each) for each in difference(old, new)] == found


def test_a_meeting_says_who_was_there_and_the_sides_are_asked_to_read(
    joined, broker, university_officer, sme, inventor
):
    meeting = write(joined, by=broker, attendees=[key(sme), "manager"], guests="检测中心 王工")
    assert set(meeting.attendees.all()) == {sme, broker}
    assert meeting.notes.get().text == "约定寄样品。"
    assert [told(each) for each in (university_officer, sme, broker, inventor)] == [1, 1, 0, 0]


def test_a_sides_own_meeting_is_nobodys_else(joined, broker, sme, university_officer, staff):
    meeting = write(joined, audience="seeker", by=sme)
    seen = [each for each in (sme, broker, university_officer, staff) if Meeting.objects.visible_to(each).exists()]
    assert seen == [sme, broker]
    assert not told(university_officer)
    with pytest.raises(Forbidden):
        services.acknowledge_notes(meeting, 1, by=university_officer)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"days": -1}, "held_on"), ({"title": ""}, "title"), ({"text": " "}, "text"), ({"attendees": ["x"]}, "attendees")],
)
def test_what_is_written_down_was_held_and_says_something(values, field, joined, sme):
    with pytest.raises(Invalid) as fault:
        write(joined, **values, by=sme)
    assert field in fault.value.fields
    assert not Meeting.objects.exists()


def test_another_text_is_a_new_version_and_is_acknowledged_anew(joined, broker, university_officer, sme):
    meeting = write(joined, by=broker)
    services.acknowledge_notes(meeting, 1, by=sme)
    meeting = services.edit_meeting(meeting, {}, "约定寄两件样品。", version=1, by=broker)
    assert [each.text for each in meeting.notes.all()] == ["约定寄两件样品。", "约定寄样品。"]
    assert meeting.last_number == 2
    assert told(sme) == 2
    with pytest.raises(Conflict) as fault:
        services.acknowledge_notes(meeting, 1, by=university_officer)
    assert fault.value.code == "newer_notes"
    for person in (sme, university_officer):
        services.acknowledge_notes(meeting, 2, by=person)
    with pytest.raises(Conflict):
        services.acknowledge_notes(meeting, 2, by=sme)
    assert {each.seat for each in meeting.notes.first().acknowledgements.all()} == {"supplier", "seeker"}


def test_the_same_text_is_no_new_version(joined, broker):
    meeting = services.edit_meeting(write(joined, by=broker), {"guests": "王工"}, "约定寄样品。 ", by=broker)
    assert (meeting.guests, meeting.last_number, meeting.notes.count()) == ("王工", 1, 1)


def test_only_its_author_and_the_manager_put_it_right(joined, sme, university_officer):
    meeting = write(joined, by=sme)
    with pytest.raises(Forbidden):
        services.edit_meeting(meeting, {}, "另说。", by=university_officer)
    with pytest.raises(Stale):
        services.edit_meeting(meeting, {}, "另说。", version=9, by=sme)


def test_in_a_lost_deal_nothing_is_written_or_acknowledged(joined, sme, broker):
    meeting = write(joined, by=broker)
    services.lose(joined, "TERMS_UNFIT", by=sme)
    for attempt in (
        lambda: write(reread(joined), by=broker),
        lambda: services.edit_meeting(meeting, {}, "另说。", by=broker),
        lambda: services.acknowledge_notes(meeting, 1, by=sme),
    ):
        with pytest.raises(Conflict) as fault:
            attempt()
        assert fault.value.code == "room_closed"


def test_news_carry_no_word_of_the_notes(joined, broker):
    write(joined, "CANARY", title="CANARY", guests="CANARY", by=broker)
    said = [str(vars(each)) for each in (*Notification.objects.all(), *Letter.objects.all())]
    assert not [each for each in said if "CANARY" in each]
