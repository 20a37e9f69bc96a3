"""Glossary: lets a question in one language find documents in the other, by technical terms known in both.

A question that says something in one language only gets the other's terms added: those of its title and
keywords to the keywords, the others to the text. Documents stay as they are, so nothing is indexed twice.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from matching.documents import PARTS, Document
from matching.text import fold, is_chinese, passages, stem

_WORD = re.compile(r"[a-z0-9]+")
_WORD_OR_SIGN = re.compile(r"[a-z0-9]+|[^\sa-z0-9-]")


class Glossary:
    """Pairs of a Chinese and an English term; a term may have several on the other side."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._english: dict[str, list[str]] = {}
        self._chinese: dict[str, list[str]] = {}
        for chinese, english in pairs:
            self._english.setdefault(fold(chinese), []).append(english)
            self._chinese.setdefault(_stems(fold(english)), []).append(chinese)
        self._written = re.compile(_either(self._english))
        self._said = re.compile(f"(?<= )(?:{_either(self._chinese)})(?= )")

    @classmethod
    def read(cls, path: str | Path) -> "Glossary":
        """The glossary of a JSON file: a list of {"zh": …, "en": …}."""
        rows = json.loads(Path(path).read_text("utf-8"))
        return cls((row["zh"], row["en"]) for row in rows)

    def asked(self, question: Document) -> Document:
        """The question with the terms of the other language; a question in both stays as it is."""
        languages = {
            chinese for part in PARTS for _, line, chinese in passages(fold(question.part(part))) if _tells(line)
        }
        if len(languages) != 1:
            return question
        chinese = languages.pop()
        led = self._terms("\n".join((question.title, *question.keywords)), chinese)
        rest = [term for term in self._terms(question.text, chinese) if term not in led]
        text = "\n".join(filter(None, [question.text, "; ".join(rest)]))
        return replace(question, keywords=(*question.keywords, *led), text=text)

    def _terms(self, text: str, chinese: bool) -> list[str]:
        """Terms of the other language, each once, in reading order; longer terms hide those within them."""
        folded = fold(text)
        if chinese:
            found = [self._english[term] for term in self._written.findall(folded)]
        else:
            found = [self._chinese[term] for term in self._said.findall(f" {_stems(folded)} ")]
        return list(dict.fromkeys(term for terms in found for term in terms))


def _tells(line: str) -> bool:
    """Whether a line is long enough to have a language: model names stand in texts of either."""
    return is_chinese(line) or len(_WORD.findall(line)) > 2


def _stems(folded: str) -> str:
    """English words as their stems between blanks, so that a plural finds its singular."""
    return " ".join(stem(word) if word.isalnum() else "|" for word in _WORD_OR_SIGN.findall(folded))


def _either(terms: Mapping[str, object]) -> str:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return "|".join(map(re.escape, longest_first)) or "(?!)"
