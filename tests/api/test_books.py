"""Books over the API: the queue of a bank statement, accounts that add up, receivables by age."""

from decimal import Decimal

import pytest

from marketplace.core.models import new_public_id
from marketplace.settlement.models import BankLine, Payment
from tests.rows import reread

from .test_settlement import call, table

__all__ = ["call", "table"]
pytestmark = pytest.mark.django_db


def match(call, table, key, **headers):
    path, body = f"bank-lines/{table.line.public_id}/match/", {"contract": table.contract.public_id}
    return call(table.seller, "post", path, body, **({"Idempotency-Key": key, "If-Match": "*"} | headers))


def test_a_credit_that_waits_says_why_and_what_it_may_pay(call, table):
    (line,) = call(table.seller, "get", "bank-lines/?state=new").json()["results"]
    assert (line["amount"], line["doubt"], line["payment"]) == ("123.45", "NO_PAYER", None)
    assert line["doubt_display"] == "no contract has a licensee of this name"
    assert call(table.seller, "get", f"bank-lines/{line['id']}/likely/").json() == []


def test_a_credit_of_a_known_payer_names_the_contract_that_it_may_pay(call, table):
    BankLine.objects.update(payer=table.contract.buyer.name_zh)
    (likely,) = call(table.seller, "get", f"bank-lines/{table.line.public_id}/likely/").json()
    assert (likely["contract"], likely["title"]) == (table.contract.public_id, table.contract.title)


def test_a_match_sent_again_under_its_key_pays_once(call, table):
    first, again = match(call, table, "k1"), match(call, table, "k1")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (200, first.content)
    assert first.json()["payment"] == Payment.objects.get(source="BANK").public_id
    assert match(call, table, "k2").status_code == 409


def test_a_match_needs_its_key_and_what_was_read(call, table):
    assert match(call, table, "").status_code == 400
    stale = match(call, table, "k1", **{"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert reread(table.line).state == "new"


def test_a_match_with_a_contract_of_other_books_is_refused_by_field(call, table):
    path = f"bank-lines/{table.line.public_id}/match/"
    answer = call(table.seller, "post", path, {"contract": new_public_id()}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/contract")


def test_a_match_that_was_wrong_is_released_and_its_payment_reversed(call, table):
    match(call, table, "k1")
    path = f"bank-lines/{table.line.public_id}/release/"
    answer = call(table.seller, "post", path, {"reason": "付错"}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["state"], answer.json()["payment"]) == (200, "new", None)
    assert Payment.objects.get(source="BANK").state == "reversed"


def test_a_credit_that_is_not_ours_is_set_aside_with_a_reason(call, table):
    path = f"bank-lines/{table.line.public_id}/ignore/"
    answer = call(table.seller, "post", path, {"reason": "押金"}, **{"If-Match": "*"})
    assert (answer.json()["state"], answer.json()["ignored_reason"]) == ("ignored", "押金")


def test_the_balances_of_a_book_add_up_to_zero(call, table):
    rows = call(table.seller, "get", "accounts/").json()["results"]
    found = {each["kind"]: Decimal(each["balance"]) for each in rows}
    assert (found["BANK"], sum(found.values())) == (10, 0)
    detail = call(table.seller, "get", f"accounts/{table.account.public_id}/").json()
    assert detail["balance"] == f"{found['RECEIVABLE']:.2f}" == "59990.00"


def test_receivables_say_what_is_open_by_age_and_by_contract(call, table):
    found = call(table.seller, "get", "receivables/").json()
    assert (found["total"], found["contract_count"], found["is_cut"]) == ("59990.00", 1, False)
    assert [each["amount"] for each in found["ages"]] == ["59990.00", "0.00", "0.00", "0.00", "0.00"]
    assert found["rows"][0]["contract"] == table.contract.public_id
    assert found["rows"][0]["ages"] == found["ages"]


def test_receivables_are_the_receivers_own(call, table):
    assert call(table.buyer, "get", "receivables/").json()["rows"] == []
    named = call(table.seller, "get", f"receivables/?organisation={table.seller_firm.public_id}").json()
    assert named["total"] == "59990.00"
    assert call(table.outsider, "get", f"receivables/?organisation={table.seller_firm.public_id}").status_code == 400
    assert call(table.seller, "get", "receivables/?else=1").status_code == 400
