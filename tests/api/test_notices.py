"""Notices for programs: what everybody reads of an objection, and that the door counts them."""

import pytest

from marketplace.notices.models import Objection
from marketplace.notices.rules import OBJECTIONS_AN_HOUR

pytestmark = pytest.mark.django_db
FILING = {"name": "钱某", "contact": "13911112222", "organisation": "某研究所", "text": "与在先专利重复。"}
SECRETS = ("钱某", "13911112222", "某研究所", "在先专利")


@pytest.fixture
def filed(call, world):
    """An objection that a visitor filed on the market."""
    answer = call(None, "post", f"notices/{world.market_notice.public_id}/object/", FILING)
    assert answer.status_code == 201
    return answer.json()


def test_a_notice_says_its_clock_and_its_law(call, world):
    body = call(None, "get", f"notices/{world.market_notice.public_id}/").json()
    assert (body["state"], body["channels"], body["content"]["price"]) == ("open", ["unit", "market"], "10万元")
    assert body["days_left"] >= 15
    assert [rule["is_verified"] for rule in body["law"]][:2] == [False, False]
    assert body["law"][0]["reference"] == "notice.negotiated.days@CN/2016-02-26"


def test_nobody_outside_reads_who_objected_or_why(call, world, filed):
    for user in (None, world.outsider, world.broker, world.reader):
        for path in ("notices/", f"notices/{world.market_notice.public_id}/", "objections/"):
            text = call(user, "get", path).content.decode()
            assert not [secret for secret in SECRETS if secret in text]
    assert set(filed) == {"id", "state", "state_display", "filed_on", "answer", "answered_on"}


def test_a_decider_reads_it_whole_and_answers_for_everybody(call, world, filed):
    path = f"objections/{filed['id']}/"
    assert call(world.officer, "get", path).json()["contact"] == "13911112222"
    call(world.officer, "post", f"{path}dismiss/", {"answer": "保护范围不同。"})
    result = call(None, "get", f"notices/{world.market_notice.public_id}/").json()["objections"]
    assert [(each["state"], each["answer"]) for each in result] == [("dismissed", "保护范围不同。")]


def test_a_stopped_notice_says_so(call, world, filed):
    body = call(None, "get", f"notices/{world.market_notice.public_id}/").json()
    assert body["state"] == "objected"
    assert body["clock"].startswith("stands still since ")


def test_objecting_again_and_again_is_too_often(call, world):
    path = f"notices/{world.market_notice.public_id}/object/"
    codes = [call(None, "post", path, FILING).status_code for _ in range(OBJECTIONS_AN_HOUR + 1)]
    assert codes == [201] * OBJECTIONS_AN_HOUR + [429]
    assert Objection.objects.filter(filed_by=None).count() == OBJECTIONS_AN_HOUR


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (FILING | {"name": " "}, "#/name"),
        ({name: FILING[name] for name in ("name", "text")}, "#/contact"),
        (FILING | {"text": "x" * 2001}, "#/text"),
        (FILING | {"state": "upheld"}, "#/state"),
    ],
)
def test_a_faulty_objection_is_told_where(call, world, body, pointer):
    answer = call(None, "post", f"notices/{world.market_notice.public_id}/object/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


@pytest.mark.parametrize("reason", ["OBJECTION_UPHELD", "BORED", ""])
def test_a_notice_is_taken_back_for_a_reason_of_its_own(call, world, reason):
    path = f"notices/{world.notice.public_id}/void/"
    assert call(world.officer, "post", path, {"reason": reason}).status_code == 400


@pytest.mark.parametrize(
    ("query", "count"), [("state=open", 1), ("state=void", 0), ("kind=PRICE", 1), ("kind=REWARD", 0)]
)
def test_a_list_is_narrowed(call, world, query, count):
    assert call(None, "get", f"notices/?{query}").json()["count"] == count
