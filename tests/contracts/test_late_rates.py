"""Where the terms agree no late rate: the one-year LPR on the day of each breach, with the courts' addition."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from marketplace.contracts.reading import legal_late_rate, statement_of, statements_of
from marketplace.contracts.wording import explain
from tests.contracts.living import ENTRY, make_licence

SECOND = ENTRY["terms"][0] | {"id": "second", "pay_days": 60}
SILENT = ENTRY | {"late_interest": None, "terms": [ENTRY["terms"][0], SECOND, ENTRY["terms"][1]]}
TODAY = date(2024, 12, 31)


@pytest.fixture
def silent(db, go):
    """Signed on 3 June 2024: 50,000 are due on 3 July and as much on 2 August; the LPR fell on 22 July."""
    return make_licence(go, SILENT, signed_on=date(2024, 6, 3))


def test_each_debt_has_the_rate_of_the_day_after_it_was_due(silent):
    first, second = map(statement_of(silent.contract, TODAY).line, ("upfront", "second"))
    assert first.interest == Decimal("1112.03")  # 50,000 × 3.45 % × 1.3 ÷ 365 × 181
    assert second.interest == Decimal("900.83")  # 50,000 × 3.35 % × 1.3 ÷ 365 × 151


def test_a_later_change_of_the_rate_changes_nothing(silent):
    """On 21 October it fell again."""
    before, after = (statement_of(silent.contract, date(2024, 10, day)).line("second") for day in (20, 22))
    assert after.interest - before.interest == Decimal("11.94")  # two days at the old rate


def test_many_statements_at_once_say_the_same(silent):
    [(_contract, statement)] = statements_of([silent.contract], TODAY)
    assert statement == statement_of(silent.contract, TODAY)


def test_the_interest_says_which_rate_of_which_day(silent):
    step = statement_of(silent.contract, TODAY).line("second").steps[-1]
    assert step.inputs["yearly_rate"] == legal_late_rate(date(2024, 8, 3), "110000")
    with override("en"):
        assert str(explain(step)) == (
            "interest for late payment: CNY 900.83 = what was unpaid × yearly rate ÷ 365 × days late "
            "(yearly rate 4.355 %, rate of 2024-08-03)"
        )
