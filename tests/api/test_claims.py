"""Claims over the API: who gets which status, what moves money moves it once, and who does not exist for whom."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.contracts.models import Contract, ThirdParty
from marketplace.core.models import new_public_id
from marketplace.settlement import services
from marketplace.settlement.models import Claim, Obligation, Recovery
from tests import factories
from tests.contracts.living import ENTRY
from tests.settlement.claiming import LATER, PAID_ON, make_defaulted, make_stranger

from .attempting import attempt, filled

pytestmark = pytest.mark.django_db
LISTED = "401 200 200 200 200 200 200 200"
READ = "401 404 200 200 200 200 200 200"
LICENSOR = "401 404 403 403 {} 403 403 403"
GUARANTOR = "401 404 403 403 403 403 {} 403"
LICENSEE = "401 404 403 {} 403 403 403 403"
WHY, ON = {"reason": "办公会决定"}, {"on": PAID_ON.isoformat(), "reference": "G1"}
MONEY, TRANSFER = ON | {"amount": "40000.00"}, {"on": LATER.isoformat(), "reference": "R2"}

# stage, route, method, path, body: visitor, another guarantor, the buyer's reader, buyer, seller, manager, guarantor,
# staff
TABLE = [
    ("defaulted", "claim-list", "post", "claims/", {"guarantee": "{guarantee}"}, "401 400 403 403 201 403 403 403"),
    ("filed", "claim-list", "get", "claims/", None, LISTED),
    ("filed", "claim-detail", "get", "claims/{claim}/", None, READ),
    ("filed", "claim-ask", "post", "claims/{claim}/ask/", {"question": "请补充回执。"}, GUARANTOR.format(200)),
    ("filed", "claim-accept", "post", "claims/{claim}/accept/", {}, GUARANTOR.format(200)),
    (
        "filed", "claim-refuse", "post", "claims/{claim}/refuse/", {"code": "EVIDENCE", "reasons": "证据不足。"},
        GUARANTOR.format(200),
    ),
    ("filed", "claim-withdraw", "post", "claims/{claim}/withdraw/", WHY, LICENSOR.format(200)),
    ("filed", "claim-supply", "post", "claims/{claim}/supply/", {"answer": "见附件。"}, LICENSOR.format(409)),
    ("accepted", "claim-compensate", "post", "claims/{claim}/compensate/", MONEY, LICENSOR.format(200)),
    (
        "compensated", "claim-reverse-compensation", "post", "claims/{claim}/reverse-compensation/", WHY,
        LICENSOR.format(200),
    ),
    ("compensated", "recourse-list", "get", "recourses/", None, LISTED),
    ("compensated", "recourse-detail", "get", "recourses/{recourse}/", None, READ),
    (
        "compensated", "recourse-recover", "post", "recourses/{recourse}/recover/", TRANSFER | {"amount": "5000.00"},
        GUARANTOR.format(200),
    ),
    (
        "compensated", "recourse-answer", "post", "recourses/{recourse}/answer/", {"reply": "分期。"},
        LICENSEE.format(200),
    ),
    ("compensated", "recourse-forgo", "post", "recourses/{recourse}/forgo/", WHY, GUARANTOR.format(200)),
    ("recovered", "recovery-list", "get", "recoveries/", None, LISTED),
    ("recovered", "recovery-detail", "get", "recoveries/{recovery}/", None, READ),
    ("recovered", "recovery-pass-on", "post", "recoveries/{recovery}/pass-on/", TRANSFER, LICENSOR.format(200)),
    ("recovered", "recovery-return-part", "post", "recoveries/{recovery}/return-part/", WHY, LICENSOR.format(409)),
    ("recovered", "recovery-reverse", "post", "recoveries/{recovery}/reverse/", WHY, GUARANTOR.format(200)),
    (
        "recovered", "credit-notice-list", "post", "credit-notices/",
        {"contract": "{contract}", "issuer": "{guarantor_firm}", "grounds": "代偿后未还。"},
        "401 400 400 400 400 400 201 403",
    ),
    ("announced", "credit-notice-list", "get", "credit-notices/", None, LISTED),
    ("announced", "credit-notice-detail", "get", "credit-notices/{notice}/", None, "401 404 200 200 404 404 200 200"),
    (
        "announced", "credit-notice-answer", "post", "credit-notices/{notice}/answer/", {"reply": "分期。"},
        "401 404 403 200 404 404 403 403",
    ),
    (
        "announced", "credit-notice-withdraw", "post", "credit-notices/{notice}/withdraw/", WHY,
        "401 404 403 403 404 404 200 403",
    ),
    (
        "announced", "credit-notice-push", "post", "credit-notices/{notice}/push/", {},
        "401 404 403 403 404 404 409 403",
    ),
    (
        "pushed", "credit-notice-contest", "post", "credit-notices/{notice}/contest/", {"contest": "金额有误。"},
        "401 404 403 200 404 404 403 403",
    ),
    (
        "pushed", "credit-notice-uphold", "post", "credit-notices/{notice}/uphold/", {"outcome": "已核对。"},
        "401 404 403 403 404 404 409 403",
    ),
    (
        "pushed", "credit-notice-correct", "post", "credit-notices/{notice}/correct/", {"outcome": "已核对。"},
        "401 404 403 403 404 404 200 200",
    ),
    ("defaulted", "exposure", "get", "exposure/?on=2027-03-15", None, "401 400 400 400 400 400 200 200"),
]  # fmt: skip
STAGES = ("defaulted", "filed", "accepted", "compensated", "recovered", "announced", "pushed")
ARRIVES = {"accepted": PAID_ON, "compensated": LATER, "recovered": LATER}
"""When the money of a stage's next step is there."""


def make_world(go, stage):
    found = make_defaulted(go, sheet=ENTRY)
    here = SimpleNamespace(found=found, guarantee=found.guarantee, guarantor_firm=found.guarantee.guarantor)
    here.manager = factories.make_technology_manager()
    Contract.objects.filter(pk=found.contract.pk).update(manager=here.manager)
    here.contract = found.contract
    steps = [found.file, found.accept, lambda: found.compensate("40000"), lambda: found.recover("5000"),
             lambda: announce(here), lambda: push(here)]  # fmt: skip
    for step in steps[: STAGES.index(stage)]:
        step()
    if stage in ARRIVES:
        go(ARRIVES[stage])
    here.claim, here.recovery = Claim.objects.first(), Recovery.objects.first()
    here.recourse = here.claim.recourses.first() if here.claim else None
    here.reader = factories.make_member(found.contract.buyer, "reader")
    here.stranger, here.staff = make_stranger(), factories.make_user(is_staff=True)
    people = (here.stranger, here.reader, found.buyer, found.seller, here.manager, found.guarantor, here.staff)
    here.people = [None, *people]
    return here


def announce(here):
    given = {"contract": here.contract, "issuer": here.guarantor_firm, "grounds": "代偿后未还。"}
    here.notice = services.announce_credit(**given, by=here.found.guarantor)


def push(here):
    here.found.go(here.notice.reply_until + timedelta(days=1))
    here.notice = services.push_credit(here.notice, by=here.found.guarantor)


@pytest.fixture
def call(call):
    """Every call has a key of its own unless it names one."""

    def calling(user, method, path, body=None, **headers):
        return call(user, method, path, body, **({"Idempotency-Key": new_public_id()} | headers))

    return calling


@pytest.mark.parametrize("stage", STAGES)
def test_everybody_gets_the_status_that_is_theirs(call, go, stage):
    world = make_world(go, stage)
    for _stage, _route, method, path, body, expected in [row for row in TABLE if row[0] == stage]:
        where, what = filled(path, world), filled(body, world)
        answers = [attempt(call, user, method, where, what) for user in world.people]
        assert " ".join(str(answer.status_code) for answer in answers) == expected, path


@pytest.mark.parametrize(("stage", "noun", "name"), [("recovered", "claims", "claim"), ("recovered", "recourses",
    "recourse"), ("recovered", "recoveries", "recovery"), ("announced", "credit-notices", "notice")])  # fmt: skip
def test_the_guarantor_of_another_contract_reads_what_is_not_there(call, go, stage, noun, name):
    world = make_world(go, stage)
    row = getattr(world, name)
    theirs, absent = (call(world.stranger, "get", f"{noun}/{each}/") for each in (row.public_id, new_public_id()))
    assert (theirs.status_code, theirs.content) == (404, absent.content)
    assert call(world.stranger, "get", f"{noun}/").json()["count"] == 0


def compensate(call, world, key="k1", **headers):
    path = f"claims/{world.claim.public_id}/compensate/"
    return call(world.found.seller, "post", path, MONEY, **({"Idempotency-Key": key, "If-Match": "*"} | headers))


@pytest.fixture
def accepted(go):
    world = make_world(go, "accepted")
    go(PAID_ON)
    return world


def test_a_compensation_sent_again_under_its_key_is_answered_alike(call, accepted):
    version = f'"{accepted.claim.version}"'
    first, again = (compensate(call, accepted, **{"If-Match": version}) for _ in range(2))
    assert (first.status_code, first.content, first["ETag"]) == (200, again.content, again["ETag"])
    assert accepted.claim.recourses.count() == 1


def test_money_moves_only_under_a_key_and_from_what_was_read(call, accepted, client):
    path = f"claims/{accepted.claim.public_id}/compensate/"
    assert call(accepted.found.seller, "post", path, MONEY).json()["code"] == "precondition_required"
    stale = compensate(call, accepted, **{"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_the_same_loss_twice_is_a_conflict_by_name(call, go):
    world = make_world(go, "filed")
    answer = call(world.found.seller, "post", "claims/", {"guarantee": world.guarantee.public_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "E_DUPLICATE_CLAIM")


def test_what_is_guaranteed_is_written_off_only_where_that_is_said(call, go):
    seller = make_world(go, "defaulted").found.seller
    path = f"obligations/{Obligation.objects.get().public_id}/write-off/"
    refused = call(seller, "post", path, WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "covered")
    given = call(seller, "post", path, WHY | {"gives_up_cover": True})
    assert (given.status_code, given.json()["state"]) == (200, "written_off")


def test_a_claim_says_what_of_which_loss_and_whom_it_waits_for(call, go):
    world = make_world(go, "filed")
    body = call(world.found.guarantor, "get", f"claims/{world.claim.public_id}/").json()
    assert (body["amount"], body["review_by"], body["lines"][0]["lost"]) == ("40000.00", "2027-04-14", "50328.77")
    assert body["evidence_sha256"] == world.claim.evidence.sha256


def test_the_hash_of_the_evidence_is_for_who_may_open_it(call, go):
    world = make_world(go, "filed")
    read = {person: call(person, "get", f"claims/{world.claim.public_id}/").json() for person in world.people[2:]}
    listed = {person: call(person, "get", "claims/").json()["results"][0] for person in world.people[2:]}
    for person, body in read.items():
        opens = call(person, "get", f"documents/{body['evidence']}/").status_code == 200
        assert (body["evidence_sha256"] is None, opens) == ((True, False) if person == world.manager else (False, True))
        assert listed[person]["evidence_sha256"] == body["evidence_sha256"]


def test_the_exposure_says_what_counts_against_the_limit(call, go):
    world = make_world(go, "defaulted")
    body = call(world.found.guarantor, "get", "exposure/?on=2027-03-15").json()
    assert (body["total"], body["limit"], body["room"]) == ("40000.00", "10000000.00", "9960000.00")
    assert body["rows"][0]["dues"][0]["until"] == "2027-08-03"
    assert (body["guarantee_count"], body["is_cut"]) == (1, False)


def test_the_lists_ask_no_more_questions_for_more_rows(call, go):
    def ask(noun):
        with CaptureQueriesContext(connection) as asked:
            rows.append(call(staff, "get", f"{noun}/").json()["count"])
        return sum('"settlement_' in each["sql"] or '"contracts_' in each["sql"] for each in asked)

    rows, lists = [], ("claims", "recourses", "recoveries", "credit-notices")
    staff = make_world(go, "announced").staff
    few = [ask(noun) for noun in lists]
    make_world(go, "announced")
    assert [ask(noun) for noun in lists] == few
    assert rows == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_third_party_of_the_contract_that_guarantees_nothing_reads_no_claim(call, go):
    world = make_world(go, "filed")
    other = make_stranger()
    organisation = other.memberships.get().organisation
    ThirdParty.objects.create(contract=world.contract, organisation=organisation, role="INSURER")
    assert call(other, "get", f"claims/{world.claim.public_id}/").status_code == 404
