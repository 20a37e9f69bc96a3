"""Rules of payments: which payment paid what. The statement says how much of each line is paid; this says by whom.

The engine decides what is paid (interest first, then the oldest principal, DOMAIN 5.4). Money that has just arrived is
exactly what the statement grew by; an over-payment is used in the order in which it came. What is attributed stays
where it is as long as it fits, so the account of a payment changes only when the past itself was corrected.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from marketplace.core.money import ZERO

PRINCIPAL, INTEREST = "principal", "interest"


class Line(NamedTuple):
    """What the statement says is paid of one line; below zero for an adjustment that is set off against others."""

    key: str
    term: str
    principal: Decimal
    interest: Decimal = ZERO


class Money(NamedTuple):
    """A payment: its id, its amount (zero once reversed), and the line that it names."""

    id: int
    amount: Decimal
    names: str = ""


class Part(NamedTuple):
    """What a payment, or a set-off (None), paid of a line; or by how much that changes."""

    payment: int | None
    key: str
    principal: Decimal
    interest: Decimal


class Slot(NamedTuple):
    """One amount that is paid: a line's interest or its principal."""

    key: str
    part: str


Purse = int | str
"""Where it comes from: a payment by its id, or what is set off under a term by its name."""


@dataclass
class Table:
    """Who paid what, while it is put right."""

    wanted: dict[Slot, Decimal]
    owners: dict[Purse, Decimal]
    terms: Mapping[str, str]
    cells: dict[tuple[Purse, Slot], Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    def held(self, purse: Purse) -> Decimal:
        return sum((amount for (who, _), amount in self.cells.items() if who == purse), ZERO)

    def paid(self, slot: Slot) -> Decimal:
        return sum((amount for (_, what), amount in self.cells.items() if what == slot), ZERO)

    def free(self, purse: Purse) -> Decimal:
        return self.owners.get(purse, ZERO) - self.held(purse)

    def gap(self, slot: Slot) -> Decimal:
        return self.wanted.get(slot, ZERO) - self.paid(slot)

    def give(self, purse: Purse, slot: Slot, most: Decimal) -> Decimal:
        """Let a purse pay up to so much of a slot."""
        part = max(min(most, self.gap(slot), self.free(purse)), ZERO)
        if part:
            self.cells[purse, slot] += part
        return part

    def take_back(self, most: Decimal, cells: Iterable[tuple[Purse, Slot]]) -> None:
        """Take up to so much out of these cells, in their order."""
        for cell in cells:
            part = min(most, self.cells[cell])
            self.cells[cell] -= part
            most -= part

    def of(self, purse: Purse) -> list[tuple[Purse, Slot]]:
        return self._latest(cell for cell in self.cells if cell[0] == purse)

    def payers(self, slot: Slot) -> list[tuple[Purse, Slot]]:
        return self._latest(cell for cell in self.cells if cell[1] == slot)

    def _latest(self, cells: Iterable[tuple[Purse, Slot]]) -> list[tuple[Purse, Slot]]:
        """Those that hold something: payments before set-offs, the latest payment and the latest slot first."""
        purses = {purse: place for place, purse in enumerate(self.owners)}
        slots = {slot: place for place, slot in enumerate(self.wanted)}
        found = [cell for cell in cells if self.cells[cell]]
        return sorted(found, key=lambda cell: (-purses.get(cell[0], 0), -slots.get(cell[1], 0)))


def allocate(lines: Sequence[Line], payments: Sequence[Money], held: Iterable[Part]) -> tuple[Part, ...]:
    """By how much each payment's parts change, so that every line is paid as the statement says.

    Lines come oldest first, payments in the order in which they arrived; `held` are the parts so far. Raises
    ValueError when more is paid than there is.
    """
    table = _laid_out(lines, payments, list(held))
    before = dict(table.cells)
    _shrink(table)
    _set_off(table)
    _pay(table, payments)
    if any(table.gap(slot) for slot in table.wanted):
        raise ValueError("More is paid than has arrived.")
    return _difference(before, table.cells)


def _laid_out(lines: Sequence[Line], payments: Sequence[Money], held: Sequence[Part]) -> Table:
    terms = {line.key: line.term for line in lines}
    wanted: dict[Slot, Decimal] = {}
    owners: dict[Purse, Decimal] = {}
    for line in lines:
        if line.principal < 0:
            owners[line.term] = owners.get(line.term, ZERO) - line.principal
            continue
        wanted[Slot(line.key, INTEREST)] = line.interest
        wanted[Slot(line.key, PRINCIPAL)] = line.principal
    owners |= {payment.id: payment.amount for payment in payments}
    table = Table(wanted, owners, terms)
    for part in held:
        purse: Purse = part.payment if part.payment is not None else terms.get(part.key, part.key.split(":", 1)[0])
        table.cells[purse, Slot(part.key, PRINCIPAL)] += part.principal
        table.cells[purse, Slot(part.key, INTEREST)] += part.interest
    return table


def _shrink(table: Table) -> None:
    """Take back what a purse has no more and what a line needs no more."""
    for purse in {who for who, _ in table.cells}:
        table.take_back(max(-table.free(purse), ZERO), table.of(purse))
    for slot in {what for _, what in table.cells}:
        table.take_back(max(-table.gap(slot), ZERO), table.payers(slot))


def _set_off(table: Table) -> None:
    """A set-off goes to lines of its own term, all of it: where no line lacks anything, a payment makes room."""
    for term in [purse for purse in table.owners if isinstance(purse, str)]:
        own = [slot for slot in table.wanted if table.terms[slot.key] == term]
        for slot in own:
            table.give(term, slot, table.free(term))
        for slot in own:
            rivals = [cell for cell in table.payers(slot) if not isinstance(cell[0], str)]
            table.take_back(table.free(term), rivals)
            table.give(term, slot, table.free(term))


def _pay(table: Table, payments: Sequence[Money]) -> None:
    """Payments in their order; who names the line comes first, who waits for another line last."""
    known = {slot.key for slot in table.wanted}

    free = [payment for payment in payments if table.free(payment.id) > 0]
    for slot in [each for each in table.wanted if table.gap(each) > 0]:
        first = [each for each in free if each.names == slot.key]
        last = [each for each in free if each.names and each.names not in known]
        others = [each for each in free if each not in first and each not in last]
        for payment in [*first, *others, *last]:
            table.give(payment.id, slot, table.gap(slot))


def _difference(
    before: Mapping[tuple[Purse, Slot], Decimal], after: Mapping[tuple[Purse, Slot], Decimal]
) -> tuple[Part, ...]:
    changes: dict[tuple[Purse, str], dict[str, Decimal]] = {}
    for cell in [*after, *(each for each in before if each not in after)]:
        change = after.get(cell, ZERO) - before.get(cell, ZERO)
        if change:
            purse, slot = cell
            changes.setdefault((purse, slot.key), {})[slot.part] = change
    return tuple(
        Part(None if isinstance(purse, str) else purse, key, parts.get(PRINCIPAL, ZERO), parts.get(INTEREST, ZERO))
        for (purse, key), parts in changes.items()
    )
