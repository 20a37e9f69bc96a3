"""A demand is a fact of the debt: made whatever state the contract is in, standing until what it asks for is paid."""

from datetime import date

import pytest

from marketplace.contracts import services
from marketplace.contracts.admin.moves.owing import may_demand, may_terminate
from tests.contracts.living import SIGNED
from tests.refusals import code_of

LATE = date(2027, 2, 10)
"""The upfront fee was due on 3 February."""
OVER = date(2027, 3, 15)
"""The days of a demand of 10 February ended on Friday, 12 March."""


@pytest.fixture
def undelivered(entry):
    """The entry fee is overdue and the documents are not handed over yet."""
    entry.tick(LATE)
    return entry


@pytest.fixture
def late(entry):
    """The entry fee is overdue and the licence is paid."""
    entry.deliver()
    entry.tick(LATE)
    return entry


def demand(licence):
    return services.demand(licence.contract, by=licence.seller)


def lose_right(licence):
    services.lose_right(licence.contract, "专利被宣告无效。", by=licence.seller)


def end(licence):
    for by in (licence.seller, licence.buyer):
        services.end_by_agreement(licence.contract, "协商终止。", by=by)


def test_what_was_overdue_before_delivery_can_be_demanded(undelivered):
    assert may_demand(undelivered.contract)
    row = demand(undelivered)
    assert (row.state, row.demanded_on, row.cure_until) == ("signed", LATE, date(2027, 3, 12))
    assert not may_demand(undelivered.contract)


@pytest.mark.parametrize(("step", "state"), [(lose_right, "review_invalid"), (end, "terminated")])
def test_what_was_overdue_before_can_be_demanded_after_it(late, step, state):
    step(late)
    assert may_demand(late.contract)
    row = demand(late)
    assert (row.state, row.cure_until) == (state, date(2027, 3, 12))


def test_what_is_demanded_is_not_demanded_again(late):
    demand(late)
    assert code_of(lambda: demand(late)) == "demanded"


def test_nothing_is_demanded_before_the_signature_or_after_all_is_paid(undelivered):
    undelivered.pay("60000", LATE, "1")
    assert not may_demand(undelivered.contract)
    assert code_of(lambda: demand(undelivered)) == "nothing_overdue"


def test_a_demand_that_is_paid_is_lifted_in_every_state(undelivered):
    demand(undelivered)
    undelivered.pay("60000", date(2027, 2, 20), "1")
    contract = undelivered.contract
    assert (contract.state, contract.demanded_on, contract.cure_until) == ("signed", None, None)


def test_after_an_end_it_is_lifted_as_well(late):
    end(late)
    demand(late)
    late.pay("60000", OVER, "1")
    assert (late.state, late.contract.demanded_on) == ("terminated", None)


def test_a_licence_delivered_after_the_demand_has_the_days_that_are_left(undelivered):
    demand(undelivered)
    undelivered.deliver(date(2027, 2, 20))
    assert (undelivered.state, undelivered.contract.cure_until) == ("curing", date(2027, 3, 12))
    assert undelivered.tick(OVER).state == "defaulted"


def test_a_licence_that_nobody_paid_for_is_terminated_once_the_days_are_over(undelivered):
    demand(undelivered)
    terminate = lambda: services.terminate(undelivered.contract, "逾期未付。", by=undelivered.seller)  # noqa: E731
    assert (may_terminate(undelivered.contract), code_of(terminate)) == (False, "E_DEMAND_MISSING")
    undelivered.tick(OVER)
    assert may_terminate(undelivered.contract)
    assert terminate().state == "terminated"


def test_both_sides_are_reminded_of_the_days_in_every_state(undelivered):
    demand(undelivered)
    undelivered.tick(date(2027, 3, 11))
    told = undelivered.contract.reminders.filter(about="cure")
    assert {(row.step, row.side) for row in told} == {(-1, "BUYER"), (-1, "SELLER")}


# Disputed


def test_a_demand_in_a_dispute_gives_its_days_after_it(late):
    services.dispute(late.contract, "产品不合格。", by=late.buyer)
    demand(late)
    assert not late.contract.may_be_cured(LATE)
    late.go(OVER)
    services.settle(late.contract, "双方同意继续。", by=late.seller)
    assert (late.state, late.contract.cure_until) == ("curing", date(2027, 4, 14))


# Stopped


@pytest.fixture
def stopped(licence):
    """Stopped on trial after sales whose royalties were never paid: due on 30 May 2027."""
    licence.deliver()
    licence.go(date(2027, 3, 31))
    services.stop(licence.contract, by=licence.buyer)
    licence.sell(SIGNED, "100000", date(2027, 4, 2))
    licence.tick(date(2027, 6, 8))
    return licence


def test_a_stopped_licence_with_unpaid_royalties_ends_by_agreement(stopped):
    assert code_of(lambda: services.confirm_return(stopped.contract, by=stopped.seller)) == "unpaid"
    end(stopped)
    assert (stopped.state, stopped.statement(date(2027, 6, 8)).overdue) == ("terminated", 5_000)


def test_a_stopped_licence_with_unpaid_royalties_is_terminated_after_a_demand(stopped):
    demand(stopped)
    assert stopped.state == "stop_pending"
    stopped.tick(date(2027, 7, 9))
    services.terminate(stopped.contract, "逾期未付。", by=stopped.seller)
    assert stopped.state == "terminated"
