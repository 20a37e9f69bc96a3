"""Rules of licence terms: what a licence will cost, year by year, if things go as expected, worse or better.

A plan becomes a history (signature, trial, sales reports on the days they are due, everything paid when due) and
`obligations` says what that costs, so that a forecast and a statement can never disagree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from marketplace.core.money import ZERO

from .days import later
from .events import Event, Kind, Paid
from .expecting import Course, expect
from .faults import Fault
from .obligations import obligations
from .payments import EQUITY, RateOf, free
from .plan import Plan, Swing
from .sheet import Sheet
from .statement import Obligation, Phase, Statement

CASES = ("expected", "bad", "good")
MONTHS_AFTER_END = 48  # by then the last report is due, answered and paid: each takes a year at most
KINDS = {
    "FIXED": "fixed",
    "ROYALTY": "royalty",
    "MINIMUM": "minimum",
    "MAINTENANCE": "maintenance",
    "BUYOUT": "buyout",
    EQUITY: "equity",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What the buyer pays, by kind. The value of shares stands beside the cash and is in no total."""

    fixed: Decimal = ZERO
    royalty: Decimal = ZERO
    minimum: Decimal = ZERO
    maintenance: Decimal = ZERO
    buyout: Decimal = ZERO
    equity: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The cash."""
        return self.fixed + self.royalty + self.minimum + self.maintenance + self.buyout


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Amounts):
    """One calendar year, by the days on which money is due, and all the cash up to its end."""

    year: int
    cumulative: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way that things may go. `faults` names what of the plan the terms do not allow."""

    name: str
    rows: tuple[Row, ...]
    totals: Amounts
    phase: Phase
    statement: Statement
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The three cases of one sheet."""

    cases: tuple[Case, ...]

    def case(self, name: str) -> Case:
        """The case "expected", "bad" or "good"."""
        return next(each for each in self.cases if each.name == name)


def forecast(terms: Sheet, plan: Plan, *, legal_late_rate: RateOf = free) -> Outlook:
    """What the buyer pays under a sheet if the plan comes true, and in its bad and good case."""
    swings = zip(CASES, (Swing(), plan.bad, plan.good), strict=True)
    return _aligned([_case(name, terms, expect(terms, plan, swing), legal_late_rate) for name, swing in swings])


def compare(sheets: Sequence[Sheet], plan: Plan, *, legal_late_rate: RateOf = free) -> tuple[Outlook, ...]:
    """The outlooks of several sheets under one plan, in their order, every case with the same years."""
    outlooks = [forecast(each, plan, legal_late_rate=legal_late_rate) for each in sheets]
    years = [row.year for outlook in outlooks for case in outlook.cases for row in case.rows]
    return tuple(_aligned(outlook.cases, years) for outlook in outlooks)


def _case(name: str, terms: Sheet, course: Course, legal_late_rate: RateOf) -> Case:
    statement = _all_paid(terms, course, legal_late_rate)
    return Case(
        name=name,
        rows=_rows(statement.lines, course.signed_on.year),
        totals=Amounts(**_sums(statement.lines)),
        phase=statement.phase,
        statement=statement,
        faults=statement.faults,
    )


def _all_paid(terms: Sheet, course: Course, legal_late_rate: RateOf) -> Statement:
    """Everything is paid on its due day. What a buy-out costs may depend on that, so its price comes out last."""
    as_of = later(course.until, months=MONTHS_AFTER_END)
    statement = obligations(terms, course.events, as_of, legal_late_rate=legal_late_rate)
    for unpaid in ({EQUITY, "BUYOUT"}, {EQUITY}):
        if any(line.kind not in unpaid and line.unpaid for line in statement.lines):
            events = [*course.events, *_payments(statement.lines, unpaid)]
            statement = obligations(terms, events, as_of, legal_late_rate=legal_late_rate)
    return statement


def _payments(lines: Iterable[Obligation], unpaid: set[str]) -> list[Event]:
    return [
        Paid(id=f"paid:{line.key}", kind=Kind.PAID, on=line.due_on, amount=line.amount, obligation=line.key)
        for line in lines
        if line.kind not in unpaid and line.amount > 0
    ]


def _rows(lines: Sequence[Obligation], first: int) -> tuple[Row, ...]:
    by_year: dict[int, list[Obligation]] = {}
    for line in lines:
        by_year.setdefault(line.due_on.year, []).append(line)
    return _cumulated(first, max(by_year, default=first), {year: _sums(found) for year, found in by_year.items()})


def _cumulated(first: int, last: int, sums: dict[int, dict[str, Decimal]]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for year in range(first, last + 1):
        amounts = sums.get(year, {})
        before = rows[-1].cumulative if rows else ZERO
        rows.append(Row(year=year, cumulative=before + Amounts(**amounts).total, **amounts))
    return tuple(rows)


def _sums(lines: Iterable[Obligation]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        kind = KINDS[line.kind]
        sums[kind] = sums.get(kind, ZERO) + line.amount
    return sums


def _aligned(cases: Sequence[Case], years: Iterable[int] = ()) -> Outlook:
    """The same years in every case; what comes after its last payment stays as it was."""
    known = [*years, *(row.year for case in cases for row in case.rows)]
    return Outlook(cases=tuple(replace(case, rows=_extended(case.rows, max(known))) for case in cases))


def _extended(rows: tuple[Row, ...], last: int) -> tuple[Row, ...]:
    end = rows[-1]
    return (*rows, *(Row(year=year, cumulative=end.cumulative) for year in range(end.year + 1, last + 1)))
