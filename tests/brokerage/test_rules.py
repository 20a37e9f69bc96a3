"""The clock of an answer and the response rate."""

from datetime import date

import pytest

from marketplace.brokerage.rules.leads import answer_by, response_rate


@pytest.mark.parametrize(
    ("opened", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 15)),
        (date(2028, 2, 15), date(2028, 2, 29)),
        (date(2027, 2, 15), date(2027, 3, 1)),
        (date(2026, 12, 20), date(2027, 1, 3)),
    ],
)
def test_an_owner_has_fourteen_days(opened, last):
    assert answer_by(opened) == last


@pytest.mark.parametrize(
    ("answered", "lapsed", "rate"), [(0, 0, None), (1, 0, 1.0), (0, 1, 0.0), (3, 1, 0.75), (1, 2, 1 / 3)]
)
def test_the_response_rate_counts_what_was_answered_of_what_had_its_end(answered, lapsed, rate):
    assert response_rate(answered=answered, lapsed=lapsed) == rate
