"""Rules of law: how a written identifier is cleaned before it is checked, and when it is a spoilt number."""

import re
import unicodedata

from .faults import SpreadsheetFault

SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+")


def clean(raw: object, *, spoilt: type[SpreadsheetFault] = SpreadsheetFault) -> str:
    """Fold full-width characters and case, drop spaces and invisible characters.

    Raises `spoilt` for anything that is not text (a spreadsheet cell that holds a number) and for text in
    scientific notation: the characters that are gone cannot be guessed.
    """
    if not isinstance(raw, str):
        raise spoilt
    folded = unicodedata.normalize("NFKC", raw).upper()
    text = "".join(ch for ch in folded if not ch.isspace() and unicodedata.category(ch) not in ("Cf", "Cc"))
    if SCIENTIFIC.fullmatch(text):
        raise spoilt
    return text
