"""When the books may be looked at, and what too little means."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.rules.auditing import Past, earliest_start, is_at_licensees_cost, shortfall

NOTICED = date(2027, 6, 1)
LAST = date(2027, 1, 15)


@pytest.mark.parametrize(
    ("earlier", "earliest"),
    [
        ([], date(2027, 7, 1)),
        ([Past(LAST)], date(2028, 1, 16)),
        ([Past(LAST, Decimal(100), Decimal(100))], date(2028, 1, 16)),
        ([Past(LAST, Decimal(100), Decimal(101))], date(2027, 7, 1)),
        ([Past(LAST, Decimal(100), Decimal(101)), Past(date(2026, 1, 1))], date(2027, 7, 1)),
        ([Past(date(2026, 1, 1), Decimal(1), Decimal(2)), Past(LAST)], date(2028, 1, 16)),
        ([Past(date(2026, 2, 28))], date(2027, 7, 1)),
    ],
)
def test_an_audit_comes_after_its_notice_and_a_year_after_one_that_found_nothing(earlier, earliest):
    assert earliest_start(NOTICED, 30, earlier) == earliest


@pytest.mark.parametrize(
    ("reported", "found", "missing"),
    [("100", "130", "30"), ("100", "90", "0"), (None, "5", "0"), ("5", None, "0")],
)
def test_a_shortfall_is_what_was_paid_too_little(reported, found, missing):
    values = [None if each is None else Decimal(each) for each in (reported, found)]
    assert shortfall(*values) == Decimal(missing)


@pytest.mark.parametrize(("found", "pays"), [("100", False), ("105", False), ("105.01", True)])
def test_above_five_percent_the_licensee_pays_for_the_audit(found, pays):
    assert is_at_licensees_cost(Decimal(100), Decimal(found)) is pays


def test_where_nothing_was_reported_and_something_found_the_licensee_pays():
    assert is_at_licensees_cost(Decimal(0), Decimal(1))
