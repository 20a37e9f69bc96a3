"""From a cell to the value of its column, or the sentence that says why not. Nothing is guessed, nothing calculated."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.spreadsheets import NUMBER, Cell, CellFault
from marketplace.core.spreadsheets.values import INVISIBLE, decimal, folded, plain, refuse
from marketplace.law import codes
from marketplace.law.rules.faults import SpreadsheetFault

from .. import rules
from . import columns
from .columns import Column

BETWEEN = re.compile(r"[;；、|\n]")
COMMA = re.compile(r"[,，]")
YES, NO = frozenset(("是", "yes", "y", "true", "1", "√", "✓")), frozenset(("否", "no", "n", "false", "0", "×", "x"))
TIERS = {
    rules.PUBLIC: ("公开", "public"),
    rules.REGISTERED: ("注册用户", "registered", "登录后"),
    rules.NDA: ("保密协议", "nda", "签署保密协议后"),
}
EXACT_DIGITS = 15  # a spreadsheet keeps so many digits of a number
NOTHING = ("-", "—", "–", "/")


def parse(column: Column, cell: Cell) -> Any:
    """The value that the column takes from the cell. Raises CellFault."""
    refuse(cell)
    return PARSERS[column.kind](column, cell)


def has_invisible(cell: Cell) -> bool:
    """Whether zero-width or direction marks stand in the text; they are left out."""
    return isinstance(cell.value, str) and INVISIBLE.search(cell.value) is not None


def text(column: Column, cell: Cell) -> str:
    return (
        plain(cell)
        if column.name.startswith(("summary", "description", "advantage", "economics"))
        else " ".join(plain(cell).split())
    )


def parts(written: str) -> list[str]:
    """What is separated by semicolons, enumeration commas or lines; by commas only where none of these is there."""
    found = BETWEEN.split(written) if BETWEEN.search(written) else COMMA.split(written)
    return [part.strip() for part in found if part.strip()]


def words(column: Column, cell: Cell) -> list[str]:
    return list(dict.fromkeys(parts(plain(cell))))


def code(column: Column, cell: Cell) -> str:
    return chosen(column.codes, folded(cell))


def modes(column: Column, cell: Cell) -> list[str]:
    """Each part that is a mode; a name that itself has a comma is tried whole first."""
    found: list[str] = []
    for part in [each.strip() for each in BETWEEN.split(plain(cell)) if each.strip()]:
        whole = find(column.codes, part)
        found += [whole] if whole else [chosen(column.codes, each) for each in parts(part)]
    if len(set(found)) < len(found):
        raise CellFault(_("The same licensing mode is there twice."))
    return found


def chosen(code_list: str, written: str) -> str:
    """The code that is meant. Raises CellFault naming what may be chosen."""
    found = find(code_list, written)
    if found:
        return found
    names = [item.label for item in codes.items(code_list) if item.code in codes.values(code_list)]
    near = get_close_matches(written, names, n=1, cutoff=0.5)
    if near:
        raise CellFault(
            _("“%(written)s” is not in the list. Did you mean “%(near)s”?") % {"written": written[:40], "near": near[0]}
        )
    raise CellFault(
        _("“%(written)s” is not in the list. Choose one of: %(names)s")
        % {"written": written[:40], "names": "；".join(names[:12]) + ("…" if len(names) > 12 else "")}
    )


def find(code_list: str, written: str) -> str:
    """The code whose code or name this is, or the beginning of one name alone; else an empty string."""
    allowed = codes.values(code_list)
    width = max(len(each) for each in allowed)
    for exact in (written, written.upper(), written.zfill(width)):
        if exact in allowed:
            return exact
    names = {
        each: [rules.fold(codes.label(code_list, each, language)) for language in ("zh", "en")] for each in allowed
    }
    wanted = rules.fold(unicodedata.normalize("NFKC", written))
    same = [each for each, labels in names.items() if wanted in labels]
    begun = [each for each, labels in names.items() if any(label.startswith(wanted) for label in labels)]
    meant = same or (begun if len(wanted) > 1 else [])
    return meant[0] if len(meant) == 1 else ""


def level(column: Column, cell: Cell) -> int:
    found = re.fullmatch(r"(?:TRL)?\s*([1-9])\s*级?(?:\.0)?", folded(cell).upper())
    if found is None:
        raise CellFault(_("A readiness level is a whole number from 1 to 9."))
    return int(found[1])


def yes_no(column: Column, cell: Cell) -> bool:
    written = "true" if cell.value is True else "false" if cell.value is False else folded(cell).lower()
    if written in YES | NO:
        return written in YES
    raise CellFault(_("Write yes or no."))


def tier(column: Column, cell: Cell) -> str:
    written = rules.fold(plain(cell))
    for name, names in TIERS.items():
        if any(written == rules.fold(each) or written.startswith(rules.fold(each)) for each in names):
            return name
    raise CellFault(_("Write public, registered or NDA."))


def identifier(column: Column, cell: Cell) -> str:
    """A number of one's own. One that a spreadsheet holds as a number is taken only where no digit can be lost."""
    if cell.kind != NUMBER:
        return folded(cell)
    whole = int(cell.value) if float(cell.value).is_integer() else None
    if whole is None or len(str(abs(whole))) > EXACT_DIGITS:
        raise CellFault(str(SpreadsheetFault()))
    return str(whole).zfill(len(cell.form)) if re.fullmatch("0+", cell.form) else str(whole)


def right_number(column: Column, cell: Cell) -> Any:
    """The cell's own value: the rules of numbers decide, which refuse what a spreadsheet has spoilt."""
    return cell.value


def several(read: Callable[[str, Cell], Any]) -> Callable[[Column, Cell], Any]:
    """One figure for all modes, or a list with one a line."""

    def parse_lines(column: Column, cell: Cell) -> Any:
        if cell.kind == NUMBER:
            return read(str(cell.value), cell)
        lines = [line.strip() for line in folded(cell).split("\n")]
        if len(lines) == 1:
            return None if lines[0] in NOTHING else read(lines[0], cell)
        return [None if line in NOTHING or not line else read(line, cell) for line in lines]

    return parse_lines


def amount(written: str, cell: Cell) -> Decimal:
    return decimal(written, 2)


def percent(written: str, cell: Cell) -> Decimal:
    """A percentage: 2.5, "2.5%", or a cell that a spreadsheet shows as one."""
    number = decimal(written.rstrip("%"), 6)
    if cell.kind == NUMBER and "%" in cell.form:
        number *= 100
    if number > 100:
        raise CellFault(_("A royalty is at most 100 %."))
    return number.quantize(Decimal("0.0001"))


def months(written: str, cell: Cell) -> int:
    number = decimal(re.sub("个?月|months?", "", written), 2)
    if number != int(number) or number > 600:
        raise CellFault(_("Give whole months."))
    return int(number)


def note(written: str, cell: Cell) -> str:
    return written


PARSERS: dict[str, Callable[[Column, Cell], Any]] = {
    columns.TEXT: text,
    columns.WORDS: words,
    columns.CODE: code,
    columns.MODES: modes,
    columns.AMOUNTS: several(amount),
    columns.PERCENTS: several(percent),
    columns.MONTHS: several(months),
    columns.NOTES: several(note),
    columns.LEVEL: level,
    columns.YES_NO: yes_no,
    columns.TIER: tier,
    columns.IDENTIFIER: identifier,
    columns.RIGHT_NUMBER: right_number,
}
