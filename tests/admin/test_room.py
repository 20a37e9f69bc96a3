"""The room of a deal in the workspace: who enters, what is written there, what the other side finds nowhere."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Meeting, Message, Task, Tick
from marketplace.core.models import Entry
from marketplace.core.workspace import list_url, move_url, page_url
from tests import factories

from .asking import queries, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(market, university_officer, sme):
    return services.join(services.join(market.deal, by=university_officer), by=sme)


def room(deal, query=""):
    return reverse("admin:brokerage_deal_room", args=[deal.pk]) + query


@pytest.mark.parametrize(
    ("role", "status"),
    [("university_officer", 200), ("inventor", 200), ("reader", 200), ("sme", 200), ("broker", 200), ("staff", 404),
     ("outsider", 404)],
)  # fmt: skip
def test_its_people_enter_and_nobody_else(role, status, people, deal, enter):
    services.post_message(deal, "CANARY", audience="all", by=people["sme"])
    client = enter(people[role])
    assert client.get(room(deal)).status_code == status
    pages = [client.get(each).content.decode() for each in (page_url(deal), list_url(Message))]
    assert ["CANARY" in page for page in pages] == [status == 200] * 2


def test_a_message_is_written_answered_corrected_and_taken_back(deal, enter, sme, university_officer):
    client, other = enter(sme), enter(university_officer)
    client.post(move_url(deal, "write"), {"text": "5月交付。", "audience": "all", "next": room(deal)})
    first = Message.objects.get()
    answer = other.post(move_url(first, "reply"), {"text": "@sme 能否提前?", "next": room(deal)})
    assert answer.url == room(deal)
    page = client.get(room(deal)).content.decode()
    assert "<mark>@sme</mark>" in page
    assert "Mark 1 message as read" in page
    client.post(move_url(deal, "read-messages"), {"through": Message.objects.latest("pk").public_id})
    assert "as read" not in client.get(room(deal)).content.decode()
    client.post(move_url(first, "correct"), {"text": "6月交付。", "version": "1"})
    client.post(move_url(Message.objects.latest("pk"), "withdraw"), {"reason": "内部未定。", "version": "1"})
    page = other.get(room(deal)).content.decode()
    assert "6月交付" not in page
    assert "Withdrawn: 内部未定。" in page


def test_what_is_refused_keeps_what_was_typed(deal, enter, sme):
    answer = enter(sme).post(move_url(deal, "write"), {"text": "@nobody 你好", "audience": "all"})
    assert "@nobody 你好" in answer.content.decode()
    assert "Nobody who reads this message is called" in answer.content.decode()


def test_before_both_have_met_only_the_own_side_is_offered(market, enter, university_officer):
    form = enter(university_officer).get(room(market.deal)).context["form"]
    assert [value for value, _label in form.fields["audience"].choices] == ["supplier"]
    names = enter(university_officer).get(room(market.deal)).context["people"]
    assert "sme" not in str(names)


def test_a_sides_own_message_is_nowhere_for_the_other(deal, enter, sme, university_officer, broker):
    row = services.post_message(deal, "CANARY", audience="seeker", by=sme)
    client = enter(university_officer)
    addresses = [room(deal), page_url(deal), list_url(Message), f"{list_url(Message)}?q=CANARY", list_url(Entry),
                 f"{list_url(Message)}?room={deal.public_id}", "/workspace/", "/workspace/notifications/"]  # fmt: skip
    for address in addresses:
        page = client.get(address).content.decode()
        assert row.public_id not in page, address
        assert "CANARY" not in page.replace("q=CANARY", "").replace('value="CANARY"', ""), address
    assert list(client.get(f"{list_url(Message)}?q=CANARY").context["cl"].queryset) == []
    assert client.get(page_url(row)).status_code == 404
    assert client.post(move_url(row, "reply"), {"text": "x"}).status_code == 404
    assert enter(broker).get(page_url(row)).status_code == 200


def test_what_was_taken_back_is_found_by_no_word(deal, enter, sme):
    services.withdraw_message(services.post_message(deal, "CANARY", audience="all", by=sme), "误发。", by=sme)
    client = enter(sme)
    assert list(client.get(f"{list_url(Message)}?q=CANARY").context["cl"].queryset) == []
    assert "CANARY" not in client.get(list_url(Message)).content.decode()


def test_a_closed_deal_can_be_read_and_nothing_is_offered(deal, enter, sme):
    services.post_message(deal, "再见。", audience="all", by=sme)
    services.lose(deal, "TERMS_UNFIT", by=sme)
    answer = enter(sme).get(room(deal))
    assert "再见。" in answer.content.decode()
    assert answer.context["form"] is None
    assert [each.reply_url + str(each.buttons) for each in answer.context["threads"]] == ["[]"]


def test_more_messages_take_no_more_queries(deal, enter, sme, university_officer, firm):
    def grow(number):
        for _ in range(number):
            first = services.post_message(deal, "@university officer 请看。", audience="all", by=sme)
            services.post_message(deal, "好。", reply_to=first, by=university_officer)
            services.correct_message(first, "@inventor 请看。", by=sme)
            factories.make_member(firm, "inventor")
            note_meeting(deal, sme)
            task = give(deal, sme)
            services.finish_task(task, by=sme)
            give(deal, sme)

    factories.make_member(deal.supplier, "inventor", name="inventor")
    grow(2)
    client = enter(university_officer)
    addresses = (
        room(deal),
        room(deal, "?view=tasks"),
        list_url(Task),
        page_url(deal),
        "/workspace/",
        list_url(Message),
    )
    before = [queries(client, each) for each in addresses]
    grow(4)
    assert [queries(client, each) for each in addresses] == before


def give(deal, by, assignee="manager", audience="all", title="寄样品"):
    values = {"title": title, "due_on": timezone.localdate() + timedelta(days=5)}
    return services.add_task(deal, values, audience=audience, assignee=assignee, by=by)


def test_a_task_is_given_stands_in_the_day_of_who_does_it_and_is_done(deal, enter, sme, broker, university_officer):
    client, manager = enter(sme), enter(broker)
    form = {"title": "寄样品", "due_on": "2099-01-01", "audience": "all", "assignee": "manager", "note": ""}
    client.post(move_url(deal, "add-task"), form | {"next": room(deal, "?view=tasks")})
    task = Task.objects.get()
    assert work(manager)["Tasks in your deals"] == [page_url(task)]
    assert "Tasks in your deals" not in work(enter(university_officer))
    assert "寄样品" in manager.get(room(deal, "?view=tasks")).content.decode()
    manager.post(move_url(task, "finish"), {"version": "1"})
    assert "Tasks in your deals" not in work(manager)


def test_a_sides_own_task_is_nowhere_for_the_other(deal, enter, sme, university_officer):
    row = give(deal, sme, sme.memberships.get().public_id, "seeker", "CANARY")
    client = enter(university_officer)
    addresses = [room(deal, "?view=tasks"), page_url(deal), list_url(Task), f"{list_url(Task)}?q=CANARY", "/workspace/"]
    for address in addresses:
        page = client.get(address).content.decode().replace("q=CANARY", "").replace('value="CANARY"', "")
        assert "CANARY" not in page, address
    assert client.get(page_url(row)).status_code == 404


def test_an_item_is_ticked_and_taken_back_on_the_page(deal, enter, sme):
    client, item = enter(sme), {"stage": "before_offer", "code": "RIGHTS"}
    client.post(move_url(deal, "tick"), item)
    assert 'aria-pressed="true"' in client.get(room(deal, "?view=tasks")).content.decode()
    client.post(move_url(deal, "untick"), item)
    assert 'aria-pressed="true"' not in client.get(room(deal, "?view=tasks")).content.decode()
    assert Tick.objects.get().cleared_by == sme


def note_meeting(deal, by, audience="all", text="约定寄样品。"):
    values = {"title": "首次会议", "held_on": timezone.localdate()}
    return services.write_meeting(deal, values, text, audience=audience, by=by)


def test_a_meeting_is_written_down_put_right_and_acknowledged(deal, enter, sme, university_officer):
    client, other = enter(sme), enter(university_officer)
    form = {
        "title": "首次会议",
        "held_on": "2026-01-05",
        "how": "CALL",
        "audience": "all",
        "guests": "",
        "notes": "5月",
    }
    answer = client.post(move_url(deal, "write-meeting"), form | {"attendees": ["manager"]})
    meeting = Meeting.objects.get()
    assert answer.url == page_url(meeting)
    assert work(other)["Notes of meetings to acknowledge"] == [page_url(meeting)]
    other.post(move_url(meeting, "acknowledge"), {"number": "1"})
    assert "Notes of meetings to acknowledge" not in work(other)
    client.post(move_url(meeting, "edit"), form | {"notes": "6月", "version": "1"})
    page = other.get(page_url(meeting)).content.decode()
    assert "<ins>6月</ins>" in page
    assert "<del>5月</del>" in page
    assert work(other)["Notes of meetings to acknowledge"] == [page_url(meeting)]
    assert "首次会议" in other.get(room(deal, "?view=meetings")).content.decode()


def test_a_sides_own_meeting_is_nowhere_for_the_other(deal, enter, sme, university_officer):
    row, client = note_meeting(deal, sme, "seeker", "CANARY"), enter(university_officer)
    for address in (room(deal, "?view=meetings"), page_url(deal), list_url(Meeting), "/workspace/"):
        page = client.get(address).content.decode()
        assert page_url(row) not in page, address
        assert "CANARY" not in page, address
    assert client.get(page_url(row)).status_code == 404


def test_names_are_offered_of_who_reads_and_of_nobody_else(deal, enter, broker, sme, university_officer, inventor):
    names = enter(broker).get(room(deal)).context["names"]
    assert {name: sorted(found) for name, found in names.items()} == {
        "all": ["inventor", "sme", "university officer"],
        "supplier": ["inventor", "university officer"],
        "seeker": ["sme"],
    }
    assert sorted(enter(sme).get(room(deal)).context["names"]) == ["all", "seeker"]
    assert enter(sme).get(room(deal)).context["names"]["seeker"] == ["broker"]


def test_before_they_have_met_no_name_of_the_other_side_is_offered(market, enter, sme, university_officer):
    page = enter(sme).get(room(market.deal))
    assert page.context["names"] == {"seeker": ["broker"]}
    assert "university officer" not in page.content.decode()
