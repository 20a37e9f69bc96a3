"""Rules of overlap: regions and technical fields as spans of numbers that a database can compare.

Regions are GB/T 2260 codes: a province, city or district is the span of codes below it, China the span of all;
a country abroad stands above them by its number. Spans are half open.
"""

from collections.abc import Sequence
from typing import NamedTuple

CHINA = (100_000, 1_000_000)
WORLD = (0, 10_000_000)
EVERY_FIELD = (0, 100)
EVERY_SLOT = (0, 2**62)


class Span(NamedTuple):
    """From the first number to before the last."""

    first: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.first < other.end and other.first < self.end


def region_span(code: str) -> Span:
    """The span of a region: "WORLD", "CN", or a code of six digits. ValueError for anything else."""
    if code == "WORLD":
        return Span(*WORLD)
    if code == "CN":
        return Span(*CHINA)
    if not (code.isascii() and code.isdigit() and len(code) == 6 and code[0] != "0"):
        raise ValueError(f"{code!r} is no region code of six digits.")
    number = int(code)
    width = 10_000 if code.endswith("0000") else 100 if code.endswith("00") else 1
    return Span(number, number + width)


def field_span(code: str) -> Span:
    """The span of a technical field: "*" or a code of two digits. ValueError for anything else."""
    if code == "*":
        return Span(*EVERY_FIELD)
    if not (code.isascii() and code.isdigit() and len(code) == 2):
        raise ValueError(f"{code!r} is no technical field of two digits.")
    return Span(int(code), int(code) + 1)


def slot_span(*, excludes_others: bool, number: int) -> Span:
    """Whoever excludes others takes every slot, all others one of their own."""
    return Span(*EVERY_SLOT) if excludes_others else Span(number, number + 1)


def outermost(spans: Sequence[Span]) -> list[Span]:
    """The spans that no other one contains, each once, in order."""
    distinct = sorted(set(spans), key=lambda span: (span.first, -span.end))
    kept: list[Span] = []
    for span in distinct:
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return kept
