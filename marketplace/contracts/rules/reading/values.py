"""Rules of licence terms: what an amount, a rate, a number, a day, an id and a text are in the form.

Amounts and rates are texts: a number in JSON may already have lost its fen on the way. Whole numbers are numbers.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from .shapes import Reader, broken, shown

Code = TypeVar("Code", bound=StrEnum)

DECIMAL = re.compile(r"(-?)([0-9]{1,40})(?:\.([0-9]{1,40}))?", re.ASCII)
SLUG = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

AMOUNT_DIGITS = 12  # before the point, with two behind it: 14 in all
AMOUNT_PLACES = 2
QUANTITY_PLACES = 3
RATE_PLACES = 6
FIRST_YEAR, LAST_YEAR = 1980, 2199  # of any day in a licence; sums of days stay far from the calendar's end


def number(*, code: str, places: int, least: Decimal | None, more_than_least: bool = False) -> Reader[Decimal]:
    """A decimal written as text; `code` is the fault, whose `reason` says what is wrong with it."""

    def read(value: Any, pointer: str) -> Decimal:
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise broken(code, pointer, reason="number", found="number")
        match = DECIMAL.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise broken(code, pointer, reason="text", found=shown(value))
        _, whole, fraction = match.groups()
        if len(whole.lstrip("0")) > AMOUNT_DIGITS:
            raise broken(code, pointer, reason="digits", at_most=AMOUNT_DIGITS, found=shown(value))
        if len((fraction or "").rstrip("0")) > places:
            raise broken(code, pointer, reason="places", at_most=places, found=shown(value))
        found = Decimal(value) + 0  # a negative zero is zero
        if least is not None and (found < least or (more_than_least and found == least)):
            raise broken(code, pointer, reason="least", least=str(least), found=shown(value))
        return found

    return read


amount = number(code="E_AMOUNT", places=AMOUNT_PLACES, least=Decimal(0))
positive_amount = number(code="E_AMOUNT", places=AMOUNT_PLACES, least=Decimal(0), more_than_least=True)
signed_amount = number(code="E_AMOUNT", places=AMOUNT_PLACES, least=None)
quantity = number(code="E_AMOUNT", places=QUANTITY_PLACES, least=Decimal(0))
positive_quantity = number(code="E_AMOUNT", places=QUANTITY_PLACES, least=Decimal(0), more_than_least=True)
unit_price = number(code="E_AMOUNT", places=RATE_PLACES, least=Decimal(0))

factor = number(code="E_RATE_RANGE", places=RATE_PLACES, least=Decimal(0))


def ratio(value: Any, pointer: str) -> Decimal:
    """A share from 0 to 1 as text: "0.05" is 5 %, so that "5" is a slip and refused."""
    share = factor(value, pointer)
    if share > 1:
        raise broken("E_RATE_RANGE", pointer, reason="most", most="1", found=shown(value))
    return share


def positive_ratio(value: Any, pointer: str) -> Decimal:
    share = ratio(value, pointer)
    if not share:
        raise broken("E_RATE_RANGE", pointer, reason="least", least="0", found=shown(value))
    return share


def whole(least: int, most: int) -> Reader[int]:
    """A whole number within bounds."""

    def read(value: Any, pointer: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise broken("E_FORM", pointer, expected="whole number", found=shown(value))
        if not least <= value <= most:
            raise broken("E_FORM", pointer, expected="whole number", least=least, at_most=most, found="number")
        return value

    return read


def flag(value: Any, pointer: str) -> bool:
    if not isinstance(value, bool):
        raise broken("E_FORM", pointer, expected="true or false", found=shown(value))
    return value


def text(at_most: int) -> Callable[[Any, str], str]:
    """One line of printable characters."""

    def read(value: Any, pointer: str) -> str:
        if not isinstance(value, str):
            raise broken("E_FORM", pointer, expected="text", found=shown(value))
        if len(value) > at_most:
            raise broken("E_FORM", pointer, expected="text", at_most=at_most, found=len(value))
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
            raise broken("E_FORM", pointer, expected="text on one line", found=shown(value))
        return value

    return read


def id_of(at_most: int) -> Reader[str]:
    """An id: small letters, digits, `_` and `-`, a letter first."""

    def read(value: Any, pointer: str) -> str:
        if not isinstance(value, str) or len(value) > at_most or not SLUG.fullmatch(value):
            raise broken("E_FORM", pointer, expected="id", at_most=at_most, found=shown(value))
        return value

    return read


slug = id_of(32)
event_id = id_of(64)


def day(value: Any, pointer: str) -> date:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise broken("E_FORM", pointer, expected="day", found=shown(value))
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise broken("E_FORM", pointer, expected="day", found=value) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise broken("E_FORM", pointer, expected="day", least=FIRST_YEAR, at_most=LAST_YEAR, found=value)
    return found


def code(codes: type[Code]) -> Reader[Code]:
    """One code of a closed list."""

    def read(value: Any, pointer: str) -> Code:
        if not isinstance(value, str):
            raise broken("E_FORM", pointer, expected="text", found=shown(value))
        if value not in codes.__members__:
            raise broken("E_CODE_UNKNOWN", pointer, found=shown(value), known=tuple(codes.__members__))
        return codes(value)

    return read
