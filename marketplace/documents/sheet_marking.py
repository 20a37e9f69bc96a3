"""Marking a workbook: the reader and the time in the header of every sheet, and as the title of the file.

The parts are edited where they stand, so charts, pictures, formulas and conditional formats come along as they are;
a library that reads and writes the whole book would drop some of them. The header shows in print and print preview.
"""

import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from .archives import damaged
from .filling import CORE, ONE_DAY

SHEET = re.compile(r"xl/(work|chart|dialog)sheets/[^/]+\.xml", re.I)
AFTER = {
    *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing"),
    *("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
}
"""What the form of a sheet puts after its header."""
LINES = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
HEADERS = {"oddHeader": "", "evenHeader": "differentOddEven", "firstHeader": "differentFirst"}
"""Each header, and what must be switched on for it to be shown."""
LONGEST = 255  # of a header, as the program that opens it counts
SIZE = "&8 "


def marked(content: bytes, text: str) -> bytes:
    """The workbook with `text` first in the left part of each sheet's header. Raises Invalid for a broken file."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                part = old.read(name)
                if SHEET.fullmatch(name):
                    part = with_header(part, text)
                if name == "docProps/core.xml":
                    part = CORE.format(title=escape(text)).encode()
                new.writestr(zipfile.ZipInfo(name, ONE_DAY), part, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as fault:
        raise damaged() from fault
    return made.getvalue()


def with_header(part: bytes, text: str) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as fault:
        raise damaged() from fault
    space = etree.QName(root).namespace or ""
    frame = root.find(f"{{{space}}}headerFooter")
    if frame is None:
        frame = root.makeelement(f"{{{space}}}headerFooter", {}, None)
        later = next((each for each in root.iterchildren(etree.Element) if etree.QName(each).localname in AFTER), None)
        if later is None:
            root.append(frame)
        else:
            later.addprevious(frame)
    for name, switch in HEADERS.items():
        if not switch or frame.get(switch) in ("1", "true"):
            line = line_of(frame, space, name)
            line.text = put_first(line.text or "", text)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def line_of(frame: Any, space: str, name: str) -> Any:
    """The line of this name, made at its place if it is not there."""
    found = frame.find(f"{{{space}}}{name}")
    if found is None:
        found = frame.makeelement(f"{{{space}}}{name}", {}, None)
        before = [each for each in frame if LINES.index(etree.QName(each).localname) < LINES.index(name)]
        frame.insert(len(before), found)
    return found


def put_first(header: str, text: str) -> str:
    """The mark at the beginning of the left part; what the header said follows, as far as there is room."""
    mark = "&L" + SIZE + text.replace("&", "&&")
    left, others = split(header)
    full = f"{mark}\n{left}{others}" if left else mark + others
    return full if len(full) <= LONGEST else mark[:LONGEST]


def split(header: str) -> tuple[str, str]:
    """What stands on the left, and the rest with its codes. Without a code a header stands in the middle."""
    if header and not re.match(r"&[LCR]", header):
        header = "&C" + header
    found = re.match(r"&L((?:&[^CR]|[^&])*)", header)
    return (found[1], header[found.end() :]) if found else ("", header)
