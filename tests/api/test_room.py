"""The room of a deal over the API: once under a key, upon the version read, and nothing of another side's."""

import pytest

from marketplace.brokerage import services
from marketplace.brokerage.models import Message

from .test_counts import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(world):
    return services.join(services.join(world.deal, by=world.officer), by=world.sme)


@pytest.fixture
def path(deal):
    return f"deals/{deal.public_id}/messages/"


def test_a_message_is_written_read_corrected_and_withdrawn(call, world, path):
    first = call(world.officer, "post", path, {"text": "@sme 5月交付。", "audience": "all"})
    assert first.status_code == 201, first.json()
    assert first.json()["mentions"] == ["sme"]
    answer = call(world.sme, "post", path, {"text": "能否提前?", "reply_to": first.json()["id"]}).json()
    assert (answer["audience"], answer["reply_to"], answer["seat"]) == ("all", first.json()["id"], "seeker")
    assert call(world.officer, "get", "messages/?is_unread=true").json()["count"] == 1
    assert call(world.officer, "post", f"{path}read/", {"through": answer["id"]}).json() == {"count": 1}
    assert call(world.officer, "get", "messages/?is_unread=true").json()["count"] == 0
    anew = call(world.sme, "post", f"messages/{answer['id']}/correct/", {"text": "能否3月?"}).json()
    assert anew["corrects"] == answer["id"]
    gone = call(world.sme, "post", f"messages/{anew['id']}/withdraw/", {"reason": "内部未定。"}, **{"If-Match": '"1"'})
    assert (gone.json()["text"], gone.json()["withdrawn_reason"], gone["ETag"]) == ("", "内部未定。", '"2"')


def test_a_withdrawal_says_which_version_it_saw(call, world, path):
    row = call(world.officer, "post", path, {"text": "底价。", "audience": "supplier"}).json()
    where = f"messages/{row['id']}/withdraw/"
    versions = ({}, {"If-Match": '"9"'})
    refused = [call(world.officer, "post", where, {"reason": "误发。"}, **each).status_code for each in versions]
    assert refused == [428, 412]


def test_under_one_key_it_is_written_once(call, world, path):
    body, key = {"text": "中试数据已更新。", "audience": "all"}, {"Idempotency-Key": "m-1"}
    answers = [call(world.sme, "post", path, body, **key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Message.objects.count() == 1
    assert call(world.sme, "post", path, body | {"text": "别的。"}, **key).status_code == 409


def test_another_sides_message_is_in_no_list_count_search_or_address(call, world, deal, path):
    row = services.post_message(deal, "CANARY", audience="seeker", by=world.sme)
    for asked in (path, "messages/", "messages/?q=CANARY", "messages/?is_unread=true", f"{path}?audience=seeker"):
        assert call(world.officer, "get", asked).json()["count"] == 0, asked
        assert call(world.broker, "get", asked).json()["count"] == 1, asked
    for verb, body in (("get", None), ("post", {"text": "x"})):
        asked = f"messages/{row.public_id}/" + ("correct/" if verb == "post" else "")
        assert call(world.officer, verb, asked, body).status_code == 404
    reply = call(world.officer, "post", path, {"text": "x", "reply_to": row.public_id})
    absent = call(world.officer, "post", path, {"text": "x", "reply_to": "2" * 16})
    assert (reply.status_code, reply.content) == (400, absent.content)
    assert call(world.officer, "post", f"{path}read/", {"through": row.public_id}).status_code == 400


def test_what_was_taken_back_is_found_by_no_word_of_it(call, world, deal):
    row = services.post_message(deal, "CANARY", audience="all", by=world.sme)
    services.withdraw_message(row, "误发。", by=world.sme)
    assert call(world.sme, "get", "messages/?q=CANARY").json()["count"] == 0
    assert "CANARY" not in call(world.sme, "get", "messages/").content.decode()


def test_who_is_in_the_room_is_told_as_far_as_they_have_met(call, world):
    where = f"deals/{world.deal.public_id}/people/"
    assert "sme" not in {each["name"] for each in call(world.officer, "get", where).json()}
    services.join(services.join(world.deal, by=world.officer), by=world.sme)
    found = {each["name"]: each["seat"] for each in call(world.officer, "get", where).json()}
    assert (found["sme"], found["broker"]) == ("seeker", "manager")


def test_more_messages_take_no_more_queries(world, deal, path):
    def grow():
        first = services.post_message(deal, "@university officer 请看。", audience="all", by=world.sme)
        services.post_message(deal, "好。", reply_to=first, by=world.officer)

    for _ in range(2):
        grow()
    before = [queries(world.broker, each) for each in (path, "messages/", "messages/?is_unread=true")]
    for _ in range(4):
        grow()
    assert [queries(world.broker, each) for each in (path, "messages/", "messages/?is_unread=true")] == before
    assert max(before) <= 10


def test_a_task_is_given_changed_and_done_upon_the_version_read(call, world, deal):
    body = {"title": "寄样品", "due_on": "2099-01-01", "assignee": "manager", "audience": "all"}
    where = f"deals/{deal.public_id}/tasks/"
    row = call(world.sme, "post", where, body, **{"Idempotency-Key": "t-1"}).json()
    assert call(world.sme, "post", where, body, **{"Idempotency-Key": "t-1"}).json() == row
    assert call(world.broker, "get", "tasks/?is_mine=true&state=open").json()["count"] == 1
    path = f"tasks/{row['id']}/"
    assert call(world.broker, "patch", path, {"note": "两件。"}).status_code == 428
    assert call(world.broker, "patch", path, {"note": "两件。"}, **{"If-Match": '"1"'}).json()["note"] == "两件。"
    assert call(world.sme, "post", f"{path}finish/", {}, **{"If-Match": '"1"'}).status_code == 412
    assert call(world.sme, "post", f"{path}finish/", {}, **{"If-Match": '"2"'}).json()["closed_by"] == "sme"


def test_a_checklist_says_who_ticked_what(call, world, deal):
    where, item = f"deals/{deal.public_id}/checklists/", {"stage": "before_nda", "code": "SIDES"}
    found = call(world.officer, "post", f"{where}tick/", item).json()[0]
    assert (found["stage"], found["items"][0]["ticked_by"]) == ("before_nda", "university officer")
    assert call(world.sme, "post", f"{where}tick/", item).status_code == 409
    assert call(world.sme, "post", f"{where}untick/", item).json()[0]["items"][0]["ticked_by"] is None


def test_notes_of_a_meeting_have_versions_that_the_sides_acknowledge(call, world, deal):
    body = {"title": "首次会议", "held_on": "2026-01-05", "notes": "5月", "audience": "all", "attendees": ["manager"]}
    row = call(world.sme, "post", f"deals/{deal.public_id}/meetings/", body).json()
    assert (row["attendees"], row["notes"][0]["number"]) == (["broker"], 1)
    path = f"meetings/{row['id']}/"
    assert call(world.sme, "patch", path, {"notes": "6月"}).status_code == 428
    assert call(world.sme, "patch", path, {"notes": "6月"}, **{"If-Match": '"1"'}).json()["last_number"] == 2
    assert call(world.officer, "post", f"{path}acknowledge/", {"number": 1}).status_code == 409
    found = call(world.officer, "post", f"{path}acknowledge/", {"number": 2}).json()["notes"]
    assert [[each["seat"] for each in one["acknowledged"]] for one in found] == [["supplier"], []]
