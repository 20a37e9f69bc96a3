"""Rules of licence terms: what changed from one version of a sheet to the next, as rows of data.

Two versions differ in nothing when and only when they are the same sheet. `contracts.wording` makes sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from .sheet import AnyTerm, Sheet

NOTHING = ("", None, ())


class ChangeKind(StrEnum):
    """What became of one thing that is agreed."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    MOVED = "MOVED"


@dataclass(frozen=True, slots=True)
class Change:
    """One row: a whole term (`field` empty), a field of one (`tiers.0.rate`), or of the sheet (`term` empty).

    `old` and `new` are the values as the sheet holds them, or the term itself; None where there was or is nothing.
    """

    kind: ChangeKind
    term: str
    field: str
    old: Any = None
    new: Any = None


def difference(old: Sheet, new: Sheet) -> tuple[Change, ...]:
    """Every change from `old` to `new`: of the sheet first, then term by term as the new one lists them."""
    before, after = ({each.id: each for each in sheet.terms} for sheet in (old, new))
    return (
        *_fields("", _leaves(old, skip=("terms",)), _leaves(new, skip=("terms",))),
        *(Change(ChangeKind.REMOVED, id, "", old=term) for id, term in before.items() if id not in after),
        *(change for id, term in after.items() for change in _term(before.get(id), term)),
        *_order(tuple(before), tuple(after)),
    )


def _term(old: AnyTerm | None, new: AnyTerm) -> Iterator[Change]:
    if old is None:
        yield Change(ChangeKind.ADDED, new.id, "", new=new)
    elif type(old) is not type(new):
        yield Change(ChangeKind.CHANGED, new.id, "", old=old, new=new)
    else:
        yield from _fields(new.id, _leaves(old), _leaves(new))


def _fields(term: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """One row a field, in the order of the sheet; what only the old version has comes last."""
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
        yield Change(kind, term, name, old=before, new=after)


def _order(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """The order of the terms that both have."""
    before, after = ([id for id in ids if id in old and id in new] for ids in (old, new))
    if before != after:
        yield Change(ChangeKind.MOVED, "", "terms", old=tuple(before), new=tuple(after))


def _leaves(noun: Any, path: str = "", *, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """What is agreed in a noun, by path; what is left open is not there."""
    found: dict[str, Any] = {}
    for each in fields(noun):
        value = getattr(noun, each.name)
        if each.name not in skip and value not in NOTHING:
            found |= _leaf(value, f"{path}{each.name}")
    return found


def _leaf(value: Any, path: str) -> dict[str, Any]:
    if is_dataclass(value):
        return _leaves(value, f"{path}.")
    if isinstance(value, tuple) and is_dataclass(value[0]):
        parts = (_leaves(part, f"{path}.{place}.") for place, part in enumerate(value))
        return {name: leaf for part in parts for name, leaf in part.items()}
    return {path: value}
