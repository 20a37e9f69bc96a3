"""A legal value in words: "70 %", "15 calendar days", "by 31 March", a table line by line."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.showing import money, plain
from marketplace.law import Provision, codes

UNITS = {
    "calendar_days": gettext_lazy("%(count)s calendar days"),
    "working_days": gettext_lazy("%(count)s working days"),
    "months": gettext_lazy("%(count)s months"),
    "years": gettext_lazy("%(count)s years"),
}
WORDS = {
    "name": gettext_lazy("name of the achievement"),
    "price": gettext_lazy("intended price"),
    "abstract": gettext_lazy("abstract"),
    "method": gettext_lazy("way of transfer"),
    "related_party": gettext_lazy("relation to the recipient"),
    "unit": gettext_lazy("in the organisation"),
    "market": gettext_lazy("on the technology market"),
}


def worded(provision: Provision) -> list[str]:
    """The value as lines of text; most values are one line."""
    say = SAYINGS.get(provision.unit) or SAYINGS.get(provision.kind)
    return say(provision.value, provision.unit) if say else [str(provision.value)]


def ratio(value: Decimal, _unit: str) -> list[str]:
    return [f"{plain(value * 100)} %"]


def amount(value: Decimal, unit: str) -> list[str]:
    each_year = unit.endswith("per_year")
    return [_("%(amount)s a year") % {"amount": money(value)} if each_year else money(value)]


def count(value: Any, unit: str) -> list[str]:
    number = plain(Decimal(value))
    return [str(UNITS[unit]) % {"count": number} if unit in UNITS else number]


def month_day(value: str, _unit: str) -> list[str]:
    month, day = value.split("-")
    return [_("by day %(day)s of month %(month)s") % {"month": int(month), "day": int(day)}]


def listed(value: Any, _unit: str) -> list[str]:
    return [str(WORDS.get(word, word)) for word in value]


def registration_days(value: Mapping[str, Any], _unit: str) -> list[str]:
    large = {"count": value["large"], "amount": money(value["large_from"])}
    return [
        str(UNITS["working_days"]) % {"count": value["ordinary"]},
        _("%(count)s working days from %(amount)s") % large,
    ]


def late_interest(value: Mapping[str, Any], _unit: str) -> list[str]:
    extra = [plain((Decimal(value[f"multiplier_{end}"]) - 1) * 100) for end in ("from", "to")]
    return [_("one-year loan prime rate plus %(low)s %% to %(high)s %%") % {"low": extra[0], "high": extra[1]}]


def leverage(value: Mapping[str, Any], _unit: str) -> list[str]:
    return [
        _("%(times)s times net assets") % {"times": value["ordinary"]},
        _("%(times)s times for small firms and farming") % {"times": value["small_firms_and_farming"]},
    ]


def sizes(value: Mapping[str, Any], _unit: str) -> list[str]:
    """One line an industry: the least figures of a large, a medium and a small firm."""
    return [f"{codes.label('size_industry', industry)}: {graded(grades)}" for industry, grades in value.items()]


def graded(grades: Mapping[str, Mapping[str, int]]) -> str:
    names = {"large": _("large"), "medium": _("medium"), "small": _("small")}
    return "; ".join(f"{name} ≥ {threshold(grades[grade])}" for grade, name in names.items() if grade in grades)


def threshold(figures: Mapping[str, int]) -> str:
    words = {"employees": _("%(count)s staff"), "revenue": _("revenue %(amount)s"), "assets": _("assets %(amount)s")}
    return ", ".join(
        words[name] % {"count": plain(Decimal(figure)), "amount": money(figure * 10_000)}
        for name, figure in figures.items()
    )


SAYINGS: dict[str, Callable[[Any, str], list[str]]] = {
    "percent": ratio,
    "money": amount,
    "days": count,
    "number": count,
    "month_day": month_day,
    "list": listed,
    "working_days": registration_days,
    "rate": late_interest,
    "times_net_assets": leverage,
    "persons_and_wan": sizes,
}
