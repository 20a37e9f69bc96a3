"""Text: decides what counts as a term, for Chinese, English and texts that are both.

Chinese runs give their words (dictionary cut, hidden-Markov guessing off) and, marked apart by
`BIGRAM`, their character pairs. Latin and digit runs give Snowball stems; model numbers, formulas and
figures with units ("6061-T6", "PM2.5", "≥ 99.9 %", "5 kW") are kept whole beside their parts.
Everything is folded first: full width to half width (NFKC), Traditional to Simplified, lower case.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

BIGRAM = "~"
"""First character of a character-pair term. No other term can begin with it."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇々"
_UNITS = (
    "%|‰|°c|°f|°|nm|μm|um|mm|cm|dm|km|m2|m3|m|mg|kg|μg|ug|g|t|ml|μl|ul|l|kpa|mpa|gpa|pa|mw|kw|gw|w|kwh|wh|kv|mv|v"
    "|ma|ka|a|khz|mhz|ghz|hz|kb|mb|gb|tb|bit|ppm|ppb|rpm|db|kn|n|kj|mj|j|k|h|min|s|ms|μs|fps|mol|lm|lx|ev|dpi"
)
_FIGURE = rf"[≥≤<>±]?\s?\d+(?:[.,]\d+)*(?:\s?(?:{_UNITS})(?![a-z0-9μ]))?"
_NAME = r"[a-zà-öø-ÿα-ω0-9]+(?:[-./+_:][a-zà-öø-ÿα-ω0-9]+)*"
_RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<figure>{_FIGURE}(?![a-z0-9]|[-./+_:][a-z0-9]))|(?P<name>{_NAME})")
_PART = re.compile(r"[a-zà-öø-ÿα-ω]+\d*|\d+[a-z]*")
NAME_LETTER = re.compile("[a-zà-öø-ÿα-ω]")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_LATIN_LETTER = re.compile("[A-Za-z]")
_PLAIN = re.compile(rf"[{HAN}]+|(?:(?![{HAN}])\w){{2,}}")
_PASSAGE = re.compile(r"[^\n]+")


class Token(NamedTuple):
    """One occurrence of a term: `folded[start:end]` is what was written."""

    term: str
    start: int
    end: int


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def traditional() -> re.Pattern[str]:
    """Characters that the Simplified script writes otherwise: texts without one skip the slow fold."""
    convert = _converter().convert
    common = (chr(point) for point in range(0x4E00, 0xA000))
    return re.compile("[" + "".join(char for char in common if convert(char) != char) + "]")


@cache
def cutter() -> Any:
    """Cuts a Chinese text into words: called with the text and False, for no guessing of unknown words."""
    import rjieba

    return rjieba.Jieba().cut


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """English stem of a lower-case word; anything with a digit stays as it is."""
    return str(_stemmer().stemWord(word)) if word.isalpha() else word


def spelled(text: str) -> str:
    """A text as people are shown it: NFKC, Simplified characters, case kept."""
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode())
    return str(_converter().convert(text)) if traditional().search(text) else text


def fold(text: str) -> str:
    """One spelling for all: NFKC, Simplified characters, lower case. As long as `spelled` of the text."""
    return lowered(spelled(text))


def lowered(text: str) -> str:
    """Lower case, character by character, as long as the text."""
    lower = text.lower()
    if len(lower) == len(text) and "Σ" not in text:  # which str.lower writes otherwise at the end of a word
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def is_chinese(text: str) -> bool:
    """Whether a passage is Chinese: one Chinese character says as much as three Latin letters."""
    han = len(_HAN_CHARACTER.findall(text))
    return han > 0 and 3 * han >= len(_LATIN_LETTER.findall(text))


def is_han(term: str) -> bool:
    """Whether a term is made of Chinese characters."""
    return bool(_HAN_CHARACTER.match(term[1:] if term.startswith(BIGRAM) else term))


def passages(folded: str) -> Iterator[tuple[int, str, bool]]:
    """Lines of a folded text as (offset, line, is Chinese)."""
    for found in _PASSAGE.finditer(folded):
        yield found.start(), found[0], is_chinese(found[0])


def passage_terms(passage: str, chinese: bool) -> list[str]:
    """Terms of one folded line, one for each occurrence: those of `tokens`, without their places."""
    terms: list[str] = []
    for found in _RUN.finditer(passage):
        run = found[0]
        if found.lastgroup == "han":
            terms += cutter()(run, False)
            terms += [BIGRAM + one + other for one, other in pairwise(run)]
        else:
            terms += latin_terms(run, chinese)
    return terms


@lru_cache(maxsize=50_000)
def latin_terms(run: str, chinese: bool) -> tuple[str, ...]:
    """Terms of one Latin run of a Chinese or an English line."""
    return tuple(token.term for token in _latin_tokens(run, 0, chinese))


def tokens(folded: str) -> Iterator[Token]:
    """Every term of a folded text with its place, passage by passage."""
    for offset, passage, chinese in passages(folded):
        yield from _passage_tokens(passage, offset, chinese)


def _passage_tokens(passage: str, offset: int, chinese: bool) -> Iterator[Token]:
    for found in _RUN.finditer(passage):
        start = offset + found.start()
        if found.lastgroup == "han":
            yield from _han_tokens(found[0], start)
        else:
            yield from _latin_tokens(found[0], start, chinese)


def _han_tokens(run: str, start: int) -> Iterator[Token]:
    place = start
    for word in cutter()(run, False):
        yield Token(word, place, place + len(word))
        place += len(word)
    for i in range(len(run) - 1):
        yield Token(BIGRAM + run[i : i + 2], start + i, start + i + 2)


def _latin_tokens(run: str, start: int, chinese: bool) -> Iterator[Token]:
    """Parts of a Latin run, then the run whole; a plain word counts twice in a Chinese passage."""
    end = start + len(run)
    parts = [Token(stem(part[0]), start + part.start(), start + part.end()) for part in _PART.finditer(run)]
    yield from (part for part in parts if chinese or len(part.term) > 1)
    for whole in _wholes(run):
        if chinese or (any(char.isdigit() for char in whole) and [part.term for part in parts] != [whole]):
            yield Token(whole, start, end)


def _wholes(run: str) -> list[str]:
    """How a run is kept whole: without blanks, a figure also without its sign of comparison."""
    whole = "".join(run.split())
    bare = whole.lstrip("≥≤<>±")
    return [stem(bare)] if bare == whole else [bare, whole]


def plain_words(folded: str) -> list[str]:
    """Words alone, as plain models take them: cut Chinese, and Latin runs of two characters or more."""
    words: list[str] = []
    for piece in _PLAIN.findall(folded):
        words.extend(cutter()(piece, False) if _HAN_CHARACTER.match(piece) else [piece])
    return words
