"""Billing, payments and write-offs, with the books beside them."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services as contracts
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.settlement import services
from marketplace.settlement.models import Allocation, Journal, Obligation, Payment
from marketplace.settlement.rules import booking
from marketplace.settlement.services import ledger
from tests.contracts.living import ENTRY, make_licence

pytestmark = pytest.mark.usefixtures("everything_adds_up")

JANUARY, DUE, LATE = date(2027, 1, 4), date(2027, 2, 3), date(2027, 3, 5)


def pay(licence, amount, day=JANUARY, reference="T1", **values):
    licence.go(day)
    return services.record(licence.contract, amount, on=day, reference=reference, by=licence.seller, **values)


def owed(licence, key="upfront"):
    return Obligation.objects.get(contract=licence.row, key=key)


def books(licence):
    return {kind: amount for kind, amount in services.balances(journal__contract=licence.row).items() if amount}


def test_a_signature_bills_at_once(entry):
    row = owed(entry)
    assert (row.state, row.amount, row.due_on) == ("due", Decimal(50_000), DUE)
    assert books(entry) == {"RECEIVABLE": 50_000, "INCOME": -50_000}


def test_billing_twice_is_once(entry):
    services.bill(entry.contract, by=SYSTEM)
    assert services.bill_all(JANUARY) == 0
    assert Journal.objects.count() == 1


def test_a_payment_settles_what_is_due(entry):
    payment = pay(entry, "50000")
    assert owed(entry).state == "paid"
    assert books(entry) == {"BANK": 50_000, "INCOME": -50_000}
    assert payment.allocations.get().principal == 50_000


def test_the_same_transfer_twice_is_one_payment(entry):
    assert pay(entry, "100").pk == pay(entry, "100").pk
    assert books(entry)["BANK"] == 100


def test_another_transfer_of_the_same_reference_is_refused(entry):
    pay(entry, "100")
    with pytest.raises(Conflict) as fault:
        pay(entry, "200")
    assert fault.value.code == "reference_used"


def test_a_part_payment_leaves_the_rest_open(entry):
    pay(entry, "20000.01")
    assert (owed(entry).state, owed(entry).unpaid) == ("part_paid", Decimal("29999.99"))


def test_what_is_paid_too_much_is_a_credit(entry):
    pay(entry, "60000")
    assert entry.contract.billing.credit == 10_000
    assert books(entry) == {"BANK": 60_000, "PREPAID": -10_000, "INCOME": -50_000}


def test_a_late_payment_pays_its_interest_first(entry):
    """30 days at 6 % a year on 50 000 yuan."""
    payment = pay(entry, "50000", LATE)
    part = payment.allocations.get()
    assert part.interest == Decimal("246.58")
    assert (owed(entry).state, owed(entry).unpaid) == ("overdue", Decimal("246.58"))
    assert books(entry)["INTEREST"] == Decimal("-246.58")


def test_interest_grows_beside_the_books(entry):
    entry.go(LATE)
    assert services.bill_all(LATE) == 1
    assert (owed(entry).state, owed(entry).interest) == ("overdue", Decimal("246.58"))
    assert "INTEREST" not in books(entry)


def test_a_reversed_payment_opens_what_it_paid(entry):
    payment = services.reverse_payment(pay(entry, "60000"), "退汇", by=entry.seller)
    assert (payment.state, owed(entry).state, entry.contract.billing.credit) == ("reversed", "due", 0)
    assert books(entry) == {"RECEIVABLE": 50_000, "INCOME": -50_000}
    assert sum(part.principal for part in Allocation.objects.all()) == 0


def test_a_later_payment_takes_the_place_of_a_reversed_one(entry):
    first, second = pay(entry, "50000"), pay(entry, "50000", reference="T2")
    services.reverse_payment(first, "退汇", by=entry.seller)
    assert (owed(entry).state, entry.contract.billing.credit) == ("paid", 0)
    assert sum(part.principal for part in second.allocations.all()) == 50_000


def test_a_payment_is_reversed_once_and_for_a_reason(entry):
    payment = pay(entry, "100")
    with pytest.raises(Invalid):
        services.reverse_payment(payment, " ", by=entry.seller)
    services.reverse_payment(payment, "退汇", by=entry.seller)
    with pytest.raises(Conflict):
        services.reverse_payment(payment, "退汇", by=entry.seller)


def test_the_same_transfer_may_come_again_after_its_reversal(entry):
    services.reverse_payment(pay(entry, "100"), "录入有误", by=entry.seller)
    assert pay(entry, "100").state == "booked"
    assert Payment.objects.count() == 2


def test_a_claim_is_written_off_by_a_decision(entry):
    pay(entry, "20000")
    row = services.write_off(owed(entry), "校长办公会 2027-3 号", by=entry.seller)
    assert row.state == "written_off"
    assert books(entry) == {"BANK": 20_000, "WRITTEN_OFF": 30_000, "INCOME": -50_000}


def test_what_is_paid_on_a_claim_that_was_written_off_is_recovered(entry):
    services.write_off(owed(entry), "核销", by=entry.seller)
    pay(entry, "50000")
    assert owed(entry).state == "paid"
    assert books(entry) == {"BANK": 50_000, "INCOME": -50_000}


def test_a_recovery_that_goes_back_is_written_off_again(entry):
    services.write_off(owed(entry), "核销", by=entry.seller)
    services.reverse_payment(pay(entry, "50000"), "退汇", by=entry.seller)
    assert owed(entry).state == "written_off"
    assert books(entry) == {"WRITTEN_OFF": 50_000, "INCOME": -50_000}


def test_what_is_written_off_is_neither_demanded_nor_reminded_of(entry):
    entry.deliver()
    entry.tick(date(2027, 2, 10))
    contracts.demand(entry.contract, by=entry.seller)
    services.write_off(owed(entry), "核销", by=entry.seller)
    assert (entry.state, entry.contract.demanded_on) == ("paying", None)
    with pytest.raises(Conflict):
        contracts.demand(entry.contract, by=entry.seller)
    entry.tick(LATE)  # thirty days after it was due
    assert not entry.contract.reminders.filter(about="pay:upfront", step=30).exists()


@pytest.mark.parametrize("paid", ["50000", "49999.99"])
def test_a_remainder_that_is_written_off_keeps_no_contract_from_its_end(go, paid):
    licence = make_licence(go, ENTRY | {"term": {"months": 3}})
    licence.deliver()
    pay(licence, paid, DUE)
    if owed(licence).unpaid:
        services.write_off(owed(licence), "尾差核销", by=licence.seller)
    licence.sell(JANUARY, "0", date(2027, 4, 10))
    licence.sell(date(2027, 4, 1), "0", date(2027, 4, 12))
    licence.tick(date(2027, 5, 10))
    assert licence.state == "completed"


def test_what_is_paid_is_not_written_off(entry):
    pay(entry, "50000")
    with pytest.raises(Conflict):
        services.write_off(owed(entry), "核销", by=entry.seller)


def test_the_licensee_records_reverses_and_writes_off_nothing(entry):
    payment = pay(entry, "100")
    for act in (
        lambda: services.record(entry.contract, "1", on=JANUARY, reference="x", by=entry.buyer),
        lambda: services.reverse_payment(payment, "x", by=entry.buyer),
        lambda: services.write_off(owed(entry), "x", by=entry.buyer),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "x"])
def test_a_payment_is_an_amount_above_zero(entry, amount):
    with pytest.raises(Invalid) as fault:
        pay(entry, amount)
    assert "amount" in fault.value.fields


def test_a_report_is_billed_when_it_is_accepted_and_takes_the_credit(entry):
    pay(entry, "60000")
    entry.deliver(JANUARY)
    entry.sell(date(2027, 1, 4), "100000", date(2027, 4, 2))
    row = owed(entry, "royalty:2027-Q1")
    assert (row.amount, row.paid, row.state) == (5000, 5000, "paid")
    assert entry.contract.billing.credit == 5000
    assert row.allocations.get().payment == Payment.objects.get()


def test_many_bookings_are_each_booked_once_whichever_is_there_already(entry):
    def bookings(*numbers):
        return [ledger.Booking("BILLED", f"x{n}", booking.bill(Decimal(n)), JANUARY) for n in numbers]

    ledger.post_all(bookings(1, 2), contract=entry.contract, by=SYSTEM)
    ledger.post_all(bookings(2, 3), contract=entry.contract, by=SYSTEM)
    assert sorted(Journal.objects.filter(cause__startswith="x").values_list("cause", flat=True)) == ["x1", "x2", "x3"]
    with pytest.raises(Conflict):
        ledger.post_all([bookings(4)[0]._replace(cause="x1")], contract=entry.contract, by=SYSTEM)
    for each in Journal.objects.filter(cause__startswith="x"):
        ledger.reverse(each, reason="test", by=SYSTEM)
