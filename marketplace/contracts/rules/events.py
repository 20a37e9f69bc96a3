"""Rules of licence terms: what happened under a sheet, as data. The order of arrival never matters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .sheet import Deduction


class Kind(StrEnum):
    """What can happen. On one day the order of this list holds."""

    SIGNED = "SIGNED"
    DELIVERED = "DELIVERED"
    EXTENDED = "EXTENDED"
    KEPT = "KEPT"
    STOPPED = "STOPPED"
    GRANTED = "GRANTED"
    FINANCING = "FINANCING"
    CHANGE_OF_CONTROL = "CHANGE_OF_CONTROL"
    FIRST_SALE = "FIRST_SALE"
    MILESTONE = "MILESTONE"
    SALES = "SALES"
    BUYOUT_EXERCISED = "BUYOUT_EXERCISED"
    PAID = "PAID"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    INVALIDATED = "INVALIDATED"
    EXPIRED = "EXPIRED"
    TERMINATED = "TERMINATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact with the day on which it counts; `id` is unique in a history."""

    id: str
    kind: Kind
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Event):
    """The trial runs longer."""

    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReached(Event):
    """A milestone was accepted."""

    milestone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales(Event):
    """An accepted sales report of one royalty and period; a nil report has no figures. `corrects` names an earlier one.

    A correction states the whole period anew; the difference becomes an adjustment line, the old line stays.
    """

    royalty: str
    first: date
    last: date
    gross: Decimal = Decimal(0)
    deductions: Mapping[Deduction, Decimal] = field(default_factory=dict)
    units: Decimal = Decimal(0)
    gross_margin: Decimal = Decimal(0)
    third_party_royalties: Decimal = Decimal(0)
    sublicence_upfront: Decimal = Decimal(0)
    sublicence_royalty: Decimal = Decimal(0)
    corrects: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid(Event):
    """Money that really arrived; for the obligation of that key, or for the oldest."""

    amount: Decimal
    obligation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated(Event):
    """The contract ended early."""

    cause: str = ""
