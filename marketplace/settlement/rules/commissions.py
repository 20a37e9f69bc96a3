"""Rules of commissions on receipts: what each receipt earns, given all that stand, and what has to change for that."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from marketplace.brokerage.rules.commission import Earned, Terms, earned, on_receipt
from marketplace.core.money import ZERO


class Receipt(NamedTuple):
    """A payment by its id, and how much of it counts; nothing once it is reversed."""

    payment: int
    counted: Decimal


class Due(NamedTuple):
    """What one receipt should earn in all."""

    payment: int
    counted: Decimal
    earned: Earned


def dues(receipts: Sequence[Receipt], terms: Terms) -> list[Due]:
    """What each receipt earns, in the order in which the money arrived; the sum is the commission on all of it."""
    before, found = ZERO, []
    for receipt in receipts:
        found.append(Due(receipt.payment, receipt.counted, on_receipt(before, receipt.counted, terms)))
        before += receipt.counted
    return found


def total(receipts: Sequence[Receipt], terms: Terms) -> Decimal:
    return earned(sum((each.counted for each in receipts), ZERO), terms).amount
