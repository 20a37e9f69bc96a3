"""The distribution of income over the API: who gets which status, why each number, and what happens once."""

import pytest

from marketplace.core.models import new_public_id
from tests.settlement.sharing import RECEIVED, make_sharing

from .attempting import attempt, filled
from .sharing_world import STAGES, make_world

pytestmark = pytest.mark.django_db
LISTED = "401 200 200 200 200 200 200 200"
OWNERS = "401 404 404 404 404 200 200 200"  # read by the owner's money people and by staff
PERSONAL = "401 404 404 404 404 200 200 404"  # accounts of people: not even by staff
DONE = "401 404 404 404 404 200 200 403"  # done by the owner's money people
BEGUN = "401 400 403 403 400 201 201 403"
WITH_SHARE = "401 404 404 {} 404 {} {} {}"  # what whoever has a share in it may read
WHY, DAY = {"reason": "办公会决定"}, RECEIVED.isoformat()
ACCOUNT = {"holder": "季明", "bank": "某银行", "account_number": "6222 0000-1111 2222"}
RULE = {
    "book": "{book}", "method": "equity", "rate": "0.6", "effective_from": DAY, "title": "办法", "document": "{paper}"
}  # fmt: skip
COST = {
    "contract": "{contract}", "kind": "TAX", "amount": "10.00", "on": "{today}", "note": "税", "document": "{paper}"
}  # fmt: skip
LINES = [{"role": "INVENTOR", "share": "100%", "payee": "{payee}", "is_main": True}]
TRANSFER = {"on": DAY, "reference": "BANK1"}

# stage, route, method, path, body: visitor, outsider, the owner's reader, one of two inventors, licensee, officer who
# proposed, the second person, staff
TABLE = [
    ("drafted", "payee-list", "get", "payees/", None, LISTED),
    ("drafted", "payee-list", "post", "payees/", {"book": "{book}", "name": "王某", "member": None}, BEGUN),
    ("drafted", "payee-detail", "get", "payees/{payee}/", None, WITH_SHARE.format(200, 200, 200, 404)),
    ("drafted", "payee-detail", "patch", "payees/{payee}/", {"name": "季明明"}, WITH_SHARE.format(403, 200, 200, 404)),
    (
        "drafted", "payee-keep-account", "post", "payees/{payee}/keep-account/", ACCOUNT,
        WITH_SHARE.format(200, 200, 200, 404),
    ),
    ("drafted", "reward-rule-list", "get", "reward-rules/", None, LISTED),
    ("drafted", "reward-rule-list", "post", "reward-rules/", RULE, BEGUN),
    ("drafted", "reward-rule-detail", "get", "reward-rules/{rule}/", None, OWNERS),
    ("drafted", "reward-cost-list", "get", "reward-costs/", None, LISTED),
    ("drafted", "reward-cost-list", "post", "reward-costs/", COST, BEGUN),
    ("drafted", "reward-cost-detail", "get", "reward-costs/{cost}/", None, OWNERS),
    ("drafted", "reward-cost-withdraw", "post", "reward-costs/{cost}/withdraw/", WHY, DONE),
    ("drafted", "sharing-plan-list", "get", "sharing-plans/", None, LISTED),
    (
        "drafted", "sharing-plan-list", "post", "sharing-plans/", {"contract": "{contract}", "lines": LINES},
        "401 400 400 403 400 201 201 400",
    ),
    ("drafted", "sharing-plan-detail", "get", "sharing-plans/{plan}/", None, WITH_SHARE.format(200, 200, 200, 200)),
    (
        "drafted", "sharing-plan-sign", "post", "sharing-plans/{plan}/sign/", {"sha256": "{sha256}"},
        WITH_SHARE.format(200, 403, 403, 403),
    ),
    (
        "drafted", "sharing-plan-sign-on-paper", "post", "sharing-plans/{plan}/sign-on-paper/",
        {"line": "{line}", "paper": "{paper}"}, WITH_SHARE.format(403, 200, 200, 403),
    ),
    (
        "drafted", "sharing-plan-withdraw", "post", "sharing-plans/{plan}/withdraw/", WHY,
        WITH_SHARE.format(403, 200, 200, 403),
    ),
    (
        "received", "distribution-list", "post", "distributions/", {"payment": "{payment}"},
        "401 400 403 403 403 201 201 403",
    ),
    ("proposed", "distribution-list", "get", "distributions/", None, LISTED),
    ("proposed", "distribution-detail", "get", "distributions/{row}/", None, OWNERS),
    ("proposed", "distribution-show-reward", "post", "distributions/{row}/show-reward/", {}, DONE),
    ("proposed", "distribution-withdraw", "post", "distributions/{row}/withdraw/", WHY, DONE),
    (
        "proposed", "hold-list", "post", "holds/", {"share": "{share}", "reason": "有误。"},
        "401 400 400 201 400 201 201 403",
    ),
    (
        "proposed", "hold-list", "post", "holds/", {"distribution": "{row}", "kind": "OTHER", "reason": "待核。"},
        "401 400 400 400 400 201 201 403",
    ),
    ("proposed", "my-reward-list", "get", "my-rewards/", None, LISTED),
    ("proposed", "my-reward-detail", "get", "my-rewards/{share}/", None, WITH_SHARE.format(200, 404, 404, 404)),
    ("noticed", "hold-list", "get", "holds/", None, LISTED),
    ("noticed", "hold-detail", "get", "holds/{hold}/", None, WITH_SHARE.format(200, 200, 200, 200)),
    (
        "noticed", "hold-resolve", "post", "holds/{hold}/resolve/", {"resolution": "一致。"},
        WITH_SHARE.format(403, 200, 200, 403),
    ),
    ("noticed", "distribution-approve", "post", "distributions/{row}/approve/", {}, "401 404 404 404 404 403 409 403"),
    ("approved", "distribution-reverse", "post", "distributions/{row}/reverse/", WHY, DONE),
    (
        "approved", "payout-list", "post", "payouts/", {"book": "{book}", "distributions": ["{row}"]},
        "401 400 400 400 400 201 201 403",
    ),
    ("batched", "payout-list", "get", "payouts/", None, LISTED),
    ("batched", "payout-detail", "get", "payouts/{payout}/", None, PERSONAL),
    ("batched", "payout-take-file", "post", "payouts/{payout}/take-file/", {}, PERSONAL),
    ("batched", "payout-withdraw", "post", "payouts/{payout}/withdraw/", WHY, PERSONAL),
    ("sent", "payout-mark-paid", "post", "payouts/{payout}/mark-paid/", TRANSFER, PERSONAL),
    (
        "paid", "payout-return-transfer", "post", "payouts/{payout}/return-transfer/",
        {"share": "{share}", "reason": "账号有误"}, PERSONAL,
    ),
    ("reversed", "claw-back-list", "get", "claw-backs/", None, LISTED),
    ("reversed", "claw-back-detail", "get", "claw-backs/{claw_back}/", None, OWNERS),
    (
        "reversed", "claw-back-give-back", "post", "claw-backs/{claw_back}/give-back/",
        {"amount": "100.00", "on": DAY, "reference": "G1"}, DONE,
    ),
]  # fmt: skip


@pytest.fixture
def at(db, go):
    """at(stage) → the world at that stage."""
    return lambda stage: make_world(make_sharing(go), stage)


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
