"""Money: rounded here and nowhere else, shared out so that the parts always add up.

Amounts are `Decimal` yuan with two places (fen). No float is accepted.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def exact(value: Decimal | int | str) -> Decimal:
    """Return the value as a Decimal; a float or a value that is no finite number is refused.

    Raises TypeError for a float or a bool, ValueError for anything that is not a finite number.
    """
    if isinstance(value, bool | float):
        raise TypeError("Money is never a float: pass a Decimal, an int or a string.")
    try:
        number = Decimal(value)
    except ArithmeticError as fault:
        raise ValueError(f"{value!r} is not an amount.") from fault
    if not number.is_finite():
        raise ValueError(f"{value!r} is not an amount.")
    return number


def to_fen(value: Decimal | int | str) -> Decimal:
    """Round half up to the fen (DOMAIN: once per payable line). ValueError above 26 digits before the point."""
    number = exact(value)
    try:
        return number.quantize(FEN, rounding=ROUND_HALF_UP)
    except ArithmeticError as fault:
        raise ValueError(f"{value!r} is too large an amount.") from fault


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Share `total` in the proportions of `weights` by largest remainder; the parts add up to `total` exactly.

    Ties go to the earlier weight. A negative total is the mirror of the positive one. Each part lies within
    one fen of its exact share. Raises ValueError when the total has more than two places, when there are no
    weights, one is negative, or all are zero.
    """
    if exact(total) != to_fen(total):
        raise ValueError("Only a whole number of fen can be shared out.")
    if not weights or any(exact(weight) < 0 for weight in weights) or not any(weights):
        raise ValueError("Shares need at least one positive weight and none below zero.")
    fen = int(abs(total) / FEN)
    whole = sum(Fraction(weight) for weight in weights)
    shares = [fen * Fraction(weight) / whole for weight in weights]
    parts = [int(share) for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[: fen - sum(parts)]:
        parts[i] += 1
    sign = -1 if total < 0 else 1
    return [sign * part * FEN for part in parts]
