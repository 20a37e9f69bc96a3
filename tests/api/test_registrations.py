"""Registrations over the API: who gets which status, what each one reads, and what happens once."""

import pytest

from marketplace.core.models import new_public_id
from marketplace.registration import services
from marketplace.registration.models import Registration
from tests import factories
from tests.contracts.living import SIGNED
from tests.registration.registering import COSTS, NUMBER, end, make_registering

from .attempting import attempt, filled

pytestmark = pytest.mark.django_db
DAY, WHY = SIGNED.isoformat(), {"reason": "理由"}
LISTED = "401 200 200 200 200 200 200 200"
READ = "401 404 200 200 200 200 200 200"  # both sides, the office, staff
SELLERS = "401 404 200 200 404 404 404 200"  # a draft
BY_SELLER = "401 404 403 200 404 404 404 403"
OF_SELLER = "401 404 403 200 403 403 403 403"  # once it was handed in
OF_OFFICE = "401 404 403 403 403 200 200 403"
NEW = {"contract": "{contract}", "contact": "王老师"}
PAPER = {"filename": "附件.pdf", "content": "JVBERi0xLjQKJSVFT0Y=", "title": "附件"}
ELSEWHERE = {"number": NUMBER, "on": DAY, "office_name": "某处", "certificate": "{paper}"}
CHANGE = {"registration": "{row}", "total_amount": "90000.00", **WHY}

# stage, route, method, path, body: visitor, outsider, seller's reader, its officer, buyer, two registrars, staff
TABLE = [
    ("signed", "registration-list", "get", "registrations/", None, LISTED),
    ("signed", "registration-list", "post", "registrations/", NEW, "401 400 403 201 403 400 400 403"),
    ("draft", "registration-detail", "get", "registrations/{row}/", None, SELLERS),
    ("draft", "registration-findings", "get", "registrations/{row}/findings/", None, SELLERS),
    ("draft", "registration-offices", "get", "registrations/{row}/offices/", None, SELLERS),
    ("draft", "registration-edit", "post", "registrations/{row}/edit/", {"contact": "李"}, BY_SELLER),
    ("draft", "registration-put-costs", "post", "registrations/{row}/put-costs/", {"costs": COSTS}, BY_SELLER),
    ("draft", "registration-add-paper", "post", "registrations/{row}/add-paper/", PAPER, BY_SELLER),
    ("draft", "registration-make-form", "post", "registrations/{row}/make-form/", {}, BY_SELLER),
    ("draft", "registration-submit", "post", "registrations/{row}/submit/", {}, BY_SELLER),
    ("draft", "registration-withdraw", "post", "registrations/{row}/withdraw/", {}, BY_SELLER),
    (
        "draft", "registration-record", "post", "registrations/{row}/record/", ELSEWHERE,
        "401 404 403 200 404 404 404 403",
    ),
    ("submitted", "registration-detail", "get", "registrations/{row}/", None, READ),
    ("submitted", "registration-accept", "post", "registrations/{row}/accept/", {}, OF_OFFICE),
    ("submitted", "registration-ask", "post", "registrations/{row}/ask/", {"missing": "请补充。"}, OF_OFFICE),
    ("asked", "registration-supply", "post", "registrations/{row}/supply/", {}, OF_SELLER),
    (
        "accepted", "registration-retype", "post", "registrations/{row}/retype/",
        {"type": "5", "subtype": "51", **WHY}, OF_OFFICE,
    ),
    ("accepted", "registration-consult", "post", "registrations/{row}/consult/", WHY, OF_OFFICE),
    ("accepted", "registration-register", "post", "registrations/{row}/register/", {"number": NUMBER}, OF_OFFICE),
    ("accepted", "registration-refuse", "post", "registrations/{row}/refuse/", WHY, OF_OFFICE),
    ("refused", "registration-contest", "post", "registrations/{row}/contest/", {"objection": "不同意。"}, OF_SELLER),
    (
        "registered", "registration-change-list", "post", "registration-changes/", CHANGE,
        "401 400 403 201 403 403 403 403",
    ),
    ("registered", "registration-revoke", "post", "registrations/{row}/revoke/", WHY, OF_OFFICE),
    ("ended", "registration-cancel", "post", "registrations/{row}/cancel/", WHY, OF_OFFICE),
    ("changing", "registration-change-list", "get", "registration-changes/", None, LISTED),
    ("changing", "registration-change-detail", "get", "registration-changes/{change}/", None, READ),
    ("changing", "registration-change-enter", "post", "registration-changes/{change}/enter/", {}, OF_OFFICE),
    ("changing", "registration-change-refuse", "post", "registration-changes/{change}/refuse/", WHY, OF_OFFICE),
]  # fmt: skip
STAGES = tuple(dict.fromkeys(stage for stage, *_ in TABLE))


class World:
    """A contract at a stage of its registration, and everybody who may have to do with it."""

    def __init__(self, ours, stage):
        self.ours, self.contract, self.paper = ours, ours.contract, ours.paper()
        getattr(self, stage)()
        reader = factories.make_member(ours.contract.seller, "reader")
        self.outsider, self.officer, self.registrar = factories.make_member(), ours.officer, ours.registrar
        self.people = [
            *(None, self.outsider, reader, self.officer, ours.licence.buyer, self.registrar, ours.second),
            factories.make_user(is_staff=True),
        ]

    def signed(self):
        """Nothing yet."""

    def draft(self):
        self.row = self.ours.draft()

    def submitted(self):
        self.row = self.ours.submitted()

    def asked(self):
        self.row = services.ask(self.ours.submitted(), "请补充。", by=self.ours.registrar)

    def accepted(self):
        self.row = self.ours.accepted()

    def refused(self):
        self.row = self.ours.refused()

    def registered(self):
        self.row = self.ours.registered()

    def ended(self):
        self.registered()
        end(self.ours)

    def changing(self):
        self.registered()
        self.change = services.ask_change(self.row, total_amount="90000", reason="提成。", by=self.ours.officer)


@pytest.fixture
def at(db, go):
    """at(stage) → the world at that stage."""
    return lambda stage: World(make_registering(go), stage)


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


def test_the_form_is_begun_once_under_its_key(call, at):
    world = at("signed")
    body, key = filled(NEW, world), {"Idempotency-Key": "registration-1"}
    first, again = (call(world.officer, "post", "registrations/", body, **key) for _time in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert Registration.objects.count() == 1
    assert first.json()["technical_amount"] == "50000.00"
    assert call(world.officer, "post", "registrations/", body).json()["code"] == "E_DUPLICATE_REG"


def test_the_seller_learns_offices_and_what_is_missing(call, at):
    world = at("draft")
    services.edit(world.row, contact="", by=world.officer)
    where = f"registrations/{world.row.public_id}/"
    found = call(world.officer, "get", where + "offices/").json()
    assert [each["credit_code"] for each in found] == [world.ours.office.credit_code]
    missing = call(world.officer, "get", where + "findings/").json()
    first = missing[0]
    assert (first["code"], first["field"], first["stops"]) == ("E_REQUIRED", "contact", True)
    assert first["sentence"]


def test_the_office_is_named_by_its_credit_code(call, at):
    world = at("draft")
    where, code = f"registrations/{world.row.public_id}/edit/", world.ours.office.credit_code
    assert call(world.officer, "post", where, {"office": None}, **{"If-Match": "*"}).json()["office"] is None
    kept = call(world.officer, "post", where, {"office": code}, **{"If-Match": "*"}).json()
    assert kept["office"]["name"] == str(world.ours.office)


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("put-costs", {"costs": [COSTS[0] | {"amount": "50000.01"}]}, "E_TECH_GT_TOTAL"),
        ("put-costs", {"costs": [COSTS[0] | {"amount": 1.5}]}, "invalid"),
        ("edit", {"subtype": "99"}, "invalid"),
        ("edit", {"number": "1"}, "invalid"),
    ],
)
def test_nonsense_is_told_and_nothing_is_kept(call, at, verb, body, code):
    world = at("draft")
    answer = call(world.officer, "post", f"registrations/{world.row.public_id}/{verb}/", body, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Registration.objects.get().deducted_amount == 0


def test_what_is_incomplete_is_not_handed_in(call, at):
    world = at("draft")
    services.edit(world.row, **dict.fromkeys(("contact", "phone"), ""), by=world.officer)
    where = f"registrations/{world.row.public_id}/submit/"
    answer = call(world.officer, "post", where, {}, **{"If-Match": "*"})
    assert answer.status_code == 400
    assert {each["pointer"] for each in answer.json()["errors"]} == {"#/contact", "#/phone"}
