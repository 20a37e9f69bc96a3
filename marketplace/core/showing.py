"""How amounts and days are written for people: in 万元 for Chinese readers where large, and how far a day is away."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

WAN = Decimal(10_000)
YEAR = 365


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


def fen(amount: Decimal) -> str:
    """Yuan to the fen, as a column of figures needs it."""
    return f"{amount:,.2f}"


def exact(amount: Decimal) -> str:
    """A booked amount with its unit, to the fen: "10,200.00元", "CNY 10,200.00"; less than nothing with its sign."""
    size = f"CNY {fen(abs(amount))}" if (get_language() or "").startswith("en") else f"{fen(abs(amount))}元"
    return f"−{size}" if amount < 0 else size


def in_full(amount: Decimal | str) -> str:
    """An amount inside a calculation: in yuan and with every place it has, so that its reader can follow it.

    "41,325.89元", "2,066.2945元", "30,000元"; "CNY 41,325.89".
    """
    value = Decimal(amount)
    whole, point, places = trimmed(f"{abs(value):,f}").partition(".")
    number = f"{whole}.{places:0<2}" if point else whole
    size = f"CNY {number}" if (get_language() or "").startswith("en") else f"{number}元"
    return f"−{size}" if value < 0 else size


def percent(ratio: Decimal) -> str:
    """A ratio exactly, as its reader writes it: 0.025 is "2.5%" in Chinese, "2.5 %" in English."""
    number = trimmed(f"{ratio * 100:,f}")
    return f"{number} %" if (get_language() or "").startswith("en") else f"{number}%"


def plain(value: Decimal) -> str:
    """A number with thousands separators and at most two decimals, none when it is whole."""
    rounded = value.quantize(Decimal("0.01"))
    return trimmed(f"{rounded:,f}")


def trimmed(number: str) -> str:
    """Without the zeros after the point that say nothing."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def by_when(day: date, today: date) -> str:
    """A day and how far it is away: "2027-03-01, in 12 days"."""
    return _("%(day)s, %(when)s") % {"day": day.isoformat(), "when": countdown(day, today)}


def labelled(label: Any, said: Any) -> str:
    """What is said, under its name, with the colon of the reader's language."""
    return _("%(label)s: %(said)s") % {"label": label, "said": said}


def countdown(day: date, today: date) -> str:
    """ "today", "tomorrow", "in 12 days", "3 days ago"."""
    left = (day - today).days
    if left == 0:
        return _("today")
    if left == 1:
        return _("tomorrow")
    if left > 2 * YEAR:
        return _("in %(years)d years") % {"years": left // YEAR}
    if left > 0:
        return ngettext("in %(days)d day", "in %(days)d days", left) % {"days": left}
    return ngettext("%(days)d day ago", "%(days)d days ago", -left) % {"days": -left}
