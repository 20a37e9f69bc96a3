"""Rules of mandates: until when an introduction is worth a commission, and how long people have to answer."""

from datetime import date, timedelta

from marketplace.law.rules.days import add_months

CONFIRM_DAYS = 10  # the platform's own clock for saying that an introduction was none
WARNING_BEFORE = timedelta(days=30)  # when both sides of a mandate hear that it ends
MOST_TAIL_MONTHS = 36


def confirm_by(logged_on: date) -> date:
    """The last day on which an introduction can be disputed before it stands by the record."""
    return logged_on + timedelta(days=CONFIRM_DAYS)


def tail_end(ended_on: date, tail_months: int) -> date:
    """The last day on which a contract with somebody introduced earlier still earns the commission."""
    return add_months(ended_on, tail_months)


def is_earned(introduced_on: date, signed_on: date, *, starts_on: date, ended_on: date, tail_months: int) -> bool:
    """Whether a contract follows from an introduction under a mandate: made in its time, signed by its tail's end.

    Who uses the broker's chance and goes around the broker still owes the reward (Civil Code 965).
    """
    is_in_time = starts_on <= introduced_on <= ended_on
    return is_in_time and introduced_on <= signed_on <= tail_end(ended_on, tail_months)
