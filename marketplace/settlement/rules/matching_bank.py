"""Rules of bank statements: which contract a credit pays. One sure answer, or the reason why a person must look."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

NO_NAME = re.compile(r"[\W_]+")


class Doubt(StrEnum):
    """Why a line waits for a person."""

    NO_PAYER = "NO_PAYER"
    SEVERAL = "SEVERAL"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    NOTHING_OPEN = "NOTHING_OPEN"
    REFERENCE_USED = "REFERENCE_USED"
    NOT_RUNNING = "NOT_RUNNING"


class Candidate(NamedTuple):
    """A contract that may be paid: its public id, what its buyer is called, and what is open of each line."""

    id: str
    names: tuple[str, ...]
    open: tuple[Decimal, ...]

    @property
    def amounts(self) -> set[Decimal]:
        """What a payer would send: one line, the oldest ones together, or everything."""
        sums, total = set(self.open), Decimal(0)
        for amount in self.open:
            total += amount
            sums.add(total)
        return {each for each in sums if each > 0}


class Found(NamedTuple):
    """The contract by its public id, or the doubt; `likely` are those a person looks at first."""

    contract: str = ""
    doubt: Doubt | None = None
    likely: tuple[str, ...] = ()


def match(amount: Decimal, payer: str, purpose: str, candidates: Sequence[Candidate]) -> Found:
    """A contract named in the purpose is sure, whatever the amount; else the payer's one contract of that amount."""
    named = tuple(each.id for each in candidates if is_named(each.id, purpose))
    if named:
        return Found(named[0]) if len(named) == 1 else Found(doubt=Doubt.SEVERAL, likely=named)
    theirs = [each for each in candidates if is_payer(payer, each.names)]
    if not theirs:
        return Found(doubt=Doubt.NO_PAYER, likely=_of_amount(amount, candidates))
    likely = tuple(each.id for each in theirs)
    if not any(each.amounts for each in theirs):
        return Found(doubt=Doubt.NOTHING_OPEN, likely=likely)
    exact = _of_amount(amount, theirs)
    if len(exact) == 1:
        return Found(exact[0])
    return Found(doubt=Doubt.SEVERAL if exact else Doubt.AMOUNT_DIFFERS, likely=exact or likely)


def is_named(contract: str, purpose: str) -> bool:
    """Whether the purpose names the contract by its public id, in whatever width or case."""
    words = re.split(r"[^0-9a-z]+", unicodedata.normalize("NFKC", purpose).casefold())
    return contract in words


def is_payer(payer: str, names: Iterable[str]) -> bool:
    """Whether the bank's name of the payer is one of these; width, blanks and brackets do not count."""
    wanted = folded(payer)
    return bool(wanted) and any(wanted == folded(name) for name in names)


def folded(name: str) -> str:
    """A name for comparing. Nothing of it is left out: 有限公司 and 有限责任公司 are two firms."""
    return NO_NAME.sub("", unicodedata.normalize("NFKC", name).casefold())


def _of_amount(amount: Decimal, candidates: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(each.id for each in candidates if amount in each.amounts)
