"""Rules of the register: what a level asks for, for how long it holds, what is to be filed by when. Pure.

The legal values are passed in: `register.*.requirements` names the requirements of each level, `register.*.months` the
term, `register.yearly.due` the day of the yearly filing, `register.clock` the days of the procedure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from marketplace.law.rules.days import add_months

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that the law asks for, in both languages; `needs_proof` wants a document."""

    code: str
    zh: str
    en: str
    needs_proof: bool

    def label(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


def requirements(rows: Sequence[Mapping[str, object]]) -> tuple[Requirement, ...]:
    """Read the requirements of a level out of a legal value. Raises KeyError for a row without its words."""
    return tuple(Requirement(str(row["code"]), str(row["zh"]), str(row["en"]), row["proof"] is True) for row in rows)


def undeclared(asked: Sequence[Requirement], declared: Collection[str]) -> tuple[Requirement, ...]:
    """The requirements that the applicant has not declared to meet."""
    return tuple(each for each in asked if each.code not in declared)


def term_end(decided_on: date, months: int, *, valid_until: date | None = None) -> date:
    """The last day of a term of so many months: from the decision, or on from a term that still runs.

    A term that begins on 1 March and has twelve months ends with the last day of February (Civil Code art. 202 to 203).
    """
    first = decided_on if valid_until is None or valid_until < decided_on else valid_until + ONE_DAY
    return add_months(first, months) - ONE_DAY


def renewable_from(valid_until: date, days: int) -> date:
    """The first day on which a renewal may be applied for."""
    return valid_until - timedelta(days=days)


def due_day(year: int, due: str) -> date:
    """The last day for filing what was done in `year`: month and day ("03-31") of the year after."""
    return date.fromisoformat(f"{year + 1}-{due}")


def years_owed(entered_on: date | None, today: date) -> range:
    """The years for which something is to be filed: from the year of entry to last year."""
    return range(entered_on.year, today.year) if entered_on else range(0)


def overdue(years: Collection[int], filed: Collection[int], due: str, today: date) -> list[int]:
    """The years whose day has passed without a filing."""
    return [year for year in years if year not in filed and due_day(year, due) < today]


def is_heard(*, is_own_request: bool, has_replied: bool, reply_by: date, today: date) -> bool:
    """Whether a removal may be decided: who is removed has replied, or let the days pass, or asked for it."""
    return is_own_request or has_replied or today > reply_by


def needs_explanation(filed: int, counted: int) -> bool:
    """Fewer contracts than the platform itself knows of."""
    return filed < counted


STEPS = (0, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000)
"""Where the ranges of money begin, in yuan."""
LEAST_FOR_A_RANGE = 3
"""Contracts below which a range would tell somebody's price."""


@dataclass(frozen=True, slots=True)
class PublicTrack:
    """Contracts that may be counted, and the range of what was received under them: yuan, open above without `high`."""

    contracts: int
    low: int | None = None
    high: int | None = None


def public_track(contracts: int, received: Decimal) -> PublicTrack:
    """What is told to everybody: the count, and a range where at least three contracts stand behind it."""
    if contracts < LEAST_FOR_A_RANGE or received <= 0:
        return PublicTrack(contracts)
    return PublicTrack(contracts, *range_of(received))


def range_of(received: Decimal) -> tuple[int, int | None]:
    """The range that a sum of yuan lies in, from `low` to below `high`; the last one is open above."""
    low = max(step for step in STEPS if step <= max(received, Decimal(0)))
    above = [step for step in STEPS if step > received]
    return low, (above[0] if above else None)
