"""Zip archives from strangers: what they say they hold, and whether unpacking would do harm. None is unpacked."""

import io
import zipfile
from collections.abc import Sequence

LARGEST_UNPACKED = 50 * 2**20
SMALL = 2**20  # a part below this size may be packed as tightly as it likes
MOST_PARTS = 2000


def listed(content: bytes) -> list[zipfile.ZipInfo]:
    """The archive's own list of contents. Raises BadZipFile for whatever cannot be read as one."""
    try:
        return zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (ValueError, OSError, NotImplementedError) as fault:
        raise zipfile.BadZipFile from fault


def is_locked(parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether a part is protected by a password."""
    return any(part.flag_bits & 1 for part in parts)


def is_unsafe(parts: Sequence[zipfile.ZipInfo], *, most_ratio: int) -> bool:
    """Whether a part leads out of the folder, stands there twice, or there are too many or too large ones.

    `most_ratio` is the most that a part may grow when it is unpacked.
    """
    names = {part.filename for part in parts}
    return (
        any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names)
        or len(parts) > MOST_PARTS
        or len(names) != len(parts)
        or sum(part.file_size for part in parts) > LARGEST_UNPACKED
        or any(part.file_size > max(SMALL, most_ratio * part.compress_size) for part in parts)
    )
