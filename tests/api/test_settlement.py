"""Money over the API: who gets which status, and payments that are recorded once under their key."""

from base64 import b64encode
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.core.idempotency import forget_answers
from marketplace.core.models import KeptAnswer, new_public_id
from marketplace.settlement import services
from marketplace.settlement.models import Account, BankLine, Journal, Obligation, Payment
from marketplace.settlement.rules.invoicing import Facts
from marketplace.settlement.services.invoices import Paper
from tests.contracts.making import PDF
from tests.settlement.test_bank import csv_of, row

from .attempting import attempt, filled, names
from .contracting import cast_of, make, make_table

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()
PAYMENT = {"amount": "100.00", "on": TODAY, "reference": "T1"}
HUNDRED = {"net": Decimal(100), "rate": Decimal("0.06"), "tax": Decimal(6)}
WHY = {"reason": "办公会决定"}
INVOICE = {
    "kind": "DIGITAL_SPECIAL",
    "number": f"{2:020}",
    "on": TODAY,
    "net": "100.00",
    "rate": "0.06",
    "tax": "6.00",
    "filename": "a.pdf",
    "content": b64encode(PDF).decode(),
}
RED = INVOICE | {"net": "-100.00", "tax": "-6.00"}
CREDIT = {"day": TODAY.replace("-", ""), "amount": "123.45", "payer": "某人", "reference": "B1"}
STATEMENT = {"book": "{seller_firm}", "filename": "a.csv", "content": b64encode(csv_of(row())).decode()}
LISTED = "401 200 200 200 200 200 200 200"
READ = "401 404 200 200 200 200 200 200"
SIDES = "401 404 200 200 200 200 404 200"  # both sides and their manager, not the guarantor
OWNER = "401 404 403 403 {} 403 403 403"
MONEY = "401 404 404 404 200 404 404 {}"  # who decides about the owner's money, and staff, who read alone

# route, method, path, body: visitor, outsider, the buyer's reader, buyer, seller, manager, guarantor, staff
TABLE = [
    ("obligation-list", "get", "obligations/", None, LISTED),
    ("obligation-detail", "get", "obligations/{obligation}/", None, READ),
    ("obligation-write-off", "post", "obligations/{obligation}/write-off/", WHY, OWNER.format(200)),
    ("payment-list", "get", "payments/", None, LISTED),
    ("payment-detail", "get", "payments/{payment}/", None, SIDES),
    ("payment-reverse", "post", "payments/{payment}/reverse/", WHY, "401 404 403 403 200 403 404 403"),
    ("contract-obligations", "get", "contracts/{contract}/obligations/", None, READ),
    ("contract-payments", "get", "contracts/{contract}/payments/", None, READ),
    ("contract-payments", "post", "contracts/{contract}/payments/", PAYMENT, OWNER.format(201)),
    ("invoice-list", "get", "invoices/", None, LISTED),
    ("invoice-detail", "get", "invoices/{invoice}/", None, SIDES),
    ("invoice-correct", "post", "invoices/{invoice}/correct/", RED, "401 404 403 403 201 403 404 403"),
    ("invoice-withdraw", "post", "invoices/{invoice}/withdraw/", WHY, "401 404 403 403 200 403 404 403"),
    ("contract-invoices", "get", "contracts/{contract}/invoices/", None, READ),
    ("contract-invoices", "post", "contracts/{contract}/invoices/", INVOICE, OWNER.format(201)),
    ("cash-flow", "get", "cash-flow/", None, LISTED),
    ("booking-list", "get", "ledger/", None, LISTED),
    ("booking-detail", "get", "ledger/{booking}/", None, MONEY.format(200)),
    ("bank-statements", "post", "bank-statements/", STATEMENT, "401 400 400 400 200 400 400 403"),
    ("bank-line-list", "get", "bank-lines/", None, LISTED),
    ("bank-line-detail", "get", "bank-lines/{line}/", None, MONEY.format(200)),
    ("bank-line-likely", "get", "bank-lines/{line}/likely/", None, MONEY.format(200)),
    ("bank-line-match", "post", "bank-lines/{line}/match/", {"contract": "{contract}"}, MONEY.format(403)),
    ("bank-line-ignore", "post", "bank-lines/{line}/ignore/", WHY, MONEY.format(403)),
    ("bank-line-release", "post", "bank-lines/{line}/release/", WHY, MONEY.replace("200", "409").format(403)),
    ("account-list", "get", "accounts/", None, LISTED),
    ("account-detail", "get", "accounts/{account}/", None, MONEY.format(200)),
    ("receivables", "get", "receivables/", None, LISTED),
]


@pytest.fixture
def table(broker, outsider, staff):
    here = make_table(broker, outsider, staff)
    here.contract = make(here, "signed")
    here.obligation = Obligation.objects.get()
    facts = {"on": timezone.localdate(), "reference": "T0"}
    here.payment = services.record(here.contract, "10.00", by=here.seller, **facts)
    given = Facts(kind="DIGITAL_SPECIAL", number=f"{1:020}", on=timezone.localdate(), **HUNDRED)
    here.invoice = services.record_invoice(here.contract, given, paper=Paper("a.pdf", PDF), by=here.seller)
    services.import_statement(here.contract.seller, csv_of(row(**CREDIT)), "a.csv", by=here.seller)
    here.line = BankLine.objects.get()
    here.account = Account.objects.get(kind="RECEIVABLE")
    here.booking = Journal.objects.filter(contract=here.contract).earliest("id")
    return here


@pytest.fixture
def call(call):
    """Every call has a key of its own unless it names one."""

    def calling(user, method, path, body=None, **headers):
        return call(user, method, path, body, **({"Idempotency-Key": new_public_id()} | headers))

    return calling


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), TABLE, ids=names(TABLE))
def test_everybody_gets_the_status_that_is_theirs(call, table, route, method, path, body, expected):
    where, what = filled(path, table), filled(body, table)
    answers = [attempt(call, user, method, where, what) for user in cast_of(table)]
    assert [answer.status_code for answer in answers] == [int(status) for status in expected.split()]
    if "404" in expected:
        absent = path[: path.index("{")] + new_public_id() + path[path.index("}") + 1 :]
        missing = attempt(call, table.outsider, method, absent, what)
        assert (missing.status_code, missing.content) == (404, answers[1].content)


def pay(call, table, key, body=PAYMENT):
    path = f"contracts/{table.contract.public_id}/payments/"
    return call(table.seller, "post", path, body, **({"Idempotency-Key": key} if key is not None else {}))


def test_a_payment_sent_again_under_its_key_is_answered_alike(call, table):
    first, again = pay(call, table, "k1"), pay(call, table, "k1")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert Payment.objects.filter(reference="T1").count() == 1


def test_the_answer_is_kept_even_when_the_world_has_moved_on(call, table):
    first = pay(call, table, "k1")
    services.reverse_payment(Payment.objects.get(reference="T1"), "退汇", by=table.seller)
    assert pay(call, table, "k1").content == first.content
    assert Payment.objects.filter(reference="T1").count() == 1


def test_another_payment_under_the_same_key_is_a_conflict(call, table):
    pay(call, table, "k1")
    answer = pay(call, table, "k1", PAYMENT | {"amount": "101.00"})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_the_same_transfer_under_another_key_is_the_same_payment(call, table):
    assert pay(call, table, "k1").json()["id"] == pay(call, table, "k2").json()["id"]


def test_a_key_belongs_to_one_person(call, table):
    pay(call, table, "k1")
    assert KeptAnswer.objects.get().actor == table.seller


@pytest.mark.parametrize(("key", "status"), [("", 400), ("x" * 256, 400), ("x" * 255, 201)])
def test_a_key_has_1_to_255_characters(call, table, key, status):
    assert pay(call, table, key).status_code == status


def test_without_a_key_nothing_is_recorded(table):
    client = APIClient()
    client.force_login(table.seller)
    answer = client.post(f"/api/v1/contracts/{table.contract.public_id}/payments/", PAYMENT, format="json")
    assert (answer.status_code, answer.json()["code"]) == (428, "idempotency_key_required")


def test_what_was_refused_may_be_sent_again_under_its_key(call, table):
    assert pay(call, table, "k1", PAYMENT | {"amount": "0.00"}).status_code == 400
    assert not KeptAnswer.objects.exists()
    assert pay(call, table, "k1").status_code == 201


def test_answers_are_forgotten_after_30_days(call, table):
    pay(call, table, "k1")
    now = timezone.now()
    assert forget_answers(now + timedelta(days=29)) == 0
    assert forget_answers(now + timedelta(days=31)) == 1


def test_an_obligation_says_why(call, table):
    found = call(table.buyer, "get", f"obligations/{table.obligation.public_id}/").json()
    assert (found["amount"], found["paid"], found["state"]) == ("60000.00", "10.00", "part_paid")
    assert next(step["name"] for step in found["steps"]) == "amount"


def test_a_booking_shows_its_lines(call, table):
    found = call(table.seller, "get", f"ledger/{table.booking.public_id}/").json()
    lines = [(line["account"], line["amount"]) for line in found["lines"]]
    assert lines == [("RECEIVABLE", "60000.00"), ("INCOME", "-60000.00")]


def test_looking_at_a_statement_writes_nothing(call, table):
    body = filled(STATEMENT, table) | {"dry_run": True}
    found = call(table.seller, "post", "bank-statements/", body).json()
    assert found["counts"] == {"matched": 0, "queued": 1, "known": 0, "faults": 0, "outgoing": 0}
    assert call(table.seller, "post", "bank-statements/", body).json() == found


def test_what_is_no_statement_is_refused(call, table):
    body = filled(STATEMENT, table)
    assert call(table.seller, "post", "bank-statements/", body | {"content": "!"}).status_code == 400
    assert call(table.seller, "post", "bank-statements/", body | {"content": "YQ=="}).status_code == 400


def test_an_invoice_says_what_it_is_for(call, table):
    answer = call(table.seller, "post", f"contracts/{table.contract.public_id}/invoices/", INVOICE).json()
    assert (answer["amount"], answer["rate_rule"]) == ("106.00", "vat.rate.general@CN/2026-01-01")
    assert answer["parts"] == [{"obligation": table.obligation.public_id, "key": "upfront", "amount": "106.00"}]


def test_a_number_is_kept_once(call, table):
    path = f"contracts/{table.contract.public_id}/invoices/"
    first, again = (call(table.seller, "post", path, INVOICE).json()["id"] for _ in range(2))
    assert first == again
    other = call(table.seller, "post", path, INVOICE | {"net": "200.00", "tax": "12.00"})
    assert (other.status_code, other.json()["code"]) == (409, "number_used")


def test_the_calendar_counts_what_is_due_and_what_came(call, table):
    month = TODAY[:7]
    answer = call(table.seller, "get", f"cash-flow/?first={month}&months=3").json()
    assert answer["months"][0]["month"] == month
    assert (answer["total"]["due"], answer["total"]["came"]) == ("60000.00", "10.00")
    assert call(table.buyer, "get", f"cash-flow/?first={month}&months=3").json()["total"]["due"] == "0.00"
    paying = call(table.buyer, "get", f"cash-flow/?side=buyer&first={month}&months=3").json()
    assert paying["total"] == answer["total"]


@pytest.mark.parametrize("query", ["side=x", "first=2027", "first=2027-13", "months=0", "months=61", "else=1"])
def test_a_calendar_that_is_none_is_refused(call, table, query):
    assert call(table.seller, "get", f"cash-flow/?{query}").status_code == 400


def test_somebody_elses_organisation_is_unknown_to_the_calendar(call, table):
    answer = call(table.outsider, "get", f"cash-flow/?organisation={table.seller_firm.public_id}")
    assert (answer.status_code, "organisation" in str(answer.json()["errors"])) == (400, True)
