"""Stamping: a copy that says on each page to whom it was shown and when.

PDF, Word and Excel; pictures only by their log, for drawing on them needs a library that this platform does not carry.

A PDF is written anew from its pages: its title, writer, outlines, attachments and scripts do not come along. pypdf and
python-docx load when they are used.
"""

import io
import zlib
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from . import sheet_marking
from .archives import DOCX, PDF, XLSX, damaged, refuse
from .cleaning import cleaned

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

MOST_PAGES = 500
SIZE, MARGIN = 8, 14  # points
GREY = "0.45 g"
FONT = "/KeptFor"
STAMPED = (PDF.media_type, DOCX.media_type, XLSX.media_type)


def stamped(content: bytes, media_type: str, text: str) -> bytes:
    """A clean copy with `text` on each page, where the kind of file allows it. Raises Invalid for a broken file."""
    if media_type == PDF.media_type:
        return pdf(content, text)
    clean = cleaned(content, media_type)
    if media_type == DOCX.media_type:
        return word(clean, text)
    if media_type == XLSX.media_type:
        return sheet_marking.marked(clean, text)
    return clean


def check(content: bytes, media_type: str) -> None:
    """Raise Invalid unless a copy of the file can be made for a reader: asked when it is handed in."""
    stamped(content, media_type, "-")


# PDF


def pdf(content: bytes, text: str) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise refuse(_("The PDF is protected by a password. Print it into a new PDF."), "locked")
        pages = list(reader.pages)
        if len(pages) > MOST_PAGES:
            raise refuse(_("The PDF has more than %(most)d pages. Divide it.") % {"most": MOST_PAGES}, "too_long")
        if not pages:
            raise unreadable()
        writer = PdfWriter()
        for page in pages:
            mark(writer, writer.add_page(page), text)
        writer.metadata = None
        made = io.BytesIO()
        writer.write(made)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError,
            AssertionError, NotImplementedError, OverflowError, zlib.error) as fault:  # fmt: skip
        raise unreadable() from fault  # what a broken file makes the library stumble over
    return made.getvalue()


def unreadable() -> Any:
    return refuse(_("The PDF cannot be read. Print it into a new PDF and try once more."), "unreadable")


def mark(writer: "PdfWriter", page: "PageObject", text: str) -> None:
    """Write the text along the top edge, over what is there, and take out who wrote what."""
    from pypdf.generic import DictionaryObject, NameObject

    for key in ("/Metadata", "/PieceInfo", "/AA", "/LastModified"):
        page.pop(key, None)
    forget_writers(page)
    resources = page.get("/Resources", DictionaryObject()).get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    fonts = DictionaryObject({**fonts, NameObject(FONT): font(writer)})
    page[NameObject("/Resources")] = DictionaryObject({**resources, NameObject("/Font"): fonts})
    put_over(writer, page, drawing(page, text))


def forget_writers(page: Any) -> None:
    """Comments keep their text and lose the name of their writer; a field of a form keeps its own name."""
    for each in page.get("/Annots", []) or []:
        note = each.get_object()
        if note.get("/Subtype") not in ("/Widget", "/Link"):
            note.pop("/T", None)


def drawing(page: Any, text: str) -> bytes:
    """The operators that write one line of text at the top of the page as it is looked at."""
    box = page.cropbox
    left, bottom, right, top = (float(each) for each in (box.left, box.bottom, box.right, box.top))
    places = {
        90: f"0 1 -1 0 {left + MARGIN} {bottom + MARGIN}",
        180: f"-1 0 0 -1 {right - MARGIN} {bottom + MARGIN}",
        270: f"0 -1 1 0 {right - MARGIN} {top - MARGIN}",
    }
    where = places.get(int(page.rotation) % 360, f"1 0 0 1 {left + MARGIN} {top - MARGIN}")
    written = text.encode("utf-16-be").hex().upper()
    return f"q BT {FONT} {SIZE} Tf {GREY} {where} Tm <{written}> Tj ET Q".encode()


def put_over(writer: "PdfWriter", page: Any, operators: bytes) -> None:
    """Append to what the page draws, whatever state that leaves behind."""
    from pypdf.generic import ArrayObject, NameObject, StreamObject

    def stream(content: bytes) -> Any:
        made = StreamObject()
        made.set_data(content)
        return writer._add_object(made)

    held = page.get("/Contents")
    inner = held.get_object() if held is not None else ArrayObject()
    parts = list(inner) if isinstance(inner, ArrayObject) else [held]
    page[NameObject("/Contents")] = ArrayObject([stream(b"q\n"), *parts, stream(b"\nQ\n" + operators)])


def font(writer: "PdfWriter") -> Any:
    """A Chinese typeface that every PDF reader brings along or stands in for; nothing is embedded."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    def named(**values: Any) -> Any:
        return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})

    known = getattr(writer, "_kept_for_font", None)
    if known is not None:
        return known
    system = named(Registry=TextStringObject("Adobe"), Ordering=TextStringObject("GB1"), Supplement=NumberObject(4))
    box = ArrayObject([NumberObject(each) for each in (-25, -254, 1000, 880)])
    descriptor = named(
        Type=NameObject("/FontDescriptor"), FontName=NameObject("/STSong-Light"), Flags=NumberObject(6), FontBBox=box,
        ItalicAngle=NumberObject(0), Ascent=NumberObject(880), Descent=NumberObject(-120), CapHeight=NumberObject(880),
        StemV=NumberObject(93),
    )  # fmt: skip
    inner = named(
        Type=NameObject("/Font"), Subtype=NameObject("/CIDFontType0"), BaseFont=NameObject("/STSong-Light"),
        CIDSystemInfo=system, FontDescriptor=writer._add_object(descriptor), DW=NumberObject(1000),
        W=ArrayObject([NumberObject(1), NumberObject(95), NumberObject(500)]),
    )  # fmt: skip
    made = writer._add_object(
        named(
            Type=NameObject("/Font"), Subtype=NameObject("/Type0"), BaseFont=NameObject("/STSong-Light-UniGB-UTF16-H"),
            Encoding=NameObject("/UniGB-UTF16-H"), DescendantFonts=ArrayObject([writer._add_object(inner)]),
        )
    )  # fmt: skip
    writer._kept_for_font = made  # type: ignore[attr-defined]
    return made


# Word


def word(content: bytes, text: str) -> bytes:
    """The text as the first line of every header that the document has."""
    from docx import Document as open_word
    from docx.opc.exceptions import OpcError

    try:
        file = open_word(io.BytesIO(content))
        for place, section in enumerate(file.sections):
            kinds = [section.header]
            kinds += [section.first_page_header] if section.different_first_page_header_footer else []
            kinds += [section.even_page_header] if file.settings.odd_and_even_pages_header_footer else []
            for header in kinds:
                if place == 0 or not header.is_linked_to_previous:
                    head(header, text)
        made = io.BytesIO()
        file.save(made)
    except (OpcError, KeyError, ValueError, AttributeError, OSError, SyntaxError) as fault:
        raise damaged() from fault
    return cleaned(made.getvalue(), DOCX.media_type)


def head(header: Any, text: str) -> None:
    from docx.shared import Pt, RGBColor

    header.is_linked_to_previous = False
    first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
    run = first.insert_paragraph_before().add_run(text)
    run.font.size, run.font.color.rgb = Pt(SIZE), RGBColor(0x73, 0x73, 0x73)
