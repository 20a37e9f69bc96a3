"""Sales reports: opened by the clock, handed in, asked back, accepted, corrected, missing."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Reminder
from marketplace.core import news
from marketplace.core.errors import Conflict, Forbidden, Invalid
from tests.contracts.living import SIGNED

OPENED = date(2027, 4, 1)
ACCEPTED = date(2027, 4, 10)


@pytest.fixture
def open_report(entry):
    entry.deliver()
    entry.tick(OPENED)
    return entry.report(SIGNED)


@pytest.fixture
def sold(entry):
    """100 000 yuan were sold in the first quarter, and accepted."""
    entry.deliver()
    return entry.sell(SIGNED, "100000", ACCEPTED)


def hand_in(report, by, **values):
    return services.submit_report(report, {"gross": "100000"} | values, by=by)


def test_a_report_is_opened_when_its_period_has_closed(open_report):
    assert (open_report.first, open_report.last) == (SIGNED, date(2027, 3, 31))
    assert (open_report.state, open_report.due_on) == ("due", date(2027, 4, 30))


def test_nothing_sold_is_a_report_too(open_report, entry):
    services.submit_report(open_report, {}, by=entry.buyer)
    services.accept_report(open_report, by=entry.seller)
    assert entry.statement(OPENED).reports_due == ()


def test_the_licensor_does_not_report(open_report, entry):
    with pytest.raises(Forbidden):
        hand_in(open_report, entry.seller)


def test_what_was_accepted_is_owed(sold, entry):
    line = entry.statement(ACCEPTED).line("royalty:2027-Q1")
    assert (line.amount, line.due_on) == (Decimal("5000.00"), date(2027, 5, 30))


def test_accepted_twice_it_is_one_fact(sold, entry):
    with pytest.raises(Conflict):
        services.accept_report(sold, by=entry.seller)
    assert entry.keys("SALES") == [f"sales-{sold.public_id}"]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"deductions": {"FREIGHT": "10"}}, "E_DEDUCTION_NOT_ALLOWED", "deductions"),
        ({"deductions": {"BRIBES": "10"}}, "invalid", "deductions"),
        ({"deductions": {"RETURNS": "-1"}}, "invalid", "deductions"),
        ({"deductions": {"RETURNS": "100000.01"}}, "E_NEGATIVE_BASE", "deductions"),
        ({"gross": "-1"}, "invalid", "gross"),
        ({"gross": "ten"}, "invalid", "gross"),
        ({"gross": "0.001"}, "invalid", "gross"),
        ({"gross": "1e40"}, "invalid", "gross"),
        ({"profit": "1"}, "invalid", "profit"),
    ],
)
def test_a_report_keeps_to_what_was_agreed(open_report, entry, values, code, field):
    with pytest.raises(Invalid) as fault:
        hand_in(open_report, entry.buyer, **values)
    assert field in fault.value.fields
    assert fault.value.code == code


def test_deductions_count_up_to_the_agreed_part(open_report, entry):
    hand_in(open_report, entry.buyer, deductions={"RETURNS": "30000"})
    services.accept_report(open_report, by=entry.seller)
    assert entry.statement(OPENED).line("royalty:2027-Q1").amount == Decimal("4500.00")  # 10 % of gross at most


def test_a_question_is_answered_by_handing_it_in_again(open_report, entry):
    services.ask(hand_in(open_report, entry.buyer), "退货在哪里?", by=entry.seller)
    again = hand_in(entry.report(SIGNED), entry.buyer, gross="90000")
    assert (again.state, again.gross, again.query) == ("submitted", Decimal(90000), "退货在哪里?")


def test_silence_accepts_on_the_day_after_the_last(open_report, entry):
    hand_in(open_report, entry.buyer)
    entry.tick(date(2027, 4, 16))
    assert entry.report(SIGNED).state == "submitted"
    entry.tick(date(2027, 4, 17))
    assert entry.report(SIGNED).state == "accepted"
    assert entry.statement(date(2027, 4, 17)).line("royalty:2027-Q1").arose_on == date(2027, 4, 17)


def test_after_the_last_day_nobody_asks_back_also_before_the_clock_has_run(open_report, entry):
    report = hand_in(open_report, entry.buyer)
    entry.go(date(2027, 4, 17))
    with pytest.raises(Conflict) as fault:
        services.ask(report, "?", by=entry.seller)
    assert fault.value.code == "answer_over"


def test_an_accepted_report_is_never_edited(sold, entry):
    with pytest.raises(Conflict) as fault:
        hand_in(sold, entry.buyer, gross="1")
    assert fault.value.code == "E_EDIT_ACCEPTED"


def test_a_correction_is_a_line_of_its_own(sold, entry):
    correction = services.correct(sold, {"gross": "120000"}, note="漏报一张发票。", by=entry.buyer)
    services.accept_report(correction, by=entry.seller)
    statement = entry.statement(ACCEPTED)
    assert statement.line("royalty:2027-Q1").amount == Decimal("5000.00")
    assert statement.owed == Decimal("56000.00")  # with the 50 000 of the entry


def test_a_correction_is_corrected_in_turn(sold, entry):
    for gross in ("120000", "110000"):
        services.accept_report(services.correct(sold, {"gross": gross}, note="更正。", by=entry.buyer), by=entry.seller)
    assert len(entry.keys("SALES")) == 3
    assert entry.statement(ACCEPTED).faults == ()


def test_of_corrections_of_one_day_the_last_one_counts(sold, entry):
    for gross in ("60000", "90000", "70000", "95000", "65000", "80000"):
        services.accept_report(services.correct(sold, {"gross": gross}, note="更正。", by=entry.buyer), by=entry.seller)
    assert entry.statement(ACCEPTED).owed == Decimal("54000.00")  # 5 % of the last, with the 50 000 of the entry


def test_one_correction_at_a_time(sold, entry):
    services.correct(sold, {"gross": "120000"}, note="更正。", by=entry.buyer)
    with pytest.raises(Conflict) as fault:
        services.correct(sold, {"gross": "130000"}, note="再更正。", by=entry.buyer)
    assert fault.value.code == "correction_open"


def test_what_is_not_accepted_yet_is_not_corrected(open_report, entry):
    with pytest.raises(Conflict):
        services.correct(open_report, {"gross": "1"}, note="更正。", by=entry.buyer)


def test_a_missing_report_is_named_and_at_last_the_licensor_hears_of_it(open_report, entry):
    about = f"report:royalty:{SIGNED.isoformat()}"
    assert services.overdue_reports(entry.contract, date(2027, 4, 30)) == []
    for day in (date(2027, 5, 2), date(2027, 5, 7), date(2027, 5, 30)):
        entry.tick(day)
    assert services.overdue_reports(entry.contract, date(2027, 5, 30)) == [open_report]
    told = Reminder.objects.filter(contract=entry.row, about=about, step__gt=0).order_by("id")
    assert [(each.step, each.side) for each in told] == [(2, "BUYER"), (7, "BUYER"), (30, "BUYER"), (30, "SELLER")]


def test_the_house_hears_of_accepted_sales(open_report, entry):
    heard = []

    def listen(report, **_):
        heard.append(report.gross)

    news.sales_accepted.connect(listen)
    services.accept_report(hand_in(open_report, entry.buyer), by=entry.seller)
    news.sales_accepted.disconnect(listen)
    assert heard == [Decimal(100000)]
