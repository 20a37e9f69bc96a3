"""What commands show: a progress bar on a terminal and nowhere else, and plain tables that know wide characters."""

import sys
import unicodedata
from collections.abc import Generator, Iterable, Sequence
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(items: Iterable[T], label: str, *, total: int | None = None) -> Generator[T, None, None]:
    """Yield the items; on a terminal a bar on stderr counts them."""
    yield from tqdm(items, desc=label, total=total, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)


def table(rows: Sequence[Sequence[object]], *, header: Sequence[str] = ()) -> str:
    """Rows as columns of even width; the last column is left ragged."""
    lines = [[str(cell) for cell in row] for row in ([header] if header else []) + list(rows)]
    if not lines:
        return ""
    widths = [max(width(row[place]) for row in lines) for place in range(len(lines[0]))]
    return "\n".join("  ".join(map(padded, row[:-1], widths)) + "  " + row[-1] for row in lines)


def padded(text: str, to: int) -> str:
    return text + " " * (to - width(text))


def width(text: str) -> int:
    """Columns that the text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def shortened(text: str, to: int) -> str:
    """The text in at most that many columns, its end replaced by an ellipsis where needed."""
    if width(text) <= to:
        return text
    kept = ""
    for ch in text:
        if width(kept + ch) > to - 1:
            break
        kept += ch
    return kept + "…"
