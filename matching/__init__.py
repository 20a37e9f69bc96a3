"""Matching: finds achievements for demands and demands for achievements, and says why. Knows no Django.

Text → terms (`text`) → counts (`counting`) → weights (`weights`) → scores (`index`) → conditions and fit
(`conditions`, `fit`) → the best k (`ranking`) → reasons (`reasons`); kept in a file by `store`.
"""

from matching.documents import Document, Match, Reason
from matching.errors import (
    DamagedIndexFile,
    DatasetError,
    ForeignIndexFile,
    IndexFileError,
    MatchingError,
    NewerIndexFile,
)
from matching.matcher import Matcher
from matching.settings import Settings

VERSION = "2"
"""Version of text analysis, weights and settings: matches stored under another one are to be refreshed."""

__all__ = [
    "VERSION",
    "DamagedIndexFile",
    "DatasetError",
    "Document",
    "ForeignIndexFile",
    "IndexFileError",
    "Match",
    "Matcher",
    "MatchingError",
    "NewerIndexFile",
    "Reason",
    "Settings",
]
