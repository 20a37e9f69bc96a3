"""Rules of running contracts: what of a statement is still to be paid, is late, or still has to be reported."""

from .statement import LineState, Obligation, Statement

SHARES = "EQUITY"


def unpaid(statement: Statement) -> list[Obligation]:
    """The lines that lack money or interest. Shares are owed as shares and never paid in cash."""
    return [line for line in statement.lines if line.kind != SHARES and is_unpaid(line)]


def is_unpaid(line: Obligation) -> bool:
    return line.unpaid > 0 or line.interest > line.interest_paid


def overdue(statement: Statement) -> list[Obligation]:
    """The lines whose due day and days of grace have passed and that are not paid with their interest."""
    return [line for line in unpaid(statement) if line.state is LineState.OVERDUE]
