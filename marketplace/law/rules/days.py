"""Rules of law: which days are worked, and how periods of days and months run (Civil Code art. 201 to 203)."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

CALENDAR_DAYS, WORKING_DAYS = "calendar_days", "working_days"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year's working days: weekends are free, and so is each day `off`; each day `worked` makes up for one.

    `years` are those whose holidays are known. In any other year only weekends are free.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year are known."""
        return day.year in self.years


def last_day(opened: date, count: int, unit: str, calendar: Calendar, stopped: Collection[date] = ()) -> date:
    """The last day of a period of `count` days, which ends at 24:00.

    The day it opens is not counted (art. 201). Nor are days on which the clock stood still, nor in working days
    those that nobody works. A last day that is no working day moves to the next one (art. 203).
    Raises ValueError for an unknown unit or a period of no day.
    """
    if unit not in (CALENDAR_DAYS, WORKING_DAYS):
        raise ValueError(f"{unit!r} counts no days.")
    if count < 1:
        raise ValueError("A period has at least one day.")
    left = count
    for day in days_after(opened):
        left -= day not in stopped and (unit == CALENDAR_DAYS or calendar.is_working(day))
        if left <= 0 and day not in stopped and calendar.is_working(day):
            return day
    raise AssertionError("Days do not end.")


def days_after(day: date) -> Iterator[date]:
    while True:
        day += DAY
        yield day


def add_months(day: date, months: int) -> date:
    """The same day number `months` later or earlier, or the last day of that month (Civil Code §202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
