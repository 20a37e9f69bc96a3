"""Files of every kind: each is read as what it is, or refused with a sentence that says what to do."""

import io
import time
import zipfile

import pytest
from django.utils.translation import override

from marketplace.core.spreadsheets import SheetFault
from marketplace.listings.importing.reading import read
from tests.listings.sheets import HEADERS, ROW, archive, csv_of, row, sheet_of, with_parts, xlsx

USUAL = "铝合金陶瓷涂层"


def title(content: bytes) -> str:
    sheet = read(content)
    return next(str(cell.value) for column, cell in sheet.rows[0].cells.items() if column.name == "title_zh")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_delimiter_in_use(encoding, mark):
    assert title(csv_of(row(详细说明="膜厚30微米"), mark=mark).encode(encoding)) == USUAL


def test_mixed_line_ends_and_quoted_line_breaks_are_read():
    text = csv_of(row(简介="第一行\n第二行"), ROW).replace("\r\n", "\n", 1) + "\r" + csv_of(ROW).splitlines()[1]
    assert len(read(text.encode()).rows) == 3


def test_columns_may_come_in_any_order_and_language():
    content = sheet_of(["04", "A title", 5], headers=["technical field", "TITLE", "trl"])
    assert [column.name for column in read(content).columns] == ["field", "title_zh", "trl"]


def test_a_line_above_the_headers_is_passed_over():
    content = xlsx([["江澜大学2026年成果汇总表"], [], HEADERS, ROW], lambda b: b.active.merge_cells("A1:H1"))
    sheet = read(content)
    assert [each.number for each in sheet.rows] == [4]


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_spreadsheet():
    assert [each.number for each in read(xlsx([HEADERS, [], ROW, ["", " "], ROW])).rows] == [3, 5]


def test_a_hidden_sheet_is_left_out_and_said_so():
    def hide(book):
        book.create_sheet("旧数据", 0).append(HEADERS)
        book.worksheets[0].sheet_state = "hidden"

    sheet = read(xlsx([HEADERS, ROW], hide))
    assert len(sheet.rows) == 1
    assert "旧数据" in sheet.notes[0]


def test_a_stranger_among_the_columns_is_noted():
    sheet = read(sheet_of([*ROW, "x"], headers=[*HEADERS, "联系人手机"]))
    assert "联系人手机" in sheet.notes[0]


def test_the_content_decides_and_not_the_name():
    assert title(csv_of(ROW).encode()) == USUAL  # whatever its name: reading never learns it
    assert title(sheet_of(ROW)) == USUAL


def with_macro() -> bytes:
    return with_parts(sheet_of(ROW), {"xl/vbaProject.bin": b"\xd0\xcf"})


def password() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


def encrypted_zip() -> bytes:
    content = bytearray(sheet_of(ROW))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    return with_parts(sheet_of(ROW), {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 20_000_000})


def many_parts() -> bytes:
    return with_parts(sheet_of(ROW), {f"xl/media/{n}.png": b"" for n in range(2100)})


def lying() -> bytes:
    """The directory claims a small part; the part itself is large."""
    content = bytearray(bomb())
    for signature, offset in ((b"PK\x01\x02", 24),):
        at = content.index(b"xl/worksheets/sheet1.xml", content.rindex(b"PK\x05\x06") - 3000) - 46
        assert content[at : at + 4] == signature
        content[at + offset : at + offset + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def laughs() -> bytes:
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><worksheet><sheetData>&b;</sheetData></worksheet>'
    return with_parts(sheet_of(ROW), {"xl/worksheets/sheet1.xml": xml})


def wide() -> bytes:
    return xlsx([[*HEADERS, *(f"列{n}" for n in range(16_384 - len(HEADERS)))], ROW])


REFUSED = {
    "an empty file": lambda: b"",
    "blanks alone": lambda: b" \r\n \x00 ",
    "a file over ten megabytes": lambda: b"x" * (10 * 2**20 + 1),
    "the old format": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a password": password,
    "an encrypted archive": encrypted_zip,
    "macros": with_macro,
    "a web page": lambda: b"<html><table><tr><td>x</td></tr></table></html>",
    "a spreadsheet as XML": lambda: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>',
    "a PDF": lambda: b"%PDF-1.7 " + sheet_of(ROW),
    "a picture": lambda: b"\x89PNG\r\n",
    "an archive of something else": lambda: archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "a cut archive": lambda: sheet_of(ROW)[:3000],
    "a part that is not there": lambda: archive({"xl/workbook.xml": b"<x/>"}),
    "a bomb": bomb,
    "a lying directory": lying,
    "an entity": laughs,
    "too many parts": many_parts,
    "a name that climbs": lambda: with_parts(sheet_of(ROW), {"../../etc/x": b"1"}),
    "no headers": lambda: xlsx([ROW, ROW]),
    "no title among the headers": lambda: sheet_of(headers=["简介", "技术领域", "所在地区"]),
    "a header twice": lambda: sheet_of(headers=[*HEADERS, "简介"]),
    "a header nearly right": lambda: sheet_of(headers=[*HEADERS, "市场关健词"]),
    "16,384 columns": wide,
    "2,001 rows": lambda: csv_of(*[ROW] * 2001).encode(),
    "a million empty rows": lambda: xlsx([HEADERS, ROW], lambda b: b.active.cell(1_048_576, 1, "x")),
    "a cell of ten megabytes": lambda: csv_of(row(简介="长" * 1_000_000)).encode(),
    "another encoding": lambda: csv_of(
        ["鋁合金塗層與複合材料技術"] * len(HEADERS), headers=["Title", *(f"h{n}" for n in range(14))]
    ).encode("big5"),
    "broken UTF-16": lambda: csv_of(ROW).encode("utf-16")[:-1],
    "bytes of no encoding": lambda: csv_of(ROW).encode() + b"\xff\xff\xfe",
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_is_refused_with_a_sentence(name, language):
    with override(language), pytest.raises(SheetFault) as fault:
        read(REFUSED[name]())
    assert len(str(fault.value)) > 5


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = bomb()
    assert len(content) < 200_000
    before = time.process_time()
    with pytest.raises(SheetFault) as fault:
        read(content)
    assert fault.value.code == "unsafe"
    assert time.process_time() - before < 1


def test_a_near_miss_of_a_header_gets_a_suggestion():
    with override("zh-hans"), pytest.raises(SheetFault, match="市场关键词"):
        read(REFUSED["a header nearly right"]())


def test_the_usual_workbook_is_what_the_damaged_ones_are_made_from():
    assert zipfile.is_zipfile(io.BytesIO(sheet_of(ROW)))
    assert title(with_parts(sheet_of(ROW), {})) == USUAL
