"""The shelf: where the workers of a market keep both indexes, so that a fresh one opens what another has built.

A shelf only saves time. What cannot be used (damaged, of another version, of another database) is said in the log and
built anew from the public rows; a writer that is killed leaves the state before; a shelf that cannot be written is
no fault. Small markets have none: their rows are read in a moment.
"""

import fcntl
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from matching import Matcher, Settings

log = logging.getLogger(__name__)


@cache
def chosen() -> "Settings":
    """The settings of every matcher on the market."""
    from matching import Settings

    return Settings()


def folder(kind: str) -> Path:
    return Path(settings.MATCHING_SHELF) / kind


def take_down(kind: str) -> "tuple[Matcher, dict[str, int]] | None":
    """The matcher on the shelf, mapped into memory, with the version of each row it has read; None if there is none."""
    from matching import VERSION, IndexFileError, Matcher

    try:
        matcher = Matcher.open(folder(kind))
        model, ids, versions = (matcher.notes[name] for name in ("model", "ids", "versions"))
    except FileNotFoundError:
        return None
    except (IndexFileError, ImportError, OSError, KeyError) as fault:
        log.warning("The index of %ss cannot be used and is built anew from the listings: %s", kind, fault)
        return None
    if model.tobytes().decode() != VERSION or matcher.settings != chosen():
        log.warning("The index of %ss is of another version and is built anew from the listings.", kind)
        return None
    return matcher, dict(zip(ids.tobytes().decode().split(), versions.tolist(), strict=True))


def put_up(kind: str, matcher: "Matcher", versions: Mapping[str, int]) -> bool:
    """Publish a matcher for all workers; return whether it was done. Another who publishes just now is not waited for.

    versions  of each row that the matcher has read, by public id; of rows that are not on the market too
    """
    import numpy as np

    from matching import VERSION

    if not matcher.can_be_shared:
        return False
    notes: dict[str, np.ndarray] = {
        "model": np.frombuffer(VERSION.encode(), np.uint8),
        "ids": np.frombuffer("\n".join(versions).encode(), np.uint8),
        "versions": np.fromiter(versions.values(), np.int64, len(versions)),
    }
    try:
        with alone(folder(kind)) as granted:
            if granted:
                matcher.publish(folder(kind), notes)
            return granted
    except OSError as fault:
        log.warning("The index of %ss cannot be written, a fresh worker will read all listings: %s", kind, fault)
        return False


@contextmanager
def alone(place: Path) -> Iterator[bool]:
    """Whether nobody else writes to this folder; until the end nobody else will. A killed writer holds nothing."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "writing.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
