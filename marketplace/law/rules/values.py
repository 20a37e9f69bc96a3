"""Rules of law: what a legal value of each kind is, as Python. No float."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

Value = Decimal | int | str | bool | tuple[Any, ...] | Mapping[str, Any]


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise ValueError("Write the number as a whole number or as text, never as a float.")
    try:
        number = Decimal(raw)
    except InvalidOperation as fault:
        raise ValueError(f"{raw!r} is not a number.") from fault
    if not number.is_finite():
        raise ValueError(f"{raw!r} is not a number.")
    return number


def _percent(raw: Any) -> Decimal:
    ratio = _decimal(raw)
    if not 0 <= ratio <= 1:
        raise ValueError("A percentage is written as a ratio from 0 to 1.")
    return ratio


def _money(raw: Any) -> Decimal:
    amount = _decimal(raw)
    if amount < 0 or amount != round(amount, 2):
        raise ValueError("An amount is in yuan, not below zero, with at most two decimals.")
    return amount.quantize(Decimal("0.01"))


def _days(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise ValueError("Days are a whole number, not below zero.")
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise ValueError("A text is not empty.")
    return raw


def _table(raw: Any) -> Any:
    if not isinstance(raw, list | dict) or not raw:
        raise ValueError("A table is a list or a mapping, not empty.")
    return frozen(raw)


def _bool(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("Write true or false.")
    return raw


KINDS: dict[str, Callable[[Any], Value]] = {
    "number": _decimal,
    "percent": _percent,
    "days": _days,
    "money": _money,
    "text": _text,
    "table": _table,
    "bool": _bool,
}


def parse(kind: str, raw: Any) -> Value:
    """The value as Python: percent a ratio and money yuan as Decimal, days int, table read-only.

    Raises ValueError with the reason when `raw` is not of that kind or the kind is unknown.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of value; choose one of {', '.join(KINDS)}.")
    return KINDS[kind](raw)


def frozen(raw: Any) -> Any:
    """The same content, read-only: lists as tuples, mappings as proxies."""
    if isinstance(raw, float):
        raise ValueError("Write the number as text: a float loses fen.")
    if isinstance(raw, list):
        return tuple(frozen(item) for item in raw)
    if isinstance(raw, dict):
        return MappingProxyType({name: frozen(item) for name, item in raw.items()})
    return raw
