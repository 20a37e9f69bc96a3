"""Rules of guarantees: whether what was issued is what was agreed, how long each payment is covered, and for how much.

A guarantee period must end after the day on which the debt falls due; one that does not counts as not agreed, and
the period of the law holds (Civil Code §692). A royalty is a stream of debts, so each has a period of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from marketplace.core.money import ZERO, to_fen
from marketplace.law.rules.days import add_months

from .faults import Fault
from .sheet import Cover

PERIOD_INVALID = "E_GUARANTEE_PERIOD_INVALID"
LIMIT = "E_GUARANTEE_LIMIT"
CLAIM_LATE = "E_CLAIM_LATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A payment that is missing: its key, when it fell due, and what is lost with its interest."""

    key: str
    due_on: date
    loss: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What a guarantee pays of one debt: from when on and until when it can be claimed, and how much."""

    key: str
    due_on: date
    loss: Decimal
    claimable_from: date
    covered_until: date
    amount: Decimal
    is_late: bool


def period_faults(months: int | None, pointer: str = "/period_months") -> tuple[Fault, ...]:
    """A period of no month ends before the debt is due."""
    if months is None or months > 0:
        return ()
    return (Fault(PERIOD_INVALID, pointer, {"months": months}),)


def months_of(agreed: int | None, legal: int) -> int:
    """Months after the due day: as agreed, or as the law says where nothing valid was agreed (§692)."""
    return agreed if agreed is not None and agreed > 0 else legal


def covered_until(due_on: date, agreed: int | None, legal: int) -> date:
    """The last day on which the payment that fell due on a day can be claimed."""
    return add_months(due_on, months_of(agreed, legal))


def unmet(agreed: Iterable[Cover], issued: Sequence[Cover]) -> list[Cover]:
    """The covers of a sheet that no issued guarantee reaches; each guarantee stands for one cover."""
    left, missing = list(issued), []
    for cover in sorted(agreed, key=lambda each: each.cover_amount, reverse=True):
        enough = [each for each in left if is_enough(each, cover)]
        if enough:
            left.remove(min(enough, key=lambda each: each.cover_amount))
        else:
            missing.append(cover)
    return missing


def is_enough(issued: Cover, agreed: Cover) -> bool:
    """Whether a guarantee is at least what was agreed: kind, limit, share, liability, period and waiting time."""
    return (
        issued.kind == agreed.kind
        and issued.cover_amount >= agreed.cover_amount
        and issued.cover_share >= agreed.cover_share
        and (issued.liability == agreed.liability or issued.liability == "JOINT")
        and (agreed.period_months is None or (issued.period_months or 0) >= agreed.period_months)
        and issued.waiting_days <= agreed.waiting_days
    )


def limit_of(net_assets: Decimal, multiple: Decimal | int) -> Decimal:
    """The most that a guarantor may stand in for (regulation on guarantee companies, article 15)."""
    return max(net_assets, ZERO) * multiple


def fits(exposure: Decimal, cover: Decimal, limit: Decimal) -> bool:
    """Whether one more guarantee stays within the limit."""
    return exposure + cover <= limit


def exposure(covers: Iterable[Decimal]) -> Decimal:
    """What a guarantor stands in for in all."""
    return sum(covers, ZERO)


def claimable(cover: Cover, debts: Iterable[Debt], *, legal_months: int, day: date) -> list[Covered]:
    """What one guarantee pays of each debt, the oldest first, until its cover is used up.

    A debt whose period is over by `day` is named with nothing to claim, and uses up nothing.
    """
    left, lines = cover.cover_amount, []
    for debt in sorted(debts, key=lambda each: (each.due_on, each.key)):
        until = covered_until(debt.due_on, cover.period_months, legal_months)
        amount = ZERO if day > until else min(left, to_fen(debt.loss * cover.cover_share))
        left -= amount
        lines.append(
            Covered(
                key=debt.key,
                due_on=debt.due_on,
                loss=debt.loss,
                claimable_from=debt.due_on + timedelta(days=cover.waiting_days + 1),
                covered_until=until,
                amount=amount,
                is_late=day > until,
            )
        )
    return lines
