"""Caution: passages of a contract text that may be void, in words. A reason to ask a lawyer, never a verdict."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from defusedxml import ElementTree
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketplace.documents import services as documents
from marketplace.documents.models import Document

from .rules.clauses import Clause, flags

CODE = "W_CLAUSE_MONOPOLY"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CLAUSES = {
    Clause.IMPROVEMENT: lazy("a ban on improving the technology, or improvements that are given back for nothing"),
    Clause.COMPETING_SOURCE: lazy("a ban on taking similar technology from others"),
    Clause.SALES: lazy("a limit on quantity, kind, price, sales channels or export"),
    Clause.TIE_IN: lazy("a duty to take something that is not needed"),
    Clause.SOURCING: lazy("a limit on where material or equipment is bought"),
    Clause.NO_CHALLENGE: lazy("a ban on contesting the right"),
}


@dataclass(frozen=True, slots=True)
class Caution:
    """One passage to look at: its code for programs, the clause that it may be, its words, and what to do."""

    code: str
    clause: Clause
    law: str
    passage: str
    sentence: str


def cautions(text: str) -> list[Caution]:
    """What a lawyer should look at in a text, in its order."""
    return [Caution(CODE, flag.clause, flag.law, flag.passage, sentence_of(flag.clause)) for flag in flags(text)]


def sentence_of(clause: Clause) -> str:
    words = {"clause": CLAUSES[clause]}
    return _("This may be %(clause)s, which can be void (Civil Code 850). Please have a lawyer look.") % words


def cautions_of(document: Document) -> list[Caution] | None:
    """The same for a Word document; None for a file that is not read here, which somebody must read themselves."""
    text = text_of(document)
    return None if text is None else cautions(text)


def text_of(document: Document) -> str | None:
    """The words of a Word document, a line a paragraph; None for another kind of file."""
    if document.media_type != WORD:
        return None
    with zipfile.ZipFile(io.BytesIO(documents.content_of(document))) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    return "\n".join(paragraphs(body))


def paragraphs(body: Any) -> Iterator[str]:
    for paragraph in body.iter(f"{SPACE}p"):
        yield "".join(run.text or "" for run in paragraph.iter(f"{SPACE}t"))
