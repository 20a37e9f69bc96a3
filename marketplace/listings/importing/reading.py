"""Reads a file of achievements: the rows under the headers that are known."""

from marketplace.core import spreadsheets
from marketplace.core.spreadsheets import LARGEST

from . import columns
from .sheets import Sheet, assemble

__all__ = ["LARGEST", "read"]


def read(content: bytes) -> Sheet:
    """The sheet in a file. Raises SheetFault with a sentence that says what to do."""
    return spreadsheets.read(content, assemble, is_known=lambda name: columns.recognised(name) is not None)
