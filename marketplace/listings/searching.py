"""Searching: how public text and a reader's words are spelled alike, so that the one is found in the other."""

import unicodedata
from functools import cache
from typing import Any

import opencc

MOST_WORDS = 10


@cache
def converter() -> Any:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """One spelling for all: full-width to half-width, Traditional to Simplified, lower case, single spaces."""
    plain = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode()).replace("\0", "")
    return " ".join(str(converter().convert(plain)).lower().split())


def words(query: str) -> list[str]:
    """The words of a query, each once and folded; a text is found when it holds every one of them."""
    return list(dict.fromkeys(fold(query).split()))[:MOST_WORDS]


def search_text(values: dict[str, Any]) -> str:
    """Every public word of a projection's values, folded, one passage a line. Nothing else is searched."""
    rights = [right.get(name, "") for right in values["rights"] for name in ("number", "title_zh", "title_en")]
    parts = [
        values["title_zh"],
        values["title_en"],
        *(values["texts"][name] for name in sorted(values["texts"])),  # PostgreSQL keeps them in an order of its own
        *values["keywords_zh"],
        *values["keywords_en"],
        values["owner_name_zh"],
        values["owner_name_en"],
        *rights,
    ]
    return "\n".join(fold(part) for part in parts if part)
