"""Reads a file by what it holds: a workbook, or text in one of the encodings that are in use."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.utils.translation import gettext as _

from .cells import FORMULA, LARGEST, Cell, Lines
from .faults import SheetFault
from .workbook import read_workbook

S = TypeVar("S")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
WEB_PAGE = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<workbook")
DELIMITERS = ",;\t"
COMMON_SHARE = 0.5  # of the Chinese characters of a real text stand among the 3,755 commonest


def read(content: bytes, assemble: Callable[[Lines, list[str]], S], *, is_known: Callable[[str], bool]) -> S:
    """What `assemble` makes of the rows in a file and of the notes on it; `is_known` says what is a header.

    Raises SheetFault with a sentence that says what to do.
    """
    if len(content) > LARGEST:
        raise SheetFault(_("The file is larger than %(most)d MB. Divide it.") % {"most": LARGEST // 2**20})
    if not content.strip(b"\0 \r\n\t"):
        raise SheetFault(_("The file is empty."))
    if content.startswith(b"PK"):
        return read_workbook(content, assemble)
    refuse_other_kinds(content)
    text = decoded(content)
    csv.field_size_limit(131_072)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text, is_known))
    return assemble(numbered(rows), [])


def refuse_other_kinds(content: bytes) -> None:
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SheetFault(_("The file is protected by a password. Save it without one."))
        raise SheetFault(_("This is the old .xls format. Open it and save it as .xlsx."))
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(WEB_PAGE):
        raise SheetFault(_("This is a web page with the name of a spreadsheet. Open it and save it as .xlsx."))
    if start.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"{\\rtf", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise SheetFault(_("This is no spreadsheet. Save the table as .xlsx or as CSV."))


def numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            yield number, [Cell(value, FORMULA if value.lstrip().startswith("=") else "text") for value in row]
    except csv.Error as fault:
        raise SheetFault(
            _("Row %(row)d cannot be read: a cell is too long, or a quotation mark is not closed.")
            % {"row": number + 1}
        ) from fault


def decoded(content: bytes) -> str:
    """The text, if its encoding is certain. Raises SheetFault rather than guess wrong."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return strictly(content, encoding)
    if content[:4000].count(0) > len(content[:4000]) // 4:
        return strictly(content, "utf-16-be" if content[:1] == b"\0" else "utf-16-le")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = strictly(content, "gb18030")
    if not looks_chinese(text):
        raise unclear()
    return text


def strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise unclear() from fault


def unclear() -> SheetFault:
    return SheetFault(_("The encoding of the text cannot be told. Save the file as .xlsx, or as CSV in UTF-8."))


def looks_chinese(text: str) -> bool:
    """Whether most Chinese characters are common ones. Text in another encoding read as GB18030 has rare ones."""
    han = [ch for ch in text if "\u3400" <= ch <= "\u9fff" or "\ue000" <= ch <= "\uf8ff"]
    common = sum(is_common(ch) for ch in han)
    return bool(han) and common / len(han) >= COMMON_SHARE


def is_common(ch: str) -> bool:
    """One of the 3,755 characters of the first level of GB 2312."""
    try:
        first = ch.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= first <= 0xD7


def delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter under which most headers of the first lines are known."""
    lines = text[:20_000].splitlines()[:10]

    def known(mark: str) -> int:
        rows = csv.reader(lines, delimiter=mark)
        return max((sum(is_known(cell) for cell in row) for row in rows), default=0)

    return max(DELIMITERS, key=known)
