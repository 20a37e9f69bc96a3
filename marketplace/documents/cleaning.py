"""Cleaning: a copy of a file without what tells who wrote it. Pages and sheets stay as they are.

Word and Excel: properties, and the names beside comments and changes. PDF: see `stamping`, which writes pages anew.
Pictures: everything beside the picture, such as the place where it was taken.
"""

import io
import zipfile
from typing import Any

from lxml import etree

from .archives import DOCX, JPEG, PNG, XLSX, damaged
from .filling import CORE, ONE_DAY

EMPTY = {
    "docProps/core.xml": CORE.format(title=""),
    "docProps/app.xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
WRITERS = ("author", "initials", "displayName", "userId", "providerId", "lastModifiedBy", "userName")
NOBODY = "-"
PICTURE_CHUNKS = {*b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP pHYs bKGD sBIT".split()}
LENGTHLESS = {0x01, *range(0xD0, 0xD9)}  # JPEG markers without a body
START_OF_SCAN = 0xDA


def cleaned(content: bytes, media_type: str) -> bytes:
    """The file without names and places; one of another kind as it is. Raises Invalid when it cannot be read."""
    ways: dict[str, Any] = {
        DOCX.media_type: office, XLSX.media_type: office, PNG.media_type: png, JPEG.media_type: jpeg,
    }  # fmt: skip
    way = ways.get(media_type)
    return way(content) if way else content


def office(content: bytes) -> bytes:
    """A Word or Excel file with empty properties and nobody's name beside comments and changes."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                if name.lower().startswith(("docprops/thumbnail", "customxml/")) and not name.endswith(".rels"):
                    part: bytes | str = b"" if name.lower().startswith("docprops/") else old.read(name)
                else:
                    part = EMPTY.get(name) or without_writers(name, old.read(name))
                new.writestr(zipfile.ZipInfo(name, ONE_DAY), part, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as fault:
        raise damaged() from fault
    return made.getvalue()


def without_writers(name: str, part: bytes) -> bytes:
    """A part of the file; of those that may name somebody, with the names taken out."""
    if not name.lower().endswith(".xml") or not any(word.encode() in part for word in (*WRITERS, "authors")):
        return part
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as fault:
        raise damaged() from fault
    for element in root.iter(etree.Element):
        for attribute in element.attrib:
            if etree.QName(attribute).localname in WRITERS:
                element.set(attribute, NOBODY)
        if etree.QName(element).localname == "author" and name.startswith("xl/"):
            element.text = NOBODY
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def png(content: bytes) -> bytes:
    """The chunks that draw the picture, and no other."""
    kept, place = content[:8], 8
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4])
        end, kind = place + 12 + size, content[place + 4 : place + 8]
        if end > len(content):
            raise damaged()
        if kind in PICTURE_CHUNKS:
            kept += content[place:end]
        place = end
        if kind == b"IEND":
            return kept
    raise damaged()


def jpeg(content: bytes) -> bytes:
    """Without comments and application segments, but for the colour profile that drawing needs."""
    kept, place = content[:2], 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise damaged()
        marker = content[place + 1]
        if marker == START_OF_SCAN:
            return kept + content[place:]
        size = 0 if marker in LENGTHLESS else int.from_bytes(content[place + 2 : place + 4])
        end = place + 2 + size
        segment = content[place:end]
        is_profile = marker == 0xE2 and segment[4:15] == b"ICC_PROFILE"
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or is_profile or marker in (0xE0, 0xEE):
            kept += segment
        place = max(end, place + 2)
    raise damaged()
