"""Shares over the API: who gets which status, what each one reads of them, and what happens once."""

from datetime import date

import pytest

from marketplace.core.models import new_public_id
from marketplace.settlement.models import Stake
from tests.contracts.living import SIGNED
from tests.counting import queries_of
from tests.settlement.owning import make_owning

from .attempting import attempt, filled
from .equity_world import STAGES, make_world

pytestmark = pytest.mark.django_db
DAY, WHY = SIGNED.isoformat(), {"reason": "办公会决定"}
LISTED = "401 200 200 200 200 200 200 200"
STAKE = "401 404 200 200 200 200 200 200"  # read by both sides and staff
ON_STAKE = "401 404 403 403 403 200 200 403"  # done by the owner's money people
OWNERS = "401 404 404 404 404 200 200 200"
DONE = "401 404 404 404 404 200 200 403"
OWN = "401 404 404 200 404 200 200 200"
ON_OWN = "401 404 404 403 404 200 200 403"
NEW = {"contract": "{contract}", "instrument": "ARTICLES", "basis": "APPRAISAL", "valued_on": "{valued}"}
LINES = [{"role": "INVENTOR", "share": "100%", "payee": "{payee}", "is_main": True}]
VESTING = {"begins_on": DAY, "cliff": 12, "months": 48, "paper": "{paper}"}
ENTRUSTING = {"name": "某持股公司", "begins_on": DAY, "unwinds_on": "2031-01-01", "paper": "{paper}"}
LEAVING = {"on": DAY, "reason": "调离", "paper": "{paper}"}

# stage, route, method, path, body: visitor, outsider, the owner's reader, one of two inventors, licensee, officer who
# proposed, the second person, staff
TABLE = [
    ("signed", "stake-list", "get", "stakes/", None, LISTED),
    ("signed", "stake-list", "post", "stakes/", NEW, "401 400 403 403 403 201 201 403"),
    ("recorded", "stake-detail", "get", "stakes/{stake}/", None, STAKE),
    (
        "recorded", "stake-keep-paper", "post", "stakes/{stake}/keep-paper/",
        {"kind": "register_paper", "paper": "{paper}"}, "401 404 403 403 400 200 200 403",
    ),
    (
        "recorded", "stake-register", "post", "stakes/{stake}/register/", {"on": DAY, "paper": "{paper}"},
        "401 404 403 403 400 200 200 403",
    ),
    ("recorded", "stake-end", "post", "stakes/{stake}/end/", {"ending": "SOLD", "on": DAY, **WHY}, ON_STAKE),
    (
        "recorded", "sharing-plan-list", "post", "sharing-plans/",
        {"contract": "{contract}", "stake": "{stake}", "lines": LINES}, "401 400 400 403 400 201 201 400",
    ),
    (
        "planned", "allotment-list", "post", "allotments/", {"stake": "{stake}"}, "401 400 403 403 403 201 201 403",
    ),
    ("divided", "allotment-list", "get", "allotments/", None, LISTED),
    ("divided", "allotment-detail", "get", "allotments/{row}/", None, OWNERS),
    ("divided", "allotment-show-leaders", "post", "allotments/{row}/show-leaders/", {}, DONE.replace("200", "409")),
    ("divided", "allotment-approve", "post", "allotments/{row}/approve/", {}, "401 404 404 404 404 403 200 403"),
    ("divided", "allotment-withdraw", "post", "allotments/{row}/withdraw/", WHY, DONE),
    ("divided", "holding-set-vesting", "post", "holdings/{holding}/set-vesting/", VESTING, ON_OWN),
    ("held", "holding-list", "get", "holdings/", None, LISTED),
    ("held", "holding-detail", "get", "holdings/{holding}/", None, OWN),
    ("held", "holding-entrust", "post", "holdings/{holding}/entrust/", ENTRUSTING, ON_OWN.replace("200", "409")),
    ("held", "holding-unwind", "post", "holdings/{holding}/unwind/", {"on": DAY, **WHY}, ON_OWN.replace("200", "409")),
    ("held", "holding-leave", "post", "holdings/{holding}/leave/", LEAVING, ON_OWN),
]  # fmt: skip


@pytest.fixture
def at(db, go):
    """at(stage) → the world at that stage."""
    return lambda stage: make_world(make_owning(go), stage)


@pytest.fixture
def call(call):
    """Every call has a key of its own unless it names one."""

    def calling(user, method, path, body=None, **headers):
        return call(user, method, path, body, **({"Idempotency-Key": new_public_id()} | headers))

    return calling


@pytest.mark.parametrize("stage", STAGES)
def test_everybody_gets_the_status_that_is_theirs(call, at, stage):
    world = at(stage)
    for _stage, _route, method, path, body, expected in [row for row in TABLE if row[0] == stage]:
        where, what = filled(path, world), filled(body, world)
        answers = [attempt(call, user, method, where, what) for user in world.people]
        assert " ".join(str(answer.status_code) for answer in answers) == expected, path
        if "404" in expected:
            nowhere = path[: path.index("{")] + new_public_id() + path[path.index("}") + 1 :]
            assert attempt(call, world.outsider, method, nowhere, what).content == answers[1].content


def get(call, user, path):
    return call(user, "get", path).json()


def test_a_stake_is_recorded_once_under_its_key(call, at):
    world = at("signed")
    body, key = filled(NEW, world), {"Idempotency-Key": "stake-1"}
    first, again = (call(world.officer, "post", "stakes/", body, **key) for _time in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert Stake.objects.count() == 1
    assert first.json()["percent"] == "0.200000"
    assert first.json()["missing_papers"] == ["instrument_paper", "valuation_paper", "register_paper"]
    assert call(world.officer, "post", "stakes/", body).json()["code"] == "already_recorded"


def test_the_hint_on_tax_names_its_text(call, at):
    world = at("recorded")
    hint = get(call, world.officer, f"stakes/{world.stake.public_id}/")["tax_deferral"]
    assert "财税〔2016〕101号" in str(hint)


def test_a_division_says_what_is_missing_and_under_which_law(call, at):
    world = at("divided")
    body = get(call, world.officer, f"allotments/{world.row.public_id}/")
    assert (body["rate"], body["pool"], body["retained"], body["missing"]) == ("0.500000", 100_000, 100_000, [])
    assert body["law"][0]["reference"] == "reward.floor.equity@CN/2015-10-01"


def test_a_head_is_refused_by_code(call, at):
    world = at("recorded")
    type(world.payee).objects.filter(pk=world.payee.pk).update(office="HEAD", office_from=SIGNED)
    body = {"contract": world.contract.public_id, "stake": world.stake.public_id, "lines": filled(LINES, world)}
    assert call(world.officer, "post", "sharing-plans/", body).json()["code"] == "E_HEAD_EQUITY"


def test_a_person_reads_the_own_part_and_its_days(call, at, go):
    world = at("divided")
    path = f"holdings/{world.holding.public_id}/"
    call(world.officer, "post", f"{path}set-vesting/", filled(VESTING, world), **{"If-Match": "*"})
    world.owning.approve(world.row)
    go(date(2028, 1, 4))
    body = get(call, world.one, path)
    assert (body["share"], body["units"], body["earned_today"]) == ("2/3", 66_667, 16_666)
    assert body["coming"][0]["on"] == "2028-02-04"
    assert body["coming"][-1] == {"on": "2031-01-04", "units": 66_667}
    assert [each["id"] for each in get(call, world.one, "holdings/")["results"]] == [body["id"]]
    left = call(
        world.officer, "post", f"{path}leave/", filled(LEAVING, world) | {"on": "2028-01-04"}, **{"If-Match": "*"}
    )
    assert left.json()["departure"]["returned"] == 50_001
    assert (left.json()["units_today"], left.json()["coming"]) == (16_666, [])
    rows = get(call, world.officer, "holdings/")["results"]
    assert sum(each["units_today"] for each in rows) == 200_000


def test_a_page_of_many_holders_takes_the_queries_of_few(call, go):
    few, many = make_owning(go), make_owning(go)
    few.leave(few.owned("1/2", "1/2").holdings.first())
    many.leave(many.owned(*["1/8"] * 8).holdings.first())
    rows = []
    few_asked, many_asked = (
        queries_of(lambda by=each.officer: rows.append(len(get(call, by, "holdings/")["results"])))
        for each in (few, many)
    )
    assert (rows, len(many_asked)) == ([3, 9], len(few_asked))
