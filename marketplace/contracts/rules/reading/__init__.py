"""Rules of licence terms: the public form `term-sheet/1` as data, or every fault of its shape at once."""

from .document import Document, read_document
from .events import read_events
from .sheet import FORM, read_sheet

__all__ = ["FORM", "Document", "read_document", "read_events", "read_sheet"]
