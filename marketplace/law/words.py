"""A legal value in words: "70 %", "15 calendar days", "by 31 March", a table line by line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.showing import labelled, money, percent, plain

from . import codes
from .book import Provision

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
    "inventors": gettext_lazy("inventors"),
    "shares": gettext_lazy("shares of the reward"),
    "registration": gettext_lazy("registration of the contract"),
    "unit": gettext_lazy("in the organisation"),
    "market": gettext_lazy("on the technology market"),
    "decide": gettext_lazy("to decide an application"),
    "reply": gettext_lazy("to reply to an announced removal"),
    "renew": gettext_lazy("to apply for a renewal before the end"),
    "remind": gettext_lazy("reminder before the last day"),
}


def worded(provision: Provision) -> list[str]:
    """The value as lines of text; most values are one line. Of tables and texts the unit names the shape."""
    shape = provision.unit if provision.kind in ("table", "text") else provision.kind
    value: Any = provision.value
    if provision.key in LISTS:
        return [LISTS[provision.key](word) for word in value]
    say = SAYINGS.get(shape)
    return say(value, provision.unit) if say else [str(value)]


def ratio(value: Decimal, _unit: str) -> list[str]:
    return [percent(value)]


def amount(value: Decimal, unit: str) -> list[str]:
    each_year = unit.endswith("per_year")
    return [_("%(amount)s a year") % {"amount": money(value)} if each_year else money(value)]


def many_days(value: Sequence[int], _unit: str) -> list[str]:
    """Days before and after a day; those before are below zero."""
    groups = ([-day for day in value if day < 0], [day for day in value if day > 0])
    sayings = (_("%(days)s days before"), _("%(days)s days after"))
    return [say % {"days": _(", ").join(map(str, days))} for days, say in zip(groups, sayings, strict=True) if days]


def count(value: Any, unit: str) -> list[str]:
    number = plain(Decimal(value))
    return [str(UNITS[unit]) % {"count": number} if unit in UNITS else number]


def month_day(value: str, _unit: str) -> list[str]:
    month, day = value.split("-")
    return [_("by day %(day)s of month %(month)s") % {"month": int(month), "day": int(day)}]


def listed(value: Any, _unit: str) -> list[str]:
    return [str(WORDS.get(word, word)) for word in value]


def yes_or_no(value: bool, _unit: str) -> list[str]:
    return [_("yes") if value else _("no")]


def registration_days(value: Mapping[str, Any], _unit: str) -> list[str]:
    large = {"count": value["large"], "amount": money(value["large_from"])}
    return [
        str(UNITS["working_days"]) % {"count": value["ordinary"]},
        _("%(count)s working days from %(amount)s") % large,
    ]


def years_by_kind(value: Mapping[str, int], unit: str) -> list[str]:
    """Years of protection, a kind of right a line."""
    return [f"{codes.label('ip_type', kind)}: {UNITS[unit] % {'count': years}}" for kind, years in value.items()]


def deal_clock(value: Mapping[str, int], _unit: str) -> list[str]:
    return [
        _("to say that one wants to talk: %(count)s days") % {"count": value["join"]},
        _("to answer terms: %(count)s days") % {"count": value["answer"]},
        _("for the manager to go on: %(count)s days") % {"count": value["act"]},
        _("reminder before the last day: %(count)s days") % {"count": value["remind"]},
    ]


def digits(value: Mapping[str, Any], _unit: str) -> list[str]:
    """Of digital and of paper invoices: how many digits the number has, and the code where there is one."""
    names = {"DIGITAL": _("digital: %(digits)s"), "PAPER": _("paper: %(digits)s")}
    lines = []
    for kind, say in names.items():
        parts = [_("number of %(count)s digits") % {"count": alternatives(value[kind]["number"])}]
        if any(value[kind]["code"]):
            parts.append(_("code of %(count)s digits") % {"count": alternatives(value[kind]["code"])})
        lines.append(say % {"digits": _(", ").join(parts)})
    return lines


def alternatives(counts: Sequence[int]) -> str:
    return " / ".join(map(str, counts))


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
    return [labelled(codes.label("size_industry", industry), graded(grades)) for industry, grades in value.items()]


def graded(grades: Mapping[str, Mapping[str, int]]) -> str:
    names = {"large": _("large"), "medium": _("medium"), "small": _("small")}
    return _("; ").join(f"{name} ≥ {threshold(grades[grade])}" for grade, name in names.items() if grade in grades)


def threshold(figures: Mapping[str, int]) -> str:
    words = {"employees": _("%(count)s staff"), "revenue": _("revenue %(amount)s"), "assets": _("assets %(amount)s")}
    return _(", ").join(
        words[name] % {"count": plain(Decimal(figure)), "amount": money(figure * 10_000)}
        for name, figure in figures.items()
    )


def days_off(value: Mapping[str, Any], _unit: str) -> list[str]:
    return [
        *(_("free: %(days)s") % {"days": span} for span in spans(value["off"])),
        _("worked: %(days)s") % {"days": _(", ").join(value["worked"])},
    ]


def demanded(value: Sequence[Mapping[str, Any]], _unit: str) -> list[str]:
    """Requirements, one a line."""
    name = "en" if (get_language() or "").startswith("en") else "zh"
    return [str(row[name]) for row in value]


def demanded_by_level(value: Mapping[str, Sequence[Mapping[str, Any]]], unit: str) -> list[str]:
    """Requirements of each level of technology manager, a line a level."""
    semicolon = _("; ")
    return [
        labelled(codes.label("tech_manager_level", level), semicolon.join(demanded(rows, unit)))
        for level, rows in value.items()
    ]


def clock(value: Mapping[str, int], _unit: str) -> list[str]:
    """Days of a procedure, by what they are for."""
    return [labelled(WORDS.get(name, name), UNITS["calendar_days"] % {"count": days}) for name, days in value.items()]


def spans(days: Sequence[str]) -> list[str]:
    """Days in order, those that follow each other as first and last."""
    found: list[list[date]] = []
    for day in map(date.fromisoformat, days):
        if not found or day - found[-1][-1] != timedelta(days=1):
            found.append([])
        found[-1].append(day)
    return [" – ".join(dict.fromkeys((run[0].isoformat(), run[-1].isoformat()))) for run in found]


LISTS: dict[str, Callable[[str], str]] = {
    "eligibility.regions": lambda code: codes.label("province", code),
    "iit.reward_objects": lambda code: codes.label("ip_type", code),
    "iit.reward_contracts": lambda code: codes.label("contract_type", code),
}
"""Lists of codes and how one is called; a stage adds the lists of its own codes."""
SAYINGS: dict[str, Callable[[Any, str], list[str]]] = {
    "percent": ratio,
    "money": amount,
    "days": count,
    "number": count,
    "month_day": month_day,
    "list": listed,
    "bool": yes_or_no,
    "calendar_days": many_days,
    "digits": digits,
    "working_days": registration_days,
    "years": years_by_kind,
    "deal_clock": deal_clock,
    "rate": late_interest,
    "times_net_assets": leverage,
    "persons_and_wan": sizes,
    "days_off": days_off,
    "requirements": demanded,
    "requirements_by_level": demanded_by_level,
    "clock": clock,
}
