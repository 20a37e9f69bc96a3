"""Names: a dictionary of names to numbers that lies in a mapped file, with what was added since in memory."""

import zlib
from collections.abc import Iterator, MutableMapping, Sequence

import numpy as np


def names_table(names: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Names as bytes one after another, where each begins, and slots by checksum: place of a name + 1."""
    encoded = [name.encode("utf-8", "surrogatepass") for name in names]
    slots = np.zeros(1 << max(4, (len(names) * 2).bit_length()), np.int32)
    mask = len(slots) - 1
    filled: dict[int, int] = {}
    for place, name in enumerate(encoded):
        slot = zlib.crc32(name) & mask
        while slot in filled:
            slot = (slot + 1) & mask
        filled[slot] = place + 1
    slots[list(filled)] = list(filled.values())
    return np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([0, *map(len, encoded)]), slots


class Names(MutableMapping[str, int]):
    """Names → numbers; without `numbers` a name's number is its place. The mapped part never changes."""

    def __init__(
        self, texts: np.ndarray, bounds: np.ndarray, slots: np.ndarray, numbers: np.ndarray | None = None
    ) -> None:
        self.texts, self.bounds, self.slots, self.numbers = texts, bounds, slots, numbers
        self.added: dict[str, int | None] = {}
        self.count = len(bounds) - 1

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, name: str) -> int:
        number = self.added[name] if name in self.added else self._stored(name)
        if number is None:
            raise KeyError(name)
        return number

    def __setitem__(self, name: str, number: int) -> None:
        self.count += name not in self
        self.added[name] = number

    def __delitem__(self, name: str) -> None:
        self.added[name] = None if name in self else self[name]
        self.count -= 1

    def __iter__(self) -> Iterator[str]:
        for place in range(len(self.bounds) - 1):
            name = self._name(place)
            if name not in self.added:
                yield name
        yield from [name for name, number in self.added.items() if number is not None]

    def __ior__(self, others: dict[str, int]) -> "Names":
        self.update(others)
        return self

    def _name(self, place: int) -> str:
        return self.texts[self.bounds[place] : self.bounds[place + 1]].tobytes().decode("utf-8", "surrogatepass")

    def _stored(self, name: str) -> int | None:
        wanted = name.encode("utf-8", "surrogatepass")
        mask = len(self.slots) - 1
        slot = zlib.crc32(wanted) & mask
        while place := int(self.slots[slot]):
            if self.texts[self.bounds[place - 1] : self.bounds[place]].tobytes() == wanted:
                return place - 1 if self.numbers is None else int(self.numbers[place - 1])
            slot = (slot + 1) & mask
        return None
