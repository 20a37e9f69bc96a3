"""Days that run out: who decides is told once a step before the last day, and once when it has passed."""

from datetime import date

import pytest

from marketplace.core.models import Letter
from marketplace.settlement import services, tasks
from tests.settlement.sharing import make_sharing

ZHEJIANG = "330000"


def told(about):
    """The letters about it, by what stands after the row in their key."""
    return sorted(
        key.split(":")[-2]
        for key in Letter.objects.filter(key__startswith=f"reward:{about}:").values_list("key", flat=True)
    )


@pytest.fixture
def half_a_year(db, go):
    """A reward in Zhejiang, to be paid within six months: by 1 August 2027."""
    sharing = make_sharing(go, ZHEJIANG)
    sharing.plan("70%", "25%", staff="5%")
    sharing.row = sharing.propose(sharing.receive("50000"))
    return sharing


@pytest.mark.parametrize(
    ("day", "steps"),
    [
        (date(2027, 7, 1), []),
        (date(2027, 7, 2), ["30", "30"]),
        (date(2027, 7, 20), ["30", "30"]),
        (date(2027, 7, 25), ["7", "7"]),
        (date(2027, 8, 1), ["1", "1"]),
    ],
)
def test_each_of_those_who_decide_is_told_at_each_step(half_a_year, day, steps):
    services.watch_rewards(day)
    services.watch_rewards(day)
    assert told("pay-by") == steps


def test_the_day_that_has_passed_is_told_once(half_a_year):
    for day in (date(2027, 8, 2), date(2027, 8, 3), date(2027, 12, 1)):
        services.watch_rewards(day)
    assert told("pay-by-over") == ["over", "over"]


def test_what_is_paid_is_not_watched_any_more(half_a_year):
    half_a_year.approved(half_a_year.row)
    half_a_year.paid()
    assert services.watch_rewards(date(2027, 7, 25)) == 0


def test_the_window_of_the_tax_relief_is_watched_where_no_other_day_is_set(sharing):
    sharing.plan("100%")
    sharing.propose(sharing.receive())
    assert services.watch_rewards(date(2029, 12, 31)) == 0
    assert services.watch_rewards(date(2030, 1, 2)) == 1
    assert told("tax-until") == ["30", "30"]


def test_a_receipt_that_nobody_shared_is_told_as_well(db, go):
    sharing = make_sharing(go, ZHEJIANG)
    sharing.receive("50000")
    assert services.watch_rewards(date(2027, 7, 2)) == 1
    assert told("not-shared") == ["30", "30"]


def test_a_firm_that_shares_nothing_is_left_alone(db, go):
    sharing = make_sharing(go, ZHEJIANG, kind="FIRM")
    sharing.receive("50000")
    assert services.watch_rewards(date(2027, 7, 2)) == 0


def test_the_clock_calls_it(half_a_year, go):
    go(date(2027, 7, 2))
    assert tasks.watch_rewards() == 1
