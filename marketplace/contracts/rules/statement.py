"""Rules of licence terms: what is owed, line by line, each number with the way it was reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from marketplace.core.money import ZERO

from .faults import Fault


class LineState(StrEnum):
    """Where one duty to pay stands on a day."""

    OPEN = "OPEN"
    PART_PAID = "PART_PAID"
    OVERDUE = "OVERDUE"
    PAID = "PAID"


class Phase(StrEnum):
    """Where a licence stands on a day, as its terms and events say."""

    UNSIGNED = "UNSIGNED"
    SIGNED = "SIGNED"
    TRIAL = "TRIAL"
    ELECTION_DUE = "ELECTION_DUE"
    PAYING = "PAYING"
    STOPPED = "STOPPED"
    SUSPENDED = "SUSPENDED"
    BOUGHT_OUT = "BOUGHT_OUT"
    PAID_UP = "PAID_UP"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Step:
    """One step to a number: its name (`base`, `adjusted`, `earned`, `stacked`, `credited`, …), result and inputs."""

    name: str
    value: Decimal
    inputs: Mapping[str, Decimal | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A dated duty to pay. `key` is the same whenever it is computed anew, and never given twice.

    A negative `amount` is an adjustment in the buyer's favour; it is carried forward, not refunded (DOMAIN 5.3).
    """

    key: str
    term: str
    kind: str
    cause: str
    arose_on: date
    due_on: date
    amount: Decimal
    paid: Decimal = ZERO
    interest: Decimal = ZERO
    interest_paid: Decimal = ZERO
    state: LineState = LineState.OPEN
    steps: tuple[Step, ...] = ()

    @property
    def unpaid(self) -> Decimal:
        """Principal that is still open."""
        return max(self.amount - self.paid, ZERO)


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A royalty period that has ended and must be reported, with nothing sold as well."""

    royalty: str
    first: date
    last: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is owed under a sheet on a day, and why."""

    as_of: date
    phase: Phase
    lines: tuple[Obligation, ...]
    owed: Decimal = ZERO
    paid: Decimal = ZERO
    overdue: Decimal = ZERO
    interest: Decimal = ZERO
    credit: Decimal = ZERO
    signed_on: date | None = None
    trial_ends_on: date | None = None
    ends_on: date | None = None
    sell_off_until: date | None = None
    next_day: date | None = None
    reports_due: tuple[ReportDue, ...] = ()
    faults: tuple[Fault, ...] = ()

    def line(self, key: str) -> Obligation | None:
        """The line of that key, or None."""
        return next((each for each in self.lines if each.key == key), None)
