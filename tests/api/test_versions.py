"""If-Match: nobody overwrites, or publishes, what they have not read."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world):
    return f"my-achievements/{world.draft.public_id}/"


def test_a_row_carries_its_version_as_etag(call, world, draft):
    answer = call(world.officer, "get", draft)
    assert answer["ETag"] == f'"{answer.json()["version"]}"'


def test_a_new_row_can_be_changed_with_the_etag_of_its_creation(call, world, university):
    body = {"title_zh": "新成果", "field": "05", "region": "110000", "offers": [{"mode": "OPEN"}]}
    made = call(world.officer, "post", "my-achievements/", {**body, "owner": university.public_id})
    path, tag = f"my-achievements/{made.json()['id']}/", made["ETag"]
    changed = call(world.officer, "patch", path, {"trl": 4, "offers": []}, **{"If-Match": tag})
    assert (changed.status_code, changed.json()["trl"], changed.json()["offers"]) == (200, 4, [])


@pytest.mark.parametrize(
    ("noun", "name", "who"),
    [("my-achievements", "draft", "officer"), ("my-demands", "demand_draft", "sme"),
     ("rights", "right", "officer"), ("organisations", "university", "staff")],
)  # fmt: skip
def test_a_change_without_if_match_is_428(call, world, noun, name, who):
    answer = call(getattr(world, who), "patch", f"{noun}/{getattr(world, name).public_id}/", {})
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("tag", ['"99"', "7", "nonsense", '"97", "98"x', "\x00"])
def test_a_change_of_what_was_changed_meanwhile_is_412(call, world, draft, tag):
    answer = call(world.officer, "patch", draft, {"trl": 4}, **{"If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


def test_the_second_of_two_changes_from_one_reading_is_412(call, world, draft):
    tag = call(world.officer, "get", draft)["ETag"]
    codes = [call(world.officer, "patch", draft, {"trl": trl}, **{"If-Match": tag}).status_code for trl in (4, 5)]
    assert codes == [200, 412]


def test_a_tag_that_a_proxy_weakened_still_counts(call, world, draft):
    tag = call(world.officer, "get", draft)["ETag"]
    assert call(world.officer, "patch", draft, {"trl": 4}, **{"If-Match": f"W/{tag}"}).status_code == 200


def test_a_reviewer_publishes_only_what_was_read(call, world):
    path = f"my-achievements/{world.submitted.public_id}/"
    assert call(world.staff, "post", f"{path}publish/").status_code == 428
    tag = call(world.staff, "get", path)["ETag"]
    call(world.officer, "post", f"{path}revise/")
    call(world.officer, "post", f"{path}submit/")
    assert call(world.staff, "post", f"{path}publish/", **{"If-Match": tag}).status_code == 412
