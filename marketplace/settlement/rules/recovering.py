"""Rules of recoveries: what the licensee pays the guarantor is shared by what each of the two had borne.

First the costs of the recovery (Civil Code 561), which the licensee owes beside the debt; the rest in the proportion
of what guarantor and licensor had borne (DOMAIN 10.3). Nobody gets more than is still owed to it; the other one has
the rest.
"""

from decimal import Decimal
from typing import NamedTuple

from marketplace.core.money import ZERO, split


class Bearer(NamedTuple):
    """What somebody had borne of the loss, and what is still owed to it of that."""

    bore: Decimal
    left: Decimal


class Parts(NamedTuple):
    costs: Decimal
    guarantor: Decimal
    licensor: Decimal


def share(amount: Decimal, costs: Decimal, guarantor: Bearer, licensor: Bearer) -> Parts:
    """Share a recovery; the parts add up to it. Raises ValueError for more than is owed, and for costs beyond it."""
    net = amount - costs
    if costs < 0 or net < 0 or net > guarantor.left + licensor.left:
        raise ValueError("No more is recovered than is owed.")
    weights = [guarantor.bore, licensor.bore]
    first, second = split(net, weights) if any(weights) else (net, ZERO)
    first, second = min(first, guarantor.left), min(second, licensor.left)
    rest = net - first - second
    more = min(rest, guarantor.left - first)
    return Parts(costs, first + more, second + rest - more)


def behind(waiting: Decimal, debts: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """What is left of debts behind money on its way: that pays the oldest first, and what is over pays none of them."""
    left = []
    for key, owed in debts:
        part = min(waiting, owed)
        waiting -= part
        left.append((key, owed - part))
    return left


def spread(amount: Decimal, debts: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """A part over the debts that it pays, the oldest first. Raises ValueError for more than they are."""
    parts = []
    for key, owed in debts:
        part = min(amount, owed)
        amount -= part
        if part:
            parts.append((key, part))
    if amount:
        raise ValueError("No more is paid than is owed.")
    return parts
