"""Sealing: the only writer of seals. Each holds a block of settled entries and the hash of the seal before it.

One block a transaction, under one lock, outside of what people wait for: a chain that every act had to extend would
let the whole market do about a hundred acts a second.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from .. import merkle
from ..models import Entry, Seal
from . import canonical, witness
from .settling import settled_through

MOST = 10_000
"""Entries of a block: what the sealer and whoever verifies hold in memory."""
PATIENCE = 20.0
"""Seconds to wait for those who are just writing to the journal; a minute later it is tried again."""
LOCK = 0x5EA1


def seal_entries(*, patience: float = PATIENCE, most: int = MOST) -> int:
    """Seal every settled entry and return how many. Safe to run twice, side by side, and to be killed."""
    mark = settled_through(patience)
    count = 0 if mark is None else sum(seal.entry_count for seal in blocks(mark, most))
    witness.hand_out()
    return count


def blocks(mark: int, most: int) -> Iterator[Seal]:
    while (seal := seal_block(mark, most)) is not None:
        yield seal


@transaction.atomic
def seal_block(mark: int, most: int = MOST) -> Seal | None:
    """Seal the next block up to `mark`; None when there is none left or somebody else is sealing."""
    if not has_lock():
        return None
    last = last_seal()
    after = last.through_id if last else 0
    waiting = Entry.objects.filter(id__gt=after, id__lte=mark).order_by("id")
    rows = list(waiting.values_list(*canonical.COLUMNS)[: most + 1])
    if not rows:
        return None
    through = mark if len(rows) <= most else rows[most - 1][0]
    seal = sealed(rows[:most], last, after, through)
    seal.save(force_insert=True)
    return seal


def has_lock() -> bool:
    """Whether this transaction is the one that seals. SQLite has one writer at a time anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def last_seal() -> Seal | None:
    return Seal.objects.defer("leaves").order_by("-number").first()


def sealed(rows: Sequence[Sequence[Any]], last: Seal | None, after: int, through: int) -> Seal:
    """The next seal, over these entries (values of `canonical.COLUMNS` in the order of their numbers)."""
    leaves = [canonical.entry_hash(row) for row in rows]
    seal = Seal(
        number=last.number + 1 if last else 1,
        after_id=after,
        through_id=through,
        ids=canonical.write_ids([row[0] for row in rows]),
        entry_count=len(rows),
        merkle_root=merkle.root(leaves).hex(),
        leaves=b"".join(leaves),
        previous_hash=last.hash if last else canonical.NOTHING_BEFORE,
        sealed_at=timezone.now(),
    )
    seal.hash = canonical.seal_hash(seal)
    return seal
