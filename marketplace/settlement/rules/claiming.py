"""Rules of claims on guarantees: whether one may be filed, for how much of which loss, and who bears what.

A loss is what one obligation lacks with its interest, and what was compensated of it before. Each guarantor bears
`min(loss × share, cover)` (DOMAIN 10.3); what no guarantor bears stays with the licensor, and over all guarantees no
more is claimed than was lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from marketplace.contracts.rules import guaranteeing
from marketplace.contracts.rules.guaranteeing import covered_until
from marketplace.contracts.rules.sheet import Cover
from marketplace.core.money import ZERO, to_fen

DEMAND_MISSING = "E_DEMAND_MISSING"
DUPLICATE = "E_DUPLICATE_CLAIM"
CLAIM_LATE = guaranteeing.CLAIM_LATE
NOT_PURSUED = "E_DEBTOR_NOT_PURSUED"
EARLY = "E_CLAIM_EARLY"
USED_UP = "E_COVER_USED_UP"
TOO_SMALL = "E_CLAIM_TOO_SMALL"
OWN_MONEY = ("DEPOSIT",)
"""Kinds that are the licensee's own money: nobody reviews, and nobody has recourse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One loss: its obligation and due day, all of it, and what is claimed of it by anybody.

    `paid` is what this cover has paid of it; `is_own` when it was asked already and nothing has opened again since.
    """

    key: str
    due_on: date
    amount: Decimal
    claimed: Decimal = ZERO
    paid: Decimal = ZERO
    is_own: bool = False


class Line(NamedTuple):
    """What a guarantee may be asked for one loss; with a fault there is nothing to ask for, and why."""

    key: str
    lost: Decimal
    amount: Decimal
    covered_until: date
    fault: str = ""


def must_pursue(kind: str, liability: str) -> bool:
    """Whether the debtor comes first (Civil Code 686, 687). A deposit is the debtor's own money."""
    return liability == "GENERAL" and kind not in OWN_MONEY


def claimable(
    cover: Cover, losses: Iterable[Lost], *, used: Decimal, legal_months: int, kept_on: date, day: date
) -> list[Line]:
    """What a guarantee may be asked for on a day, the oldest loss first, until its cover is used up.

    `used` is what its claims take already. `kept_on` is the day that keeps the guarantee period: that of the claim
    for a joint guarantee, of the suit against the debtor for a general one (Civil Code 693).
    """
    left, lines = max(cover.cover_amount - used, ZERO), []
    for lost in sorted(losses, key=lambda each: (each.due_on, each.key)):
        until = covered_until(lost.due_on, cover.period_months, legal_months)
        fault = _fault(cover, lost, until, left, kept_on, day)
        amount = ZERO if fault else min(left, _share(cover, lost), lost.amount - lost.claimed)
        left -= amount
        lines.append(Line(lost.key, lost.amount, amount, until, fault))
    return lines


def _share(cover: Cover, lost: Lost) -> Decimal:
    """What the cover bears of a loss, less what it has paid of it."""
    return to_fen(lost.amount * cover.cover_share) - lost.paid


def _fault(cover: Cover, lost: Lost, until: date, left: Decimal, kept_on: date, day: date) -> str:
    if lost.is_own or lost.claimed >= lost.amount:
        return DUPLICATE
    if kept_on > until:
        return CLAIM_LATE
    if day <= lost.due_on + timedelta(days=cover.waiting_days):
        return EARLY
    if _share(cover, lost) <= 0:
        return DUPLICATE if lost.paid else TOO_SMALL
    return "" if left > 0 else USED_UP


def accept(lines: Sequence[tuple[str, Decimal]], amount: Decimal) -> dict[str, Decimal]:
    """An accepted amount over the lines of a claim, the oldest first. Raises ValueError for more than is claimed."""
    left, parts = amount, {}
    for key, claimed in lines:
        parts[key] = min(left, claimed)
        left -= parts[key]
    if left or amount < 0:
        raise ValueError("No more is accepted than was claimed.")
    return parts
