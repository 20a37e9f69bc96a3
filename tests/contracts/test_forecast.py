"""What a licence will cost, year by year, if things go as expected, worse or better."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.contracts.rules.forecast import compare, forecast
from marketplace.contracts.rules.plan import Plan, PlannedYear, Swing
from marketplace.contracts.rules.sheet import AtEnd, Base, Buyout, Equity, Maintenance, MaintenanceEnd, Trial
from marketplace.contracts.rules.statement import Phase
from tests.contracts.licences import day, fixed, royalty, sheet, trigger, yuan
from tests.contracts.sheets import sheets

few = settings(max_examples=settings.default.max_examples // 5)  # a forecast states six histories
TRIAL = Trial(months=12, at_end=AtEnd.STOP)
PLAIN = sheet(fixed(30_000, "FIRST_SALE", id="first"), royalty((0, "0.02")), trial=TRIAL, total_cap=yuan(500_000))


def sales(**by_year):
    """y2=1000 says that the second licence year sells so much."""
    return tuple(PlannedYear(year=int(year[1:]), net_sales=yuan(amount)) for year, amount in by_year.items())


def plan(**given):
    return Plan(signed_on=day("2025-12-31"), **given)


def by_year(case):
    return {row.year: row.total for row in case.rows if row.total}


def test_the_plain_sentence_over_the_years():
    """Free in 2026; then 30 000, and 2 % of what is sold, each quarter rounded to the fen."""
    outlook = forecast(PLAIN, plan(years=sales(y2=1_000_000, y3=2_000_000), first_sale_month=13))
    expected = outlook.case("expected")
    assert (expected.totals.fixed, round(expected.totals.royalty)) == (30_000, 60_000)
    assert next(row.total for row in expected.rows if row.year == 2026) == 0
    assert expected.rows[-1].cumulative == expected.totals.total


def test_no_forecast_passes_the_cap():
    outlook = forecast(PLAIN, plan(years=sales(y2=100_000_000)))
    assert [case.totals.total for case in outlook.cases] == [500_000, 500_000, 500_000]


def test_sales_are_spread_over_the_days_of_their_year():
    """1 January 2026 begins the second day of the licence: 2026 has 365 of 366 days of licence year 1."""
    case = forecast(sheet(royalty((0, "1"))), plan(years=sales(y1=36_600))).case("expected")
    lines = {line.key: str(line.amount) for line in case.statement.lines if line.amount}
    assert lines == {
        "royalty:2025-Q4": "100.00",
        "royalty:2026-Q1": "9000.00",
        "royalty:2026-Q2": "9100.00",
        "royalty:2026-Q3": "9200.00",
        "royalty:2026-Q4": "9200.00",
    }


def test_a_bad_case_sells_less_and_later():
    bad = Swing(sales_factor=yuan("0.5"), late_months=12)
    outlook = forecast(sheet(royalty((0, "1"))), plan(years=sales(y1=1000, y2=1000), bad=bad))
    assert [case.totals.royalty for case in outlook.cases] == [2000, 1000, 3000]
    assert min(by_year(outlook.case("bad"))) == 2027


def test_what_is_put_off_beyond_the_end_is_not_sold():
    terms = sheet(royalty((0, "1")), term_months=24)
    outlook = forecast(terms, plan(years=sales(y1=1000, y2=1000), bad=Swing(late_months=24)))
    assert outlook.case("bad").totals.royalty < 3


def test_a_trial_that_is_not_kept_costs_what_was_sold_in_it():
    outlook = forecast(PLAIN, plan(years=sales(y1=100_000, y2=1_000_000), bad=Swing(keep=False)))
    bad = outlook.case("bad")
    assert (bad.phase, round(bad.totals.total)) == (Phase.STOPPED, 2000)


def test_milestones_come_late_or_never():
    terms = sheet(fixed(7, "MILESTONE", milestone="m1"))
    late = forecast(terms, plan(milestones={"m1": 6}, bad=Swing(late_months=12)))
    never = forecast(terms, plan(milestones={"m1": 6}, bad=Swing(late_months=None)))
    assert (by_year(late.case("expected")), by_year(late.case("bad"))) == ({2026: 7}, {2027: 7})
    assert never.case("bad").totals.total == 0


def test_each_kind_has_its_own_column():
    terms = sheet(
        fixed(5),
        royalty((0, "0.1"), minimum_yearly=yuan(10)),
        Maintenance(id="upkeep", amount=yuan(3), until=MaintenanceEnd.END),
        Equity(id="shares", percent=yuan("0.1"), valuation=yuan(99), trigger=trigger("SIGNATURE")),
        term_months=24,
    )
    totals = forecast(terms, plan(years=sales(y1=50))).case("expected").totals
    assert (totals.fixed, totals.royalty, totals.maintenance, totals.equity) == (5, 5, 3, 99)
    assert totals.minimum > 10
    assert totals.total == 13 + totals.minimum


def test_a_buy_out_counts_what_was_paid_until_then():
    option = Buyout(id="option", price=yuan(1000), until_months=36, credit_paid=yuan(1))
    case = forecast(sheet(fixed(100), option), plan(buyout_month=12)).case("expected")
    assert (case.phase, case.totals.buyout, case.statement.interest) == (Phase.BOUGHT_OUT, 900, 0)


def test_other_events_have_their_months():
    terms = sheet(fixed(1, "FINANCING", id="a"), fixed(2, "GRANT", id="b"), fixed(4, "CHANGE_OF_CONTROL", id="c"))
    given = {"financing_month": 1, "grant_month": 13, "change_of_control_month": 25}
    assert by_year(forecast(terms, plan(**given)).case("expected")) == {2026: 1, 2027: 2, 2028: 4}


def test_units_and_margins_are_planned_like_sales():
    year = PlannedYear(year=1, net_sales=yuan(1), units=yuan(366), gross_margin=yuan(732))
    for base, expected in ((Base.UNITS, 366), (Base.GROSS_MARGIN, 732)):
        case = forecast(sheet(royalty((0, "1"), base=base)), plan(years=(year,))).case("expected")
        assert case.totals.royalty == expected


def test_a_threshold_without_a_royalty_is_reached_by_planned_sales():
    terms = sheet(fixed(9, "REVENUE", at_least=yuan(500)))
    assert forecast(terms, plan(years=sales(y1=1000))).case("expected").totals.fixed == 9


def test_a_milestone_that_the_sheet_does_not_know_is_named():
    case = forecast(sheet(fixed(1)), plan(milestones={"m9": 1})).case("expected")
    assert [fault.code for fault in case.faults] == ["E_MILESTONE_UNKNOWN"]


def test_every_case_and_every_sheet_shows_the_same_years():
    one, two = sheet(fixed(1)), sheet(fixed(1, "DATE", day=day("2031-06-01")))
    outlooks = compare([one, two], plan())
    years = {tuple(row.year for row in case.rows) for outlook in outlooks for case in outlook.cases}
    assert years == {tuple(range(2025, 2032))}
    assert [outlook.case("expected").totals.total for outlook in outlooks] == [1, 1]


def test_a_plan_without_sales_costs_what_is_fixed():
    assert forecast(PLAIN, plan()).case("expected").totals.total == 0
    assert forecast(sheet(fixed(5), royalty()), plan()).case("expected").totals.total == 5


@few
@given(sheets(), st.integers(0, 10_000_000), st.integers(0, 24))
def test_a_forecast_is_the_sum_of_the_lines_of_its_statement(terms, amount, month):
    outlook = forecast(terms, plan(years=sales(y1=amount, y3=amount), first_sale_month=month))
    for case in outlook.cases:
        assert case.totals.total == case.statement.owed == case.rows[-1].cumulative
        assert (case.statement.overdue, case.statement.interest, case.statement.credit) == (0, 0, 0)
        assert case.faults == ()


@few
@given(sheets(), st.integers(0, 10_000_000))
def test_more_sales_never_cost_less(terms, amount):
    """But for cliffs, where one yuan more may lower the rate of all."""
    marginal = replace(
        terms, terms=tuple(each for each in terms.terms if getattr(each, "tiering", None) != "CLIFF"), total_cap=None
    )
    good = Swing(sales_factor=yuan(2))
    outlook = forecast(marginal, plan(years=sales(y1=amount), good=good))
    assert outlook.case("good").totals.total >= outlook.case("expected").totals.total
