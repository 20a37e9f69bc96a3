"""The mirror: one obligation a line of the statement, with its amounts, its state and why."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from marketplace.contracts.models import Contract
from marketplace.contracts.rules.statement import LineState, Statement
from marketplace.contracts.rules.statement import Obligation as Line
from marketplace.core.access import SYSTEM
from marketplace.core.acts import line as journal_line
from marketplace.core.models import Entry
from marketplace.core.money import ZERO

from ..models import Obligation
from ..rules.booking import Settled

MOVES = {
    LineState.OPEN: Obligation.wait,
    LineState.PART_PAID: Obligation.part_pay,
    LineState.OVERDUE: Obligation.fall_overdue,
    LineState.PAID: Obligation.settle,
}
STATES = {
    LineState.OPEN: Obligation.State.DUE,
    LineState.PART_PAID: Obligation.State.PART_PAID,
    LineState.OVERDUE: Obligation.State.OVERDUE,
    LineState.PAID: Obligation.State.PAID,
}
TOLD = ("amount", "paid", "state")
COPIED = ("kind", "cause", "arose_on", "due_on", "amount", "interest", "paid", "interest_paid", "steps")


class Change(NamedTuple):
    """An obligation after a round, with what was owed and paid of it before."""

    row: Obligation
    amount: Decimal
    paid: Decimal
    interest_paid: Decimal
    before: dict[str, Any]
    """Every field as it was; empty for a new row."""

    @property
    def is_money(self) -> bool:
        return self.row.kind != Obligation.SHARES

    @property
    def settled(self) -> Settled:
        """How much more is paid of it."""
        more, interest = self.row.paid - self.paid, self.row.interest_paid - self.interest_paid
        return Settled(recovered=more, interest=interest) if self.row.is_written_off else Settled(more, ZERO, interest)


def follow(contract: Contract, statement: Statement) -> list[Change]:
    """Bring the obligations of a locked contract to the statement; return those that changed."""
    known = {row.key: row for row in Obligation.objects.filter(contract=contract)}
    found = [follow_line(contract, line, known.pop(line.key, None)) for line in statement.lines]
    gone = [drop(row) for row in known.values() if row.state != Obligation.State.CANCELLED]
    changes = [change for change in [*found, *gone] if change is not None]
    write(changes)
    return changes


def write(changes: Sequence[Change]) -> None:
    """Write the rows, and a line in the journal for each of which more than its interest has changed."""
    Obligation.objects.bulk_create([each.row for each in changes if each.row.pk is None])
    for change in changes:
        if change.before:
            change.row.version += 1
            change.row.save()
    told = [each for each in changes if is_told(each)]
    Entry.objects.bulk_create(
        [journal_line("settlement.bill", each.row, by=SYSTEM, before=each.before) for each in told]
    )


def is_told(change: Change) -> bool:
    return not change.before or any(change.before[name] != getattr(change.row, name) for name in TOLD)


def follow_line(contract: Contract, line: Line, row: Obligation | None) -> Change | None:
    """The obligation of a line, made or brought up to date; None when nothing of it changed."""
    values = values_of(line)
    if row is None:
        row = Obligation(contract=contract, key=line.key)
        return keep(row, values, line.state)
    is_same = all(getattr(row, name) == value for name, value in values.items()) and row.state == state_of(row, line)
    return None if is_same else keep(row, values, line.state)


def values_of(line: Line) -> dict[str, Any]:
    steps = [
        {"name": step.name, "value": str(step.value), "inputs": {name: str(each) for name, each in step.inputs.items()}}
        for step in line.steps
    ]
    return {name: getattr(line, name) for name in COPIED if name != "steps"} | {"steps": steps}


def state_of(row: Obligation, line: Line) -> str:
    """What the line says, unless the owner has given it up and it is still unpaid."""
    if row.is_written_off and line.state is not LineState.PAID:
        return Obligation.State.WRITTEN_OFF
    return STATES[line.state]


def keep(row: Obligation, values: dict[str, Any], state: LineState) -> Change:
    """Bring the row to the line; it is written with the others."""
    change = of(row)
    for name, value in values.items():
        setattr(row, name, value)
    if row.is_written_off and state is not LineState.PAID:
        row.write_off()
    else:
        MOVES[state](row)
    return change


def drop(row: Obligation) -> Change:
    """The line is in the statement no more: what it arose from was taken back."""
    change = of(row)
    row.amount = row.paid = row.interest = row.interest_paid = ZERO
    row.cancel()
    return change


def of(row: Obligation) -> Change:
    """What the row is before it changes."""
    if row.pk is None:
        return Change(row, ZERO, ZERO, ZERO, {})
    before = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return Change(row, row.amount, row.paid, row.interest_paid, before)


def is_running(line: Line) -> bool:
    """Whether interest grows on the line."""
    return line.state is LineState.OVERDUE and line.kind != Obligation.SHARES and line.unpaid > 0
