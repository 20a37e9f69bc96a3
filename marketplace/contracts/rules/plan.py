"""Rules of licence terms: what a buyer expects of a licence, as data: sales by licence year and when things happen.

Months count from the signature; None means that it is not expected. Without `first_sale_month` sales begin with the
first licence year that has any. `forecast` turns a plan into what it will cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedYear:
    """What is sold in one licence year; year 1 begins with the signature."""

    year: int
    net_sales: Decimal = Decimal(0)
    units: Decimal = Decimal(0)
    gross_margin: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How a case differs from the expected one. `keep` None leaves the election as expected.

    `late_months` puts the first sale and every milestone off; with None no milestone is ever reached.
    """

    sales_factor: Decimal = Decimal(1)
    keep: bool | None = None
    late_months: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is expected, and how much worse and better it may turn out."""

    signed_on: date
    years: tuple[PlannedYear, ...] = ()
    first_sale_month: int | None = None
    milestones: Mapping[str, int] = field(default_factory=dict)
    keep: bool = True
    financing_month: int | None = None
    grant_month: int | None = None
    change_of_control_month: int | None = None
    buyout_month: int | None = None
    bad: Swing = field(default_factory=lambda: Swing(sales_factor=Decimal("0.3"), late_months=12))
    good: Swing = field(default_factory=lambda: Swing(sales_factor=Decimal("1.5")))
