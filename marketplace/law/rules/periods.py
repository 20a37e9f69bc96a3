"""Rules of law: from which day to which day something holds. Both days belong to the period."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """First and last day; no first day is "since always", no last day is "until further notice"."""

    first: date | None
    last: date | None

    def holds_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def closed(periods: Sequence[Period]) -> list[Period]:
    """Periods in order of their first days, an open one ended on the day before its successor begins.

    Raises ValueError when one with a stated last day reaches into its successor, or two begin together.
    """
    result: list[Period] = []
    for this, following in zip(periods, [*periods[1:], None], strict=True):
        if following is None or following.first is None:
            result.append(this)
            continue
        if this.first is None or this.first >= following.first:
            raise ValueError("Two periods begin on the same day.")
        if this.last is not None and this.last >= following.first:
            raise ValueError("Two periods overlap.")
        result.append(Period(this.first, this.last or following.first - timedelta(days=1)))
    return result
