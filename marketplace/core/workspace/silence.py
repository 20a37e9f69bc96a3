"""The fields of a page: what says nothing is left out, and no more than two stand side by side."""

from collections.abc import Callable, Iterable
from typing import Any


def spoken(fieldsets: Iterable[Any], is_silent: Callable[[str], bool]) -> list[Any]:
    """Fieldsets in pairs, without the fields that are silent and without what is empty then."""
    kept = [(title, options | {"fields": spoken_lines(options["fields"], is_silent)}) for title, options in fieldsets]
    return [each for each in kept if each[1]["fields"]]


def spoken_lines(names: Iterable[Any], is_silent: Callable[[str], bool]) -> tuple[Any, ...]:
    lines = [[each for each in as_line(name) if not is_silent(each)] for name in names]
    return tuple(tuple(line[start : start + 2]) for line in lines for start in range(0, len(line), 2))


def as_line(name: Any) -> tuple[str, ...]:
    """Fields that stand side by side; mostly one alone."""
    return name if isinstance(name, tuple) else (name,)
