"""Rules of registration: which type and sub-type a contract has, and how its price is paid, seen from its own facts.

Civil Code art. 851, 863, 876, 878, 887; code lists `contract_subtype`, `ip_type`, `payment_method`. What is proposed is
a proposal: the seller may choose another one, and the office decides.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from marketplace.contracts.rules.sheet import Equity, Mode, Royalty, Sheet

DEVELOPMENT, TRANSFER, LICENCE, CONSULTING, SERVICE = "1", "2", "3", "4", "5"
OF_RIGHTS = (TRANSFER, LICENCE)
"""The types that need an existing right (Civil Code art. 862)."""
PATENTS = ("02", "03", "04")
SECRET, APPLICATION, NO_RIGHT = "01", "05", "99"
MAIN_FIRST = ("02", "03", "04", "05", "06", "07", "08", "01", "98")
"""A contract of several rights is counted once, by its main one: what is granted before what is pending or secret."""
SUBTYPES = {
    TRANSFER: {
        **dict.fromkeys(PATENTS, "21"), APPLICATION: "22", SECRET: "23", "06": "24", "07": "25", "08": "26", "": "29",
    },
    LICENCE: {
        **dict.fromkeys(PATENTS, "31"), SECRET: "32", APPLICATION: "33", "06": "34", "07": "35", "08": "36", "": "39",
    },
    DEVELOPMENT: {"": "11"},
    CONSULTING: {"": "41"},
    SERVICE: {"": "51"},
}  # fmt: skip


class Why(StrEnum):
    """What the proposal rests on."""

    MAIN_RIGHT = "MAIN_RIGHT"
    SHARES = "SHARES"
    NO_RIGHT = "NO_RIGHT"
    KIND = "KIND"


class Proposal(NamedTuple):
    """The type and sub-type, the kind of right that is the main one (empty: none), and why."""

    type: str
    subtype: str
    ip_type: str
    why: Why


def proposal(contract_type: str, right_kinds: Collection[str], *, is_paid_in_shares: bool = False) -> Proposal:
    """What a contract is, by its own type and the kinds of its rights.

    A licence or transfer without any right is a service: technology that is in the public domain is not licensed
    (interpretation on technology contracts, art. 34). What is contributed for shares alone counts as a transfer.
    """
    if contract_type not in OF_RIGHTS:
        main = main_right(right_kinds)
        return Proposal(contract_type, SUBTYPES[contract_type][""], main or NO_RIGHT, Why.KIND)
    main = main_right(right_kinds)
    if not main:
        return Proposal(SERVICE, SUBTYPES[SERVICE][""], NO_RIGHT, Why.NO_RIGHT)
    wanted = TRANSFER if is_paid_in_shares else contract_type
    subtype = SUBTYPES[wanted].get(main, SUBTYPES[wanted][""])
    return Proposal(wanted, subtype, main, Why.SHARES if is_paid_in_shares else Why.MAIN_RIGHT)


def main_right(kinds: Collection[str]) -> str:
    """The kind that the contract is counted by; empty without any."""
    return next((kind for kind in MAIN_FIRST if kind in kinds), "")


METHODS = {
    Mode.BUYOUT: "LUMP",
    Mode.INSTALMENTS: "INSTALMENT",
    Mode.ENTRY_ROYALTY: "ENTRY_ROYALTY",
    Mode.ZERO_UPFRONT: "ROYALTY",
    Mode.DEFERRED: "DEFERRED",
    Mode.CONDITIONAL: "CONDITIONAL",
    Mode.ROYALTY: "ROYALTY",
    Mode.TRIAL_TRANSFER: "CONDITIONAL",
    Mode.EQUITY: "EQUITY",
}
BY_RESULT = ("ROYALTY", "ENTRY_ROYALTY")
"""Ways of payment of which the form asks base, rate and entry fee."""


def payment_method(sheet: Sheet) -> str:
    """The way of payment, by the mode of the terms; an open licence by what it asks for."""
    if sheet.mode in METHODS:
        return METHODS[sheet.mode]
    return "ROYALTY" if has_open_price(sheet) else "LUMP"


def has_open_price(sheet: Sheet) -> bool:
    """Whether a part of the price is only known later."""
    return any(isinstance(term, Royalty) for term in sheet.terms)


def is_paid_in_shares(sheet: Sheet) -> bool:
    """Whether shares are all that is given."""
    return bool(sheet.terms) and all(isinstance(term, Equity) for term in sheet.terms)
