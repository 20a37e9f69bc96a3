"""Rules of licence terms: how a JSON value is read so that every fault is found at once, each with its pointer.

A reader takes a value and its JSON pointer (RFC 6901) and returns what it means, or raises `Broken` with all that is
wrong below that pointer. What is not known is never walked into, so neither depth nor size can hurt.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..faults import Broken, Fault

T = TypeVar("T")
Reader = Callable[[Any, str], T]
Judge = Callable[[Any, str], Iterable[Fault]]  # looks at a raw value and its pointer

SHOWN = 40  # characters of a wrong value that a fault repeats


@dataclass(frozen=True, slots=True)
class Member:
    """One name of an object. What may be left out takes the default of the dataclass it fills."""

    read: Reader[Any]
    is_required: bool = False
    may_be_null: bool = False


def required(read: Reader[Any]) -> Member:
    return Member(read, is_required=True)


def optional(read: Reader[Any]) -> Member:
    return Member(read)


def nullable(read: Reader[Any]) -> Member:
    """May be left out or null, which both say that nothing is agreed."""
    return Member(read, may_be_null=True)


def broken(code: str, pointer: str, **inputs: Any) -> Broken:
    return Broken((Fault(code, pointer, inputs),))


def below(pointer: str, name: object) -> str:
    """The pointer of a member or item."""
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def shown(value: Any) -> str:
    """What was found, short and printable: a text as it is, else the JSON type."""
    if isinstance(value, str):
        text = value[:SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")
        return text if len(value) <= SHOWN else text + "…"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return "number"
    return "object" if isinstance(value, dict) else "list" if isinstance(value, list) else "unknown"


def every(readings: Iterable[tuple[Reader[T], Any, str]]) -> list[T]:
    """What all of them read, or `Broken` with the faults of all."""
    values: list[T] = []
    faults: list[Fault] = []
    for read, value, pointer in readings:
        try:
            values.append(read(value, pointer))
        except Broken as refusal:
            faults += refusal.faults
    if faults:
        raise Broken(tuple(faults))
    return values


def members(value: Any, pointer: str, shape: Mapping[str, Member]) -> dict[str, Any]:
    """The members that are given, by name; unknown and missing names are faults like wrong values."""
    given = _object(value, pointer)
    known = [name for name in shape if name in given and not (given[name] is None and shape[name].may_be_null)]
    faults = [*_unknown(given, pointer, shape), *_missing(given, pointer, shape)]
    try:
        read = every((shape[name].read, given[name], below(pointer, name)) for name in known)
    except Broken as refusal:
        raise Broken((*faults, *refusal.faults)) from None
    if faults:
        raise Broken(tuple(faults))
    return dict(zip(known, read, strict=True))


def _object(value: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise broken("E_FORM", pointer, expected="object", found=shown(value))
    return value


def _unknown(given: Mapping[str, Any], pointer: str, shape: Mapping[str, Member]) -> list[Fault]:
    names = [name for name in given if name not in shape][:20]
    places = [below(pointer, name) if len(str(name)) <= SHOWN else pointer for name in names]
    return [
        Fault("E_FORM", place, {"unknown": shown(name), "known": tuple(shape)})
        for place, name in zip(places, names, strict=True)
    ]


def _missing(given: Mapping[str, Any], pointer: str, shape: Mapping[str, Member]) -> list[Fault]:
    names = [name for name, member in shape.items() if member.is_required and name not in given]
    return [Fault("E_FORM", pointer, {"missing": name}) for name in names]


def list_of(read: Reader[T], *judges: Judge, at_most: int) -> Reader[tuple[T, ...]]:
    """A list, judged as a whole as well; one that is too long is refused unread."""

    def read_items(value: Any, pointer: str) -> tuple[T, ...]:
        return tuple(every((read, item, below(pointer, place)) for place, item in enumerate(value)))

    def read_list(value: Any, pointer: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise broken("E_FORM", pointer, expected="list", found=shown(value))
        if len(value) > at_most:
            raise broken("E_FORM", pointer, expected="list", at_most=at_most, found=len(value))
        return judged(read_items, *judges)(value, pointer)

    return read_list


def by_kind(readers: Mapping[str, Reader[T]]) -> Reader[T]:
    """An object whose `kind` says how the rest is read; of an unknown kind nothing else can be judged."""

    def read(value: Any, pointer: str) -> T:
        given = _object(value, pointer)
        if "kind" not in given:
            raise broken("E_FORM", pointer, missing="kind")
        kind = given["kind"]
        if not isinstance(kind, str):
            raise broken("E_FORM", below(pointer, "kind"), expected="text", found=shown(kind))
        if kind not in readers:
            raise broken("E_CODE_UNKNOWN", below(pointer, "kind"), found=shown(kind), known=tuple(readers))
        return readers[kind]({name: item for name, item in given.items() if name != "kind"}, pointer)

    return read


def judged(read: Reader[T], *judges: Judge) -> Reader[T]:
    """What `read` reads; the judges look at the raw value as well, so that no fault hides another."""

    def read_judged(value: Any, pointer: str) -> T:
        faults = [fault for judge in judges for fault in judge(value, pointer)]
        try:
            found = read(value, pointer)
        except Broken as refusal:
            raise Broken((*refusal.faults, *faults)) from None
        if faults:
            raise Broken(tuple(faults))
        return found

    return read_judged


def ids_differ(items: list[Any], pointer: str) -> Iterator[Fault]:
    """E_DUPLICATE_ID for each item of a list whose id was there before, naming where it was first."""
    first: dict[str, str] = {}
    for place, item in enumerate(items):
        id = item.get("id") if isinstance(item, dict) else item
        if not isinstance(id, str):
            continue
        where = f"{pointer}/{place}/id" if isinstance(item, dict) else f"{pointer}/{place}"
        if id in first:
            yield Fault("E_DUPLICATE_ID", where, {"id": shown(id), "first": first[id]})
        first.setdefault(id, where)


def one_of(*names: str, is_required: bool = False) -> Judge:
    """E_FORM when more than one of the names is given, or none where one is required."""

    def judge(value: Any, pointer: str) -> Iterator[Fault]:
        given = sum(name in value for name in names) if isinstance(value, dict) else 1
        if given > 1 or (is_required and not given):
            yield Fault("E_FORM", pointer, {"expected": "one of", "names": names})

    return judge
