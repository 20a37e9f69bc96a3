"""Money is rounded half up, and the parts of a sum always add up to it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import exact, split, to_fen

amounts = st.integers(min_value=0, max_value=10**15).map(lambda fen: Decimal(fen) / 100)
shares = st.lists(st.decimals(min_value=0, max_value=100, places=6), min_size=1, max_size=50).filter(any)
FEN = Decimal("0.01")


@given(amounts, shares)
def test_the_parts_add_up_to_the_total(total, weights):
    assert sum(split(total, weights)) == total


@given(amounts, shares)
def test_each_part_is_within_one_fen_of_its_exact_share(total, weights):
    whole = sum(Fraction(weight) for weight in weights)
    for part, weight in zip(split(total, weights), weights, strict=True):
        assert abs(Fraction(part) - Fraction(total) * Fraction(weight) / whole) < Fraction(FEN)


@given(amounts, shares)
def test_a_negative_total_is_the_mirror_of_the_positive(total, weights):
    assert split(-total, weights) == [-part for part in split(total, weights)]


@given(amounts, shares.flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_the_weights_moves_nobody_by_more_than_one_fen(total, both):
    given_order, other = both
    one = sorted(zip(given_order, split(total, given_order), strict=True))
    two = sorted(zip(other, split(total, other), strict=True))
    assert all(abs(a - b) <= FEN for (_, a), (_, b) in zip(one, two, strict=True))
    assert sorted(part for _, part in one) == sorted(part for _, part in two)


@given(amounts, shares, st.integers(min_value=2, max_value=1000))
def test_only_the_proportion_of_the_weights_counts(total, weights, factor):
    assert split(total, weights) == split(total, [weight * factor for weight in weights])


@given(amounts, shares)
def test_who_has_no_weight_gets_nothing(total, weights):
    assert all(part == 0 for part, weight in zip(split(total, weights), weights, strict=True) if not weight)


SPLITS = [
    ("0.01", 3, ["0.01", "0.00", "0.00"]),
    ("0.02", 3, ["0.01", "0.01", "0.00"]),
    ("0.05", 3, ["0.02", "0.02", "0.01"]),
    ("100.00", 3, ["33.34", "33.33", "33.33"]),
    ("99999999.99", 3, ["33333333.33"] * 3),
    ("0.01", 7, ["0.01"] + ["0.00"] * 6),
    ("0.02", 7, ["0.01"] * 2 + ["0.00"] * 5),
    ("0.05", 7, ["0.01"] * 5 + ["0.00"] * 2),
    ("100.00", 7, ["14.29"] * 4 + ["14.28"] * 3),
    ("99999999.99", 7, ["14285714.29"] * 3 + ["14285714.28"] * 4),
    ("0.01", 11, ["0.01"] + ["0.00"] * 10),
    ("0.02", 11, ["0.01"] * 2 + ["0.00"] * 9),
    ("0.05", 11, ["0.01"] * 5 + ["0.00"] * 6),
    ("100.00", 11, ["9.10"] * 1 + ["9.09"] * 10),
    ("99999999.99", 11, ["9090909.09"] * 11),
]


@pytest.mark.parametrize(("total", "heads", "parts"), SPLITS)
def test_equal_shares_of_awkward_sums(total, heads, parts):
    """Ties go to the earlier weight."""
    assert split(Decimal(total), [1] * heads) == [Decimal(part) for part in parts]


def test_a_larger_total_may_lower_one_share():
    """Largest remainder has the Alabama paradox; it is known and accepted, as the parts still add up."""
    weights = [6, 6, 2]
    assert split(Decimal("0.10"), weights)[2] > split(Decimal("0.11"), weights)[2]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("0.0049999", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), (7, "7.00"), ("1e2", "100.00")],
)
def test_half_a_fen_is_rounded_away_from_zero(value, rounded):
    assert str(to_fen(value)) == rounded


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), True])
def test_a_float_is_refused(value):
    with pytest.raises(TypeError, match="never a float"):
        exact(value)


@pytest.mark.parametrize("value", ["", "abc", "NaN", "Infinity", "-inf", "1,000.00", "¥5"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="is not an amount"):
        exact(value)


@pytest.mark.parametrize("value", ["1e30", "9" * 40])
def test_an_amount_too_large_to_round_is_refused(value):
    with pytest.raises(ValueError, match="too large"):
        to_fen(value)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [Decimal("-0.1"), 2]])
def test_shares_without_a_positive_weight_are_refused(weights):
    with pytest.raises(ValueError, match="at least one positive weight"):
        split(Decimal(1), weights)


@pytest.mark.parametrize("weights", [[1, 0.5], [float("inf")]])
def test_a_weight_is_never_a_float(weights):
    with pytest.raises(TypeError):
        split(Decimal(1), weights)


@pytest.mark.parametrize("total", ["0.001", "99.999"])
def test_a_total_with_part_of_a_fen_is_refused(total):
    with pytest.raises(ValueError, match="whole number of fen"):
        split(Decimal(total), [1, 1])
