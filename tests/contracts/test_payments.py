"""Which money pays which line, and what being late costs (DOMAIN 5.3 step 10, 5.4)."""

import pytest

from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.statement import LineState
from tests.contracts.licences import codes, day, fixed, late, paid, royalty, sheet, signed, sold, state, yuan

TWO = (
    fixed(100, "DATE", id="old", day=day("2026-01-01"), pay_days=0),
    fixed(200, "DATE", id="new", day=day("2026-02-01"), pay_days=0),
)


def shares(statement):
    """What was paid of each line."""
    return {line.key: f"{line.paid:.2f}" for line in statement.lines}


def test_the_worked_example_of_twenty_days_late():
    """210 000 at six per cent, twenty days: 690.41 (DOMAIN 5.3)."""
    terms = sheet(fixed(210_000, pay_days=0), late_interest=late())
    line = state(terms, signed("2026-01-01"), as_of="2026-01-21").line("fee")
    assert (line.interest, line.state) == (yuan("690.41"), LineState.OVERDUE)


LATE = [
    ("2026-01-01", 0, "0.00"),
    ("2026-01-02", 0, "0.10"),
    ("2026-01-11", 0, "1.00"),
    ("2027-01-01", 0, "36.50"),
    ("2026-01-11", 10, "0.00"),
    ("2026-01-12", 10, "1.10"),  # the grace has passed unused: from the day after due
]


@pytest.mark.parametrize(("as_of", "grace_days", "interest"), LATE)
def test_interest_runs_from_the_day_after_due(as_of, grace_days, interest):
    terms = sheet(fixed(1000, pay_days=0), late_interest=late("0.0365", grace_days=grace_days))
    assert state(terms, signed("2026-01-01"), as_of=as_of).interest == yuan(interest)


def test_interest_stops_with_the_payment():
    terms = sheet(fixed(1000, pay_days=0), late_interest=late("0.0365"))
    events = [signed("2026-01-01"), paid("1001.00", "2026-01-11")]
    line = state(terms, *events, as_of="2030-01-01").line("fee")
    assert (line.paid, line.interest, line.interest_paid, line.state) == (1000, 1, 1, LineState.PAID)


def test_interest_runs_on_what_is_unpaid():
    """Ten days on 1000 and ten on 501: interest is paid first."""
    terms = sheet(fixed(1000, pay_days=0), late_interest=late("0.0365"))
    events = [signed("2026-01-01"), paid(500, "2026-01-11")]
    line = state(terms, *events, as_of="2026-01-21").line("fee")
    assert (line.paid, line.interest, line.interest_paid) == (499, yuan("1.50"), 1)


def test_what_is_paid_in_the_grace_costs_nothing_and_the_rest_from_the_day_after_due():
    terms = sheet(fixed(1000, pay_days=0), late_interest=late("0.0365", grace_days=10))
    events = [signed("2026-01-01"), paid(400, "2026-01-11")]
    line = state(terms, *events, as_of="2026-01-21").line("fee")
    assert (line.paid, line.interest) == (400, yuan("1.20"))


def test_the_law_speaks_where_nothing_is_agreed():
    terms = sheet(fixed(1000, pay_days=0))
    assert state(terms, signed("2026-01-01"), as_of="2026-01-11", rate="0.0365").interest == 1


def test_an_agreed_rate_of_nothing_is_agreed():
    terms = sheet(fixed(1000, pay_days=0), late_interest=late("0"))
    assert state(terms, signed("2026-01-01"), as_of="2026-01-11", rate="0.0365").interest == 0


def test_each_line_has_the_legal_rate_of_the_day_after_it_was_due():
    """A change of the rate on that day counts, one a day later does not, whenever the money comes."""
    rates = {day("2026-02-01"): yuan("0.0365"), day("2026-02-02"): yuan("0.073"), day("2026-02-03"): yuan("0.1")}
    lines = [fixed(1000, id="a", pay_days=30), fixed(1000, id="b", pay_days=31)]  # due on the last two days
    statement = obligations(sheet(*lines), [signed("2026-01-01")], day("2026-02-11"), legal_late_rate=rates.get)
    assert [line.interest for line in statement.lines] == [yuan("1.10"), 2]
    assert [line.steps[-1].inputs["rate_of"] for line in statement.lines] == ["2026-02-01", "2026-02-02"]


def test_interest_is_rounded_once_for_a_line():
    """Three times one day on 30 is 0.9 fen and not three times nothing."""
    terms = sheet(fixed(30, pay_days=0), late_interest=late("0.0365"))
    events = [signed("2026-01-01"), *(paid("0.01", f"2026-01-0{n}", id=f"p{n}") for n in (2, 3))]
    assert state(terms, *events, as_of="2026-01-04").interest == yuan("0.01")


ALLOCATIONS = [
    ([(50, "")], {"old": "50.00", "new": "0.00"}),
    ([(100, "")], {"old": "100.00", "new": "0.00"}),
    ([(150, "")], {"old": "100.00", "new": "50.00"}),
    ([(50, "new")], {"old": "0.00", "new": "50.00"}),
    ([(250, "new")], {"old": "50.00", "new": "200.00"}),
    ([(50, "new"), (60, "")], {"old": "60.00", "new": "50.00"}),
    ([(500, "")], {"old": "100.00", "new": "200.00"}),
]


@pytest.mark.parametrize(("payments", "expected"), ALLOCATIONS)
def test_money_pays_the_named_line_or_the_oldest(payments, expected):
    money = [paid(amount, "2026-02-01", name, id=f"p{n}") for n, (amount, name) in enumerate(payments)]
    statement = state(sheet(*TWO), signed(), *money, as_of="2026-03-01")
    assert shares(statement) == expected


def test_interest_of_every_line_comes_before_principal():
    terms = sheet(*TWO, late_interest=late("0.365"))
    statement = state(terms, signed(), paid("5.10", "2026-02-02"), as_of="2026-02-02")
    assert [line.interest_paid for line in statement.lines] == [yuan("3.20"), yuan("0.20")]
    assert [line.paid for line in statement.lines] == [yuan("1.70"), 0]


def test_a_payment_for_the_interest_of_a_line_is_one_for_the_line():
    terms = sheet(*TWO, late_interest=late("0.365"))
    line = state(terms, signed(), paid(1, "2026-02-11", "new:interest"), as_of="2026-02-11").line("new")
    assert (line.interest_paid, line.paid) == (1, 0)


def test_too_much_is_a_credit_that_later_lines_use():
    events = [signed(), paid(130, "2026-01-01")]
    assert state(sheet(*TWO), *events, as_of="2026-01-31").credit == 30
    statement = state(sheet(*TWO), *events, as_of="2026-02-01")
    assert (statement.credit, shares(statement)["new"]) == (0, "30.00")


def test_money_before_the_signature_waits_as_credit():
    statement = state(sheet(*TWO), paid(10, "2025-06-01"), as_of="2025-07-01")
    assert (statement.credit, statement.paid, statement.faults) == (10, 0, ())


def test_money_for_a_line_that_is_still_to_arise_waits_for_it():
    events = [signed(), paid(150, "2026-01-15", "new")]
    assert shares(state(sheet(*TWO), *events, as_of="2026-01-31")) == {"old": "0.00"}
    assert shares(state(sheet(*TWO), *events, as_of="2026-02-01")) == {"old": "0.00", "new": "150.00"}


def test_money_named_for_a_line_that_is_paid_goes_to_the_others():
    events = [signed(), paid(100, "2026-01-01", "old"), paid(20, "2026-02-02", "old", id="again")]
    assert shares(state(sheet(*TWO), *events, as_of="2026-03-01"))["new"] == "20.00"


def test_money_for_a_term_that_is_not_in_the_sheet_is_counted_and_the_name_is_a_fault():
    statement = state(sheet(*TWO), signed(), paid(20, "2026-01-01", "rent"), as_of="2026-01-01")
    assert (codes(statement), statement.paid) == ([("E_OBLIGATION_UNKNOWN", "/events/paid-2026-01-01")], 20)


@pytest.mark.parametrize("amount", [0, -5])
def test_no_payment_is_left_out_but_one_of_nothing(amount):
    statement = state(sheet(*TWO), signed(), paid(amount, "2026-01-01"), as_of="2026-01-01")
    assert codes(statement) == [("E_AMOUNT", "/events/paid-2026-01-01")]


STATES = [
    ([], "2026-01-01", LineState.OPEN),
    ([], "2026-01-31", LineState.OPEN),
    ([], "2026-02-06", LineState.OVERDUE),
    ([], "2026-02-05", LineState.OPEN),  # due on 31 January with five days of grace
    ([40], "2026-01-31", LineState.PART_PAID),
    ([40], "2026-02-06", LineState.OVERDUE),
    ([40, 60], "2026-02-06", LineState.PAID),
]


@pytest.mark.parametrize(("money", "as_of", "expected"), STATES)
def test_a_line_is_open_part_paid_paid_or_overdue(money, as_of, expected):
    terms = sheet(fixed(100), late_interest=late(grace_days=5))
    payments = [paid(amount, "2026-01-01", id=f"p{n}") for n, amount in enumerate(money)]
    assert state(terms, signed("2026-01-01"), *payments, as_of=as_of).line("fee").state is expected


def test_what_is_carried_forward_is_used_by_its_own_royalty_alone():
    both = sheet(royalty(), royalty(id="other"))
    first = sold("2026-01-01", "2026-03-31", 1000)
    less = sold("2026-01-01", "2026-03-31", 400, on="2026-05-01", id="less", corrects=first.id)
    next_ = [sold("2026-04-01", "2026-06-30", 1000, royalty=name, id=name) for name in ("royalty", "other")]
    events = [signed(), first, paid(50, "2026-04-01"), less, *next_]
    statement = state(both, *events, as_of="2026-07-01")
    assert [statement.line(f"{name}:2026-Q2").paid for name in ("royalty", "other")] == [30, 0]
    assert (statement.paid, statement.credit) == (50, 0)


def test_a_negative_line_lowers_what_is_still_open_of_its_royalty():
    first = sold("2026-01-01", "2026-03-31", 1000)
    less = sold("2026-01-01", "2026-03-31", 400, on="2026-05-01", id="less", corrects=first.id)
    statement = state(sheet(royalty()), signed(), first, less, as_of="2026-05-01")
    assert (statement.line("royalty:2026-Q1").unpaid, statement.owed) == (20, 20)


def test_a_line_takes_what_is_carried_forward_before_any_credit():
    first = sold("2026-01-01", "2026-03-31", 1000)
    less = sold("2026-01-01", "2026-03-31", 400, on="2026-05-01", id="less", corrects=first.id)
    events = [signed(), first, paid(60, "2026-04-01"), less, sold("2026-04-01", "2026-06-30", 600)]
    statement = state(sheet(royalty()), *events, as_of="2026-07-01")
    assert (statement.line("royalty:2026-Q2").paid, statement.credit) == (30, 10)
