"""How amounts are written for people: in 万元 for Chinese readers where large, with separators for all."""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

WAN = Decimal(10_000)


def money(amount: Decimal | int | float | str | None) -> str:
    """An amount of yuan: "20万元" or "8,000元" in Chinese, "CNY 200,000" in English; nothing for None."""
    if amount is None or amount == "":
        return ""
    value = Decimal(str(amount))
    if (get_language() or "").startswith("en"):
        return f"CNY {plain(value)}"
    return f"{plain(value / WAN)}万元" if abs(value) >= WAN else f"{plain(value)}元"


def band(low: Any, high: Any) -> str:
    """A span of amounts, or its one known end; nothing when neither is known."""
    if low is None and high is None:
        return ""
    if low is None:
        return _("up to %(amount)s") % {"amount": money(high)}
    if high is None:
        return _("from %(amount)s") % {"amount": money(low)}
    if Decimal(str(low)) == Decimal(str(high)):
        return money(low)
    return _("%(low)s – %(high)s") % {"low": money(low), "high": money(high)}


def plain(value: Decimal) -> str:
    """A number with thousands separators and at most two decimals, none when it is whole."""
    rounded = value.quantize(Decimal("0.01"))
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
