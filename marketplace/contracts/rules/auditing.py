"""Rules of an audit of the books: when it may begin, how often, what was found, and who pays for it.

The law leaves inspection to the contract (Civil Code §846); the once a year and the 5 % are custom (DOMAIN 5.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from marketplace.core.money import ZERO
from marketplace.law.rules.days import add_months

REST_MONTHS = 12
COST_SHARE = Decimal("0.05")
TOO_SOON = "E_AUDIT_TOO_SOON"


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier audit: the day on which it began, and what was reported and found, if it came to that."""

    starts_on: date
    reported: Decimal | None = None
    found: Decimal | None = None

    @property
    def found_a_shortfall(self) -> bool:
        return shortfall(self.reported, self.found) > 0


def earliest_start(noticed_on: date, notice_days: int, earlier: Iterable[Past]) -> date:
    """The first day on which an audit announced on a day may begin: after the notice, and a year after the last one.

    The year does not hold after an audit that found too little paid.
    """
    after_notice = noticed_on + timedelta(days=notice_days)
    last = max(earlier, key=lambda audit: audit.starts_on, default=None)
    if last is None or last.found_a_shortfall:
        return after_notice
    return max(after_notice, add_months(last.starts_on, REST_MONTHS) + timedelta(days=1))


def shortfall(reported: Decimal | None, found: Decimal | None) -> Decimal:
    """What was paid too little, never below zero; nothing while it is not known."""
    if reported is None or found is None:
        return ZERO
    return max(found - reported, ZERO)


def is_at_licensees_cost(reported: Decimal | None, found: Decimal | None) -> bool:
    """Whether so much was missing that the licensee pays for the audit."""
    missing = shortfall(reported, found)
    return missing > 0 and missing > (reported or ZERO) * COST_SHARE
