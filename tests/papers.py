"""Small files of every kind that is kept, each with somebody's name in it."""

import io
import zlib

WRITER = "江澜大学 王某"


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def make_png() -> bytes:
    """One grey point, and who drew it."""
    head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    named = chunk(b"tEXt", b"Author\0" + WRITER.encode())
    return b"\x89PNG\r\n\x1a\n" + head + named + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


PNG = make_png()


def make_jpeg() -> bytes:
    """The segments of a picture without its data: a frame, a place, a remark, then the scan."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body

    named = segment(0xE1, b"Exif\0\0" + WRITER.encode()) + segment(0xFE, WRITER.encode())
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + named + segment(0xDB, b"\0" * 65) + b"\xff\xda\0\x02\x00\xff\xd9"


def make_pdf(pages: int = 1, *, rotation: int = 0, password: str = "") -> bytes:
    """Blank pages with a writer, a note of theirs on the first, and a script that runs on opening."""
    from pypdf import PdfWriter
    from pypdf.actions import JavaScript
    from pypdf.annotations import Text
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842).rotation = rotation
    note = Text(rect=(50, 550, 200, 650), text="看这里")
    note[NameObject("/T")] = TextStringObject(WRITER)
    writer.add_annotation(0, note)
    writer.add_metadata({"/Author": WRITER, "/Producer": WRITER})
    writer.add_open_action(JavaScript("app.alert('x')"))
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def make_word(*, sections: int = 1) -> bytes:
    """A paragraph a section, and its writer."""
    from docx import Document

    file = Document()
    file.core_properties.author = file.core_properties.last_modified_by = WRITER
    file.add_paragraph("正文")
    for _section in range(sections - 1):
        file.add_section()
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def make_excel() -> bytes:
    """A cell with a remark, and their writer."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = WRITER
    book.active["A1"] = "数据"
    book.active["A1"].comment = Comment("说明", WRITER)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
