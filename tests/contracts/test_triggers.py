"""On which day each trigger is met by what has happened."""

import pytest

from marketplace.contracts.rules.history import digest
from marketplace.contracts.rules.reports import accepted
from marketplace.contracts.rules.sheet import AtEnd, Deduction, Period, Trial
from marketplace.contracts.rules.triggers import days_met
from tests.contracts.licences import day, event, fixed, paid, reached, royalty, sheet, signed, sold, state, yuan

TRIAL = Trial(months=12, at_end=AtEnd.STOP)


def met(terms, *events, as_of="2030-12-31"):
    """The days on which the triggers of a sheet are met, by term."""
    history = digest(terms, events, day(as_of))
    return {id: found and found.isoformat() for id, found in days_met(history, accepted(history)).items()}


DELIVERED = event("DELIVERED", "2025-12-31")
SINGLE = [
    ("DATE", {"day": day("2026-05-01")}, [], "2026-05-01"),
    ("DATE", {"day": day("2025-05-01")}, [], "2025-12-31"),  # not before there is a contract
    ("SIGNATURE", {}, [], "2025-12-31"),
    ("FIRST_SALE", {}, [], None),
    ("FIRST_SALE", {}, [event("FIRST_SALE", "2026-03-09")], "2026-03-09"),
    ("MILESTONE", {"milestone": "m1"}, [], None),
    ("MILESTONE", {"milestone": "m1"}, [reached("m1", "2026-04-04")], "2026-04-04"),
    ("FINANCING", {}, [event("FINANCING", "2026-06-01"), event("FINANCING", "2026-07-01", id="b")], "2026-06-01"),
    ("GRANT", {}, [event("GRANTED", "2026-06-02")], "2026-06-02"),
    ("CHANGE_OF_CONTROL", {}, [event("CHANGE_OF_CONTROL", "2026-06-03")], "2026-06-03"),
    ("AFTER", {"event": "SIGNATURE", "days": 10}, [], "2026-01-10"),
    ("AFTER", {"event": "SIGNATURE", "months": 2}, [], "2026-02-28"),
    ("AFTER", {"event": "SIGNATURE", "months": 2, "days": 1}, [], "2026-03-01"),
    ("AFTER", {"event": "DELIVERY", "days": 1}, [event("DELIVERED", "2026-02-01")], "2026-02-02"),
    ("AFTER", {"event": "DELIVERY", "days": 1}, [], None),
    ("AFTER", {"event": "FIRST_SALE", "days": 1}, [event("FIRST_SALE", "2026-02-01")], "2026-02-02"),
    ("AFTER", {"event": "GRANT", "months": 1}, [event("GRANTED", "2026-01-31")], "2026-02-28"),
    ("TRIAL_KEPT", {}, [], None),  # there is no trial to keep
]


@pytest.mark.parametrize(("kind", "given", "events", "expected"), SINGLE)
def test_a_trigger_is_met_on_its_day(kind, given, events, expected):
    assert met(sheet(fixed(1, kind, **given)), signed(), *events) == {"fee": expected}


IN_TRIAL = [
    ("SIGNATURE", {}, "2025-12-31"),
    ("DATE", {"day": day("2026-05-01")}, "2026-05-01"),
    ("AFTER", {"event": "SIGNATURE", "months": 6}, "2026-06-30"),
    ("AFTER", {"event": "TRIAL_END", "days": 10}, "2026-12-11"),
    ("AFTER", {"event": "TRIAL_KEPT", "days": 10}, "2026-12-11"),
    ("AFTER", {"event": "FIRST_SALE", "days": 10}, "2026-12-11"),
    ("FIRST_SALE", {}, "2026-12-01"),
    ("MILESTONE", {"milestone": "m1"}, "2026-12-01"),
    ("TRIAL_KEPT", {}, "2026-12-01"),
]


@pytest.mark.parametrize(("kind", "given", "expected"), IN_TRIAL)
def test_what_use_brings_waits_until_a_trial_is_kept(kind, given, expected):
    terms = sheet(fixed(1, kind, **given), trial=TRIAL)
    happened = [event("FIRST_SALE", "2026-03-01"), *([reached("m1", "2026-03-01")] if kind == "MILESTONE" else [])]
    assert met(terms, signed(), DELIVERED, *happened, event("KEPT", "2026-12-01")) == {"fee": expected}


def test_after_a_stopped_trial_nothing_that_use_brings_is_met():
    terms = sheet(fixed(1, "FIRST_SALE"), trial=TRIAL)
    assert met(terms, signed(), DELIVERED, event("FIRST_SALE", "2026-03-01")) == {"fee": None}


def test_a_trial_kept_by_default_is_kept_on_the_day_after_its_end():
    terms = sheet(fixed(1, "TRIAL_KEPT"), trial=Trial(months=12, at_end=AtEnd.KEEP))
    assert met(terms, signed(), DELIVERED, as_of="2026-12-31") == {"fee": None}
    assert met(terms, signed(), DELIVERED, as_of="2027-01-01") == {"fee": "2027-01-01"}


def test_a_chain_is_followed_to_its_beginning():
    terms = sheet(
        fixed(1, "AFTER", id="third", term="second", days=5),
        fixed(1, "AFTER", id="second", term="first", months=1),
        fixed(1, "FIRST_SALE", id="first"),
    )
    days = {"third": "2026-03-05", "second": "2026-02-28", "first": "2026-01-31"}
    assert met(terms, signed(), event("FIRST_SALE", "2026-01-31")) == days


def test_a_circle_is_never_met():
    terms = sheet(fixed(1, "AFTER", id="a", term="b"), fixed(1, "AFTER", id="b", term="a"))
    assert met(terms, signed()) == {"a": None, "b": None}


def test_a_chain_counts_from_the_trigger_and_not_from_the_payment():
    terms = sheet(fixed(1, id="first"), fixed(1, "AFTER", id="second", term="first", days=10))
    assert met(terms, signed(), paid(1, "2026-06-01", "first"))["second"] == "2026-01-10"


def q(number, gross, *, on, **given):
    days = [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")]
    first, last = days[number - 1]
    return sold(f"2026-{first}", f"2026-{last}", gross, on=on, **given)


@pytest.mark.parametrize(
    ("at_least", "expected"),
    [("100", "2026-04-10"), ("100.01", "2026-07-10"), ("300", "2026-07-10"), ("300.01", None)],
)
def test_a_threshold_of_revenue_is_met_by_the_report_that_reaches_it(at_least, expected):
    terms = sheet(fixed(1, "REVENUE", at_least=yuan(at_least)), royalty())
    assert met(terms, signed(), q(2, 200, on="2026-07-10"), q(1, 100, on="2026-04-10"))["fee"] == expected


def test_a_threshold_counts_net_of_deductions_and_with_corrections():
    terms = sheet(fixed(1, "REVENUE", at_least=yuan(300)), royalty(deductions=(Deduction.RETURNS,)))
    first = q(1, 320, on="2026-04-10", id="a", deductions={Deduction.RETURNS: yuan(30)})
    again = q(1, 320, on="2026-05-10", id="b", deductions={Deduction.RETURNS: yuan(20)}, corrects="a")
    assert met(terms, signed(), first)["fee"] is None
    assert met(terms, signed(), first, again)["fee"] == "2026-05-10"


def test_a_threshold_once_reached_stays_reached():
    terms = sheet(fixed(1, "UNITS", at_least=yuan(10)), royalty())
    events = [
        signed(),
        q(1, 0, on="2026-04-10", id="a", units=yuan(10)),
        q(1, 0, on="2026-05-10", id="b", units=yuan(9), corrects="a"),
    ]
    assert met(terms, *events)["fee"] == "2026-04-10"


def test_a_threshold_without_a_royalty_is_reported_under_its_own_term():
    terms = sheet(fixed(1, "REVENUE", at_least=yuan(300)))
    assert met(terms, signed(), q(1, 300, on="2026-04-10", royalty="fee"))["fee"] == "2026-04-10"


def test_a_report_of_sales_is_word_of_the_first_sale():
    terms = sheet(fixed(1, "FIRST_SALE"), royalty())
    nothing, something = q(1, 0, on="2026-04-10"), q(2, 5, on="2026-07-10")
    assert met(terms, signed(), nothing, something)["fee"] == "2026-07-10"


def test_an_amount_at_every_period_end_repeats_and_is_cut_like_the_period():
    terms = sheet(fixed(365, "PERIOD_END", every=Period.YEAR), term_months=0, ends_on=day("2028-01-31"))
    lines = state(terms, signed("2026-07-01"), as_of="2028-12-31").lines
    assert [(line.key, str(line.amount)) for line in lines] == [
        ("fee:2026", "184.00"),
        ("fee:2027", "365.00"),
        ("fee:2028", "30.92"),
    ]


def test_nothing_is_met_before_the_signature():
    assert state(sheet(fixed(1)), as_of="2030-01-01").lines == ()
