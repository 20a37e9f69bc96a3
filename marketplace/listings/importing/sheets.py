"""What a file says, cell by cell, whatever it was written with. Content decides, never the file's name."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from marketplace.core.spreadsheets import TEXT, Cell, Lines, SheetFault
from marketplace.core.spreadsheets.cells import LAST_ROW, MOST_COLUMNS

from . import columns
from .columns import Column

MOST_ROWS = 2000
HEADER_WITHIN = 10
EXAMPLE = ("示例", "EXAMPLE")  # own number of the template's example row


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the headers, with its number as the spreadsheet shows it."""

    number: int
    cells: dict[Column, Cell]


@dataclass
class Sheet:
    """The rows under their recognised headers; `notes` tell what was left out."""

    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def assemble(lines: Lines, notes: list[str]) -> Sheet:
    """Find the headers and put every later row under them. Raises SheetFault."""
    sheet: Sheet | None = None
    places: dict[int, Column] = {}
    seen = 0
    for number, cells in lines:
        if number > LAST_ROW:
            raise SheetFault(
                _("The sheet goes on beyond row %(row)d. Delete the empty rows below.") % {"row": LAST_ROW}
            )
        filled = {place: cell for place, cell in enumerate(cells) if not cell.is_empty}
        if not filled:
            continue
        if max(filled) >= MOST_COLUMNS:
            raise SheetFault(_("The sheet has more than %(most)d columns. Use the template.") % {"most": MOST_COLUMNS})
        if sheet is None:
            seen += 1
            if is_header(filled):
                places = header(filled, notes)
                sheet = Sheet(list(places.values()), notes=notes)
            elif seen == HEADER_WITHIN:
                break
            continue
        add_row(sheet, Row(number, {places[place]: cell for place, cell in filled.items() if place in places}))
    if sheet is None:
        raise SheetFault(
            _("No header row was found: one row must name the columns, at least “%(title)s”. Use the template.")
            % {"title": title_column().title}
        )
    return sheet


def add_row(sheet: Sheet, row: Row) -> None:
    if not row.cells:
        return
    if any(c.name == "source_id" and cell.value in EXAMPLE for c, cell in row.cells.items()):
        sheet.notes.append(_("Row %(row)d is the template's example and was left out.") % {"row": row.number})
        return
    if len(sheet.rows) == MOST_ROWS:
        raise SheetFault(_("At most %(most)d rows at once. Divide the file.") % {"most": MOST_ROWS})
    sheet.rows.append(row)


def title_column() -> Column:
    return columns.by_header()["titlezh"]


def is_header(filled: dict[int, Cell]) -> bool:
    """Whether a row names the columns: the title is among them, or at least three others are."""
    known = [columns.recognised(str(cell.value)) for cell in filled.values() if cell.kind == TEXT]
    names = [column.name for column in known if column]
    return "title_zh" in names or len(names) >= 3


def header(filled: dict[int, Cell], notes: list[str]) -> dict[int, Column]:
    """Column by place. Raises SheetFault for a column named twice, or a name that is nearly one of ours."""
    places: dict[int, Column] = {}
    for place, cell in filled.items():
        name = " ".join(str(cell.value).split())
        column = columns.recognised(name)
        if column is None:
            notes.append(unknown(name))
        elif column in places.values():
            raise SheetFault(
                _("“%(column)s” is there twice. Keep one column and delete the other.") % {"column": column.title},
                code="duplicate_header",
            )
        else:
            places[place] = column
    if title_column() not in places.values():
        raise SheetFault(_("The column “%(title)s” is missing.") % {"title": title_column().title})
    return places


def unknown(name: str) -> str:
    """Says that a column was not read; one that is nearly ours is a fault, lest its contents be lost."""
    near = columns.suggestion(name)
    if near is not None:
        raise SheetFault(
            _("The column “%(name)s” is not known. Did you mean “%(near)s”? Correct its header.")
            % {"name": name[:60], "near": near.title},
            code="unknown_header",
        )
    return _("The column “%(name)s” is not known and was not read.") % {"name": name[:60]}
