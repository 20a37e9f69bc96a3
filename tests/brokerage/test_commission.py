"""How much of what was received is a commission: steps, floor, cap, receipts one by one, two parts that add up."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokerage import wording
from marketplace.brokerage.rules.commission import (
    Base,
    Terms,
    Tier,
    earned,
    on_receipt,
    read_tiers,
    shared,
    write_tiers,
)

D = Decimal
SLIDING = (Tier(D(0), D("0.05")), Tier(D(1_000_000), D("0.03")), Tier(D(5_000_000), D("0.01")))


FIVE = (Tier(D(0), D("0.05")),)


def terms(tiers=FIVE, **values):
    return Terms(Base.RECEIVED, tiers, **values)


@pytest.mark.parametrize(
    ("received", "values", "amount"),
    [
        ("0", {}, "0.00"),
        ("100000", {}, "5000.00"),
        ("0.10", {}, "0.01"),  # half a fen is rounded up
        ("0.09", {}, "0.00"),
        ("1000000", {"tiers": SLIDING}, "50000.00"),
        ("1000000.01", {"tiers": SLIDING}, "50000.00"),
        ("6000000", {"tiers": SLIDING}, "180000.00"),  # 50 000 + 120 000 + 10 000
        ("100000", {"floor": D(8000)}, "8000"),
        ("5000", {"floor": D(8000)}, "5000"),  # never more than was received
        ("0", {"floor": D(8000)}, "0.00"),
        ("1000000", {"cap": D(30_000)}, "30000"),
        ("1000000", {"floor": D(60_000), "cap": D(60_000)}, "60000"),
    ],
)
def test_a_commission_follows_its_tiers_between_floor_and_cap(received, values, amount):
    assert earned(D(received), terms(**values)).amount == D(amount)


def test_the_steps_say_how_it_was_reached():
    steps = earned(D(6_000_000), terms(SLIDING, cap=D(150_000))).steps
    assert [(step.name, step.value) for step in steps] == [
        ("tier", D(50_000)),
        ("tier", D(120_000)),
        ("tier", D(10_000)),
        ("cap", D(150_000)),
    ]


def test_a_later_receipt_earns_what_it_adds():
    found = on_receipt(D(900_000), D(200_000), terms(SLIDING))
    assert found.amount == D("8000.00")  # 100 000 at 5 %, 100 000 at 3 %
    assert found.steps[-1].inputs == {"with": "53000.00", "without": "45000.00"}


MONEY = st.integers(0, 10**11).map(lambda fen: D(fen) / 100)
RATES = st.decimals(0, 1, places=4)


@st.composite
def all_terms(draw):
    bounds = sorted(draw(st.sets(st.integers(1, 10**9), max_size=4)))
    tiers = tuple(Tier(D(bound), draw(RATES)) for bound in (0, *bounds))
    cap = draw(st.none() | MONEY)
    floor = draw(st.none() | MONEY.filter(lambda each: cap is None or each <= cap))
    return terms(tiers, cap=cap, floor=floor)


@given(all_terms(), st.lists(MONEY, max_size=8))
def test_receipts_one_by_one_earn_what_they_earn_together(found, receipts):
    total, parts = D(0), []
    for receipt in receipts:
        parts.append(on_receipt(total, receipt, found).amount)
        total += receipt
    assert sum(parts, D(0)) == earned(total, found).amount
    assert all(part >= 0 for part in parts)
    assert earned(total, found).amount <= total


@given(MONEY, RATES)
def test_the_two_parts_make_the_whole(amount, share):
    parts = shared(amount, share)
    assert parts.agency + parts.manager == amount
    assert min(parts) >= 0


@pytest.mark.parametrize("amount", ["0.01", "0.02", "0.05", "100.00", "99999999.99"])
@pytest.mark.parametrize("share", ["0.333333", "0.142857", "0.701"])
def test_small_and_large_amounts_are_shared_exactly(amount, share):
    assert sum(shared(D(amount), D(share))) == D(amount)


@pytest.mark.parametrize(
    "raw",
    [
        None, "5", [], [{"from": "1", "rate": "0.05"}], [{"from": "0", "rate": "1.5"}],
        [{"from": "0", "rate": "-0.1"}],
        [{"from": "0", "rate": 0.05}], [{"from": "0"}], [{"from": "0", "rate": "x"}],
        [{"from": "0.001", "rate": "0.1"}],
        [{"from": "0", "rate": "0.05"}, {"from": "0", "rate": "0.03"}], [{"from": "0", "rate": "NaN"}],
        [{"from": "0", "rate": "0.05", "to": "9"}], [["0", "0.05"]], [{"from": "0", "rate": "0.1"}] * 11,
    ],
)  # fmt: skip
def test_nonsense_is_no_table_of_rates(raw):
    with pytest.raises(ValueError, match=r"."):
        read_tiers(raw)


def test_tiers_are_written_as_they_are_read():
    assert read_tiers(write_tiers(SLIDING)) == SLIDING


def test_a_step_in_chinese_can_be_followed_to_the_last_place():
    step = {"name": "tier", "value": "2066.2945", "inputs": {"part": "41325.89", "rate": "0.05", "from": "0"}}
    with override("zh-hans"):
        said = wording.step_sentence(step)
    assert "41,325.89元" in said
    assert "2,066.2945元" in said
    assert "万" not in said
