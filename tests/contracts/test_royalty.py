"""The ten steps of a royalty (DOMAIN 5.3), each by a table, and the account that they are booked in."""

from decimal import Decimal

import pytest

from marketplace.contracts.rules.royalty import by_tiers, earn, share_of_sublicences, stack
from marketplace.contracts.rules.sheet import Base, Counted, Deduction, Stacking, Sublicence, Tiering
from tests.contracts.licences import (
    amounts,
    day,
    fixed,
    paid,
    royalty,
    sheet,
    signed,
    sold,
    state,
    yuan,
)

MARGINAL = ((0, "0.05"), (10_000_000, "0.04"), (30_000_000, "0.03"))
QUARTERS = [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")]


def q(number, gross=0, *, year=2026, on="", **given):
    """A report of a quarter, accepted on its last day."""
    first, last = QUARTERS[number - 1]
    return sold(f"{year}-{first}", f"{year}-{last}", gross, on=on, **given)


def lines(*events, as_of="2026-12-31", terms=(), signed_on="2025-12-31", **given):
    """What the lines ask for under a royalty of these terms; the day of the signature is its own first period."""
    return amounts(state(sheet(*terms, royalty(**given)), signed(signed_on), *events, as_of=as_of))


# 1 base

BASES = [
    ({"base": Base.NET_SALES}, {"gross": "1000"}, "1000"),
    ({"base": Base.NET_SALES}, {"gross": "1000", "deductions": {Deduction.RETURNS: yuan(100)}}, "900"),
    (
        {"base": Base.NET_SALES},
        {"gross": "1000", "deductions": {Deduction.RETURNS: yuan(30), Deduction.TAXES: yuan(10)}},
        "960",
    ),
    (
        {"deduction_cap": yuan("0.05")},
        {"gross": "1000", "deductions": {Deduction.RETURNS: yuan(100)}},
        "950",
    ),
    (
        {"deduction_cap": yuan("0.05")},
        {"gross": "1000", "deductions": {Deduction.RETURNS: yuan("49.99")}},
        "950.01",
    ),
    ({"base": Base.UNITS}, {"gross": "1000", "units": yuan(7)}, "7"),
    ({"base": Base.GROSS_MARGIN}, {"gross": "1000", "gross_margin": yuan(400)}, "400"),
]


@pytest.mark.parametrize(("given", "figures", "base"), BASES)
def test_the_base_is_what_was_agreed(given, figures, base):
    assert earn(royalty(**given), sold("2026-01-01", "2026-03-31", **figures), Decimal(0)).base == yuan(base)


# 2 adjusted


def test_a_combination_product_counts_in_part():
    assert earn(royalty(combination_factor=yuan("0.4")), q(1, 1000), Decimal(0)).adjusted == 400


# 3 earned

TIERS = [
    (Tiering.MARGINAL, 8_000_000, 6_000_000, "260000"),  # the worked example
    (Tiering.MARGINAL, 0, 10_000_000, "500000"),
    (Tiering.MARGINAL, 0, 10_000_001, "500000.04"),
    (Tiering.MARGINAL, 9_999_999, 2, "0.09"),
    (Tiering.MARGINAL, 10_000_000, 1_000_000, "40000"),
    (Tiering.MARGINAL, 5_000_000, 30_000_000, "1200000"),
    (Tiering.MARGINAL, 40_000_000, 1_000_000, "30000"),
    (Tiering.MARGINAL, 8_000_000, 0, "0"),
    (Tiering.CLIFF, 8_000_000, 6_000_000, "240000"),
    (Tiering.CLIFF, 0, 9_999_999, "499999.95"),
    (Tiering.CLIFF, 0, 10_000_000, "400000"),
    (Tiering.CLIFF, 30_000_000, 1_000_000, "30000"),
    (Tiering.CLIFF, 29_000_000, 1_000_000, "30000"),
    (Tiering.CLIFF, 0, 0, "0"),
]


@pytest.mark.parametrize(("tiering", "before", "adjusted", "earned"), TIERS)
def test_tiers_are_marginal_or_cliffs(tiering, before, adjusted, earned):
    assert by_tiers(royalty(*MARGINAL, tiering=tiering), Decimal(before), Decimal(adjusted)) == yuan(earned)


COUNTED = [
    (Counted.CUMULATIVE, ["50.00", "40.00", "40.00"]),
    (Counted.YEAR, ["50.00", "40.00", "50.00"]),
    (Counted.PERIOD, ["50.00", "50.00", "50.00"]),
]


@pytest.mark.parametrize(("counted", "expected"), COUNTED)
def test_thresholds_count_all_the_year_or_the_period(counted, expected):
    tiers, reports = ((0, "0.05"), (1000, "0.04")), (q(3, 1000), q(4, 1000), q(1, 1000, year=2027))
    terms = sheet(royalty(*tiers, counted=counted))
    found = state(terms, signed(), *reports, as_of="2027-06-30").lines
    assert [str(line.amount) for line in found] == expected


# 4 stacked

STACKS = [
    (None, 100, "100"),
    (Stacking(yuan("0.5"), yuan("0.02")), 0, "100"),
    (Stacking(yuan("0.5"), yuan("0.02")), 40, "80"),
    (Stacking(yuan("0.5"), yuan("0.02")), 120, "40"),
    (Stacking(yuan("0.5"), yuan("0.02")), 1000, "40"),
    (Stacking(yuan("0.5"), yuan("0.02"), yuan("0.3")), 1000, "70"),
    (Stacking(yuan("0.5"), yuan("0.02"), yuan("0.3")), 40, "80"),
    (Stacking(yuan("1"), yuan("0")), 40, "60"),
    (Stacking(yuan("0.5"), yuan("0.08")), 40, "100"),  # a floor above what is earned raises nothing
]


@pytest.mark.parametrize(("stacking", "third_party", "expected"), STACKS)
def test_royalties_to_others_are_set_off_down_to_the_floor(stacking, third_party, expected):
    """2000 of the base earned 100."""
    assert stack(stacking, Decimal(2000), Decimal(100), Decimal(third_party)) == yuan(expected)


def test_the_seller_has_a_share_of_sublicences():
    terms = royalty(sublicence=Sublicence(yuan("0.1"), yuan("0.2")))
    report = q(1, 1000, sublicence_upfront=yuan(500), sublicence_royalty=yuan(300))
    assert share_of_sublicences(terms, report) == 110
    assert lines(report, sublicence=terms.sublicence) == {"royalty:2026-Q1": "160.00"}


# 5 credited


def test_the_worked_example_of_an_entry_fee_with_a_balance():
    """8 000 000 before, 6 000 000 now: 260 000; 50 000 of the entry fee is left: 210 000 (DOMAIN 5.3)."""
    entry = fixed(450_000, id="entry", creditable=True)
    terms = sheet(entry, royalty(*MARGINAL, credits=("entry",)))
    statement = state(terms, signed(), q(1, 8_000_000), q(2, 6_000_000), as_of="2026-12-31")
    line = statement.line("royalty:2026-Q2")
    assert {step.name: step.value for step in line.steps}["earned"] == 260_000
    assert (statement.line("royalty:2026-Q1").amount, line.amount) == (0, 210_000)


def test_only_what_has_been_charged_can_be_set_off():
    later = fixed(100, "DATE", id="later", creditable=True, day=day("2026-04-01"))
    found = lines(q(1, 1000), q(2, 1000), terms=[later], credits=("later",))
    assert (found["royalty:2026-Q1"], found["royalty:2026-Q2"]) == ("50.00", "0.00")


def test_a_balance_is_used_once_by_two_royalties():
    entry, other = fixed(60, id="entry", creditable=True), royalty(id="other", credits=("entry",))
    found = lines(q(1, 1000), q(1, 1000, id="o", royalty="other"), terms=[entry, other], credits=("entry",))
    assert sorted((found["royalty:2026-Q1"], found["other:2026-Q1"])) == ["0.00", "40.00"]


def test_a_correction_sets_off_no_more_than_the_other_royalty_has_left():
    """The first set off 40 of the fee's 100 and the other 60: a correction to 80 finds nothing more."""
    terms = sheet(fixed(100, id="entry", creditable=True), *(royalty(id=id, credits=("entry",)) for id in ("a", "b")))
    first = [q(1, 800, id="a1", royalty="a"), q(1, 1200, id="b1", royalty="b")]
    again = q(1, 1600, on="2026-05-01", id="a2", royalty="a", corrects="a1")
    found = amounts(state(terms, signed(), *first, again, as_of="2026-12-31"))
    assert (found["a:2026-Q1"], found["b:2026-Q1"], found["a:2026-Q1:adj-a2"]) == ("0.00", "0.00", "40.00")


def test_a_fee_that_came_later_is_not_set_off_against_an_earlier_period():
    """The other royalty took 5 of the first fee: the first quarter has set off 95, and keeps to it when more comes."""
    fees = [fixed(100, id="one", creditable=True), fixed(100, "DATE", id="two", creditable=True, day=day("2026-04-15"))]
    terms = sheet(*fees, royalty(id="a", credits=("one", "two")), royalty(id="b", credits=("one",)))
    events = [
        q(1, 0, id="a1", royalty="a"),
        q(1, 100, id="b1", royalty="b"),
        q(1, 4000, on="2026-04-10", id="a2", royalty="a", corrects="a1"),
        q(2, 4000, id="a3", royalty="a"),
        q(2, 0, on="2026-07-10", id="a4", royalty="a", corrects="a3"),
    ]
    found = amounts(state(terms, signed(), *events, as_of="2026-12-31"))
    assert (found["a:2026-Q1:adj-a2"], found["a:2026-Q2"], found["a:2026-Q2:adj-a4"]) == ("105.00", "100.00", "-100.00")


# 6 minimum

YEAR = (q(1), q(2, 400_000), q(3, 800_000), q(4, 4_200_000))


def test_the_worked_example_of_a_year_made_up_to_its_minimum():
    """60 000 from other periods and 210 000 now against 300 000 a year: 30 000 (DOMAIN 5.3)."""
    found = lines(*YEAR, as_of="2027-01-01", minimum_yearly=yuan(300_000), minimum_from_year=1)
    assert found["royalty:2026-Q4"] == "210000.00"
    assert found["royalty:2026:true-up"] == "30000.00"


def test_a_year_closes_when_its_last_report_is_accepted_or_should_have_been():
    """By default thirty days to report and fifteen to answer: 14 February."""
    given = {"minimum_yearly": yuan(300), "signed_on": "2026-01-01"}
    reports = [sold("2026-01-01", "2026-03-31"), q(2), q(3)]
    assert "royalty:2026:true-up" in lines(*reports, q(4, on="2027-01-05"), as_of="2027-01-05", **given)
    assert "royalty:2026:true-up" not in lines(*reports, as_of="2027-02-13", **given)
    assert lines(*reports, as_of="2027-02-14", **given)["royalty:2026:true-up"] == "300.00"


def test_no_year_closes_before_it_is_over():
    given = {"minimum_yearly": yuan(300), "signed_on": "2026-01-01"}
    reports = [sold("2026-01-01", "2026-03-31"), q(2), q(3), q(4)]
    assert "royalty:2026:true-up" not in lines(*reports, as_of="2026-12-31", **given)
    assert "royalty:2026:true-up" in lines(*reports, as_of="2027-01-01", **given)


def test_a_late_report_is_covered_by_the_year_made_up():
    given = {"minimum_yearly": yuan(300), "signed_on": "2026-01-01", "as_of": "2027-12-31"}
    found = lines(q(1, 10_000, on="2027-06-01"), **given)
    assert (found["royalty:2026:true-up"], found["royalty:2026-Q1"]) == ("300.00", "200.00")


PARTS = [
    ("2026-01-01", 1, {"2026": "365.00", "2027": "365.00"}),
    ("2026-07-01", 1, {"2026": "184.00", "2027": "365.00"}),
    ("2026-01-01", 2, {"2027": "364.00"}),  # the second licence year begins on 2 January 2027
    ("2026-07-01", 2, {"2027": "183.00"}),
    ("2026-01-01", 3, {}),
]


@pytest.mark.parametrize(("signed_on", "from_year", "expected"), PARTS)
def test_a_minimum_holds_for_the_part_of_the_year(signed_on, from_year, expected):
    found = lines(as_of="2028-03-01", signed_on=signed_on, minimum_yearly=yuan(365), minimum_from_year=from_year)
    assert found == {f"royalty:{year}:true-up": amount for year, amount in expected.items()}


def test_the_last_year_counts_to_the_end_of_the_licence():
    terms = sheet(royalty(minimum_yearly=yuan(365)), term_months=0, ends_on=day("2026-01-31"))
    assert amounts(state(terms, signed("2026-01-01"), as_of="2026-12-31")) == {"royalty:2026:true-up": "31.00"}


# 7 caps


def test_a_period_costs_no_more_than_its_cap():
    assert lines(q(1, 1000), period_cap=yuan(30)) == {"royalty:2026-Q1": "30.00"}


def test_after_the_lifetime_cap_nothing_is_owed_and_nothing_need_be_reported():
    terms = sheet(royalty(lifetime_cap=yuan(70)))
    statement = state(terms, signed("2026-01-01"), q(1, 1000), q(2, 1000), q(3, 1000), as_of="2027-06-30")
    assert [str(line.amount) for line in statement.lines] == ["50.00", "20.00", "0.00"]
    assert statement.reports_due == ()


def test_a_minimum_stops_at_the_lifetime_cap():
    found = lines(q(1, 1000), as_of="2028-12-31", minimum_yearly=yuan(100), lifetime_cap=yuan(130))
    assert [found[key] for key in ("royalty:2026:true-up", "royalty:2027:true-up")] == ["50.00", "29.73"]


# 9 rounded, 10 due


@pytest.mark.parametrize(("gross", "amount"), [("0.1", "0.01"), ("0.09", "0.00"), ("1.10", "0.06"), ("1.09", "0.05")])
def test_a_line_is_rounded_once_half_up(gross, amount):
    assert lines(q(1, gross)) == {"royalty:2026-Q1": amount}


def test_it_is_due_so_long_after_the_report_is():
    terms = sheet(royalty(report_days=20, pay_days=15))
    line = state(terms, signed(), q(1, 1000, on="2026-04-10"), as_of="2026-12-31").line("royalty:2026-Q1")
    assert (line.arose_on, line.due_on) == (day("2026-04-10"), day("2026-05-05"))


def test_every_step_is_there_in_order():
    line = state(sheet(royalty()), signed(), q(1, 1000), as_of="2026-12-31").line("royalty:2026-Q1")
    names = ["base", "adjusted", "earned", "stacked", "credited", "minimum", "capped", "taxed", "rounded", "due"]
    assert [step.name for step in line.steps] == names


# Corrections


def corrected(*, was, now, **given):
    """The adjustment of the first quarter, made after the second was reported."""
    again = q(1, now, on="2026-08-10", id="again", corrects="sales-2026-01-01")
    found = lines(q(1, was), q(2, 1000), again, **given)
    return found["royalty:2026-Q1"], found["royalty:2026-Q1:adj-again"]


CORRECTIONS = [
    (1000, 1500, {}, ("50.00", "25.00")),
    (1000, 600, {}, ("50.00", "-20.00")),
    (1000, 1000, {}, ("50.00", "0.00")),
    (1000, 1500, {"period_cap": yuan(60)}, ("50.00", "10.00")),
    (2000, 1500, {"period_cap": yuan(60)}, ("60.00", "0.00")),
    (1000, 5000, {"lifetime_cap": yuan(120)}, ("50.00", "20.00")),
]


@pytest.mark.parametrize(("was", "now", "given", "expected"), CORRECTIONS)
def test_a_correction_is_a_line_of_its_own(was, now, given, expected):
    assert corrected(was=was, now=now, **given) == expected


def test_a_correction_moves_later_periods_through_the_tiers():
    """With 1500 instead of 500 in the first quarter the 1000 of the second earned four per cent and not five."""
    given = {"tiering": Tiering.CLIFF}
    terms = sheet(royalty((0, "0.05"), (2000, "0.04"), **given))
    again = q(1, 1500, on="2026-08-10", id="again", corrects="sales-2026-01-01")
    statement = state(terms, signed(), q(1, 500), q(2, 1000), again, as_of="2026-12-31")
    assert [str(line.amount) for line in statement.lines] == ["25.00", "50.00", "40.00"]  # 75 + 40 - 75


def test_a_correction_gives_back_what_was_set_off():
    entry = fixed(40, id="entry", creditable=True)
    again = q(1, 600, on="2026-05-10", id="again", corrects="sales-2026-01-01")
    terms = sheet(entry, royalty(credits=("entry",)))
    found = amounts(state(terms, signed(), q(1, 1000), again, q(2, 400), as_of="2026-12-31"))
    assert [found[f"royalty:{key}"] for key in ("2026-Q1", "2026-Q1:adj-again", "2026-Q2")] == [
        "10.00",
        "-10.00",
        "10.00",
    ]


def test_a_shortfall_bears_interest_from_the_day_its_line_was_due():
    again = q(1, 2000, on="2026-08-10", id="again", corrects="sales-2026-01-01")
    statement = state(sheet(royalty()), signed(), q(1, 1000), again, as_of="2026-08-10", rate="0.0365")
    line = statement.line("royalty:2026-Q1:adj-again")
    assert (line.due_on, line.amount, line.interest) == (day("2026-05-30"), 50, yuan("0.36"))


def test_what_was_too_much_is_carried_forward_and_never_paid_out():
    again = q(1, 600, on="2026-05-10", id="again", corrects="sales-2026-01-01")
    events = [signed(), q(1, 1000), paid(50, "2026-05-01"), again]
    before = state(sheet(royalty()), *events, as_of="2026-06-01")
    assert (before.owed, before.paid, before.credit) == (30, 50, 0)
    after = state(sheet(royalty()), *events, q(2, 1000), as_of="2026-07-01").line("royalty:2026-Q2")
    assert (after.amount, after.unpaid) == (50, 30)


def test_a_correction_of_a_correction_states_the_period_anew():
    reports = [
        q(1, 1000, id="a"),
        q(1, 1500, on="2026-05-10", id="z", corrects="a"),
        q(1, 1200, on="2026-05-10", id="b", corrects="z"),
    ]
    found = lines(*reports)
    assert [found[f"royalty:2026-Q1{key}"] for key in ("", ":adj-z", ":adj-b")] == ["50.00", "25.00", "-15.00"]


def test_reports_of_one_day_are_booked_by_period():
    """Ids say nothing: "e10" comes before "e9"."""
    tiers = ((0, "0.05"), (1000, "0.04"))
    reports = [q(2, 1000, on="2026-07-10", id="e10"), q(1, 1000, on="2026-07-10", id="e9")]
    found = amounts(state(sheet(royalty(*tiers)), signed(), *reports, as_of="2026-12-31"))
    assert found == {"royalty:2026-Q1": "50.00", "royalty:2026-Q2": "40.00"}
