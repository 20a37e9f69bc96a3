"""Rules of registration: the form of a registration number. The digits are the office's own affair."""

DIGITS = frozenset("0123456789")
LENGTH = 16


def is_number(text: str) -> bool:
    """Sixteen digits, as the national system gives them."""
    return len(text) == LENGTH and set(text) <= DIGITS
