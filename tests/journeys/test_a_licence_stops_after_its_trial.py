"""Nobody elects, and the terms say stop: the licence ends with its trial and owes nothing but the sales it made."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import LicenceScope, Reminder
from marketplace.core.errors import Conflict
from tests.contracts.living import SIGNED, STOPPING, make_licence

QUARTERS = [SIGNED, date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1), date(2028, 1, 1)]
LAST = date(2028, 1, 4)


@pytest.fixture
def licence(db, go):
    return make_licence(go, STOPPING)


@pytest.fixture
def stopped(licence):
    """Used for a year; the pilot was reached, 80 000 yuan were sold in the third quarter; then nobody said a word."""
    licence.deliver()
    licence.tick(date(2027, 6, 1))
    services.claim(licence.milestone("pilot"), reached_on=date(2027, 5, 20), note="样品。", by=licence.buyer)
    services.accept(licence.milestone("pilot"), by=licence.seller)
    for first, gross, day in zip(QUARTERS[:3], ("0", "0", "80000"), (4, 7, 10), strict=True):
        licence.sell(first, gross, date(2027, day, 10))
    assert licence.statement(LAST).owed == 0  # the trial is free
    licence.tick(LAST + timedelta(days=1))
    return licence


def test_it_stops_by_itself_and_both_sides_hear_of_it(stopped):
    assert stopped.state == "stop_pending"
    assert Reminder.objects.filter(contract=stopped.row, about="trial-over").count() == 2


def test_it_owes_nothing_but_the_sales_it_made(stopped):
    for first in QUARTERS[3:]:
        stopped.sell(first, "0", date(2028, 1, 10))
    statement = stopped.statement(date(2028, 1, 10))
    assert statement.owed == Decimal("4000.00")  # 5 % of 80 000; the milestone is not owed
    assert statement.line("pilot") is None


def test_it_is_returned_once_all_sales_are_reported_and_paid(stopped):
    with pytest.raises(Conflict) as fault:
        services.confirm_return(stopped.contract, by=stopped.seller)
    assert fault.value.code == "E_REPORT_MISSING"
    for first in QUARTERS[3:]:
        stopped.sell(first, "0", date(2028, 1, 10))
    with pytest.raises(Conflict) as fault:
        services.confirm_return(stopped.contract, by=stopped.seller)
    assert fault.value.code == "unpaid"
    stopped.pay("4000", date(2028, 1, 20), "1")
    services.confirm_return(stopped.contract, by=stopped.seller)
    assert stopped.state == "returned"
    assert not LicenceScope.objects.filter(contract=stopped.row, is_live=True).exists()


def test_after_that_nothing_happens_any_more(stopped):
    for first in QUARTERS[3:]:
        stopped.sell(first, "0", date(2028, 1, 10))
    stopped.pay("4000", date(2028, 1, 20), "1")
    services.confirm_return(stopped.contract, by=stopped.seller)
    before = Reminder.objects.count()
    stopped.go(date(2029, 1, 1))
    assert services.tick_all(date(2029, 1, 1)) == (0, 0)
    assert Reminder.objects.count() == before
