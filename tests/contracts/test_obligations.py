"""What is owed on a day: phases, ends, caps, and the day on which something changes."""

import pytest

from marketplace.contracts.rules.events import Kind, Terminated
from marketplace.contracts.rules.sheet import (
    AtEnd,
    Equity,
    Maintenance,
    MaintenanceEnd,
    Period,
    Trial,
)
from marketplace.contracts.rules.statement import LineState, Phase
from tests.contracts.licences import (
    DELIVERED,
    KEEP,
    OPEN,
    OPTION,
    PLAIN,
    amounts,
    codes,
    day,
    event,
    extended,
    fixed,
    paid,
    reached,
    royalty,
    sheet,
    signed,
    sold,
    state,
    trigger,
    yuan,
)


def test_the_plain_sentence_of_a_pay_later_licence():
    """Use free until 2026-12-31; then 30 000 at first sale and 2 % of net sales, at most 500 000 (DOMAIN 3.5)."""
    begun = [signed(), DELIVERED]
    trial = state(PLAIN, *begun, as_of="2026-12-31")
    assert (trial.phase, trial.trial_ends_on, trial.owed) == (Phase.TRIAL, day("2026-12-31"), 0)
    kept = [*begun, event("KEPT", "2026-12-31"), event("FIRST_SALE", "2027-02-01")]
    first = sold("2027-01-01", "2027-03-31", 1_000_000, on="2027-04-20")
    assert amounts(state(PLAIN, *kept, first, as_of="2027-04-20")) == {
        "first": "30000.00",
        "royalty:2027-Q1": "20000.00",
    }
    much = sold("2027-04-01", "2027-06-30", 30_000_000, on="2027-07-20")
    capped = state(PLAIN, *kept, first, much, as_of="2027-07-20")
    assert (capped.owed, capped.line("royalty:2027-Q2").amount) == (500_000, 450_000)


# Phases

PHASES = [
    (PLAIN, [], "2026-01-01", Phase.UNSIGNED),
    (PLAIN, [signed()], "2025-12-30", Phase.UNSIGNED),
    (PLAIN, [signed()], "2026-01-01", Phase.SIGNED),
    (PLAIN, [signed(), DELIVERED], "2026-01-01", Phase.TRIAL),
    (PLAIN, [signed(), DELIVERED], "2026-12-31", Phase.TRIAL),
    (PLAIN, [signed(), DELIVERED], "2027-01-01", Phase.STOPPED),
    (PLAIN, [signed(), DELIVERED, event("KEPT", "2026-05-05")], "2026-05-04", Phase.TRIAL),
    (PLAIN, [signed(), DELIVERED, event("KEPT", "2026-05-05")], "2026-05-05", Phase.PAYING),
    (PLAIN, [signed(), DELIVERED, event("STOPPED", "2026-05-05")], "2026-05-05", Phase.STOPPED),
    (PLAIN, [signed(), DELIVERED, extended("2026-12-31", 6)], "2027-06-30", Phase.TRIAL),
    (PLAIN, [signed(), DELIVERED, extended("2026-12-31", 6)], "2027-07-01", Phase.STOPPED),
    (sheet(royalty(), trial=KEEP), [signed(), DELIVERED], "2027-01-01", Phase.PAYING),
    (sheet(royalty(), trial=OPEN), [signed(), DELIVERED], "2027-01-01", Phase.ELECTION_DUE),
    (sheet(royalty(), trial=OPEN), [signed(), DELIVERED, event("KEPT", "2027-03-01")], "2027-03-01", Phase.PAYING),
    (sheet(royalty()), [signed()], "2026-01-01", Phase.PAYING),
    (sheet(royalty()), [signed()], "2035-12-31", Phase.PAYING),
    (sheet(royalty()), [signed()], "2036-01-01", Phase.ENDED),
    (sheet(royalty()), [signed(), event("EXPIRED", "2027-01-01")], "2027-01-01", Phase.ENDED),
    (sheet(royalty()), [signed(), event("SUSPENDED", "2027-01-01")], "2027-01-01", Phase.SUSPENDED),
    (
        sheet(royalty()),
        [signed(), event("SUSPENDED", "2027-01-01"), event("RESUMED", "2027-02-01")],
        "2027-02-01",
        Phase.PAYING,
    ),
    (sheet(fixed(10)), [signed(), paid(10, "2026-01-05")], "2026-01-04", Phase.PAYING),
    (sheet(fixed(10)), [signed(), paid(10, "2026-01-05")], "2026-01-05", Phase.PAID_UP),
    (
        sheet(fixed(10), fixed(5, "DATE", id="b", day=day("2027-01-01"))),
        [signed(), paid(10, "2026-01-05")],
        "2026-01-05",
        Phase.PAYING,
    ),
    (
        sheet(royalty(lifetime_cap=yuan(10))),
        [signed(), sold("2026-01-01", "2026-03-31", 1000), paid(10, "2026-04-05")],
        "2026-04-05",
        Phase.PAID_UP,
    ),
]


@pytest.mark.parametrize(("terms", "events", "as_of", "phase"), PHASES)
def test_a_licence_stands_in_one_phase(terms, events, as_of, phase):
    assert state(terms, *events, as_of=as_of).phase is phase


def test_an_extension_counts_every_month_from_the_delivery():
    terms = sheet(royalty(), trial=Trial(months=1, at_end=AtEnd.STOP, extensions=1, extension_months=1))
    delivered = event("DELIVERED", "2026-01-31")
    longer = state(terms, signed(), delivered, extended("2026-02-28", 1), as_of="2026-03-01")
    assert longer.trial_ends_on == day("2026-03-31")


# Trials


def test_a_stopped_trial_owes_royalties_on_what_was_really_sold_and_nothing_else():
    happened = [
        event("FIRST_SALE", "2026-02-01"),
        sold("2025-12-31", "2025-12-31"),
        sold("2026-01-01", "2026-03-31", 50_000, on="2026-04-10"),
    ]
    assert state(PLAIN, signed(), DELIVERED, *happened, as_of="2026-12-31").lines == ()
    stopped = state(PLAIN, signed(), DELIVERED, *happened, as_of="2027-01-01")
    assert amounts(stopped) == {"royalty:2025-Q4": "0.00", "royalty:2026-Q1": "1000.00"}
    assert stopped.line("royalty:2026-Q1").due_on == day("2027-01-31")


def test_no_minimum_runs_in_a_trial():
    terms = sheet(royalty(minimum_yearly=yuan(365)), trial=KEEP)
    found = amounts(state(terms, signed(), event("DELIVERED", "2026-01-31"), as_of="2028-12-31"))
    assert found == {"royalty:2027:true-up": "334.00"}  # from 1 February


def test_without_agreed_default_nothing_but_sales_is_owed_until_somebody_elects():
    terms = sheet(fixed(10, "FIRST_SALE"), royalty(), trial=OPEN)
    events = [signed(), DELIVERED, event("FIRST_SALE", "2026-05-01"), sold("2026-04-01", "2026-06-30", 1000)]
    assert amounts(state(terms, *events, as_of="2027-02-01")) == {"royalty:2026-Q2": "50.00"}
    kept = state(terms, *events, event("KEPT", "2027-02-01"), as_of="2027-02-01")
    assert kept.line("fee").arose_on == day("2027-02-01")


# Ends


def terminated(on):
    return Terminated(id="end", kind=Kind.TERMINATED, on=day(on), cause="default")


ENDS = [
    (event("INVALIDATED", "2027-05-15"), None),
    (event("EXPIRED", "2027-05-15"), None),
    (terminated("2027-05-15"), "2027-11-15"),
]


@pytest.mark.parametrize(("end", "sell_off_until"), ENDS)
def test_an_end_stops_everything_but_the_sale_of_stock(end, sell_off_until):
    terms = sheet(fixed(1, "MILESTONE", milestone="m1"), royalty(), sell_off_months=6)
    statement = state(terms, signed(), end, reached("m1", "2027-05-16"), as_of="2027-05-20")
    assert (statement.ends_on, statement.lines) == (day("2027-05-15"), ())
    assert statement.sell_off_until == (sell_off_until and day(sell_off_until))


def test_what_falls_on_the_last_day_still_counts():
    terms = sheet(fixed(1, "MILESTONE", milestone="m1"))
    events = [signed(), event("EXPIRED", "2027-05-15"), reached("m1", "2027-05-15")]
    assert amounts(state(terms, *events, as_of="2027-05-15")) == {"fee": "1.00"}


def test_no_stock_is_sold_off_under_a_right_that_is_gone():
    terms = sheet(royalty(), sell_off_months=6)
    statement = state(terms, signed(), terminated("2027-05-15"), event("EXPIRED", "2027-07-01"), as_of="2027-08-01")
    assert (statement.ends_on, statement.sell_off_until) == (day("2027-05-15"), day("2027-07-01"))


def test_a_right_lost_in_a_trial_leaves_what_was_sold_in_it():
    report = sold("2026-01-01", "2026-03-31", 50_000)
    statement = state(PLAIN, signed(), DELIVERED, report, event("INVALIDATED", "2026-05-15"), as_of="2026-05-15")
    assert (statement.phase, amounts(statement)) == (Phase.ENDED, {"royalty:2026-Q1": "1000.00"})


def test_stock_sold_off_bears_royalties_and_no_minimum():
    terms = sheet(royalty(minimum_yearly=yuan(365)), sell_off_months=6)
    events = [signed("2026-01-01"), terminated("2026-12-31"), sold("2027-01-01", "2027-03-31", 1000)]
    found = amounts(state(terms, *events, as_of="2028-12-31"))
    assert found == {"royalty:2026:true-up": "365.00", "royalty:2027-Q1": "50.00"}


def test_the_last_report_covers_the_days_that_are_left():
    terms = sheet(royalty())
    events = [signed(), event("EXPIRED", "2027-05-15"), sold("2027-04-01", "2027-05-15", 1000)]
    assert amounts(state(terms, *events, as_of="2027-06-01")) == {"royalty:2027-Q2": "50.00"}


def test_nothing_sold_after_the_end_accrues():
    events = [signed(), event("EXPIRED", "2027-05-15"), sold("2027-04-01", "2027-06-30", 1000)]
    statement = state(sheet(royalty()), *events, as_of="2027-07-01")
    assert (codes(statement), statement.lines) == ([("E_ACCRUAL_AFTER_END", "/events/sales-2027-04-01")], ())


# Maintenance, shares, buy-out, cap


def test_a_yearly_fee_runs_until_the_first_sale():
    fee = Maintenance(id="upkeep", amount=yuan(100), until=MaintenanceEnd.FIRST_SALE)
    found = amounts(state(sheet(fee), signed("2026-03-01"), event("FIRST_SALE", "2028-03-01"), as_of="2031-01-01"))
    assert found == {"upkeep:2027": "100.00"}


def test_a_yearly_fee_runs_to_the_end_but_not_for_a_year_beyond_it():
    fee = Maintenance(id="upkeep", amount=yuan(100), until=MaintenanceEnd.END)
    found = amounts(state(sheet(fee, term_months=36), signed("2026-03-01"), as_of="2031-01-01"))
    assert list(found) == ["upkeep:2027", "upkeep:2028"]


def test_a_yearly_fee_after_a_trial_counts_from_its_end():
    fee = Maintenance(id="upkeep", amount=yuan(100), until=MaintenanceEnd.END)
    lines = state(sheet(fee, trial=KEEP), signed(), event("DELIVERED", "2026-02-01"), as_of="2028-12-31").lines
    assert [line.arose_on for line in lines] == [day("2028-02-01")]


def test_shares_are_owed_as_shares_beside_the_cash():
    shares = Equity(id="shares", percent=yuan("0.1"), valuation=yuan(500_000), trigger=trigger("SIGNATURE"))
    statement = state(sheet(shares, total_cap=yuan(1)), signed(), as_of="2027-01-01")
    assert (statement.owed, statement.overdue, amounts(statement)) == (0, 0, {"shares": "500000.00"})
    assert statement.line("shares").state is LineState.OPEN


def test_a_buy_out_ends_accrual_and_counts_what_was_paid():
    """Half of the 100 that was paid before; what is paid on the day itself is not before."""
    terms = sheet(fixed(200), royalty(), fixed(7, "MILESTONE", id="m", milestone="m1"), OPTION)
    bought = event("BUYOUT_EXERCISED", "2027-01-01")
    money = [paid(100, "2026-12-31"), paid(50, "2027-01-01")]
    statement = state(terms, signed(), *money, bought, reached("m1", "2027-02-01"), as_of="2028-01-01")
    assert (statement.phase, amounts(statement)) == (Phase.BOUGHT_OUT, {"fee": "200.00", "option": "950.00"})


def test_a_buy_out_leaves_what_was_sold_before_it():
    bought = event("BUYOUT_EXERCISED", "2027-02-10")
    report = sold("2027-01-01", "2027-02-10", 1000, on="2027-03-01")
    assert amounts(state(sheet(royalty(), OPTION), signed(), bought, report, as_of="2028-01-01")) == {
        "option": "1000.00",
        "royalty:2027-Q1": "50.00",
    }


def test_an_option_that_has_expired_is_not_taken():
    statement = state(sheet(OPTION), signed(), event("BUYOUT_EXERCISED", "2029-01-01"), as_of="2029-01-01")
    assert (codes(statement), statement.phase) == ([("E_BUYOUT_EXPIRY", "/events/buyout_exercised")], Phase.PAYING)


def test_the_cap_of_the_sheet_is_over_everything_but_interest():
    terms = sheet(
        fixed(60, pay_days=0), fixed(60, "DATE", id="b", day=day("2026-06-01")), royalty(), total_cap=yuan(100)
    )
    report = sold("2026-07-01", "2026-09-30", 1000)
    statement = state(terms, signed(), report, as_of="2027-12-31", rate="0.06")
    assert amounts(statement) == {"fee": "60.00", "b": "40.00", "royalty:2026-Q3": "0.00"}
    assert statement.interest > 0


def test_a_dispute_stops_no_interest():
    terms, events = sheet(fixed(1000, pay_days=0)), [signed("2026-01-01"), event("SUSPENDED", "2026-01-02")]
    assert state(terms, *events, as_of="2026-01-11", rate="0.0365").interest == 1


# Reports that are due


def test_every_period_that_has_ended_is_to_be_reported_with_nothing_sold_as_well():
    statement = state(sheet(royalty()), signed(), sold("2026-01-01", "2026-03-31"), as_of="2026-07-01")
    due = [(each.first, each.last, each.due_on) for each in statement.reports_due]
    assert due == [
        (day("2025-12-31"), day("2025-12-31"), day("2026-01-30")),
        (day("2026-04-01"), day("2026-06-30"), day("2026-07-30")),
    ]


def test_a_period_is_not_to_be_reported_on_its_last_day():
    assert state(sheet(royalty()), signed("2026-01-01"), as_of="2026-03-31").reports_due == ()


# The next day

NEXT = [
    (sheet(fixed(1)), [], "2026-01-01", None),
    (sheet(fixed(1)), [signed()], "2026-01-01", "2026-01-31"),  # due on the thirtieth: late from here
    (sheet(fixed(1)), [signed(), paid(1, "2026-01-01")], "2026-01-01", "2036-01-01"),  # the end of the term
    (sheet(fixed(1, "DATE", day=day("2026-05-01"))), [signed()], "2026-01-01", "2026-05-01"),
    (sheet(royalty()), [signed("2026-01-01")], "2026-01-01", "2026-04-01"),
    (PLAIN, [signed(), DELIVERED, sold("2025-12-31", "2025-12-31")], "2026-12-31", "2027-01-01"),
    (sheet(royalty(period=Period.YEAR)), [signed("2026-01-01")], "2027-01-01", "2027-01-31"),  # the report is late
    (sheet(Maintenance(id="upkeep", amount=yuan(1))), [signed("2026-03-01")], "2026-03-01", "2027-03-01"),
    (sheet(fixed(1), sell_off_months=1), [signed(), paid(1, "2026-01-01")], "2036-01-01", "2036-02-01"),
    (sheet(fixed(1)), [signed(), paid(1, "2026-01-01")], "2036-01-01", None),
]


@pytest.mark.parametrize(("terms", "events", "as_of", "expected"), NEXT)
def test_the_next_day_is_the_first_on_which_something_changes(terms, events, as_of, expected):
    assert state(terms, *events, as_of=as_of).next_day == (expected and day(expected))
