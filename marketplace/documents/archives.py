"""Archives: what a file is by its content, and whether an Office file holds more than text. Nothing unpacks to disk."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from marketplace.core import archives
from marketplace.core.errors import Invalid

MOST_RATIO = 200  # unpacked to packed
OFFICE = "application/vnd.openxmlformats-officedocument"
EMBEDDED = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/")
LIVE_FIELDS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|AUTOTEXT)\b", re.I
)
TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file is, and how its name ends."""

    media_type: str
    ending: str


PDF = FileType("application/pdf", ".pdf")
PNG = FileType("image/png", ".png")
JPEG = FileType("image/jpeg", ".jpg")
DOCX = FileType(f"{OFFICE}.wordprocessingml.document", ".docx")
JSON = FileType("application/json", ".json")
XLSX = FileType(f"{OFFICE}.spreadsheetml.sheet", ".xlsx")
STARTS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}


def refuse(sentence: str, code: str = "bad_file") -> Invalid:
    return Invalid(code=code, fields={"file": [sentence]})


def file_type(content: bytes) -> FileType:
    """The type by content; the name of a file says nothing. Raises Invalid for any other type, and for macros."""
    if TEST_VIRUS in content:
        raise refuse(_("The file carries the mark of a virus."), "infected")
    for start, found in STARTS.items():
        if content.startswith(start):
            return found
    if content.startswith(b"PK"):
        names = {part.filename for part in parts_of(content)}
        for name, found in MAIN_PARTS.items():
            if name in names:
                return found
    raise refuse(_("Only PDF, PNG, JPEG, Word (.docx) and Excel (.xlsx) files are kept."), "file_type")


def parts_of(content: bytes) -> list[zipfile.ZipInfo]:
    """The archive's own list of contents, found harmless before anything is unpacked."""
    try:
        parts = archives.listed(content)
    except zipfile.BadZipFile as fault:
        raise damaged() from fault
    names = {part.filename for part in parts}
    if archives.is_locked(parts):
        raise refuse(_("The file is protected by a password. Save it without one."))
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise refuse(_("The file contains macros. Save it without them."), "macros")
    if archives.is_unsafe(parts, most_ratio=MOST_RATIO):
        raise unsafe()
    return parts


def check_text_alone(content: bytes) -> None:
    """Refuse a Word file that is more than its own text: links that load, embedded objects, live fields, DTDs."""
    names = [part.filename for part in parts_of(content)]
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise refuse(_("This is no Word document. Save the template as .docx."), "file_type")
    if any(name.lower().startswith(EMBEDDED) for name in names):
        raise refuse(_("The template contains embedded objects. Remove them."), "embedded")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in names:
            if name.lower().endswith((".xml", ".rels")):
                check_part(name, archive)


def check_part(name: str, archive: zipfile.ZipFile) -> None:
    try:
        root = fromstring(archive.read(name), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, zipfile.BadZipFile, OSError, NotImplementedError) as fault:
        raise damaged() from fault
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "Relationship" and element.get("TargetMode", "").lower() == "external":
            raise refuse(
                _("The template links to something outside itself. Remove links and linked pictures."), "linked"
            )
        if tag == "Override" and "macroenabled" in element.get("ContentType", "").lower():
            raise refuse(_("The file contains macros. Save it without them."), "macros")
        if is_live_field(tag, element):
            raise refuse(_("The template contains a field that loads something. Remove it."), "live_field")


def is_live_field(tag: str, element: Any) -> bool:
    instruction = element.text if tag == "instrText" else ""
    if tag == "fldSimple":
        instruction = next((value for name, value in element.items() if name.endswith("}instr")), "")
    return bool(LIVE_FIELDS.search(instruction or ""))


def damaged() -> Invalid:
    return refuse(_("The file is damaged. Open it, save it again and try once more."))


def unsafe() -> Invalid:
    return refuse(_("The file unpacks to far more than its size."), "unsafe")
