"""The cash-flow calendar: due, to come, arrived and open, month by month, against the rows themselves."""

from datetime import date
from decimal import Decimal as D

import pytest

from marketplace.settlement import cashflow, services
from marketplace.settlement.models import Obligation
from marketplace.settlement.rules.cashflow import Month, calendar, first_of, total
from tests.contracts.living import ENTRY, make_licence
from tests.counting import queries_of

JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
LATER = {
    "id": "second",
    "kind": "FIXED",
    "amount": "40000",
    "trigger": {"kind": "AFTER", "event": "SIGNATURE", "months": 6},
    "pay_days": 10,
}


# Rules


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2027, 1, 31), 0, JANUARY),
        (date(2027, 1, 31), 1, FEBRUARY),
        (date(2027, 1, 31), -1, date(2026, 12, 1)),
        (date(2027, 12, 1), 25, date(2030, 1, 1)),
        (date(2027, 3, 1), -15, date(2025, 12, 1)),
    ],
)
def test_a_month_begins_on_its_first_day(day, months, first):
    assert first_of(day, months) == first


def test_amounts_fall_into_their_months_and_others_are_left_out():
    days = [(date(2027, 1, 31), D(1)), (date(2027, 2, 1), D(2)), (date(2027, 4, 1), D(4)), (date(2026, 12, 31), D(8))]
    found = calendar(date(2027, 1, 15), 3, due=days, planned=[], came=days[:2], open=[(MARCH, D(5))])
    assert found == [Month(JANUARY, D(1), D(0), D(1)), Month(FEBRUARY, D(2), D(0), D(2)), Month(MARCH, open=D(5))]
    assert total(found) == Month(JANUARY, D(3), D(0), D(3), D(5))


@pytest.mark.parametrize("count", [0, 61])
def test_a_calendar_has_an_end(count):
    with pytest.raises(ValueError, match="1 to 60"):
        calendar(JANUARY, count, due=[], planned=[], came=[], open=[])


# Of one's organisations


def months(user, side="seller", count=12, **of):
    return cashflow.months_of(cashflow.contracts_of(user, side, **of), JANUARY, count)


def test_what_is_due_and_what_came_by_month(entry):
    entry.go(date(2027, 3, 5))
    services.record(entry.contract, "20000", on=date(2027, 3, 5), reference="T1", by=entry.seller)
    january, february, march = months(entry.seller, count=3)
    row = Obligation.objects.get()
    assert (january, march) == (Month(JANUARY), Month(MARCH, came=D(20000)))
    assert february == Month(FEBRUARY, due=D(50000), open=row.unpaid + row.interest - row.interest_paid)
    assert months(entry.buyer, "buyer", 3) == [january, february, march]


def test_what_is_written_off_is_expected_no_more(entry):
    entry.go(date(2027, 3, 5))
    services.record(entry.contract, "20000", on=date(2027, 3, 5), reference="T1", by=entry.seller)
    row = services.write_off(Obligation.objects.get(), "办公会决定", by=entry.seller)
    assert months(entry.seller, count=2)[1] == Month(FEBRUARY, due=row.paid)


def test_a_reversed_payment_never_came(entry):
    entry.go(date(2027, 1, 20))
    payment = services.record(entry.contract, "20000", on=date(2027, 1, 20), reference="T1", by=entry.seller)
    services.reverse_payment(payment, "退汇", by=entry.seller)
    assert months(entry.seller, count=1) == [Month(JANUARY)]


def test_what_the_terms_make_due_by_themselves_is_to_come(db, go):
    licence = make_licence(go, ENTRY | {"terms": [*ENTRY["terms"], LATER]})
    found = {month.first: month.planned for month in months(licence.seller) if month.planned}
    assert found == {date(2027, 7, 1): D(40000)}
    licence.tick(date(2027, 8, 1))
    services.bill_all(date(2027, 8, 1))
    july = months(licence.seller)[6]
    assert (july.due, july.planned, july.expected) == (40000, 0, 40000)


def test_what_is_to_come_is_counted_over_all_contracts(db, go, monkeypatch):
    licence = make_licence(go, ENTRY | {"terms": [*ENTRY["terms"], LATER]})
    make_licence(go, ENTRY | {"terms": [*ENTRY["terms"], LATER]}, seller=licence.contract.seller)
    monkeypatch.setattr(cashflow, "AT_ONCE", 1)
    assert months(licence.seller)[6].planned == 80_000


def test_a_stranger_and_the_other_side_see_nothing(entry, outsider, staff):
    empty = [Month(first_of(JANUARY, place)) for place in range(12)]
    assert months(outsider) == months(entry.buyer) == months(entry.seller, "buyer") == empty
    assert months(outsider, organisation_id=entry.contract.seller_id) == empty
    assert months(staff) == months(entry.seller)


def test_more_contracts_take_no_more_questions(entry, go):
    def questions():
        return len(queries_of(lambda: months(entry.seller)))

    questions()  # reads the law once
    before = questions()
    make_licence(go, ENTRY, seller=entry.contract.seller)
    assert questions() == before
    assert months(entry.seller)[1].due == 100_000
