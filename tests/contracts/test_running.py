"""A signed licence: handed over, tried, kept or stopped, paid, demanded, cured, ended."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Fact, LicenceScope
from marketplace.core import news
from marketplace.core.errors import Conflict, Forbidden, Invalid
from tests.contracts.living import SIGNED

DUE = date(2027, 2, 3)
"""The upfront fee of the entry licence."""


@pytest.fixture
def trial(licence):
    licence.deliver()
    return licence


@pytest.fixture
def overdue(entry):
    """The upfront fee was not paid; a month has passed."""
    entry.deliver()
    entry.tick(date(2027, 3, 3))
    return entry


@pytest.fixture
def demanded(overdue):
    services.demand(overdue.contract, note="请于三十日内支付入门费及利息。", by=overdue.seller)
    return overdue


# The trial


def test_the_trial_begins_when_the_licensee_has_the_documents(trial):
    assert trial.state == "in_trial"
    assert trial.contract.trial_ends_on == date(2028, 1, 4)


def test_without_a_free_phase_it_is_paid_from_the_delivery_on(entry):
    entry.deliver()
    assert entry.state == "paying"


def test_delivered_twice_is_a_conflict_and_one_fact(trial):
    with pytest.raises(Conflict):
        services.deliver(trial.contract, by=trial.buyer)
    assert trial.keys("DELIVERED") == ["delivered"]


def test_nothing_is_delivered_tomorrow(licence):
    with pytest.raises(Invalid) as fault:
        services.deliver(licence.contract, on=SIGNED + timedelta(days=1), by=licence.buyer)
    assert "on" in fault.value.fields


def test_only_the_licensee_elects(trial):
    with pytest.raises(Forbidden):
        services.keep(trial.contract, by=trial.seller)


def test_kept_it_is_paid(trial):
    trial.go(date(2027, 6, 1))
    services.keep(trial.contract, by=trial.buyer)
    assert trial.state == "paying"
    assert trial.contract.trial_ends_on == date(2027, 6, 1)


def test_nobody_keeps_what_was_stopped(trial):
    services.stop(trial.contract, by=trial.buyer)
    with pytest.raises(Conflict):
        services.keep(trial.contract, by=trial.buyer)


def test_a_stopped_licence_waits_for_its_documents_and_then_frees_its_scope(trial):
    trial.go(date(2027, 3, 31))
    services.stop(trial.contract, by=trial.buyer)
    trial.sell(SIGNED, "0", date(2027, 4, 2))
    services.confirm_return(trial.contract, by=trial.seller)
    assert trial.state == "returned"
    assert not LicenceScope.objects.filter(contract=trial.row, is_live=True).exists()


def test_documents_do_not_go_back_before_the_sales_are_reported(trial):
    trial.go(date(2027, 3, 31))
    services.stop(trial.contract, by=trial.buyer)
    with pytest.raises(Conflict) as fault:
        services.confirm_return(trial.contract, by=trial.seller)
    assert fault.value.code == "E_REPORT_MISSING"


def test_a_trial_is_extended_as_often_as_agreed(trial):
    services.extend_trial(trial.contract, 6, by=trial.seller)
    assert trial.contract.trial_ends_on == date(2028, 7, 4)
    with pytest.raises(Conflict) as fault:
        services.extend_trial(trial.contract, 6, by=trial.seller)
    assert fault.value.code == "E_EXTENSION"


def test_after_the_last_day_nobody_elects_also_before_the_clock_has_run(trial):
    trial.go(date(2028, 1, 5))
    with pytest.raises(Conflict) as fault:
        services.stop(trial.contract, by=trial.buyer)
    assert fault.value.code == "E_ELECTION_LATE"


# Payments


def test_the_same_transfer_is_recorded_once(entry):
    first = entry.pay("50000", DUE, "工行 20270203-17")
    second = entry.pay("50000", DUE, "工行  20270203-17 ")
    assert first == second
    assert Fact.objects.filter(contract=entry.row, kind="PAID").count() == 1


def test_another_amount_under_the_same_reference_is_a_conflict(entry):
    entry.pay("50000", DUE, "工行 20270203-17")
    with pytest.raises(Conflict) as fault:
        entry.pay("5000", DUE, "工行 20270203-17")
    assert fault.value.code == "reference_used"


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "much", "NaN", "1e40"])
def test_what_is_no_amount_is_no_payment(entry, amount):
    with pytest.raises(Invalid) as fault:
        entry.pay(amount, DUE, "1")
    assert "amount" in fault.value.fields


def test_nobody_pays_for_a_line_that_is_not_there(entry):
    with pytest.raises(Invalid) as fault:
        entry.pay("10", DUE, "1", obligation="downpayment")
    assert "obligation" in fault.value.fields


def test_money_does_not_arrive_tomorrow(entry):
    with pytest.raises(Invalid) as fault:
        services.record_payment(entry.contract, "10", on=SIGNED + timedelta(days=1), reference="1", by=entry.seller)
    assert "on" in fault.value.fields


def test_a_payment_by_mistake_is_taken_back_and_recorded_anew(entry):
    fact = entry.pay("50000", DUE, "1")
    services.revoke_fact(fact, "记错合同。", by=entry.seller)
    assert entry.statement(DUE).line("upfront").unpaid == Decimal("50000.00")
    entry.pay("40000", DUE, "1")
    assert entry.statement(DUE).line("upfront").unpaid == Decimal("10000.00")


def test_what_two_have_said_is_not_taken_back_by_one(trial):
    with pytest.raises(Conflict) as fault:
        services.revoke_fact(Fact.objects.get(contract=trial.row, key="delivered"), "x", by=trial.seller)
    assert fault.value.code == "fact_stands"


# Overdue


def test_nothing_overdue_is_not_demanded(entry):
    entry.deliver()
    with pytest.raises(Conflict) as fault:
        services.demand(entry.contract, by=entry.seller)
    assert fault.value.code == "nothing_overdue"


def test_a_demand_gives_the_days_of_the_law(demanded):
    assert demanded.state == "curing"
    assert demanded.contract.cure_until == date(2027, 4, 2)  # 30 days after 3 March


def test_paid_with_its_interest_it_is_cured(demanded):
    demanded.pay("50000", date(2027, 3, 10), "1")
    assert demanded.state == "curing"  # interest came first, so some of the sum is left
    left = demanded.statement(date(2027, 3, 10)).line("upfront").unpaid
    demanded.pay(str(left), date(2027, 3, 10), "2")
    assert (demanded.state, demanded.contract.cure_until) == ("paying", None)


def test_what_fell_due_after_the_demand_is_demanded_anew(demanded):
    demanded.sell(SIGNED, "100000", date(2027, 4, 1))
    line = demanded.statement(date(2027, 4, 1)).line("upfront")
    demanded.pay(str(line.unpaid + line.interest), date(2027, 4, 1), "1", obligation="upfront")
    assert demanded.state == "paying"


def test_there_is_no_default_while_there_is_time_to_cure(demanded):
    with pytest.raises(Conflict) as fault:
        services.default(demanded.contract, by=demanded.seller)
    assert fault.value.code == "E_DEMAND_MISSING"


def test_nobody_terminates_without_a_demand(overdue):
    with pytest.raises(Conflict) as fault:
        services.terminate(overdue.contract, "未付款。", by=overdue.seller)
    assert fault.value.code == "E_DEMAND_MISSING"


def test_nobody_terminates_while_there_is_time_to_cure(demanded):
    demanded.go(date(2027, 4, 2))
    with pytest.raises(Conflict) as fault:
        services.terminate(demanded.contract, "未付款。", by=demanded.seller)
    assert fault.value.code == "E_DEMAND_MISSING"


def test_after_default_the_licensor_may_terminate_and_what_is_owed_stays(demanded):
    demanded.tick(date(2027, 4, 3))
    services.terminate(demanded.contract, "未付款。", by=demanded.seller)
    assert demanded.state == "terminated"
    assert demanded.statement(date(2027, 4, 3)).overdue == Decimal("50000.00")


def test_paid_after_default_it_goes_on(demanded):
    demanded.tick(date(2027, 4, 3))
    assert demanded.state == "defaulted"
    demanded.pay("60000", date(2027, 4, 3), "1")
    assert demanded.state == "paying"


def test_a_dispute_stops_the_clock_of_the_cure(demanded):
    services.dispute(demanded.contract, "产品不合格。", by=demanded.buyer)
    demanded.tick(date(2027, 5, 3))
    assert demanded.state == "disputed"
    services.settle(demanded.contract, "双方同意继续。", by=demanded.seller)
    assert (demanded.state, demanded.contract.cure_until) == ("curing", date(2027, 6, 2))


def test_after_a_dispute_the_days_to_cure_end_on_a_working_day_too(overdue):
    overdue.go(date(2027, 3, 10))
    services.demand(overdue.contract, by=overdue.seller)
    assert overdue.contract.cure_until == date(2027, 4, 9)  # a Friday
    services.dispute(overdue.contract, "产品不合格。", by=overdue.buyer)
    overdue.go(date(2027, 3, 11))
    services.settle(overdue.contract, "双方同意继续。", by=overdue.seller)
    assert overdue.contract.cure_until == date(2027, 4, 12)  # Saturday would not do


def test_of_two_disputes_the_days_of_both_are_left_out(demanded):
    for began, ended in ((4, 8), (10, 12)):
        demanded.go(date(2027, 3, began))
        services.dispute(demanded.contract, "产品不合格。", by=demanded.buyer)
        demanded.go(date(2027, 3, ended))
        services.settle(demanded.contract, "双方同意继续。", by=demanded.seller)
    assert demanded.contract.cure_until == date(2027, 4, 8)  # 2 April and six days


@pytest.mark.parametrize("state", ["signed", "in_trial", "stop_pending", "paying", "review_invalid"])
def test_a_dispute_leads_back_to_where_it_began(licence, state):
    ways = {
        "in_trial": (licence.deliver,),
        "stop_pending": (licence.deliver, lambda: services.stop(licence.contract, by=licence.buyer)),
        "paying": (licence.deliver, lambda: services.keep(licence.contract, by=licence.buyer)),
        "review_invalid": (licence.deliver, lambda: services.lose_right(licence.contract, "无效。", by=licence.seller)),
    }
    for step in ways.get(state, ()):
        step()
    services.dispute(licence.contract, "不同意。", by=licence.buyer)
    services.settle(licence.contract, "和解。", by=licence.buyer)
    assert licence.state == state


# Ends


def test_one_side_alone_does_not_end_it(trial):
    services.end_by_agreement(trial.contract, "双方协商终止。", by=trial.seller)
    services.end_by_agreement(trial.contract, "双方协商终止。", by=trial.seller)
    assert trial.state == "in_trial"


def test_both_sides_end_it_in_the_same_words(trial):
    services.end_by_agreement(trial.contract, "双方协商终止。", by=trial.seller)
    services.end_by_agreement(trial.contract, "另一种说法。", by=trial.buyer)
    assert trial.state == "in_trial"
    services.end_by_agreement(trial.contract, "另一种说法。", by=trial.seller)
    assert trial.state == "terminated"
    assert trial.contract.end_note == "另一种说法。"


def test_a_lost_right_stops_what_accrues_and_gives_nothing_back(entry):
    entry.deliver()
    entry.pay("50000", DUE, "1")
    services.lose_right(entry.contract, "专利被宣告无效。", by=entry.seller)
    statement = entry.statement(date(2027, 12, 31))
    assert entry.state == "review_invalid"
    assert (statement.owed, statement.paid) == (Decimal("50000.00"), Decimal("50000.00"))
    assert all(each.last <= DUE for each in statement.reports_due)


def test_a_licence_that_runs_is_not_completed(entry):
    entry.deliver()
    with pytest.raises(Conflict) as fault:
        services.complete(entry.contract, by=entry.seller)
    assert fault.value.code == "not_over"


def test_the_house_hears_of_an_end(trial):
    heard = []
    listener = lambda contract, **_: heard.append(contract.state)  # noqa: E731
    news.contract_ended.connect(listener)
    services.end_by_agreement(trial.contract, "终止。", by=trial.seller)
    services.end_by_agreement(trial.contract, "终止。", by=trial.buyer)
    news.contract_ended.disconnect(listener)
    assert heard == ["terminated"]
