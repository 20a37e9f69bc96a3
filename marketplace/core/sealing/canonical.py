"""What is hashed, byte by byte, so that anybody can compute it again in any language.

An entry is a JSON array in ASCII, without spaces: `"entry/1"`, then every column in the order of `COLUMNS`. Numbers
stand in decimal; text as JSON strings in which every character outside printable ASCII is written `\\uxxxx` in
lower-case hex (two of them above U+FFFF), but `\\n`, `\\r`, `\\t`, `\\b`, `\\f`, `\\"` and `\\\\` in their short form;
nobody is `null`; the time is UTC with microseconds, `2026-11-22T08:20:19.000001+00:00`; changed fields are an array of
strings (keys of objects, should there ever be any, in the order of their code points). JSON divides the columns, so no
two entries have one text. Nothing depends on the database, the time zone of the server, or the versions of Django and
Python.

Its hash is that of a leaf (`core.merkle`): SHA-256 over a zero byte and this text. A seal is the same kind of array:
`"seal/1"`, then `SEAL_COLUMNS`; its hash is the SHA-256 of that text, in hex. The first word names form and algorithm.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from .. import merkle

COLUMNS = (
    *("id", "at", "actor_id", "verb", "subject_type", "subject_id", "subject_label"),
    *("from_state", "to_state", "reason", "changed_fields", "request_id"),
)
SEAL_COLUMNS = (
    *("number", "after_id", "through_id", "ids", "entry_count"),
    *("merkle_root", "previous_hash", "sealed_at"),
)
NOTHING_BEFORE = "0" * 64
"""What the first seal names as the hash before it."""
_write = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode


def entry_text(values: Sequence[Any]) -> bytes:
    """The canonical text of an entry, given the values of `COLUMNS`."""
    return _text("entry/1", values)


def entry_hash(values: Sequence[Any]) -> bytes:
    return merkle.leaf(entry_text(values))


def seal_text(seal: Any) -> bytes:
    """The canonical text of a seal."""
    return _text("seal/1", [getattr(seal, name) for name in SEAL_COLUMNS])


def seal_hash(seal: Any) -> str:
    """What the hash of this seal must be."""
    return hash_of(seal_text(seal))


def hash_of(text: bytes) -> str:
    return sha256(text).hexdigest()


def _text(form: str, values: Sequence[Any]) -> bytes:
    return _write([form, *(_plain(each) for each in values)]).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def write_ids(ids: Sequence[int]) -> str:
    """Rising numbers as ranges: `1-500 502 504-900`."""
    ranges: list[list[int]] = []
    for each in ids:
        if ranges and each == ranges[-1][1] + 1:
            ranges[-1][1] = each
        else:
            ranges.append([each, each])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def read_ids(text: str) -> list[int]:
    """The numbers of `write_ids`."""
    return [each for first, last in _ranges(text) for each in range(first, last + 1)]


def count_ids(text: str) -> int:
    """How many numbers there are, found without making a list of them. Raises ValueError for what is no list."""
    return sum(last - first + 1 for first, last in _ranges(text))


def _ranges(text: str) -> list[tuple[int, int]]:
    parts = (part.partition("-") for part in text.split())
    return [(int(first), int(last or first)) for first, _, last in parts]
