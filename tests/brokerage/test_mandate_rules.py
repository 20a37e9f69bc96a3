"""Until when an introduction is worth a commission."""

from datetime import date

import pytest

from marketplace.brokerage.rules.mandates import confirm_by, is_earned, tail_end

YEAR = {"starts_on": date(2027, 1, 1), "ended_on": date(2027, 12, 31), "tail_months": 6}


@pytest.mark.parametrize(
    ("introduced", "signed", "expected"),
    [
        ((2027, 3, 1), (2027, 3, 1), True),
        ((2027, 3, 1), (2027, 2, 28), False),  # signed before
        ((2026, 12, 31), (2027, 3, 1), False),  # introduced before the mandate
        ((2028, 1, 1), (2028, 3, 1), False),  # and after it
        ((2027, 12, 31), (2028, 6, 30), True),  # the tail's last day
        ((2027, 12, 31), (2028, 7, 1), False),
    ],
)
def test_a_contract_in_the_tail_of_an_introduction_is_earned(introduced, signed, expected):
    assert is_earned(date(*introduced), date(*signed), **YEAR) is expected


def test_without_a_tail_the_contract_is_signed_by_the_last_day():
    last = date(2027, 12, 31)
    assert is_earned(last, last, **YEAR | {"tail_months": 0})
    assert tail_end(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_ten_days_to_say_that_it_was_none():
    assert confirm_by(date(2027, 1, 4)) == date(2027, 1, 14)
