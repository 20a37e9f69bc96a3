"""Rules of credit notices: when a default is final (DOMAIN 3.4)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

NOT_FINAL = "E_CREDIT_PUSH_NOT_FINAL"


class Default(NamedTuple):
    """What stands of a default on a day: what is unpaid, whether the contract ended for it, was paid for, is open."""

    unpaid: Decimal
    is_terminated: bool
    is_demanded: bool
    is_compensated: bool
    is_disputed: bool
    is_claimed: bool


def is_final(default: Default) -> bool:
    """Something is unpaid, nobody disputes or reviews it, and it ended the contract or a guarantor had to pay."""
    if default.unpaid <= 0 or default.is_disputed or default.is_claimed:
        return False
    return (default.is_terminated and default.is_demanded) or default.is_compensated


def may_push(reply_until: date, day: date) -> bool:
    """Whether the days to reply are over."""
    return day > reply_until
