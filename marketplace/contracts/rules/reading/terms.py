"""Rules of licence terms: how each kind of term is read."""

from collections.abc import Callable, Mapping
from typing import Any

from ..sheet import (
    AnyTerm,
    Base,
    Buyout,
    Counted,
    Deduction,
    Equity,
    Fixed,
    Maintenance,
    MaintenanceEnd,
    Period,
    Royalty,
    Stacking,
    Sublicence,
    Tier,
    Tiering,
)
from .shapes import (
    Member,
    Reader,
    by_kind,
    ids_differ,
    judged,
    list_of,
    members,
    nullable,
    one_of,
    optional,
    required,
)
from .triggers import trigger
from .values import (
    amount,
    code,
    day,
    flag,
    positive_amount,
    positive_ratio,
    quantity,
    ratio,
    slug,
    text,
    unit_price,
    whole,
)

MOST_TIERS = 20
MOST_CREDITS = 100

pay_days = whole(0, 365)
LABEL = {"zh": optional(text(120)), "en": optional(text(120))}
COMMON = {"id": required(slug), "label": nullable(lambda value, pointer: members(value, pointer, LABEL))}


def _of(kind: Callable[..., AnyTerm], shape: Mapping[str, Member]) -> Reader[AnyTerm]:
    """A term without surprises: what is read are the fields of its dataclass."""

    def read(value: Any, pointer: str) -> AnyTerm:
        return kind(**_common(members(value, pointer, {**COMMON, **shape})))

    return read


def _common(given: dict[str, Any]) -> dict[str, Any]:
    label = given.pop("label", {})
    return {**given, **{f"label_{language}": name for language, name in label.items()}}


FIXED = {
    "amount": required(positive_amount),
    "trigger": nullable(trigger),
    "pay_days": optional(pay_days),
    "creditable": optional(flag),
}

MAINTENANCE = {
    "amount": required(positive_amount),
    "until": optional(code(MaintenanceEnd)),
    "pay_days": optional(pay_days),
}

EQUITY = {
    "percent": required(positive_ratio),
    "valuation": required(positive_amount),
    "trigger": nullable(trigger),
    "pay_days": optional(pay_days),
}


def _fixed(**given: Any) -> Fixed:
    return Fixed(trigger=given.pop("trigger", None), **given)


def _equity(**given: Any) -> Equity:
    return Equity(trigger=given.pop("trigger", None), **given)


EXPIRY = {"months": optional(whole(0, 600)), "day": optional(day)}


def _expiry(value: Any, pointer: str) -> dict[str, Any]:
    given = members(value, pointer, EXPIRY)
    return {f"until_{name}": found for name, found in given.items()}


BUYOUT = {
    "price": required(positive_amount),
    "until": nullable(judged(_expiry, one_of(*EXPIRY))),
    "credit_paid": optional(ratio),
    "pay_days": optional(pay_days),
}


def _buyout(**given: Any) -> Buyout:
    return Buyout(**given.pop("until", {}), **given)


SUBLICENCE = {"upfront_rate": required(ratio), "royalty_rate": required(ratio)}


def _tier(*, start: Reader[Any], rate: Reader[Any]) -> Reader[Tier]:
    def read(value: Any, pointer: str) -> Tier:
        given = members(value, pointer, {"from": required(start), "rate": required(rate)})
        return Tier(start=given["from"], rate=given["rate"])

    return read


def _stacking(*, rate: Reader[Any]) -> Reader[Stacking]:
    shape = {"share": required(ratio), "floor_rate": required(rate), "cap": nullable(ratio)}
    return lambda value, pointer: Stacking(**members(value, pointer, shape))


def _royalty_shape(*, start: Reader[Any], rate: Reader[Any]) -> dict[str, Member]:
    """A share of money has amounts as thresholds and ratios as rates; a fee per unit has units and yuan."""
    return {
        "base": required(code(Base)),
        "tiers": required(list_of(_tier(start=start, rate=rate), at_most=MOST_TIERS)),
        "period": required(code(Period)),
        "tiering": optional(code(Tiering)),
        "counted": optional(code(Counted)),
        "deductions": optional(list_of(code(Deduction), ids_differ, at_most=len(Deduction))),
        "deduction_cap": nullable(ratio),
        "combination_factor": optional(positive_ratio),
        "stacking": nullable(_stacking(rate=rate)),
        "minimum_yearly": nullable(positive_amount),
        "minimum_from_year": optional(whole(1, 50)),
        "period_cap": nullable(positive_amount),
        "lifetime_cap": nullable(positive_amount),
        "credits": optional(list_of(slug, ids_differ, at_most=MOST_CREDITS)),
        "sublicence": nullable(lambda value, pointer: Sublicence(**members(value, pointer, SUBLICENCE))),
        "report_days": optional(pay_days),
        "pay_days": optional(pay_days),
        "answer_days": optional(pay_days),
    }


_share = _of(Royalty, _royalty_shape(start=amount, rate=ratio))
_per_unit = _of(Royalty, _royalty_shape(start=quantity, rate=unit_price))


def _royalty(value: Any, pointer: str) -> AnyTerm:
    read = _per_unit if value.get("base") == Base.UNITS else _share
    return read(value, pointer)


term: Reader[AnyTerm] = by_kind(
    {
        "FIXED": _of(_fixed, FIXED),
        "ROYALTY": _royalty,
        "MAINTENANCE": _of(Maintenance, MAINTENANCE),
        "BUYOUT": _of(_buyout, BUYOUT),
        "EQUITY": _of(_equity, EQUITY),
    }
)
