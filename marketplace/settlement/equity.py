"""Equity: what a stake comes to under the law of its place and day, who holds what today; nothing is written."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.contracts.models import Contract
from marketplace.contracts.readiness import is_public
from marketplace.contracts.reading import sheet_of
from marketplace.contracts.rules.sheet import Equity
from marketplace.core.errors import Conflict
from marketplace.law.book import Book, Provision
from marketplace.law.rules.days import add_months

from . import computing
from .models import Allotment, Holding, Payee, PlanLine, RewardRule, Stake
from .rules import holding, sharing
from .rules.holding import Fault

FLOOR, HEADS, DEFERRAL = "reward.floor.equity", "reward.equity.heads", "iit.equity_deferral"
PART, FREEZE = "reward.equity.head_part_by", "reward.equity.head_freeze"
SENTENCES = {
    Fault.HEAD_EQUITY: _(
        "The head of a public unit gets no shares: take the line out of the plan. Cash may be given by the plan of "
        "what is received."
    ),
    Fault.LEADER_NOT_NOTICED: _("What leaders get must be shown in a notice of its own."),
}


class Rate(NamedTuple):
    """The people's part of a stake, the owner's rule that says so, and the legal minimum it was held against."""

    value: Decimal
    rule: RewardRule | None
    floor: str


def terms_of(contract: Contract) -> list[Equity]:
    """The equity terms among the terms in force; none while nothing is agreed."""
    if contract.sheet is None:
        return []
    return [term for term in sheet_of(contract).terms if isinstance(term, Equity)]


def free_terms(contract: Contract) -> list[Equity]:
    """Those of which no stake is recorded yet."""
    taken = set(Stake.objects.filter(contract=contract).values_list("term", flat=True))
    return [term for term in terms_of(contract) if term.id not in taken]


def book_of(stake: Stake) -> Book:
    return law.on(stake.agreed_on, stake.law_place)


def rate_of(stake: Stake) -> Rate:
    """The owner's own rule of that day, else the law's. Raises Conflict: E_REWARD_BELOW_FLOOR, E_NO_REWARD_RATE."""
    book = book_of(stake)
    rule = computing.rule_on(stake.book_id, RewardRule.Method.EQUITY, stake.agreed_on)
    floor = computing.percent(book, FLOOR)
    found = sharing.reward_rate(floor, rule.rate if rule else None, is_bound=is_public(stake.book))
    if isinstance(found, sharing.Fault):
        raise computing.refuse(found)
    if found is None:
        sentence = _("Neither the law nor a rule of yours sets a rate for this kind of contract. Record a rule first.")
        raise Conflict(sentence, code="E_NO_REWARD_RATE")
    return Rate(found, rule, book.entry(FLOOR).reference if FLOOR in book else "")


def references(stake: Stake) -> list[str]:
    """The rules of the law that an allotment is decided under."""
    book = book_of(stake)
    return [book.entry(key).reference for key in (FLOOR, HEADS, computing.MAIN, computing.STAFF) if key in book]


def deferral_of(stake: Stake) -> Provision | None:
    """The text by which tax on the contribution may be put off, where there is one today: a hint and no advice."""
    book = law.on(timezone.localdate(), stake.law_place)
    return book.entry(DEFERRAL) if DEFERRAL in book and book.is_true(DEFERRAL) else None


# Heads and leaders


def check_heads(stake: Stake, lines: Iterable[PlanLine], day: date) -> None:
    """Raise Conflict (E_HEAD_EQUITY) where the head of a public unit would get shares."""
    if has_head(stake, (line.payee for line in lines), day):
        raise Conflict(SENTENCES[Fault.HEAD_EQUITY], code=Fault.HEAD_EQUITY.value)


def has_head(stake: Stake, people: Iterable[Payee | None], day: date) -> bool:
    """Whether one of them is a head on the day of the stake or on another one, and the law gives heads no shares."""
    book = book_of(stake)
    if not is_public(stake.book) or HEADS not in book or book.is_true(HEADS):
        return False
    days = (stake.agreed_on, day)
    return any(each.office_on(on) == Payee.Office.HEAD for each in people if each is not None for on in days)


def became_head(row: Holding) -> bool:
    """Whether the holder took office as the head of a unit after the part was agreed. DOMAIN 1.4."""
    payee = row.payee
    if payee is None or payee.office != Payee.Office.HEAD or payee.office_from is None:
        return False
    return payee.office_from > row.stake.agreed_on


class HeadDays(NamedTuple):
    """What is asked of who became head: to part with it by a day, or it is not traded until another one."""

    part_by: date
    frozen_until: date | None
    citation: str


def head_days(row: Holding) -> HeadDays | None:
    """Nothing for others. The freeze ends some months after the office did; None while it lasts."""
    book = book_of(row.stake)
    if not became_head(row) or PART not in book:
        return None
    assert row.payee is not None
    assert row.payee.office_from is not None  # became_head says so
    begun, over = row.payee.office_from, row.payee.office_to
    frozen = add_months(over, int(book.number(FREEZE))) if over is not None else None
    return HeadDays(add_months(begun, int(book.number(PART))), frozen, book.citation(PART))


# Who holds what


def is_held(row: Holding) -> bool:
    """A person holds it now: approved, of a stake that has not ended, and not left."""
    is_there = row.allotment.state == Allotment.State.APPROVED and row.stake.state in Stake.LIVE
    return row.payee_id is not None and is_there and getattr(row, "departure", None) is None


class Held(NamedTuple):
    """One holder on a day: units that are theirs, how many of them are earned, and whether they have left."""

    holding: Holding
    units: int
    vested: int

    @property
    def part(self) -> Decimal:
        return self.holding.part(self.units)

    @property
    def waiting(self) -> int:
        return self.units - self.vested


def held(allotment: Allotment, day: date) -> list[Held]:
    """Every holder of an allotment on a day; what came back from who left is the owner's again."""
    rows = list(allotment.holdings.select_related("payee", "departure").order_by("id"))
    for row in rows:
        row.allotment = allotment
    back = sum(returned_by(row, day) for row in rows)
    return [held_by(row, day, back if row.line_id is None else 0) for row in rows]


def held_on(row: Holding, day: date) -> Held:
    """One holder by itself; the owner with what came back from others."""
    back = sum(returned_by(each, day) for each in row.allotment.holdings.all()) if row.line_id is None else 0
    return held_by(row, day, back)


def held_by(row: Holding, day: date, back: int = 0) -> Held:
    units = row.units - returned_by(row, day) + back
    gone = getattr(row, "departure", None)
    if row.schedule is None or (gone is not None and gone.on <= day):
        return Held(row, units, units)
    return Held(row, units, holding.vested(units, row.schedule, day))


def returned_by(row: Holding, day: date) -> int:
    gone = getattr(row, "departure", None)
    return gone.returned if gone is not None and gone.on <= day else 0
