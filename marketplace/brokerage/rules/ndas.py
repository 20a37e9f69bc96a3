"""How long a non-disclosure agreement may run, and whether it is open on a day. Pure functions."""

from datetime import date

LONGEST_YEARS = 10  # the platform's own limit: an agreement of a deal is no contract for life
SECRECY_YEARS = 3  # what is proposed; the sides agree on another number
MOST_SECRECY_YEARS = 50
TOLD_BEFORE_DAYS = 14


def latest_end(today: date) -> date:
    """The latest last day that may be agreed; from a 29 February it is the 28th."""
    year = today.year + LONGEST_YEARS
    return date(year, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def may_end_on(ends_on: date, today: date) -> bool:
    return today <= ends_on <= latest_end(today)


def is_ending(ends_on: date, today: date) -> bool:
    """Whether the sides are told that its last day is near."""
    return 0 <= (ends_on - today).days <= TOLD_BEFORE_DAYS
