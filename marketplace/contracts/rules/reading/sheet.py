"""Rules of licence terms: how a whole term sheet of the form `term-sheet/1` is read."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from ..faults import Fault
from ..sheet import AtEnd, Cover, LateInterest, Mode, Sheet, Trial
from .shapes import broken, ids_differ, judged, list_of, members, nullable, one_of, optional, required, shown
from .terms import term
from .values import amount, code, day, positive_amount, positive_ratio, ratio, whole

FORM = "term-sheet/1"
MOST_TERMS = 100
MOST_GUARANTEES = 20


class Currency(StrEnum):
    CNY = "CNY"


class CoverKind(StrEnum):
    """Who stands in: the kinds of a guarantee (DOMAIN 3.3)."""

    COMPANY = "COMPANY"
    BOND_INSURANCE = "BOND_INSURANCE"
    FAILURE_INSURANCE = "FAILURE_INSURANCE"
    DEPOSIT = "DEPOSIT"
    RISK_POOL = "RISK_POOL"
    AGENCY = "AGENCY"


class Liability(StrEnum):
    """Joint may be claimed at once; general after the debtor was pursued in vain (Civil Code 686-688)."""

    JOINT = "JOINT"
    GENERAL = "GENERAL"


def _form(value: Any, pointer: str) -> str:
    if value != FORM:
        raise broken("E_FORM", pointer, expected=FORM, found=shown(value))
    return FORM


TERM = {"months": optional(whole(1, 600)), "ends_on": optional(day), "sell_off_months": optional(whole(0, 60))}


def _licence_term(value: Any, pointer: str) -> dict[str, Any]:
    given = members(value, pointer, TERM)
    return {{"months": "term_months"}.get(name, name): found for name, found in given.items()}


TRIAL = {
    "months": required(whole(1, 60)),
    "at_end": nullable(code(AtEnd)),
    "extensions": optional(whole(0, 10)),
    "extension_months": optional(whole(0, 24)),
}


def _trial(value: Any, pointer: str) -> Trial:
    given = members(value, pointer, TRIAL)
    return Trial(at_end=given.pop("at_end", None), **given)


LATE_INTEREST = {"yearly_rate": required(ratio), "grace_days": optional(whole(0, 365))}


def _late_interest(value: Any, pointer: str) -> LateInterest:
    return LateInterest(**members(value, pointer, LATE_INTEREST))


COVER = {
    "kind": required(code(CoverKind)),
    "cover_amount": required(positive_amount),
    "cover_share": required(positive_ratio),
    "liability": optional(code(Liability)),
    "period_months": nullable(whole(-600, 600)),
    "waiting_days": optional(whole(0, 365)),
    "fee": optional(amount),
}


def _cover(value: Any, pointer: str) -> Cover:
    return Cover(**members(value, pointer, COVER))


def _one_option(items: list[Any], pointer: str) -> Iterator[Fault]:
    """The event of a buy-out names no term, so there can be one option only."""
    places = [place for place, each in enumerate(items) if isinstance(each, dict) and each.get("kind") == "BUYOUT"]
    for place in places[1:]:
        yield Fault("E_FORM", f"{pointer}/{place}", {"expected": "one BUYOUT", "found": len(places)})


SHEET = {
    "form": required(_form),
    "mode": required(code(Mode)),
    "currency": optional(code(Currency)),
    "term": nullable(judged(_licence_term, one_of("months", "ends_on"))),
    "trial": nullable(_trial),
    "late_interest": nullable(_late_interest),
    "total_cap": nullable(positive_amount),
    "guarantees": optional(list_of(_cover, at_most=MOST_GUARANTEES)),
    "terms": required(list_of(term, ids_differ, _one_option, at_most=MOST_TERMS)),
}


def read_sheet(document: Any, pointer: str = "") -> Sheet:
    """The sheet that a document of the form says.

    Raises `Broken` with every fault of shape at once: E_FORM (`expected` and `found`, `unknown`, or `missing`),
    E_AMOUNT and E_RATE_RANGE (with their `reason`), E_CODE_UNKNOWN (`found`, `known`), E_DUPLICATE_ID. Whether
    the terms make sense together is for `checking`.
    """
    given = members(document, pointer, SHEET)
    del given["form"]
    return Sheet(**given.pop("term", {}), **given)
