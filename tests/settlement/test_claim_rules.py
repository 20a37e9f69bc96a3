"""Rules of claims, recoveries, credit notices and exposure by tables; no database."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.rules.sheet import Cover
from marketplace.settlement.rules import booking, claiming, crediting, exposing, recovering
from marketplace.settlement.rules.claiming import Lost
from marketplace.settlement.rules.crediting import Default
from marketplace.settlement.rules.recovering import Bearer

D = Decimal
DAY = date(2027, 3, 1)


def cover(amount="1000", share="1", months=6, waiting=0):
    return Cover(
        kind="COMPANY", cover_amount=D(amount), cover_share=D(share), liability="JOINT", period_months=months,
        waiting_days=waiting, fee=D(0),
    )  # fmt: skip


def lost(key, due, amount, claimed="0", own=False, paid="0"):
    return Lost(key=key, due_on=due, amount=D(amount), claimed=D(claimed), paid=D(paid), is_own=own)


JANUARY, FEBRUARY = date(2027, 1, 10), date(2027, 2, 10)


@pytest.mark.parametrize(
    ("given", "losses", "used", "expected"),
    [
        (cover(), [lost("a", JANUARY, "300")], "0", ["300 "]),
        (cover(share="0.8"), [lost("a", JANUARY, "300.01")], "0", ["240.01 "]),
        (cover("100"), [lost("b", FEBRUARY, "80"), lost("a", JANUARY, "70")], "0", ["70 ", "30 "]),
        (cover("100"), [lost("a", JANUARY, "70"), lost("b", FEBRUARY, "80")], "90", ["10 ", "0 E_COVER_USED_UP"]),
        (cover(), [lost("a", JANUARY, "300", "100")], "0", ["200 "]),
        (cover(share="0.5"), [lost("a", JANUARY, "300", "200")], "0", ["100 "]),
        (cover(), [lost("a", JANUARY, "300", "300")], "0", ["0 E_DUPLICATE_CLAIM"]),
        (cover(share="0.5"), [lost("a", JANUARY, "300", "150", own=True)], "150", ["0 E_DUPLICATE_CLAIM"]),
        (cover(share="0.5"), [lost("a", JANUARY, "300", "60", paid="60")], "60", ["90 "]),
        (cover(share="0.5"), [lost("a", JANUARY, "120", "60", paid="60")], "60", ["0 E_DUPLICATE_CLAIM"]),
        (cover(months=1), [lost("a", JANUARY, "300")], "0", ["0 E_CLAIM_LATE"]),
        (cover(months=None), [lost("a", date(2026, 8, 31), "300")], "0", ["0 E_CLAIM_LATE"]),
        (cover(months=None), [lost("a", date(2026, 9, 1), "300")], "0", ["300 "]),
        (cover(waiting=30), [lost("a", FEBRUARY, "300")], "0", ["0 E_CLAIM_EARLY"]),
        (cover(waiting=18), [lost("a", FEBRUARY, "300")], "0", ["300 "]),
        (cover("100"), [lost("a", JANUARY, "70")], "200", ["0 E_COVER_USED_UP"]),
        (cover(share="0.4"), [lost("a", JANUARY, "0.01")], "0", ["0 E_CLAIM_TOO_SMALL"]),
        (cover(share="0.5"), [lost("a", JANUARY, "0.01")], "0", ["0.01 "]),
    ],
)
def test_what_may_be_claimed_of_which_loss(given, losses, used, expected):
    found = claiming.claimable(given, losses, used=D(used), legal_months=6, kept_on=DAY, day=DAY)
    assert [f"{line.amount.normalize():f} {line.fault}" for line in found] == expected


def test_a_suit_in_time_keeps_the_period():
    rows = [lost("a", JANUARY, "300")]
    late = date(2028, 1, 1)
    kept = claiming.claimable(cover(), rows, used=D(0), legal_months=6, kept_on=date(2027, 7, 10), day=late)
    assert kept[0].amount == 300


@pytest.mark.parametrize(
    ("kind", "liability", "expected"),
    [
        ("COMPANY", "GENERAL", True), ("COMPANY", "JOINT", False), ("AGENCY", "GENERAL", True),
        ("RISK_POOL", "GENERAL", True), ("BOND_INSURANCE", "JOINT", False), ("DEPOSIT", "GENERAL", False),
    ],
)  # fmt: skip
def test_a_general_guarantor_is_asked_last(kind, liability, expected):
    assert claiming.must_pursue(kind, liability) is expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("150", ["100", "50"]), ("60", ["60", "0"]), ("160", ["100", "60"]), ("0", ["0", "0"])]
)
def test_what_is_accepted_goes_to_the_oldest_first(amount, expected):
    assert list(claiming.accept([("a", D(100)), ("b", D(60))], D(amount)).values()) == [D(each) for each in expected]


def test_no_more_is_accepted_than_was_claimed():
    with pytest.raises(ValueError, match="accepted"):
        claiming.accept([("a", D(100))], D("100.01"))


# Recoveries


@pytest.mark.parametrize(
    ("amount", "costs", "guarantor", "licensor", "expected"),
    [
        ("50", "5", ("80", "80"), ("20", "20"), "36.00 9.00"),
        ("100", "0", ("80", "80"), ("20", "20"), "80 20"),
        ("10", "10", ("80", "80"), ("20", "20"), "0 0"),
        ("30", "0", ("80", "80"), ("0", "0"), "30 0"),
        ("50", "0", ("80", "80"), ("20", "4"), "46 4"),
        ("50", "0", ("80", "10"), ("20", "100"), "10 40"),
        ("0.01", "0", ("80", "80"), ("20", "20"), "0.01 0"),
        ("0.05", "0", ("1", "1"), ("2", "2"), "0.02 0.03"),
    ],
)
def test_a_recovery_is_shared_by_what_each_has_borne(amount, costs, guarantor, licensor, expected):
    bearers = (Bearer(*map(D, guarantor)), Bearer(*map(D, licensor)))
    parts = recovering.share(D(amount), D(costs), *bearers)
    assert (parts.guarantor, parts.licensor) == tuple(D(each) for each in expected.split())
    assert sum(parts) == D(amount)


@pytest.mark.parametrize(("amount", "costs"), [("101", "0"), ("5", "6"), ("5", "-1")])
def test_no_more_is_shared_than_is_owed(amount, costs):
    with pytest.raises(ValueError, match="owed"):
        recovering.share(D(amount), D(costs), Bearer(D(80), D(80)), Bearer(D(20), D(20)))


def test_a_part_pays_the_oldest_debt_first():
    assert recovering.spread(D(70), [("a", D(50)), ("b", D(0)), ("c", D(30))]) == [("a", D(50)), ("c", D(20))]
    with pytest.raises(ValueError, match="owed"):
        recovering.spread(D(81), [("a", D(50)), ("c", D(30))])


@pytest.mark.parametrize(
    ("waiting", "left"), [(0, [50, 0, 30]), (20, [30, 0, 30]), (70, [0, 0, 10]), (80, [0, 0, 0]), (81, [0, 0, 0])]
)
def test_money_on_its_way_pays_the_oldest_debts_first(waiting, left):
    debts = [("a", D(50)), ("b", D(0)), ("c", D(30))]
    assert recovering.behind(D(waiting), debts) == list(zip("abc", map(D, left), strict=True))


# Bookings


@pytest.mark.parametrize(
    "entries",
    [
        booking.compensate(D(80)),
        booking.recover(D(5), D(36), D(9)),
        booking.recover(D(0), D(36), D(0)),
        booking.pass_on(D(9)),
        booking.forgo(D(44)),
    ],
)
def test_every_booking_of_a_guarantor_adds_up_to_zero(entries):
    assert sum(entry.amount for entry in entries) == 0
    assert len(entries) >= 2


# Credit notices


def default(**values):
    usual = {
        "unpaid": D(1), "is_terminated": True, "is_demanded": True, "is_compensated": False, "is_disputed": False,
        "is_claimed": False,
    }  # fmt: skip
    return Default(**(usual | values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"unpaid": D(0)}, False),
        ({"is_demanded": False}, False),
        ({"is_terminated": False}, False),
        ({"is_terminated": False, "is_compensated": True}, True),
        ({"is_disputed": True}, False),
        ({"is_claimed": True}, False),
    ],
)
def test_when_a_default_is_final(values, expected):
    assert crediting.is_final(default(**values)) is expected


def test_a_notice_waits_until_its_last_day_is_over():
    assert [crediting.may_push(DAY, date(2027, 3, day)) for day in (1, 2)] == [False, True]


# Exposure


def test_what_was_compensated_by_then_is_exposure_no_more():
    paid = [(date(2027, 2, 1), D(30)), (date(2027, 4, 1), D(20))]
    days = (date(2027, 1, 31), DAY, date(2027, 4, 1))
    assert [exposing.left(D(100), D(100), paid, day) for day in days] == [100, 70, 50]
    assert [exposing.left(D(100), D(60), paid, day) for day in days] == [60, 60, 50]


def test_what_is_due_is_covered_while_the_cover_lasts():
    debts = [("b", FEBRUARY, D(100)), ("a", JANUARY, D(100)), ("old", date(2026, 1, 1), D(50))]
    found = exposing.by_due_day(cover("150", "0.9"), debts, room=D(150), legal_months=6, day=DAY)
    assert [(due.key, due.covered) for due in found] == [("old", 0), ("a", 90), ("b", 60)]
