"""Money in the workspace: each page for those whom it concerns, and the way of a bank statement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from marketplace.contracts import services as contracts
from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.settlement import exposure, naming, services
from marketplace.settlement.models import (
    Account,
    BankLine,
    BankStatement,
    Invoice,
    Journal,
    Obligation,
    Payment,
)
from tests.contracts.conftest import entry
from tests.contracts.making import PDF
from tests.settlement.claiming import COVER, make_defaulted
from tests.settlement.test_bank import csv_of, row
from tests.settlement.test_invoices import FACTS, PAPER

__all__ = ["entry"]
pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 5)


@pytest.fixture
def money(entry):
    """One of each: a part payment by hand, and a line of a bank statement that waits."""
    entry.go(TODAY)
    services.record(entry.contract, "20000", on=TODAY, reference="T1", by=entry.seller)
    services.import_statement(entry.contract.seller, csv_of(row(payer="某人")), "a.csv", by=entry.seller)
    services.record_invoice(entry.contract, FACTS, paper=PAPER, by=entry.seller)
    return entry


def pages(client, model):
    """The status of the list and of each of its rows."""
    statuses = [client.get(list_url(model)).status_code]
    return statuses + [client.get(page_url(each)).status_code for each in model.objects.all()]


@pytest.mark.parametrize("model", [Obligation, Payment, Invoice, Journal, Account, BankStatement, BankLine])
def test_the_owner_sees_every_page(money, enter, model):
    assert set(pages(enter(money.seller), model)) == {200}


@pytest.mark.parametrize("model", [Obligation, Payment, Invoice])
def test_the_licensee_sees_what_it_owes_and_has_paid(money, enter, model):
    assert set(pages(enter(money.buyer), model)) == {200}


@pytest.mark.parametrize("model", [Journal, Account, BankStatement, BankLine])
def test_the_licensee_sees_nothing_of_the_books(money, enter, model):
    _status, *rows = pages(enter(money.buyer), model)
    assert rows
    assert set(rows) == {404}


@pytest.mark.parametrize("model", [Obligation, Payment, Invoice, Journal, Account, BankStatement, BankLine])
def test_a_stranger_sees_no_row(money, enter, outsider, model):
    _status, *rows = pages(enter(outsider), model)
    assert set(rows) == {404}


def test_receivables_are_shown_by_age_to_the_owner_alone(money, enter, outsider):
    address = reverse("admin:settlement_obligation_receivables")
    shown = enter(money.seller).get(address)
    assert [str(amount) for _label, amount in shown.context["ages"]][1] == "CNY 30,246.58"
    for other in (money.buyer, outsider):
        assert enter(other).get(address).context["rows"] == []


def test_what_is_owed_and_paid_is_called_by_what_it_is(money):
    owed, paid = Obligation.objects.get(), Payment.objects.first()
    with override("en"):
        assert str(owed) != owed.key
        assert str(paid) == "2027-03-05, received CNY 20,000.00"
    for booking in Journal.objects.all():
        assert ":" not in naming.cause_in_words(booking)


def test_an_obligation_says_why_and_who_paid(money, enter):
    page = enter(money.seller).get(page_url(Obligation.objects.get())).content.decode()
    assert "Why this number" in page
    assert "T1" in page


def upload(client, money, content):
    file = SimpleUploadedFile("b.csv", content)
    body = {"book": money.contract.seller_id, "file": file}
    return client.post(reverse("admin:settlement_bankstatement_import"), body)


def test_a_statement_is_looked_at_and_then_taken_up(money, enter):
    client, before = enter(money.seller), BankLine.objects.count()
    looked = upload(client, money, csv_of(row(reference="B1", purpose=money.row.public_id)))
    assert BankLine.objects.count() == before
    body = {"token": looked.context["token"], "filename": "b.csv"}
    client.post(reverse("admin:settlement_bankstatement_confirm"), body)
    assert Payment.objects.get(reference="B1").source == "BANK"


def test_a_statement_with_a_fault_cannot_be_taken_up(money, enter):
    looked = upload(enter(money.seller), money, csv_of(row(day="昨天")))
    assert "交易日期" in looked.content.decode()
    assert "Take it up" not in looked.content.decode()


def test_the_licensee_imports_nothing_into_the_books_of_the_licensor(money, enter):
    assert upload(enter(money.buyer), money, csv_of(row())).context["form"].errors


def test_a_waiting_line_is_matched_with_a_press(money, enter):
    line = BankLine.objects.get()
    enter(money.seller).post(move_url(line, "match"), {"contract": money.row.public_id, "version": line.version})
    assert BankLine.objects.get().state == "matched"


def test_a_payment_is_reversed_and_a_claim_written_off_with_a_press(money, enter):
    client = enter(money.seller)
    client.post(move_url(Payment.objects.get(), "reverse"), {"reason": "退汇"})
    client.post(move_url(Obligation.objects.get(), "write-off"), {"reason": "办公会决定"})
    assert (Payment.objects.get().state, Obligation.objects.get().state) == ("reversed", "written_off")


INVOICE = {
    "kind": "DIGITAL_SPECIAL",
    "number": "27332000000000000007",
    "code": "",
    "on": "2027-03-05",
    "net": "1000.00",
    "rate": "0.06",
    "tax": "60.00",
}


def send_invoice(client, row, move="record-invoice", **values):
    body = INVOICE | values | {"version": row.version, "paper": SimpleUploadedFile("a.pdf", PDF)}
    return client.post(move_url(row, move), body)


@pytest.mark.parametrize("model", [Obligation, Payment])
def test_an_invoice_is_recorded_where_its_money_is(money, enter, model):
    send_invoice(enter(money.seller), model.objects.get())
    row = Invoice.objects.get(number=INVOICE["number"])
    assert (row.amount, row.parts.get().amount) == (1060, 1060)
    assert (row.payment is not None) is (model is Payment)


def test_the_page_says_what_it_is_for_and_shows_the_file_to_the_licensee(money, enter):
    row = Invoice.objects.get()
    page = enter(money.buyer).get(page_url(row)).content.decode()
    assert page_url(row.paper) in page
    assert "What it is for" in page


def test_an_invoice_is_taken_back_by_a_red_letter_or_withdrawn_with_a_press(money, enter):
    client, row = enter(money.seller), Invoice.objects.get()
    send_invoice(client, row, "correct", net="500.00", tax="30.00")
    red = Invoice.objects.get(corrects=row)
    assert red.amount == -530
    client.post(move_url(red, "withdraw"), {"reason": "录错"})
    assert Invoice.objects.get(pk=red.pk).state == "withdrawn"


def test_a_wrong_number_comes_back_in_the_form(money, enter):
    answer = send_invoice(enter(money.seller), Obligation.objects.get(), number="123")
    assert "number" in answer.context["form"].errors


def test_the_licensee_records_no_invoice(money, enter):
    assert send_invoice(enter(money.buyer), Obligation.objects.get()).status_code == 403


def test_what_is_paid_and_not_invoiced_waits_on_the_front_page(money, enter):
    def waits():
        return "Paid and not invoiced yet" in enter(money.seller).get("/workspace/").content.decode()

    assert waits()
    services.record_invoice(money.contract, rest_of(money), paper=PAPER, by=money.seller)
    assert not waits()


def rest_of(money):
    """What was paid but for the first invoice."""
    row = Obligation.objects.get()
    left = row.paid + row.interest_paid - Invoice.objects.get().amount
    return replace(FACTS, number=INVOICE["number"], rate=Decimal(0), net=left, tax=Decimal(0))


def test_the_calendar_shows_both_sides_their_months(money, enter, outsider):
    address = reverse("admin:settlement_obligation_cash_flow")

    def sides(user):
        found = enter(user).get(address, {"from": "2027-01"}).context["sides"]
        return [(name, months[1][1], total[1]) for name, _chart, months, total in found if any(total[1])]

    february = ["50,000.00", "–", "–", "30,246.58"]
    assert sides(money.seller)[0][:2] == ("To be received", february)
    assert sides(money.buyer)[-1][:2] == ("To be paid", february)
    assert all(set(total) == {"–"} for _name, _month, total in sides(outsider))


def test_a_month_that_is_none_is_left_aside(money, enter):
    assert enter(money.seller).get(reverse("admin:settlement_obligation_cash_flow"), {"from": "x"}).status_code == 200


def test_the_exposure_page_says_when_it_lists_the_largest_guarantees_alone(go, enter, monkeypatch):
    found = make_defaulted(go)
    given = {**COVER, "cover_amount": Decimal(5_000)}
    row = contracts.propose_guarantee(found.contract, "RISK_POOL", found.guarantee.guarantor, given, by=found.seller)
    contracts.issue(row, by=found.guarantor)
    monkeypatch.setattr(exposure, "MOST_GUARANTEES", 1)
    page = enter(found.guarantor).get(reverse("admin:settlement_claim_exposure")).content.decode()
    assert "The largest 1 of 2 guarantees are listed" in page
    assert "45,000.00" in page


def test_a_payment_that_is_guaranteed_is_written_off_only_with_its_guarantee(go, enter):
    found = make_defaulted(go)
    client, url = enter(found.seller), move_url(Obligation.objects.get(), "write-off")
    page = client.get(url).content.decode()
    assert f"cannot any more afterwards: {found.guarantee.guarantor}" in page
    client.post(url, {"reason": "办公会决定"})
    assert Obligation.objects.get().state == "overdue"
    client.post(url, {"reason": "办公会决定", "gives_up_cover": "on"})
    assert Obligation.objects.get().state == "written_off"
    assert "or demand them" not in client.get(page_url(found.contract)).content.decode()


def test_what_a_claim_has_not_come_to_is_not_on_its_page(go, enter):
    found = make_defaulted(go)
    claim = found.file()
    page = enter(found.guarantor).get(page_url(claim))
    assert "It waits for the guarantor" in page.content.decode()
    assert "accepted_shown" not in str(page.context["adminform"].fieldsets)
    found.accept()
    assert "accepted_shown" in str(enter(found.guarantor).get(page_url(claim)).context["adminform"].fieldsets)
