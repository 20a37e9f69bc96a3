"""Statements of banks: read in the forms in which banks export them, taken up once, and never guessed."""

import json
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.spreadsheets import SheetFault
from marketplace.core.workspace import page_url
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.importing.reading import read
from marketplace.settlement.models import BankLine, BankStatement, Obligation, Payment
from marketplace.settlement.services.bank import RowsAtFault
from tests import factories
from tests.contracts.making import decider_of

DAY = date(2027, 1, 20)
HEADERS = ["交易日期", "交易时间", "借方发生额（元）", "贷方发生额（元）", "对方户名", "摘要", "附言", "交易流水号"]


def csv_of(*rows, headers=HEADERS, encoding="utf-8"):
    lines = [["账号", "1100****0001"], headers, *rows]
    return "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode(encoding)


def xlsx_of(*rows, headers=HEADERS):
    book, file = Workbook(), BytesIO()
    for row in (headers, *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def row(amount="50,000.00", payer="", purpose="技术许可费", reference="A001", day="20270120", debit=""):
    return [day, "10:11:12", debit, amount, payer, "跨行转账", purpose, reference]


@pytest.fixture
def buyer(entry):
    entry.go(DAY)
    return entry.contract.buyer.name_zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_is_read_in_the_encodings_that_banks_use(encoding):
    (credit,) = read(csv_of(row(payer="晨辉机电有限公司"), encoding=encoding)).credits
    assert (credit.on, str(credit.amount), credit.payer) == (DAY, "50000.00", "晨辉机电有限公司")
    assert (credit.purpose, credit.reference, credit.row) == ("跨行转账 · 技术许可费", "A001", 3)


def test_a_workbook_is_read_with_its_own_days_and_numbers():
    content = xlsx_of([DAY, None, None, 1234.5, "晨辉", "货款", None, "A1"], ["合计", None, None, 1234.5])
    (credit,) = read(content).credits
    assert (credit.on, str(credit.amount)) == (DAY, "1234.50")


@pytest.mark.parametrize("written", ["2027-01-20", "2027/1/20", "2027年1月20日", "2027-01-20 08:00:00", "20270120"])
def test_a_day_is_read_as_banks_write_it(written):
    assert read(csv_of(row(day=written))).credits[0].on == DAY


def test_what_went_out_is_left_out():
    reading = read(csv_of(row(amount="", debit="3.00"), row(amount="0.00", debit="3.00")))
    assert (reading.credits, reading.outgoing, reading.faults) == ([], 2, [])


@pytest.mark.parametrize(("way", "count"), [("贷", 1), ("收入", 1), ("借", 0), ("支出", 0)])
def test_one_column_of_amounts_has_a_direction(way, count):
    content = csv_of(["2027-01-20", "5.00", way, "甲"], headers=["日期", "交易金额", "借贷标志", "对方户名"])
    assert len(read(content).credits) == count


@pytest.mark.parametrize(
    ("bad", "column"),
    [({"day": "昨天"}, "交易日期"), ({"day": "2027-02-30"}, "交易日期"), ({"amount": "五万"}, "贷方发生额"),
     ({"amount": "1.001"}, "贷方发生额"), ({"reference": "=A1"}, "交易流水号")],
)  # fmt: skip
def test_a_fault_names_its_row_and_column(bad, column):
    reading = read(csv_of(row(), row(**bad)))
    assert [(fault.row, fault.column) for fault in reading.faults] == [(4, column)]


def test_a_number_that_the_spreadsheet_has_cut_is_refused():
    (fault,) = read(xlsx_of([DAY, None, None, 5, "甲", "款", None, 1234567890123456789])).faults
    assert fault.column == "交易流水号"


def test_a_table_of_something_else_is_refused():
    with pytest.raises(SheetFault):
        read(csv_of(["甲", "1"], headers=["名称", "数量"]))


def test_lines_without_a_number_are_told_apart_by_their_order():
    content = csv_of(row(reference=""), row(reference=""))
    first, second = read(content).credits
    assert first.reference != second.reference
    assert read(content).credits[0].reference == first.reference


def take(entry, *rows, **values):
    return services.import_statement(entry.contract.seller, csv_of(*rows), "对账单.csv", by=entry.seller, **values)


def test_the_buyers_exact_amount_is_a_payment(entry, buyer):
    assert take(entry, row(payer=buyer)).counts == {"matched": 1, "queued": 0, "known": 0}
    payment = Payment.objects.get()
    assert (payment.source, payment.reference, payment.bank_line.state) == ("BANK", "A001", "matched")
    assert Obligation.objects.get().state == "paid"
    assert differences() == []


def test_a_contract_named_in_the_purpose_is_paid_whatever_the_amount(entry, buyer):
    plan = take(entry, row(amount="1.00", payer="王某", purpose=f"合同{entry.row.public_id.upper()} 首付"))
    assert plan.counts["matched"] == 1


@pytest.mark.parametrize(("payer", "doubt"), [("", "NO_PAYER"), ("别家公司", "NO_PAYER"), ("buyer", "AMOUNT_DIFFERS")])
def test_what_is_not_sure_waits(entry, buyer, payer, doubt):
    take(entry, row(amount="49999.99", payer=buyer if payer == "buyer" else payer))
    assert BankLine.objects.get().guess == doubt
    assert not Payment.objects.exists()


def test_the_same_file_and_the_same_line_are_taken_up_once(entry, buyer):
    take(entry, row(payer=buyer))
    assert take(entry, row(payer=buyer)).counts["known"] == 1
    assert take(entry, row(payer=buyer), row(reference="A002")).counts == {"matched": 0, "queued": 1, "known": 1}
    assert (BankStatement.objects.count(), BankLine.objects.count(), Payment.objects.count()) == (2, 2, 1)


def test_looking_writes_nothing(entry, buyer):
    plan = services.preview(entry.contract.seller, csv_of(row(payer=buyer)), by=entry.seller)
    assert plan.counts["matched"] == 1
    assert not BankStatement.objects.exists()


def test_one_fault_and_nothing_is_written(entry, buyer):
    with pytest.raises(RowsAtFault) as fault:
        take(entry, row(payer=buyer), row(day="昨天"))
    assert list(fault.value.fields) == ["4 交易日期"]
    assert not BankLine.objects.exists()


def test_a_transfer_recorded_by_hand_is_the_same_payment(entry, buyer):
    by_hand = services.record(entry.contract, "50000", on=DAY, reference="A001", by=entry.seller)
    take(entry, row(payer=buyer, purpose=entry.row.public_id))
    assert (Payment.objects.get(), Payment.objects.get().source) == (by_hand, "HAND")
    assert BankLine.objects.get().payments.get() == by_hand


def test_a_reference_that_means_something_else_waits(entry, buyer):
    services.record(entry.contract, "1", on=DAY, reference="A001", by=entry.seller)
    take(entry, row(payer=buyer, purpose=entry.row.public_id))
    assert (BankLine.objects.get().state, BankLine.objects.get().guess) == ("new", "REFERENCE_USED")


@pytest.fixture
def line(entry, buyer):
    take(entry, row(amount="60000", payer=buyer))
    return BankLine.objects.get()


def test_a_person_matches_sets_aside_and_lets_go(entry, line):
    services.match_line(line, entry.contract, by=entry.seller)
    assert services.release_line(line, "认领有误", by=entry.seller).state == "new"
    assert Payment.objects.get().state == "reversed"
    services.ignore_line(line, "房租", by=entry.seller)
    assert services.release_line(line, by=entry.seller).state == "new"
    services.match_line(line, entry.contract, by=entry.seller)
    assert [each.state for each in Payment.objects.order_by("pk")] == ["reversed", "booked"]
    assert differences() == []


def test_a_matched_line_is_not_matched_again(entry, line):
    services.match_line(line, entry.contract, by=entry.seller)
    with pytest.raises(Conflict):
        services.match_line(line, entry.contract, by=entry.seller)


def test_a_reversed_payment_lets_its_line_go(entry, line):
    services.reverse_payment(services.match_line(line, entry.contract, by=entry.seller), "退汇", by=entry.seller)
    assert BankLine.objects.get().state == "new"


def test_setting_aside_needs_a_reason(entry, line):
    with pytest.raises(Invalid):
        services.ignore_line(line, "", by=entry.seller)


def test_only_the_owner_of_the_books_works_with_its_bank(entry, line):
    book, content = entry.contract.seller, csv_of(row())
    for act in (
        lambda: services.preview(book, content, by=entry.buyer),
        lambda: services.import_statement(book, content, "a.csv", by=entry.buyer),
        lambda: services.match_line(line, entry.contract, by=entry.buyer),
        lambda: services.ignore_line(line, "x", by=entry.buyer),
        lambda: services.release_line(line, by=entry.buyer),
    ):
        with pytest.raises(Forbidden):
            act()


# The commands


def run(name, *options):
    out = StringIO()
    call_command(name, *options, stdout=out)
    return out.getvalue()


def test_the_command_imports_and_is_repeatable(entry, buyer, tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(row(payer=buyer)))
    options = (str(file), "--book", entry.contract.seller.credit_code, "--json")
    assert json.loads(run("import_bank_statement", *options, "--dry-run"))["counts"]["matched"] == 1
    assert json.loads(run("import_bank_statement", *options))["counts"]["matched"] == 1
    assert json.loads(run("import_bank_statement", *options))["counts"]["known"] == 1


def test_the_command_says_what_is_at_fault(entry, buyer, tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(csv_of(row(day="昨天")))
    with pytest.raises(CommandError) as fault:
        run("import_bank_statement", str(file), "--book", entry.contract.seller.credit_code)
    assert fault.value.returncode == 3


def test_the_check_finds_nothing_where_all_is_right(entry):
    report = json.loads(run("check_ledger", "--json"))
    assert (report["is_right"], report["contracts"], report["bookings"]) == (True, 1, 1)


def test_the_check_names_the_contract_in_which_something_differs(entry):
    Obligation.objects.update(amount=1)
    with pytest.raises(CommandError) as fault:
        run("check_ledger")
    assert fault.value.returncode == 1


def test_the_bank_is_for_who_decides_about_the_money_and_nobody_else_of_the_owner(entry, client):
    book = entry.contract.seller
    content = csv_of(row(payer="来路不明的公司", reference="B001"))
    services.import_statement(book, content, "对账单.csv", by=decider_of(book))
    line, statement = BankLine.objects.get(), BankStatement.objects.get()
    decides, reads = decider_of(book), factories.make_member(book, "inventor")
    for person, number in ((decides, 1), (reads, 0)):
        client.force_login(person)
        assert [kind.objects.visible_to(person).count() for kind in (BankLine, BankStatement)] == [number] * 2
        for each in (line, statement):
            journal = client.get(page_url(each).replace("/change/", "/history/"))
            assert (journal.status_code == 200, str(each) in journal.content.decode()) == (bool(number), bool(number))
