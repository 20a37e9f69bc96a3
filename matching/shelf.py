"""Shelf: keeps a compiled index in a folder, as files that any number of workers map into memory.

`manifest.json` names the files of one state with their lengths and checksums; it is written beside its
place and moved there last, so that a reader finds the old state or the new one, whenever the writer dies.
Tiles never change once written and are shared by the states that hold them. Nothing in a file is executed.
"""

import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any, overload

import numpy as np

from matching.documents import Document
from matching.errors import DamagedIndexFile, ForeignIndexFile, NewerIndexFile
from matching.fast import FastIndex
from matching.kernels import ByTerm, Held, Model
from matching.names import Names, names_table
from matching.settings import Settings
from matching.store import frozen, plain_value
from matching.tiles import Sealed

VERSION = 2
KIND = "technology-transfer matching shelf"
MANIFEST = "manifest.json"
_ALIGNED = 64
Arrays = dict[str, np.ndarray]


NOTE = "note:"
"""What stands before the names of the caller's own arrays."""


def publish(folder: str | Path, index: FastIndex, notes: Mapping[str, np.ndarray] | None = None) -> None:
    """Writes the index as the folder's new state, with the caller's own arrays beside it, which `open_shelf` gives
    back; readers of the old one are not disturbed. One writer at a time."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        index.merge()
        with index.writing():
            if len(index.parts[-1]):  # another has come in meanwhile
                continue
            tiles = [part for part in index.parts if isinstance(part, Sealed) and len(part)]
            files = [_tile_file(folder, tile) for tile in tiles]
            noted = {NOTE + name: array for name, array in (notes or {}).items()}
            files.append(_write(folder, "collection", _collection(index, tiles) | noted))
            bases = [tile.base for tile in tiles]
            break
    state = {"kind": KIND, "version": VERSION, "settings": index.settings.as_json(), "bases": bases, "files": files}
    body = json.dumps(state, ensure_ascii=False, sort_keys=True)
    _replace(folder / MANIFEST, [json.dumps({"crc": zlib.crc32(body.encode()), "state": body}).encode()])
    _forget(folder, {file["name"] for file in files})


def open_shelf(folder: str | Path) -> tuple[FastIndex, Arrays]:
    """The index of a folder, mapped, and what its writer noted: what workers share costs each of them nothing.

    Raises `ForeignIndexFile`, `NewerIndexFile` or `DamagedIndexFile`; FileNotFoundError without a manifest.
    """
    folder = Path(folder)
    for _ in range(3):  # a new state may take the place of the one that is being read
        state = _state(folder / MANIFEST)
        with suppress(FileNotFoundError):
            return _opened(folder, state)
    raise DamagedIndexFile(f"{folder} lacks a file that its manifest names. Rebuild the index.")


def _state(path: Path) -> dict[str, Any]:
    damaged = DamagedIndexFile(f"{path} is damaged: it was cut short or altered. Rebuild the index.")
    try:
        outer = json.loads(path.read_bytes())
        body, crc = str(outer["state"]), int(outer["crc"])
    except (ValueError, KeyError, TypeError) as error:
        raise damaged from error
    if zlib.crc32(body.encode()) != crc:
        raise damaged
    state: dict[str, Any] = json.loads(body)
    if state.get("kind") != KIND:
        raise ForeignIndexFile(f"{path} is not of a matching index. Name a folder that Matcher.publish wrote.")
    if state["version"] > VERSION:
        raise NewerIndexFile(f"{path} has version {state['version']}, this library reads up to {VERSION}. Update it.")
    if state["version"] < VERSION:
        raise ForeignIndexFile(f"{path} has version {state['version']}, which is not read any more. Rebuild the index.")
    return state


def _opened(folder: Path, state: dict[str, Any]) -> tuple[FastIndex, Arrays]:
    known = {field.name for field in dataclass_fields(Settings)}
    settings = Settings(**{key: value for key, value in state["settings"].items() if key in known})
    *tiles, collection = [_mapped(folder, file) for file in state["files"]]
    alive, bounds = collection["alive"], collection["alive_bounds"]
    sealed = [
        _tile(base, arrays, np.array(alive[bounds[at] : bounds[at + 1]]), state["files"][at])
        for at, (base, arrays) in enumerate(zip(state["bases"], tiles, strict=True))
    ]
    words = Names(collection["words"], collection["word_bounds"], collection["word_slots"])
    ids = Names(collection["ids"], collection["id_bounds"], collection["id_slots"], collection["rows"])
    index = FastIndex(settings)
    index.restore(
        sealed, words, ids, *(np.array(collection[name]) for name in ("languages", "frequency", "lengths", "present"))
    )
    noted = {name.removeprefix(NOTE): array for name, array in collection.items() if name.startswith(NOTE)}
    return index, noted


def _tile(base: int, arrays: Arrays, alive: np.ndarray, file: dict[str, Any]) -> Sealed:
    held = Held(*(arrays[name] for name in Held._fields))
    by_term = ByTerm(*(arrays[name] for name in ByTerm._fields))
    documents = Stored(arrays["documents"], arrays["document_bounds"])
    tile = Sealed(base, held, documents, alive, by_term, Model(*arrays["model"].tolist()))
    tile.file = file
    return tile


def _tile_file(folder: Path, tile: Sealed) -> dict[str, Any]:
    if tile.file and (folder / tile.file["name"]).exists():
        return tile.file
    texts = [_packed(document) for document in tile.documents]
    arrays = {
        **tile.held._asdict(),
        **tile.by_term._asdict(),
        "documents": np.frombuffer(b"".join(texts), np.uint8),
        "document_bounds": np.cumsum([0, *map(len, texts)]),
        "model": np.array(tile.model),
    }
    tile.file = _write(folder, "tile", arrays)
    return tile.file


def _collection(index: FastIndex, tiles: Sequence[Sealed]) -> Arrays:
    """What is true of the whole collection and changes with every state."""
    words, word_bounds, word_slots = names_table(index.words())
    rows = index.rows()
    ids, id_bounds, id_slots = names_table(list(rows))
    return {
        "words": words, "word_bounds": word_bounds, "word_slots": word_slots,
        "ids": ids, "id_bounds": id_bounds, "id_slots": id_slots, "rows": np.array(list(rows.values()), np.int64),
        "alive": np.concatenate([tile.alive[: len(tile)] for tile in tiles] or [np.zeros(0, np.uint8)]),
        "alive_bounds": np.cumsum([0, *map(len, tiles)]),
        **index.totals(),
    }  # fmt: skip


def _write(folder: Path, kind: str, arrays: Arrays) -> dict[str, Any]:
    """Writes named arrays to a file of their own, each at a multiple of 64 bytes; what a manifest says of it."""
    layout, place = {}, 0
    for name, array in arrays.items():
        layout[name] = [place, array.dtype.str, list(array.shape)]
        place += -(-array.nbytes // _ALIGNED) * _ALIGNED
    crc = 0
    pieces = []
    for array in arrays.values():
        piece = np.ascontiguousarray(array).tobytes()
        piece += bytes(-len(piece) % _ALIGNED)
        crc = zlib.crc32(piece, crc)
        pieces.append(piece)
    name = f"{kind}-{crc:08x}-{os.urandom(4).hex()}"
    _replace(folder / name, pieces)
    return {"name": name, "bytes": place, "crc": crc, "arrays": layout}


def _replace(path: Path, pieces: Sequence[bytes]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(folder: Path, named: set[str]) -> None:
    """Removes what no manifest names: earlier states, and what a killed writer left."""
    for path in folder.iterdir():
        if path.name not in named and path.name.startswith(("tile-", "collection-", ".writing-")):
            path.unlink(missing_ok=True)


def _mapped(folder: Path, file: Mapping[str, Any]) -> Arrays:
    """The arrays of a file, mapped copy-on-write, once its length and checksum agree with the manifest."""
    path = folder / str(file["name"])
    damaged = DamagedIndexFile(f"{path} is damaged: it was cut short or altered. Rebuild the index.")
    if path.stat().st_size != file["bytes"]:
        raise damaged
    empty = np.zeros(0, np.uint8)
    whole = np.memmap(path, np.uint8, "c").view(np.ndarray) if file["bytes"] else empty
    crc = 0
    for start in range(0, len(whole), 1 << 24):
        crc = zlib.crc32(whole[start : start + (1 << 24)].data, crc)
    if crc != file["crc"]:
        raise damaged
    return {name: _view(whole, *layout) for name, layout in file["arrays"].items()}


def _view(whole: np.ndarray, place: int, kind: str, shape: list[int]) -> np.ndarray:
    dtype = np.dtype(kind)
    size = int(np.prod(shape)) * dtype.itemsize
    return whole[place : place + size].view(dtype).reshape(shape)


def _packed(document: Document) -> bytes:
    facts = {key: plain_value(value) for key, value in document.fields.items()}
    parts = [document.id, document.title, document.text, document.keywords, facts]
    return json.dumps(parts, ensure_ascii=False).encode()


class Stored(Sequence[Document]):
    """Documents in a mapped file, read one by one when they are asked for."""

    def __init__(self, texts: np.ndarray, bounds: np.ndarray) -> None:
        self.texts, self.bounds = texts, bounds

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> list[Document]: ...
    def __getitem__(self, place: int | slice) -> Document | list[Document]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        text = self.texts[self.bounds[place] : self.bounds[place + 1]].tobytes()
        id, title, body, keywords, facts = json.loads(text)
        return Document(id, title, body, tuple(keywords), {key: frozen(value) for key, value in facts.items()})

    def __iter__(self) -> Iterator[Document]:
        return (self[place] for place in range(len(self)))
