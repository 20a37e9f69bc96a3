"""From a bank's export to credits, each with its row; what cannot be read is a fault by row and column."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core import spreadsheets
from marketplace.core.money import to_fen
from marketplace.core.spreadsheets import DATE, NUMBER, TEXT, Cell, CellFault, Lines, SheetFault
from marketplace.core.spreadsheets.cells import LAST_ROW
from marketplace.core.spreadsheets.values import decimal, folded, plain, refuse

from . import columns
from .columns import AMOUNT, CREDIT, DAY, DEBIT, DIRECTION, PAYER, PURPOSE, REFERENCE

HEADER_WITHIN = 30
MOST_CREDITS = 5000
EXACT_DIGITS = 15  # a spreadsheet keeps so many digits of a number
DAYS = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
SUMMARY = re.compile(r"^(合计|总计|小计|期末|期初|本页|借方|贷方|total)", re.IGNORECASE)
LONGEST = {PAYER: 200, REFERENCE: 100, PURPOSE: 500}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came in, as the bank's row says it."""

    row: int
    on: date
    amount: Decimal
    payer: str
    purpose: str
    reference: str


@dataclass
class Reading:
    """All of a file. `outgoing` rows are payments of the account's owner and are left out."""

    credits: list[Credit] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outgoing: int = 0


Row = dict[str, list[Cell]]


def read(content: bytes) -> Reading:
    """The credits of a bank statement in XLSX or CSV. Raises SheetFault when it is none."""
    return spreadsheets.read(content, assemble, is_known=lambda name: columns.recognised(name) is not None)


def assemble(lines: Lines, notes: list[str]) -> Reading:
    reading, places, seen = Reading(notes=notes), dict[int, str](), 0
    for number, cells in lines:
        if number > LAST_ROW:
            raise SheetFault(_("The sheet goes on beyond row %(row)d. Divide it.") % {"row": LAST_ROW})
        filled = {place: cell for place, cell in enumerate(cells) if not cell.is_empty}
        if not filled:
            continue
        if not places:
            places, seen = header(filled), seen + 1
            if not places and seen == HEADER_WITHIN:
                break
            continue
        add_row(reading, number, filled, places)
    if not places:
        raise SheetFault(
            _("No header row was found: one row must name the day (交易日期) and the amount (贷方发生额).")
        )
    give_references(reading)
    return reading


def header(filled: dict[int, Cell]) -> dict[int, str]:
    """Column by place, if this row names at least the day and an amount."""
    known = {place: columns.recognised(str(cell.value)) for place, cell in filled.items() if cell.kind == TEXT}
    places = {place: column for place, column in known.items() if column}
    names = list(places.values())
    if DAY not in names or not {CREDIT, AMOUNT} & set(names):
        return {}
    for column in set(names) - {PURPOSE, DAY}:
        if names.count(column) > 1:
            raise SheetFault(_("“%(column)s” is there twice. Keep one.") % {"column": columns.TITLES[column]})
    return places


def add_row(reading: Reading, number: int, filled: dict[int, Cell], places: dict[int, str]) -> None:
    row: Row = {}
    for place, column in places.items():
        if place in filled:
            row.setdefault(column, []).append(filled[place])
    first = next(iter(filled.values()))
    if not row or (DAY not in row and SUMMARY.match(str(first.value).strip())) or SUMMARY.match(str(first.value)):
        return
    if len(reading.credits) == MOST_CREDITS:
        raise SheetFault(_("At most %(most)d credits at once. Divide the file.") % {"most": MOST_CREDITS})
    values, faults = parsed(row), list[Fault]()
    for column, value in values.items():
        if isinstance(value, CellFault):
            faults.append(Fault(number, columns.TITLES[column], str(value)))
    if not faults and not values[CREDIT]:
        reading.outgoing += 1
        return
    reading.faults += faults
    if not faults:
        texts = (values[PAYER], values[PURPOSE], values[REFERENCE])
        reading.credits.append(Credit(number, values[DAY], values[CREDIT], *texts))


def parsed(row: Row) -> dict[str, Any]:
    """The value of each column, or the fault in its place."""
    readers = {DAY: day, CREDIT: credit, PAYER: payer, PURPOSE: purpose, REFERENCE: reference}
    found: dict[str, Any] = {}
    for column, reader in readers.items():
        try:
            found[column] = reader(row)
        except CellFault as fault:
            found[column] = fault
    return found


def cell_of(row: Row, column: str) -> Cell | None:
    if column not in row:
        return None
    refuse(row[column][0])
    return row[column][0]


def day(row: Row) -> date:
    """The first day column; banks write 2027-01-04, 20270104, 2027年1月4日, with or without the time."""
    cell = cell_of(row, DAY)
    if cell is None:
        raise CellFault(_("The day is missing."))
    if cell.kind == DATE and isinstance(cell.value, date):
        return cell.value.date() if isinstance(cell.value, datetime) else cell.value
    found = DAYS.match(folded(cell) if cell.kind != NUMBER else str(int(cell.value)))
    try:
        return date(*(int(part) for part in found.groups())) if found else unreadable(cell)
    except ValueError:
        return unreadable(cell)


def unreadable(cell: Cell) -> date:
    raise CellFault(_("“%(written)s” is not a day. Write it like 2027-01-04.") % {"written": str(cell.value)[:40]})


def credit(row: Row) -> Decimal:
    """What came in: the credit column, or the amount where its direction says so; zero for what went out."""
    if CREDIT in row or AMOUNT not in row:
        return money(cell_of(row, CREDIT), row)
    cell, way = cell_of(row, AMOUNT), cell_of(row, DIRECTION)
    said = folded(way).upper() if way is not None else ""
    if said in columns.OUT or (cell is not None and not said and str(cell.value).strip().startswith("-")):
        return Decimal(0)
    if said and said not in columns.IN:
        raise CellFault(_("“%(written)s” says neither in nor out.") % {"written": said[:40]})
    return money(cell, row)


def money(cell: Cell | None, row: Row) -> Decimal:
    if cell is None:
        if DEBIT in row or AMOUNT in row:
            return Decimal(0)
        raise CellFault(_("The amount is missing."))
    written = str(cell.value) if cell.kind == NUMBER else folded(cell).removeprefix("+")
    if written in ("-", "--", ""):
        return Decimal(0)
    exact = decimal(written, 4)
    if exact != to_fen(exact):
        raise CellFault(_("An amount has at most two decimals."))
    return to_fen(exact)


def payer(row: Row) -> str:
    cell = cell_of(row, PAYER)
    return short(PAYER, " ".join(plain(cell).split())) if cell is not None else ""


def purpose(row: Row) -> str:
    """All that the bank and the payer wrote, each text once."""
    texts = []
    for cell in row.get(PURPOSE, []):
        refuse(cell)
        texts.append(" ".join(str(cell.value).split()))
    return short(PURPOSE, " · ".join(dict.fromkeys(texts)))


def reference(row: Row) -> str:
    cell = cell_of(row, REFERENCE)
    if cell is None:
        return ""
    if cell.kind == NUMBER and (len(str(int(cell.value))) > EXACT_DIGITS or cell.value != int(cell.value)):
        raise CellFault(_("The spreadsheet has cut digits off this number. Take the bank's file as it is."))
    return short(REFERENCE, folded(cell))


def short(column: str, text: str) -> str:
    if len(text) > LONGEST[column]:
        raise CellFault(_("At most %(most)d characters.") % {"most": LONGEST[column]})
    return text


def give_references(reading: Reading) -> None:
    """A bank that numbers nothing: day, amount, payer and purpose name the line, equal ones by their order."""
    seen: Counter[str] = Counter()
    for place, each in enumerate(reading.credits):
        if each.reference:
            continue
        text = f"{each.on} {each.amount} {each.payer} {each.purpose}"
        seen[text] += 1
        name = hashlib.sha256(f"{text} {seen[text]}".encode()).hexdigest()[:24]
        reading.credits[place] = Credit(each.row, each.on, each.amount, each.payer, each.purpose, f"-{name}")
