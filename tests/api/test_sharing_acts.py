"""The distribution of income over the API, act by act: why each number, what happens once, what is nobody else's."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.models import new_public_id
from marketplace.settlement.models import Cost, Journal, Payout
from tests import factories
from tests.rows import reread
from tests.settlement.sharing import RECEIVED, make_sharing

from .sharing_world import approve, make_world, propose, show

pytestmark = pytest.mark.django_db
ANY = {"If-Match": "*"}
TRANSFER = {"on": RECEIVED.isoformat(), "reference": "BANK1"}


@pytest.fixture
def at(db, go):
    """at(stage) → the world at that stage."""
    return lambda stage: make_world(make_sharing(go), stage)


def post(call, user, path, body=None, **headers):
    return call(user, "post", path, body or {}, **({"Idempotency-Key": new_public_id()} | ANY | headers))


# Plans


def test_a_plan_is_drafted_signed_by_each_and_in_force(call, at):
    world = at("drafted")
    lines = [
        {"role": "INVENTOR", "share": "29.9%", "payee": world.payee.public_id, "is_main": True},
        {"role": "INVENTOR", "share": "70.1%", "payee": world.other.public_id, "is_main": True},
        {"role": "OWNER", "share": "2/3"},
        {"role": "COLLEGE", "share": "1/3", "name": "材料学院"},
    ]
    plan = post(call, world.officer, "sharing-plans/", {"contract": world.contract.public_id, "lines": lines})
    assert [line["share"] for line in plan.json()["lines"]] == ["29.9%", "70.1%", "2/3", "1/3"]
    path, sign = f"sharing-plans/{plan.json()['id']}/", {"sha256": plan.json()["sha256"]}
    first, last = (
        post(call, each, f"{path}sign/", sign, **{"If-Match": plan["ETag"]}).json() for each in (world.one, world.two)
    )  # neither waits for the other: what both have read is the same
    assert [line["must_sign"] for line in first["lines"]] == [False, True, False, False]
    assert (first["state"], last["state"]) == ("drafted", "signed")
    assert reread(world.plan).state == "withdrawn"  # the draft that waited before


def test_a_plan_that_is_not_whole_says_which_rule_it_breaks(call, at):
    world = at("drafted")
    line = {"role": "INVENTOR", "share": "1/3", "payee": world.payee.public_id, "is_main": True}
    body = {"contract": world.contract.public_id, "lines": [line]}
    assert post(call, world.officer, "sharing-plans/", body).json()["code"] == "E_SHARES_NOT_100"
    unknown = post(call, world.officer, "sharing-plans/", body | {"lines": [line | {"payee": new_public_id()}]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "#/lines/0/payee")


def test_a_line_of_another_plan_is_none_of_this_one(call, at):
    world = at("drafted")
    body = {"line": new_public_id(), "paper": world.paper.public_id}
    answer = post(call, world.officer, f"sharing-plans/{world.plan.public_id}/sign-on-paper/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/line")


# Payees and what a distribution rests on


def test_an_account_is_kept_by_its_person_and_shown_by_its_last_digits(call, at):
    world = at("drafted")
    account = {"holder": "季明", "bank": "某银行", "account_number": "6222 0000-1111 2222"}
    kept = post(call, world.one, f"payees/{world.payee.public_id}/keep-account/", account)
    assert (kept.json()["account_number"], reread(world.payee).account_number) == ("···· 2222", "6222000011112222")
    for path in ("payees/", f"payees/{world.payee.public_id}/"):
        assert "6222000011112222" not in call(world.officer, "get", path).content.decode()


def test_an_inventor_reads_no_other_payee(call, at):
    world = at("drafted")
    found = call(world.one, "get", "payees/").json()
    assert (found["count"], found["results"][0]["id"]) == (1, world.payee.public_id)
    assert call(world.one, "get", f"payees/{world.other.public_id}/").status_code == 404
    assert call(world.one, "get", f"payees/?book={world.book.public_id}").json()["count"] == 1


def test_a_member_is_entered_as_a_payee_once(call, at):
    world = at("drafted")
    member = factories.make_member(world.book, "inventor").memberships.get()
    body = {"book": world.book.public_id, "name": "周航", "member": member.public_id, "office": "LEADER"}
    assert post(call, world.officer, "payees/", body).status_code == 400  # an office has its first day
    made = post(call, world.officer, "payees/", body | {"office_from": "2026-01-01"})
    assert (made.status_code, made.json()["has_account_here"], made.json()["office"]) == (201, True, "LEADER")
    assert post(call, world.officer, "payees/", body | {"office_from": "2026-01-01"}).status_code in (400, 409)


def test_a_payee_is_changed_in_the_version_that_was_read(call, at):
    world = at("drafted")
    path, version = f"payees/{world.payee.public_id}/", reread(world.payee).version
    answers = [
        call(world.officer, "patch", path, {"name": "季明明"}, **headers)
        for headers in ({}, {"If-Match": '"99"'}, {"If-Match": f'"{version}"'})
    ]
    assert [each.status_code for each in answers] == [428, 412, 200]
    assert (answers[2].json()["name"], answers[2]["ETag"]) == ("季明明", f'"{version + 1}"')


def test_a_cost_sent_again_under_its_key_is_taken_off_once(call, at):
    world = at("drafted")
    body = {
        "contract": world.contract.public_id, "kind": "TAX", "amount": "10.00", "on": world.today, "note": "税",
        "document": world.paper.public_id,
    }  # fmt: skip
    first, again = (post(call, world.officer, "reward-costs/", body, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, first.content, first["ETag"]) == (201, again.content, again["ETag"])
    assert Cost.objects.filter(amount=10).count() == 1
    refused = post(call, world.officer, "reward-costs/", body | {"kind": "RESEARCH"})
    assert (refused.status_code, refused.json()["code"]) == (400, "E_COST_NOT_ALLOWED")
    assert call(world.officer, "post", "reward-costs/", body).json()["code"] == "idempotency_key_required"


def test_less_than_the_law_of_the_place_asks_is_refused_by_name(call, at):
    world = at("drafted")
    body = {
        "book": world.book.public_id, "method": "equity", "rate": "0.49", "effective_from": world.today,
        "title": "办法", "document": world.paper.public_id,
    }  # fmt: skip
    answer = post(call, world.officer, "reward-rules/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "E_REWARD_BELOW_FLOOR")


# Distributions


def test_each_step_says_what_went_into_it_and_which_text_it_rests_on(call, at):
    world = at("proposed")
    body = call(world.officer, "get", f"distributions/{world.row.public_id}/").json()
    assert [(step["name"], step["value"]) for step in body["steps"]] == [
        ("received", "50000.00"), ("costs", "2000.00"), ("net", "48000.00"), ("rate", "0.600000"),
        ("pool", "28800.00"), ("retained", "19200.00"),
    ]  # fmt: skip
    costs, rate = body["steps"][1], body["steps"][3]
    assert (costs["inputs"], costs["law"]["reference"]) == ({"TAX": "2000.00"}, costs["reference"])
    assert (rate["inputs"], rate["law"]["is_verified"]) == ({"rule": "成果转化奖励办法"}, False)  # please check
    assert "art. 12" in costs["law"]["citation"]
    assert body["steps"][0]["law"] is None
    assert [(share["share"], share["amount"]) for share in body["shares"]] == [
        ("2/3", "19200.00"),
        ("1/3", "9600.00"),
    ]


def test_a_distribution_says_what_stands_before_its_approval(call, at):
    world = at("proposed")
    path = f"distributions/{world.row.public_id}/"
    assert [gap["code"] for gap in call(world.officer, "get", path).json()["missing"]] == ["E_REWARD_NOT_NOTICED"]
    assert post(call, world.approver, f"{path}approve/").json()["code"] == "E_REWARD_NOT_NOTICED"
    shown = post(call, world.officer, f"{path}show-reward/").json()
    assert call(world.one, "get", f"notices/{shown['notice']}/").status_code == 200


def test_the_tax_hint_names_each_condition_and_its_text(call, at):
    world = at("proposed")
    tax = call(world.officer, "get", f"distributions/{world.row.public_id}/").json()["tax"]
    holds = {each["code"]: each["holds"] for each in tax["conditions"]}
    assert (tax["part"], tax["is_relieved"]) == ("1.000000", False)
    assert (holds["NON_PROFIT"], holds["REGISTERED"], holds["NOTICED"]) == (True, False, False)
    assert "财税〔2018〕58号" in tax["law"]["citation"]


def test_an_approval_sent_again_under_its_key_books_once(call, at):
    world = at("proposed")
    world.row = world.sharing.noticed(world.row)
    headers = {"Idempotency-Key": "k1", "If-Match": f'"{world.row.version}"'}
    path = f"distributions/{world.row.public_id}/approve/"
    first, again = (post(call, world.approver, path, **headers) for _ in range(2))
    assert (first.status_code, first.content, first["ETag"]) == (200, again.content, again["ETag"])
    assert (first.json()["state"], Journal.objects.filter(kind="SHARED").count()) == ("approved", 1)


def test_money_is_booked_only_under_a_key_and_from_what_was_read(call, at):
    world = at("approved")
    path = f"distributions/{world.row.public_id}/reverse/"
    missing = call(world.officer, "post", path, {"reason": "重算"}, **ANY)
    assert (missing.status_code, missing.json()["code"]) == (428, "idempotency_key_required")
    unread = call(world.officer, "post", path, {"reason": "重算"}, **{"Idempotency-Key": "k1"})
    assert (unread.status_code, unread.json()["code"]) == (428, "precondition_required")
    stale = post(call, world.officer, path, {"reason": "重算"}, **{"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_a_receipt_is_shared_once(call, at):
    world = at("proposed")
    answer = post(call, world.officer, "distributions/", {"payment": world.payment.public_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "open")


# My rewards


def test_an_inventor_reads_their_own_share_and_why_and_nobody_elses(call, at):
    world = at("paid")
    found = call(world.one, "get", "my-rewards/").json()
    assert (found["count"], found["results"][0]["amount"]) == (1, "19200.00")
    own = call(world.one, "get", f"my-rewards/{world.share.public_id}/").json()
    assert [step["name"] for step in own["steps"]] == ["received", "costs", "net", "rate", "pool", "share"]
    assert own["steps"][-1]["inputs"] == {"pool": "28800.00", "share": "2/3"}
    assert (own["state"], own["transfers"][0]["account_number"][:4]) == ("paid", "····")
    theirs = world.row.shares.get(payee=world.other)
    assert call(world.one, "get", f"my-rewards/{theirs.public_id}/").status_code == 404
    assert "何晓" not in call(world.one, "get", f"my-rewards/{world.share.public_id}/").content.decode()


def test_a_dispute_holds_one_share_and_says_so_to_its_person_alone(call, at):
    world = at("proposed")
    raised = post(call, world.one, "holds/", {"share": world.share.public_id, "reason": "比例与约定不符。"})
    assert (raised.status_code, raised.json()["kind"]) == (201, "DISPUTED")
    theirs = world.row.shares.get(payee=world.other)
    held = [call(user, "get", f"my-rewards/{share.public_id}/").json()["is_held"]
            for user, share in ((world.one, world.share), (world.two, theirs))]  # fmt: skip
    assert held == [True, False]
    assert [call(user, "get", "holds/").json()["count"] for user in (world.one, world.two, world.officer)] == [1, 0, 1]


@pytest.mark.parametrize("names", [[], ["distribution", "share"]])
def test_a_hold_is_on_a_distribution_or_on_one_share(call, at, names):
    world = at("proposed")
    ids = {"distribution": world.row.public_id, "share": world.share.public_id}
    answer = post(call, world.officer, "holds/", {name: ids[name] for name in names} | {"reason": "待核。"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/share")


# Payouts


def test_a_batch_is_made_once_and_its_file_is_the_same_bytes_each_time(call, at):
    world = at("approved")
    body = {"book": world.book.public_id}
    first, again = (post(call, world.officer, "payouts/", body, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert (Payout.objects.count(), first.json()["total"]) == (1, "28800.00")
    path = f"payouts/{first.json()['id']}/take-file/"
    files = [post(call, user, path) for user in (world.officer, world.approver)]
    assert files[0].content == files[1].content
    assert hashlib.sha256(files[0].content).hexdigest() == first.json()["sha256"]
    assert (files[0]["Content-Type"], files[0]["Cache-Control"]) == ("text/csv; charset=utf-8", "private, no-store")
    assert world.payee.account_number in files[0].content.decode()
    assert world.payee.account_number not in first.content.decode()
    assert post(call, world.officer, "payouts/", body).json()["code"] == "nothing_to_pay"


def test_a_batch_that_nobody_took_cannot_be_paid(call, at):
    world = at("batched")
    answer = post(call, world.officer, f"payouts/{world.payout.public_id}/mark-paid/", TRANSFER)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_taken")


def test_a_payout_is_booked_once_and_a_returned_transfer_waits_again(call, at):
    world = at("sent")
    path = f"payouts/{world.payout.public_id}/"
    paid = [post(call, world.officer, f"{path}mark-paid/", TRANSFER, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert (paid[0].status_code, paid[0].content) == (200, paid[1].content)
    assert Journal.objects.filter(kind="PAID_OUT").count() == 2
    body = {"share": world.share.public_id, "reason": "账号有误"}
    back = [post(call, world.officer, f"{path}return-transfer/", body, **{"Idempotency-Key": "k2"}) for _ in range(2)]
    assert (back[0].status_code, back[0].content) == (200, back[1].content)
    assert [line["outcome"] for line in back[0].json()["lines"]] == ["returned", "paid"]
    assert (reread(world.share).state, reread(world.row).state) == ("waiting", "approved")
    unknown = post(call, world.officer, f"{path}return-transfer/", body | {"share": new_public_id()})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (400, "#/share")


def test_what_is_given_back_is_recorded_once(call, at):
    world = at("reversed")
    assert call(world.one, "get", "my-rewards/").json()["results"][0]["owed_back"]["left"] == "19200.00"
    path = f"claw-backs/{world.claw_back.public_id}/give-back/"
    body = {"amount": "19200.00", "on": RECEIVED.isoformat(), "reference": "G1"}
    first, again = (post(call, world.officer, path, body, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert (first.json()["state"], first.json()["left"]) == ("settled", "0.00")
    assert Journal.objects.filter(kind="GIVEN_BACK").count() == 1


# Lists


def test_the_lists_ask_no_more_questions_for_more_rows(call, at):
    def ask(user, noun):
        with CaptureQueriesContext(connection) as asked:
            rows.append(call(user, "get", f"{noun}/").json()["count"])
        return sum('"settlement_' in each["sql"] or '"contracts_' in each["sql"] for each in asked)

    rows, world = [], at("reversed")
    nouns = ("payees", "reward-rules", "reward-costs", "sharing-plans", "distributions", "holds", "payouts")
    lists = [*((world.officer, noun) for noun in nouns), (world.one, "my-rewards")]
    few = [ask(*each) for each in lists]
    world.sharing.payee("周航")
    world.sharing.rule("0.7", effective_from=RECEIVED)
    world.sharing.cost("1000")
    world.plan = world.sharing.plan("1/3", "2/3")
    propose(world)
    show(world)
    approve(world)
    world.sharing.paid()
    assert [ask(*each) for each in lists] == few
    assert rows == [3, 1, 1, 2, 1, 1, 1, 1, 4, 2, 2, 3, 2, 2, 2, 2]
