"""Payments that had ended a contract and are taken back: what is owed, and what is covered, is as before."""

from datetime import date

import pytest

from marketplace.contracts import services as contracts
from marketplace.contracts.models import LicenceScope
from marketplace.settlement import services
from marketplace.settlement.models import Obligation
from tests.contracts.living import ENTRY, SIGNED, STOPPING, make_licence
from tests.rows import reread
from tests.settlement.claiming import make_issued

pytestmark = pytest.mark.usefixtures("everything_adds_up")

OPTION = {"id": "buy", "kind": "BUYOUT", "price": "60000", "until": {"months": 12}}
BUYABLE = ENTRY | {"terms": [*ENTRY["terms"], OPTION]}
SHORT = ENTRY | {"term": {"months": 3}}
BOUGHT_ON, OVER = date(2027, 1, 20), date(2027, 5, 10)


def pay(licence, amount, day, reference):
    licence.go(day)
    return services.record(licence.contract, amount, on=day, reference=reference, by=licence.seller)


def take_back(payment, licence):
    return services.reverse_payment(payment, "记错合同。", by=licence.seller)


@pytest.fixture
def optioned(db, go):
    """The option is taken and its price not paid yet; a company covers the price, a deposit a little of it."""
    licence = make_licence(go, BUYABLE, licence_kind="EXCLUSIVE")
    licence.covers = [make_issued(licence, kind) for kind in ("COMPANY", "DEPOSIT")]
    licence.deliver()
    pay(licence, "50000", BOUGHT_ON, "T1")
    contracts.buy_out(licence.contract, by=licence.buyer)
    return licence


@pytest.fixture
def completed(db, go):
    """Three months without sales, all paid: it has run its course."""
    licence = make_licence(go, SHORT)
    licence.deliver()
    licence.payment = pay(licence, "50000", date(2027, 2, 3), "T1")
    run_its_course(licence)
    assert licence.state == "completed"
    return licence


def run_its_course(licence):
    licence.sell(SIGNED, "0", date(2027, 4, 10))
    licence.sell(date(2027, 4, 1), "0", date(2027, 4, 12))
    licence.tick(OVER)


def test_a_buy_out_paid_by_mistake_is_taken_back(optioned):
    payment = pay(optioned, "60000", BOUGHT_ON, "T2")
    assert optioned.state == "bought_out"
    take_back(payment, optioned)
    assert (optioned.state, optioned.contract.ended_on) == ("paying", None)
    assert optioned.statement(BOUGHT_ON).line("buy").unpaid == 60_000


def test_the_price_that_really_comes_buys_it_out_again(optioned):
    take_back(pay(optioned, "60000", BOUGHT_ON, "T2"), optioned)
    pay(optioned, "60000", date(2027, 1, 25), "T3")
    assert (optioned.state, optioned.contract.ended_on) == ("bought_out", date(2027, 1, 25))


def test_what_was_bought_by_mistake_was_never_free_for_others(optioned):
    take_back(pay(optioned, "60000", BOUGHT_ON, "T2"), optioned)
    assert LicenceScope.objects.filter(contract=optioned.row, is_live=True).exists()


def test_a_guarantor_that_the_end_let_go_stands_in_again_and_a_deposit_does_not(optioned):
    take_back(pay(optioned, "60000", BOUGHT_ON, "T2"), optioned)
    company, deposit = map(reread, optioned.covers)
    assert (company.state, company.released_on) == ("issued", None)
    assert (deposit.state, deposit.released_on) == ("released", BOUGHT_ON)


def test_a_guarantor_that_the_licensor_let_go_stays_free(optioned):
    contracts.release(optioned.covers[0], by=optioned.seller)
    take_back(pay(optioned, "60000", BOUGHT_ON, "T2"), optioned)
    assert reread(optioned.covers[0]).state == "released"


def test_a_completed_contract_runs_again_and_is_reminded(completed):
    take_back(completed.payment, completed)
    assert (completed.state, completed.contract.ended_on) == ("paying", None)
    assert completed.contract.next_clock_on > OVER
    assert Obligation.objects.get(contract=completed.row, key="upfront").state == "overdue"


def test_paid_in_the_end_the_clock_completes_it_again(completed):
    take_back(completed.payment, completed)
    pay(completed, "60000", date(2027, 5, 11), "T2")
    completed.tick(date(2027, 5, 12))
    assert (completed.state, completed.contract.ended_on) == ("completed", date(2027, 5, 12))


def test_a_contract_whose_right_was_lost_waits_for_people_again(db, go):
    licence = make_licence(go, ENTRY)
    licence.deliver()
    payment = pay(licence, "50000", SIGNED, "T1")
    contracts.lose_right(licence.contract, "专利被宣告无效。", by=licence.seller)
    licence.sell(SIGNED, "0", date(2027, 2, 1))
    contracts.complete(licence.contract, by=licence.seller)
    take_back(payment, licence)
    assert licence.state == "review_invalid"


def test_a_returned_licence_stays_returned_and_what_was_sold_is_owed(db, go):
    licence = make_licence(go, STOPPING)
    licence.deliver()
    licence.go(date(2027, 3, 31))
    contracts.stop(licence.contract, by=licence.buyer)
    licence.sell(SIGNED, "100000", date(2027, 4, 2))
    payment = pay(licence, "5000", date(2027, 4, 3), "T1")
    contracts.confirm_return(licence.contract, by=licence.seller)
    take_back(payment, licence)
    assert (licence.state, licence.statement(date(2027, 4, 3)).owed) == ("returned", 5_000)
    assert licence.contract.next_clock_on is not None


def test_both_sides_hear_that_it_runs_again(completed):
    take_back(completed.payment, completed)
    told = completed.contract.reminders.filter(about="runs-again")
    assert sorted(told.values_list("side", flat=True)) == ["BUYER", "SELLER"]
