"""Rules of running contracts: what of a statement is still to be paid, is late, or still has to be reported."""

from collections.abc import Collection

from .statement import LineState, Obligation, Statement

SHARES = "EQUITY"


def unpaid(statement: Statement, written_off: Collection[str] = ()) -> list[Obligation]:
    """The lines that lack money or interest, but for those of keys that are given up.

    Shares are owed as shares and never paid in cash.
    """
    lines = [line for line in statement.lines if line.kind != SHARES and is_unpaid(line)]
    return [line for line in lines if line.key not in written_off]


def is_unpaid(line: Obligation) -> bool:
    return line.unpaid > 0 or line.interest > line.interest_paid


def overdue(statement: Statement, written_off: Collection[str] = ()) -> list[Obligation]:
    """The lines whose due day and days of grace have passed and that are not paid with their interest."""
    return [line for line in unpaid(statement, written_off) if line.state is LineState.OVERDUE]
