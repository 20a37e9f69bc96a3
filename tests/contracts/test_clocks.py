"""The clock: what happens by itself, in the order of the days, once, whatever is missed or fails."""

from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Fact, Reminder, SalesReport
from marketplace.contracts.services import clocks
from marketplace.contracts.tasks import tick_contracts
from marketplace.core import news
from marketplace.core.errors import Conflict
from marketplace.core.models import Entry, Letter
from tests.contracts.living import ENTRY, SIGNED, make_licence
from tests.rows import values

OVER = date(2028, 1, 5)
"""The day after the trial."""


def told(licence, about, **which):
    rows = Reminder.objects.filter(contract=licence.row, about=about, **which)
    return sorted(rows.values_list("step", "side"))


def everything(licence):
    """All that a clock could do twice."""
    return (
        values(licence.row),
        list(Fact.objects.order_by("id").values()),
        list(SalesReport.objects.order_by("id").values()),
        list(Reminder.objects.order_by("id").values()),
        Letter.objects.count(),
        Entry.objects.count(),
    )


# The end of the trial


def test_on_its_last_day_the_trial_still_runs(licence):
    licence.deliver()
    assert licence.tick(OVER - timedelta(days=1)).state == "in_trial"


def test_never_silent_free_use_the_agreed_default_keeps_it(licence):
    licence.deliver()
    assert licence.tick(OVER).state == "paying"
    assert Fact.objects.get(contract=licence.row, key="election").on == OVER


def test_never_silent_free_use_the_agreed_default_stops_it(stopping):
    stopping.deliver()
    assert stopping.tick(OVER).state == "stop_pending"
    assert Fact.objects.get(contract=stopping.row, key="election").on == date(2028, 1, 4)


def test_both_sides_hear_that_the_trial_is_over(stopping):
    stopping.deliver()
    stopping.tick(OVER)
    assert told(stopping, "trial-over") == [(0, "BUYER"), (0, "SELLER")]


def test_an_election_in_time_is_not_overruled(stopping):
    stopping.deliver()
    services.keep(stopping.contract, by=stopping.buyer)
    assert stopping.tick(OVER).state == "paying"


# Default and completion


def test_what_is_not_cured_is_in_default_on_the_day_after(entry):
    heard = []

    def listen(contract, **_):
        heard.append(contract.state)

    entry.deliver()
    entry.tick(date(2027, 3, 3))
    services.demand(entry.contract, by=entry.seller)
    news.contract_defaulted.connect(listen)
    assert entry.tick(date(2027, 4, 2)).state == "curing"
    assert entry.tick(date(2027, 4, 3)).state == "defaulted"
    news.contract_defaulted.disconnect(listen)
    assert heard == ["defaulted"]


def test_after_default_all_that_is_overdue_is_paid_before_it_is_cured(entry):
    entry.deliver()
    entry.tick(date(2027, 3, 3))
    services.demand(entry.contract, by=entry.seller)
    entry.tick(date(2027, 4, 3))
    entry.sell(SIGNED, "100000", date(2027, 4, 20))
    entry.tick(date(2027, 7, 1))  # the royalty of 5,000 is overdue too, and was never demanded
    entry.pay("51300", date(2027, 7, 1), "1")  # 50,000 with 1,216.44 of interest, and something of the royalty
    open_ones = [line.term for line in entry.statement(date(2027, 7, 1)).lines if line.unpaid]
    assert open_ones == ["royalty"]
    with pytest.raises(Conflict) as fault:
        services.cure(entry.contract, by=entry.seller)
    assert (fault.value.code, entry.state) == ("unpaid", "defaulted")
    entry.pay("6000", date(2027, 7, 1), "2")
    assert entry.state == "paying"


def test_over_reported_and_paid_it_is_completed(db, go):
    licence = make_licence(go, ENTRY | {"term": {"months": 12}})
    licence.deliver()
    licence.pay("50000", date(2027, 2, 1), "1")
    for first in (SIGNED, date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1)):
        licence.sell(first, "0", date(2028, 1, 4))
    assert licence.tick(date(2028, 1, 4)).state == "paying"
    assert licence.tick(date(2028, 1, 5)).state == "paying"  # the report of the last four days
    services.submit_report(licence.report(date(2028, 1, 1)), {}, by=licence.buyer)
    services.accept_report(licence.report(date(2028, 1, 1)), by=licence.seller)
    assert licence.tick(date(2028, 1, 5)).state == "completed"
    assert licence.contract.next_clock_on is None


# Once, in order, whatever was missed


def test_a_tick_twice_is_a_tick_once(licence):
    licence.deliver()
    licence.tick(OVER)
    before = everything(licence)
    licence.tick(OVER)
    assert everything(licence) == before


def test_missed_days_are_made_up_for_in_their_order(licence):
    """The worker was off from June 2027 to April 2028: silence, a missed day, the trial's end, four reports."""
    licence.deliver()
    licence.go(date(2027, 6, 1))
    slug = licence.contract.milestones.get(kind="FIRST_SALE").slug
    services.claim(licence.milestone(slug), reached_on=date(2027, 5, 20), note="发票。", by=licence.buyer)
    licence.tick(date(2028, 4, 1))
    facts = Fact.objects.filter(contract=licence.row).order_by("id").values_list("kind", "on")
    assert list(facts)[-2:] == [("FIRST_SALE", date(2027, 6, 17)), ("KEPT", OVER)]
    assert licence.milestone("pilot").state == "missed"
    assert licence.contract.sales_reports.count() == 5
    assert licence.state == "paying"


def test_day_by_day_or_all_at_once_comes_to_the_same(licence, stopping, entry):
    """What happened by itself is the same, however often the clock ran."""

    def happened(each):
        facts = Fact.objects.filter(contract=each.row).order_by("on", "key").values_list("kind", "on")
        reports = each.contract.sales_reports.order_by("first").values_list("first", "last", "due_on")
        return each.state, list(facts), list(reports)

    for one in (licence, stopping, entry):
        other = make_licence(one.go, one.contract.sheet.content)
        one.deliver()
        other.deliver()
        day = SIGNED
        while day < date(2028, 2, 1):
            day = min(one.contract.next_clock_on, date(2028, 2, 1))
            one.tick(day)
        other.tick(date(2028, 2, 1))
        assert happened(one) == happened(other)


def test_the_next_day_is_always_ahead_while_something_can_happen(licence):
    licence.deliver()
    for day in (SIGNED, date(2027, 7, 4), OVER, date(2028, 6, 1)):
        assert licence.tick(day).next_clock_on > day


def test_a_persons_act_does_not_hide_what_the_clock_has_not_done_yet(licence):
    """The trial is over and the clock has not run; a report is handed in: the trial's end still waits for the clock."""
    licence.deliver()
    licence.tick(date(2028, 1, 4))
    licence.go(OVER)
    services.submit_report(licence.report(date(2027, 10, 1)), {}, by=licence.buyer)
    assert licence.contract.next_clock_on <= OVER


def test_a_trial_ends_with_a_licence_that_is_over_sooner(trial_to_the_end):
    assert trial_to_the_end.tick(date(2027, 7, 4)).state == "in_trial"
    contract = trial_to_the_end.tick(date(2027, 7, 5))
    assert contract.state == "stop_pending"
    assert trial_to_the_end.keys("KEPT") == []


@pytest.fixture
def trial_to_the_end(licence):
    """The patent runs out in the middle of the trial."""
    licence.deliver()
    licence.go(date(2027, 7, 4))
    services.expire_right(licence.contract, by=licence.seller)
    return licence


def lose_right(licence):
    services.lose_right(licence.contract, "专利无效。", by=licence.seller)


def dispute(licence):
    services.dispute(licence.contract, "不同意。", by=licence.buyer)


def end(licence):
    services.end_by_agreement(licence.contract, "终止。", by=licence.seller)
    services.end_by_agreement(licence.contract, "终止。", by=licence.buyer)


def claim(licence):
    services.claim(licence.milestone("pilot"), reached_on=SIGNED, note="样品。", by=licence.buyer)
    end(licence)


@pytest.mark.parametrize("act", [lose_right, dispute, end, claim])
def test_no_clock_rings_again_for_what_it_cannot_do(licence, act):
    licence.deliver()
    act(licence)
    for day in (date(2027, 1, 5), date(2027, 8, 1), OVER, date(2029, 1, 1)):
        licence.go(day)
        services.tick_all(day)
        assert services.tick_all(day) == (0, 0)


def test_a_lost_right_waits_for_people(licence):
    licence.deliver()
    lose_right(licence)
    licence.tick(date(2027, 2, 1))
    services.submit_report(licence.report(SIGNED), {}, by=licence.buyer)
    services.accept_report(licence.report(SIGNED), by=licence.seller)
    assert licence.tick(date(2027, 3, 1)).state == "review_invalid"
    assert services.complete(licence.contract, by=licence.seller).state == "completed"


# Reminders


def test_both_sides_are_reminded_of_the_election(licence):
    licence.deliver()
    day = date(2027, 12, 1)
    while day <= date(2028, 1, 4):
        licence.tick(day)
        day += timedelta(days=1)
    steps = [(-15, "BUYER"), (-15, "SELLER"), (-7, "BUYER"), (-7, "SELLER"), (-1, "BUYER"), (-1, "SELLER")]
    assert told(licence, "election") == steps


def test_the_clock_wakes_on_each_day_of_a_reminder(entry):
    """Ticked only when the row says so, nobody misses a step."""
    entry.deliver()
    day = SIGNED
    while day <= date(2027, 3, 5):
        entry.tick(day)
        day = entry.contract.next_clock_on
    assert sorted({step for step, _ in told(entry, "pay:upfront")}) == [-15, -7, -1, 2, 7, 30]


def test_a_reminder_that_was_missed_is_not_sent_after_its_use(entry):
    entry.deliver()
    entry.tick(date(2027, 2, 2))
    assert told(entry, "pay:upfront", side="BUYER") == [(-1, "BUYER")]


def test_nobody_is_reminded_of_what_is_paid(entry):
    entry.deliver()
    entry.pay("50000", date(2027, 1, 5), "1")
    entry.tick(date(2027, 2, 5))
    assert told(entry, "pay:upfront") == []


def test_letters_hold_no_amount_and_no_words_of_people(entry):
    entry.deliver()
    entry.tick(date(2027, 3, 3))
    services.demand(entry.contract, note="机密:请付五万元。", by=entry.seller)
    letters = Letter.objects.filter(key__startswith=f"contract:{entry.row.public_id}")
    assert letters.filter(user=entry.buyer).exists()
    assert letters.filter(user=entry.seller).exists()
    texts = " ".join(f"{each.subject} {each.body}" for each in letters)
    assert not [word for word in ("50000", "50,000", "五万", "机密") if word in texts]


def test_the_technology_manager_hears_what_the_licensor_hears(entry, broker):
    Contract.objects.filter(pk=entry.row.pk).update(manager=broker)
    entry.deliver()
    entry.tick(date(2027, 2, 5))
    assert Letter.objects.filter(user=broker, key__contains=":pay:upfront:").count() == 1


# All of them


def test_all_that_are_due_are_ticked_and_no_others(licence, entry):
    licence.deliver()
    entry.deliver()
    licence.go(OVER)
    assert services.tick_all(OVER) == (2, 0)
    assert services.tick_all(OVER) == (0, 0)


def test_batches_leave_nobody_out(db, go):
    rows = [make_licence(go, ENTRY) for _ in range(3)]
    go(date(2027, 4, 1))
    assert services.tick_all(date(2027, 4, 1), batch=2).ticked == 3
    assert all(each.contract.sales_reports.count() == 1 for each in rows)


@pytest.fixture
def poison(entry):
    """A contract whose history cannot be read."""
    entry.deliver()
    Fact.objects.create(contract=entry.row, key="paid-broken", kind="PAID", on=SIGNED, content={"amount": "much"})
    return entry


def test_a_contract_that_fails_is_set_aside_and_holds_up_no_other(poison, licence, caplog):
    licence.deliver()
    licence.go(OVER)
    before = poison.contract.version
    assert services.tick_all(OVER) == (1, 1)
    assert licence.state == "paying"
    assert poison.contract.next_clock_on == OVER + timedelta(days=1)
    assert poison.contract.version == before
    assert f"Contract {poison.row.pk} could not be ticked" in caplog.text


def test_a_database_that_fails_at_one_contract_leaves_it_for_the_next_round(entry, licence, monkeypatch):
    entry.deliver()
    licence.deliver()
    licence.go(OVER)
    live = clocks.live

    def fail(contract, today):
        if contract.pk == entry.row.pk:
            raise OperationalError("deadlock detected")
        live(contract, today)

    monkeypatch.setattr(clocks, "live", fail)
    assert services.tick_all(OVER) == (1, 1)
    monkeypatch.undo()
    assert services.tick_all(OVER) == (1, 0)


def test_what_failed_is_made_up_for_when_it_was_mended(poison):
    poison.go(OVER)
    services.tick_all(OVER)
    Fact.objects.filter(key="paid-broken").delete()
    poison.go(OVER + timedelta(days=1))
    assert services.tick_all(OVER + timedelta(days=1)) == (1, 0)
    assert poison.contract.sales_reports.count() == 4


def test_a_contract_that_was_never_wound_up_is_found(entry):
    entry.deliver()
    Contract.objects.filter(pk=entry.row.pk).update(next_clock_on=None)
    entry.go(date(2027, 4, 1))
    assert services.tick_all(date(2027, 4, 1)).ticked == 1


def test_the_task_ticks(entry):
    entry.deliver()
    entry.go(date(2027, 4, 1))
    assert tick_contracts() == 1


def test_nothing_of_a_tick_is_left_when_it_dies_half_way(licence, monkeypatch):
    licence.deliver()
    licence.go(OVER)
    before = everything(licence)

    def die(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(clocks, "wind", die)
    with pytest.raises(KeyboardInterrupt):
        services.tick_all(OVER)
    assert not connection.needs_rollback
    assert everything(licence) == before
