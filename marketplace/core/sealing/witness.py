"""The witness: a file, best on a machine or medium of its own, to which each new hash is appended.

Whoever can write to the database can also cut off the last seals, or make all of them anew. Only a hash that is kept
elsewhere shows that. A line is `number hash time entries`; the last line is the truth about what was handed out, so a
sealer that is killed between its commit and its line loses nothing: the next run hands out what is missing.
"""

import fcntl
import logging
import os
import re
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings

from ..models import Seal

log = logging.getLogger(__name__)
LINE = re.compile(rb"^(\d+) ([0-9a-f]{64}) \S+ \d+$", re.MULTILINE)
LONGEST = 4096


class Kept(NamedTuple):
    """What the witness knows last."""

    number: int
    hash: str


def last_kept() -> Kept | None:
    """The last line of the witness; None without one."""
    if not settings.SEAL_WITNESS or not Path(settings.SEAL_WITNESS).exists():
        return None
    with Path(settings.SEAL_WITNESS).open("rb") as file:
        return last_line(file)


def hand_out() -> int:
    """Append every seal that the witness does not know; return how many. A file that cannot be written is logged."""
    if not settings.SEAL_WITNESS:
        return 0
    try:
        with Path(settings.SEAL_WITNESS).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return append(file)
    except OSError as fault:
        log.error("The witness of the journal cannot be written: %s", fault)
        return 0


def append(file: IO[bytes]) -> int:
    last = last_line(file)
    if last is not None and not Seal.objects.filter(number=last.number, hash=last.hash).exists():
        log.error("The journal has no seal %s %s that its witness knows. Run verify_journal.", last.number, last.hash)
        return 0
    seals = Seal.objects.filter(number__gt=last.number if last else 0).defer("leaves").order_by("number")
    count = 0
    for count, seal in enumerate(seals.iterator(), start=1):  # noqa: B007  counted for the caller
        file.write(f"{seal.number} {seal.hash} {seal.sealed_at.isoformat()} {seal.entry_count}\n".encode())
    file.flush()
    os.fsync(file.fileno())
    return count


def last_line(file: IO[bytes]) -> Kept | None:
    """The last whole line. One that was torn by a crash is ended, so that the next begins on its own."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - LONGEST))
    text = file.read()
    if text and not text.endswith(b"\n") and file.writable():
        file.write(b"\n")
    found = LINE.findall(text[: text.rfind(b"\n") + 1])
    return Kept(int(found[-1][0]), found[-1][1].decode()) if found else None
