"""What every column asks of a cell: text without invisible marks, numbers with their separators and units."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from .cells import DATE, ERROR, FORMULA, MERGED, TRUTH, Cell
from .faults import CellFault

LONGEST_CELL = 32_767
UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def refuse(cell: Cell) -> None:
    """Cells that no column takes."""
    if cell.kind == FORMULA:
        raise CellFault(_("This cell holds a formula. Copy the column and paste it as values."))
    if cell.kind == ERROR:
        raise CellFault(_("This cell shows an error (%(error)s). Correct it.") % {"error": cell.value})
    if cell.kind == MERGED:
        raise CellFault(_("This cell is merged with others. Unmerge them and fill each row."))
    if isinstance(cell.value, str):
        if len(cell.value) > LONGEST_CELL:
            raise CellFault(_("This cell is longer than a spreadsheet allows. Shorten it."))
        if CONTROL.search(cell.value):
            raise CellFault(_("This cell contains invisible control characters. Type it anew."))


def plain(cell: Cell) -> str:
    """The cell as text, without invisible marks and outer blanks."""
    if cell.kind == DATE:
        raise CellFault(_("The spreadsheet turned this into a date. Format the column as text and type it again."))
    if cell.kind == TRUTH:
        raise CellFault(_("A text is expected here, not TRUE or FALSE."))
    if isinstance(cell.value, float):
        return repr(int(cell.value) if cell.value.is_integer() else cell.value)
    text = INVISIBLE.sub("", str(cell.value).replace("_x000D_", ""))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def folded(cell: Cell) -> str:
    """As `plain`, full-width characters made half-width."""
    return unicodedata.normalize("NFKC", plain(cell)).strip()


def decimal(written: str, places: int) -> Decimal:
    """A number with separators and a unit; rounded only where a spreadsheet's own arithmetic left a tail."""
    bare = re.sub(r"[,\s¥￥元]|CNY|RMB", "", unicodedata.normalize("NFKC", written))
    unit = UNITS.get(bare[-1:], Decimal(1))
    try:
        number = Decimal(bare.rstrip("万亿")) * unit
    except InvalidOperation as fault:
        raise CellFault(_("“%(written)s” is not a number.") % {"written": written[:40]}) from fault
    if not number.is_finite() or number < 0 or number >= Decimal(10) ** 12:
        raise CellFault(_("“%(written)s” is out of range.") % {"written": written[:40]})
    return number.quantize(Decimal(1).scaleb(-places))
