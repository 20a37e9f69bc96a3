"""A cell as the file holds it, with whatever it was written. Content decides, never the file's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LARGEST = 10 * 1024 * 1024  # bytes
LAST_ROW = 20_000  # rows looked at, empty ones included
MOST_COLUMNS = 200
TEXT, NUMBER, DATE, TRUTH, FORMULA, ERROR, MERGED = ["text", "number", "date", "truth", "formula", "error", "merged"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the file holds it. `form` is the spreadsheet's number format, such as 0%."""

    value: Any
    kind: str = TEXT
    form: str = ""

    @property
    def is_empty(self) -> bool:
        return self.value is None or (self.kind == TEXT and not self.value.strip())


Lines = Iterable[tuple[int, list[Cell]]]
"""Each row's number as the spreadsheet shows it, and its cells."""
