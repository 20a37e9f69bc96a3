"""Rules of receivables: how old is what is still to be paid."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from marketplace.core.money import ZERO


class Age(StrEnum):
    """Days since the due day."""

    NOT_DUE = "not_due"
    DAYS_30 = "days_1_30"
    DAYS_60 = "days_31_60"
    DAYS_90 = "days_61_90"
    OLDER = "over_90"


LAST_DAYS = {0: Age.NOT_DUE, 30: Age.DAYS_30, 60: Age.DAYS_60, 90: Age.DAYS_90}


def age_of(due_on: date, today: date) -> Age:
    """The due day itself is not late."""
    late = (today - due_on).days
    return next((age for last, age in LAST_DAYS.items() if late <= last), Age.OLDER)


def by_age(open_amounts: Iterable[tuple[date, Decimal]], today: date) -> dict[Age, Decimal]:
    """What is open of each age; an adjustment in the licensee's favour lessens its own age."""
    sums = dict.fromkeys(Age, ZERO)
    for due_on, amount in open_amounts:
        sums[age_of(due_on, today)] += amount
    return sums
