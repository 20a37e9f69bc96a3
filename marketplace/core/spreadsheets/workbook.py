"""Reads an Excel workbook: looked at from outside first, then streamed. Nothing is unpacked to disk or calculated."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _

from .. import archives
from .cells import DATE, ERROR, FORMULA, LAST_ROW, MERGED, MOST_COLUMNS, NUMBER, TEXT, TRUTH, Cell, Lines
from .faults import SheetFault

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

S = TypeVar("S")
MOST_RATIO = 100  # unpacked to packed
KINDS = {"n": NUMBER, "d": DATE, "b": TRUTH, "f": FORMULA, "e": ERROR}
MERGE = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
LIST_SHEET = "lists"  # the hidden sheet of the template


def read_workbook(content: bytes, assemble: Callable[[Lines, list[str]], S]) -> S:
    """What `assemble` makes of the rows of the first visible sheet and of the notes on it. Raises SheetFault."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(content)
    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, keep_links=False)) as book:
            notes: list[str] = []
            sheet = first_visible(book, notes)
            merged = merged_cells(content, sheet)
            return assemble(lines(sheet, merged), notes)
    except SheetFault:
        raise
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError,
            AttributeError, IndexError, EOFError, OverflowError) as fault:  # fmt: skip
        raise SheetFault(_("The workbook is damaged. Open it, save it again as .xlsx and try once more.")) from fault


def check_archive(content: bytes) -> None:
    """Look at the archive's own list of contents before anything is unpacked."""
    try:
        parts = archives.listed(content)
    except zipfile.BadZipFile as fault:
        raise SheetFault(_("The workbook is damaged. Open it, save it again as .xlsx and try once more.")) from fault
    names = {part.filename for part in parts}
    if archives.is_locked(parts):
        raise SheetFault(_("The file is protected by a password. Save it without one."))
    if "xl/workbook.xml" not in names:
        raise SheetFault(_("This is no Excel workbook. Save the table as .xlsx or as CSV."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetFault(_("The workbook contains macros. Save it as .xlsx, which has none."))
    if archives.is_unsafe(parts, most_ratio=MOST_RATIO):
        raise unsafe()


def unsafe() -> SheetFault:
    return SheetFault(
        _("The workbook unpacks to far more than its size. Copy the rows into the template."), code="unsafe"
    )


def first_visible(book: Any, notes: list[str]) -> "ReadOnlyWorksheet":
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise SheetFault(_("The workbook has no visible sheet."))
    others = [sheet.title for sheet in book.worksheets if sheet is not visible[0] and sheet.title != LIST_SHEET]
    if others:
        notes.append(
            _("Only the sheet “%(sheet)s” was read, not: %(others)s.")
            % {"sheet": visible[0].title, "others": ", ".join(others)[:200]}
        )
    return visible[0]


def merged_cells(content: bytes, sheet: "ReadOnlyWorksheet") -> set[tuple[int, int]]:
    """Rows and columns (from 1) of cells that are merged with another one, seen in the sheet's own file."""
    from openpyxl.utils import column_index_from_string

    merged: set[tuple[int, int]] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(sheet._worksheet_path.lstrip("/")) as file:
        tail = b""
        while piece := file.read(2**20):
            for left, top, right, bottom in MERGE.findall(tail + piece):
                for row in range(int(top), min(int(bottom), LAST_ROW) + 1):
                    last = min(column_index_from_string(right.decode()), MOST_COLUMNS)
                    merged |= {(row, place) for place in range(column_index_from_string(left.decode()), last + 1)}
            tail = piece[-80:]
    return merged


def lines(sheet: "ReadOnlyWorksheet", merged: set[tuple[int, int]]) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what the file claims of its own size is not believed
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        yield number, [as_cell(cell, (number, place) in merged) for place, cell in enumerate(row, 1)]


def as_cell(cell: Any, is_merged: bool) -> Cell:
    value = cell.value
    if is_merged:
        return Cell(value if value is not None else "", MERGED)
    if value is None:
        return Cell(None)
    if isinstance(value, bool):
        return Cell(value, TRUTH)
    if isinstance(value, date | datetime | time | timedelta):
        return Cell(value, DATE)
    return Cell(value, KINDS.get(cell.data_type, TEXT), str(cell.number_format))
