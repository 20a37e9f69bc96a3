"""Spreadsheets as people have them, read by what a file holds: cell by cell, nothing calculated."""

from .cells import DATE, ERROR, FORMULA, LARGEST, MERGED, NUMBER, TEXT, TRUTH, Cell, Lines
from .faults import CellFault, SheetFault
from .files import read

__all__ = [
    "DATE",
    "ERROR",
    "FORMULA",
    "LARGEST",
    "MERGED",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "Cell",
    "CellFault",
    "Lines",
    "SheetFault",
    "read",
]
