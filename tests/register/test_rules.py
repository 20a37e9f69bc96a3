"""What the register asks for and by when, by tables without a database."""

from datetime import date

import pytest

from marketplace.register import rules


@pytest.mark.parametrize(
    ("decided", "months", "runs_until", "expected"),
    [
        (date(2027, 3, 1), 12, None, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, None, date(2027, 2, 27)),
        (date(2027, 3, 1), 36, date(2027, 3, 31), date(2030, 3, 31)),  # goes on where the running term ends
        (date(2027, 3, 1), 36, date(2027, 2, 28), date(2030, 2, 28)),  # over: from the decision
        (date(2027, 3, 1), 36, date(2027, 3, 1), date(2030, 3, 1)),
    ],
)
def test_a_term_runs_whole_months(decided, months, runs_until, expected):
    assert rules.term_end(decided, months, valid_until=runs_until) == expected


@pytest.mark.parametrize(
    ("entered", "today", "years"),
    [
        (None, date(2028, 1, 1), []),
        (date(2027, 12, 31), date(2027, 12, 31), []),
        (date(2027, 12, 31), date(2028, 1, 1), [2027]),
        (date(2025, 5, 1), date(2028, 1, 1), [2025, 2026, 2027]),
    ],
)
def test_a_year_is_owed_once_it_is_over(entered, today, years):
    assert list(rules.years_owed(entered, today)) == years


@pytest.mark.parametrize(
    ("today", "filed", "late"),
    [(date(2028, 3, 31), [], []), (date(2028, 4, 1), [], [2027]), (date(2028, 4, 1), [2027], [])],
)
def test_a_filing_is_overdue_from_the_day_after(today, filed, late):
    assert rules.overdue([2027], filed, "03-31", today) == late


@pytest.mark.parametrize(
    ("own", "replied", "today", "heard"),
    [
        (False, False, date(2027, 1, 10), False),
        (False, False, date(2027, 1, 11), True),
        (False, True, date(2027, 1, 1), True),
        (True, False, date(2027, 1, 1), True),
    ],
)
def test_nobody_is_removed_unheard(own, replied, today, heard):
    by = date(2027, 1, 10)
    assert rules.is_heard(is_own_request=own, has_replied=replied, reply_by=by, today=today) is heard


def test_what_is_not_declared_is_named():
    rows = [{"code": "A", "zh": "甲", "en": "a", "proof": True}, {"code": "B", "zh": "乙", "en": "b", "proof": False}]
    asked = rules.requirements(rows)
    assert [each.code for each in rules.undeclared(asked, ["A", "C"])] == ["B"]
    assert asked[0].label("zh-hans") == "甲"
