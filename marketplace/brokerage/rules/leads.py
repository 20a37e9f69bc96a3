"""How long an owner has to answer, and what a response rate is. Pure functions."""

from datetime import date, timedelta

ANSWER_DAYS = 14  # the platform's own clock; longer than two working weeks and interest is cold


def answer_by(opened_on: date) -> date:
    """The last day on which the owner can answer."""
    return opened_on + timedelta(days=ANSWER_DAYS)


def response_rate(*, answered: int, lapsed: int) -> float | None:
    """Answered in time ÷ all that were answered or lapsed, 0 to 1; None while there is nothing to judge by."""
    return answered / (answered + lapsed) if answered + lapsed else None
