"""What can be sealed: entries below which nothing can appear any more.

An entry has its number before it is committed, so a smaller number may become visible after a greater one. On
PostgreSQL whoever takes a number holds a lock on the table since before (an INSERT locks it first) and until the
transaction ends. So: read the last number that was given, read who holds that lock, and wait until these have ended,
whoever comes after them. From then on every entry up to that number is there to be read or never will be: its gaps are
closed for good. A block covers all numbers up to there, so an entry that turns up in a gap later was put there by hand,
and is found.
The snapshot's oldest transaction would not do: a number can be taken before the transaction has an id of its own.

SQLite has one writer at a time: what can be read is settled.
"""

import logging
import time

from django.db import connection
from django.db.models import Max

from ..models import Entry

log = logging.getLogger(__name__)
LAST_GIVEN = "SELECT last_value FROM {sequence}"
WRITERS = """
    SELECT virtualtransaction FROM pg_locks
     WHERE locktype = 'relation' AND relation = %s::regclass AND mode = 'RowExclusiveLock' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND pid IS DISTINCT FROM pg_backend_pid()
"""
PAUSE = 0.05


def settled_through(patience: float) -> int | None:
    """The number up to which no entry can appear any more; None when a writer did not end within so many seconds."""
    if connection.vendor != "postgresql":
        return Entry.objects.aggregate(last=Max("id"))["last"] or 0
    mark = last_given()
    if wait_for(writers(), patience):
        return mark
    log.warning("Entries wait to be sealed: a transaction that writes to the journal runs for more than %s s", patience)
    return None


def last_given() -> int:
    """The last number that anybody was given for an entry, committed or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [Entry._meta.db_table])
        sequence = cursor.fetchone()[0]
        cursor.execute(LAST_GIVEN.format(sequence=sequence))
        return int(cursor.fetchone()[0])


def writers() -> set[str]:
    """The other transactions that may hold numbers of entries which are not committed yet."""
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [Entry._meta.db_table])
        return {name for (name,) in cursor.fetchall()}


def wait_for(waited: set[str], patience: float) -> bool:
    """Whether all of them ended in time. Who began meanwhile is not waited for."""
    deadline = time.monotonic() + patience
    while waited:
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
        waited = waited & writers()
    return True
