"""How long a payment is covered, what a guarantee pays of it, and when it is what was agreed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.rules.guaranteeing import (
    Debt,
    claimable,
    covered_until,
    exposure,
    fits,
    limit_of,
    period_faults,
    unmet,
)
from marketplace.contracts.rules.sheet import Cover

COVER = Cover(
    kind="COMPANY", cover_amount=Decimal("40000.00"), cover_share=Decimal("0.8"), liability="JOINT", period_months=6
)
DAY = date(2027, 5, 1)


@pytest.mark.parametrize(
    ("due_on", "agreed", "until"),
    [
        (date(2027, 2, 3), 12, date(2028, 2, 3)),
        (date(2027, 2, 3), None, date(2027, 8, 3)),
        (date(2027, 2, 3), 0, date(2027, 8, 3)),  # counts as not agreed (Civil Code 692)
        (date(2027, 2, 3), -3, date(2027, 8, 3)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_a_payment_is_covered_for_months_after_its_due_day(due_on, agreed, until):
    assert covered_until(due_on, agreed, 6) == until


@pytest.mark.parametrize(("months", "codes"), [(None, []), (1, []), (0, ["E_GUARANTEE_PERIOD_INVALID"])])
def test_a_period_ends_after_the_due_day(months, codes):
    assert [each.code for each in period_faults(months)] == codes


@pytest.mark.parametrize(
    ("losses", "amounts"),
    [
        (["10000"], ["8000.00"]),
        (["10000", "20000"], ["8000.00", "16000.00"]),
        (["30000", "30000"], ["24000.00", "16000.00"]),  # the cover is used up
        (["60000"], ["40000.00"]),
        (["0.01"], ["0.01"]),  # 0.008 rounded half up
    ],
)
def test_a_guarantee_pays_its_share_of_each_loss_until_its_cover_is_used_up(losses, amounts):
    debts = [Debt(key=f"d{n}", due_on=date(2027, 2, n), loss=Decimal(each)) for n, each in enumerate(losses, 1)]
    assert [str(each.amount) for each in claimable(COVER, debts, legal_months=6, day=DAY)] == amounts


def test_what_is_claimed_too_late_pays_nothing_and_uses_up_nothing():
    debts = [Debt(key=key, due_on=day, loss=Decimal(50000)) for key, day in (("old", date(2026, 10, 31)), ("new", DAY))]
    old, new = claimable(COVER, debts, legal_months=6, day=DAY)
    assert (old.is_late, old.amount, new.amount) == (True, 0, Decimal("40000.00"))


def test_on_the_last_day_it_can_still_be_claimed():
    (line,) = claimable(COVER, [Debt(key="a", due_on=date(2026, 11, 1), loss=Decimal(1))], legal_months=6, day=DAY)
    assert (line.is_late, line.covered_until) == (False, DAY)


@pytest.mark.parametrize(
    ("issued", "is_met"),
    [
        ({}, True),
        ({"cover_amount": Decimal("40000.01")}, True),
        ({"cover_amount": Decimal("39999.99")}, False),
        ({"cover_share": Decimal("0.7")}, False),
        ({"liability": "GENERAL"}, False),
        ({"period_months": None}, False),
        ({"period_months": 12}, True),
        ({"waiting_days": 1}, False),
        ({"kind": "AGENCY"}, False),
    ],
)
def test_what_is_issued_is_at_least_what_was_agreed(issued, is_met):
    assert (unmet([COVER], [replace(COVER, **issued)]) == []) is is_met


def test_one_guarantee_does_not_stand_for_two_covers():
    assert unmet([COVER, COVER], [COVER]) == [COVER]


def test_a_small_cover_does_not_take_the_guarantee_of_a_large_one():
    small = replace(COVER, cover_amount=Decimal(1000))
    assert unmet([small, COVER], [COVER, small]) == []


@pytest.mark.parametrize(("taken", "fit"), [("9960000", True), ("9960000.01", False)])
def test_the_limit_holds_to_the_last_fen(taken, fit):
    limit = limit_of(Decimal(1_000_000), 10)
    assert fits(exposure([Decimal(taken)]), COVER.cover_amount, limit) is fit
