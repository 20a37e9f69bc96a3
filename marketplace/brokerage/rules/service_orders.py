"""How long an agency has to answer a service order. Pure functions."""

from datetime import date, timedelta

ANSWER_DAYS = 7  # the platform's own clock


def answer_by(ordered_on: date, due_on: date) -> date:
    """The last day to answer: a week, and never later than the service itself is due."""
    return min(ordered_on + timedelta(days=ANSWER_DAYS), due_on)
