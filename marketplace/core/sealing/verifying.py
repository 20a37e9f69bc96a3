"""Verifying: computes every hash again and says what does not fit; nothing is written.

Seals are checked against each other, entries against the seal of their block, one page of entries at a time. What is
newer than the last seal is not judged. A chain that was cut off at its end, or made anew as a whole, looks sound from
inside: only a hash that was kept elsewhere (`outside`, the witness) shows it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import DataError
from django.utils.translation import gettext_lazy as _

from .. import merkle
from ..models import Entry, Seal
from . import canonical, witness

PAGE = 2000
UNREADABLE = (DataError, ValueError, OverflowError)  # such as a time of the year 20000, which Python does not know
SENTENCES = {
    "outside_hash_unknown": _("No seal has the hash %(hash)s: seals were cut off at the end, or made anew."),
    "seals_missing": _("Seals %(seal)s to %(last)s are missing."),
    "seal_edited": _("Seal %(seal)s was changed."),
    "seal_unreadable": _("Seal %(seal)s cannot be read: it was changed."),
    "chain_broken": _("Seal %(seal)s does not continue the seal before it."),
    "entry_edited": _("Entry %(entry)s in seal %(seal)s was changed."),
    "entry_missing": _("Entry %(entry)s in seal %(seal)s is missing."),
    "entry_inserted": _("Entry %(entry)s was put among those of seal %(seal)s later."),
    "entry_unreadable": _("Entry %(entry)s in seal %(seal)s cannot be read: it was changed."),
}


class Fault(NamedTuple):
    """One thing that does not fit. `seal` and `entry` are their numbers, 0 where it is about neither."""

    code: str
    seal: int = 0
    entry: int = 0
    last: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return SENTENCES[self.code] % self._asdict()


class Inspection:
    """One walk through the journal. Counts and last hash are right when `faults()` has come to its end."""

    def __init__(self, outside: Iterable[str] = ()) -> None:
        self.unseen = set(outside)
        self.seal_count = self.entry_count = self.fault_count = 0
        self.last: Seal | None = None

    @property
    def last_hash(self) -> str:
        return self.last.hash if self.last else ""

    def faults(self) -> Iterator[Fault]:
        for fault in self._all():
            self.fault_count += 1
            yield fault

    def _all(self) -> Iterator[Fault]:
        yield from inserted(None, 0)
        for seal in seals():
            yield from self._step(seal) if isinstance(seal, Seal) else [Fault("seal_unreadable", seal)]
        for each in sorted(self.unseen):
            yield Fault("outside_hash_unknown", hash=each)

    def _step(self, seal: Seal) -> Iterator[Fault]:
        yield from link(self.last, seal)
        if is_sound(seal):
            self.unseen.discard(seal.hash)
            yield from block(seal)
        else:
            yield Fault("seal_edited", seal.number)
        self.last = seal
        self.seal_count += 1
        self.entry_count += seal.entry_count


def with_witness(*hashes: str) -> Inspection:
    """An inspection that asks for these hashes and for the last one that the witness knows."""
    kept = witness.last_kept()
    return Inspection([*hashes, *([kept.hash] if kept else [])])


# Seals


def seals() -> Iterator[Seal | int]:
    """One seal after the other; the number alone where it cannot be read."""
    rows = Seal.objects.order_by("number")
    number = rows.values_list("number", flat=True).first()
    while number is not None:
        try:
            yield rows.get(number=number)
        except UNREADABLE:
            yield number
        number = rows.filter(number__gt=number).values_list("number", flat=True).first()


def link(last: Seal | None, seal: Seal) -> Iterator[Fault]:
    """Whether the seal continues the one before it."""
    number, after, previous = (last.number, last.through_id, last.hash) if last else (0, 0, canonical.NOTHING_BEFORE)
    if seal.number > number + 1:
        yield Fault("seals_missing", number + 1, last=seal.number - 1)
    elif (seal.number, seal.after_id, seal.previous_hash) != (number + 1, after, previous):
        yield Fault("chain_broken", seal.number)


def is_sound(seal: Seal) -> bool:
    """Whether a seal says of itself what its hash says."""
    leaves = bytes(seal.leaves)
    return (
        canonical.seal_hash(seal) == seal.hash
        and len(leaves) == merkle.SIZE * seal.entry_count
        and canonical.count_ids(seal.ids) == seal.entry_count
        and merkle.root(leaves_of(seal)).hex() == seal.merkle_root
    )


def leaves_of(seal: Seal) -> list[bytes]:
    """The hashes of the entries that it holds, in their order."""
    leaves = bytes(seal.leaves)
    return [leaves[start : start + merkle.SIZE] for start in range(0, len(leaves), merkle.SIZE)]


# Entries


def block(seal: Seal) -> Iterator[Fault]:
    """Each entry of the block against its hash, and whatever else is there."""
    expected = dict(zip(canonical.read_ids(seal.ids), leaves_of(seal), strict=True))
    for number, found in hashes(seal.after_id, seal.through_id):
        wanted = expected.pop(number, None)
        if wanted is None:
            yield Fault("entry_inserted", seal.number, number)
        elif found is None:
            yield Fault("entry_unreadable", seal.number, number)
        elif found != wanted:
            yield Fault("entry_edited", seal.number, number)
    for number in expected:
        yield Fault("entry_missing", seal.number, number)


def inserted(after: int | None, through: int) -> Iterator[Fault]:
    """Entries where no block can be: none is given the number 0 or less."""
    for number, _found in hashes(after, through):
        yield Fault("entry_inserted", 0, number)


def hashes(after: int | None, through: int) -> Iterator[tuple[int, bytes | None]]:
    """Number and hash of each entry that is there, a page at a time; None for one that cannot be read."""
    while page := read(after, through):
        yield from page
        after = page[-1][0]


def read(after: int | None, through: int) -> list[tuple[int, bytes | None]]:
    rows = Entry.objects.filter(id__lte=through).order_by("id")
    rows = rows if after is None else rows.filter(id__gt=after)
    try:
        return [(row[0], canonical.entry_hash(row)) for row in rows.values_list(*canonical.COLUMNS)[:PAGE]]
    except UNREADABLE:
        return [(number, hash_of(number)) for number in rows.values_list("id", flat=True)[:PAGE]]


def hash_of(number: int) -> bytes | None:
    try:
        row: Sequence[Any] = Entry.objects.values_list(*canonical.COLUMNS).get(id=number)
        return canonical.entry_hash(row)
    except UNREADABLE:
        return None
