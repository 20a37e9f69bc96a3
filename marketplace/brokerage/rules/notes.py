"""What changed between two versions of a text, line by line. Pure functions."""

from difflib import SequenceMatcher
from typing import NamedTuple


class Line(NamedTuple):
    """A line of the difference: `kept`, `added` or `removed`."""

    change: str
    text: str


def difference(old: str, new: str) -> list[Line]:
    """The lines of both texts in the order in which they read, each with what became of it."""
    before, after = old.splitlines(), new.splitlines()
    found: list[Line] = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Line("kept", text) for text in before[i:j]]
            continue
        found += [Line("removed", text) for text in before[i:j]]
        found += [Line("added", text) for text in after[k:m]]
    return found
