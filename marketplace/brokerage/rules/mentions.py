"""Whom a text mentions: an @ and a name. Pure functions."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](?=[^\W\d_])")
"""An @ before a letter, and not within a mail address."""
WORD = re.compile(r"[^\s，。、；：！？,;:!?()（）]{1,20}")


class Piece(NamedTuple):
    """A part of a text: plain, or an @ with the name of a person."""

    text: str
    name: str = ""


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """The names that the text mentions, each once, in its order."""
    return list(dict.fromkeys(piece.name for piece in pieces(text, names) if piece.name))


def unknown(text: str, names: Iterable[str]) -> list[str]:
    """What stands after an @ and is none of the names."""
    known = longest_first(names)
    places = [at.end() for at in AT.finditer(text) if not name_at(text, at.end(), known)]
    return [found[0] for place in places if (found := WORD.match(text, place))]


def pieces(text: str, names: Iterable[str]) -> Iterator[Piece]:
    """The text in parts, its mentions apart."""
    known, done = longest_first(names), 0
    for at in AT.finditer(text):
        if at.start() >= done and (name := name_at(text, at.end(), known)):
            if at.start() > done:
                yield Piece(text[done : at.start()])
            done = at.end() + len(name)
            yield Piece(text[at.start() : done], name)
    if done < len(text):
        yield Piece(text[done:])


def longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=len, reverse=True)


def name_at(text: str, place: int, names: Iterable[str]) -> str:
    """The longest name that stands there as a whole; a Latin name does not end within a word."""
    for name in names:
        end = place + len(name)
        goes_on = is_latin(name[-1]) and end < len(text) and is_latin(text[end])
        if text.startswith(name, place) and not goes_on:
            return name
    return ""


def is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
