"""Store: writes an index to one file and reads it back, or refuses with a reason.

Layout: one line of magic, one line of JSON (version, length and SHA-256 of the rest), then numpy arrays
and JSON in an npz archive. Nothing in it is ever executed. The file is written beside its place and
moved there, so that a reader sees the old one or the new one.
"""

import hashlib
import io
import json
import os
import tempfile
from dataclasses import fields as dataclass_fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from matching.counting import Counts, empty_counts
from matching.documents import Document
from matching.errors import DamagedIndexFile, ForeignIndexFile, NewerIndexFile
from matching.index import TextIndex
from matching.settings import Settings

MAGIC = b"technology-transfer matching index\n"
VERSION = 1


def save(path: str | Path, index: TextIndex) -> None:
    """Writes an index, atomically."""
    body = _packed(index)
    header = {"version": VERSION, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    target = Path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + json.dumps(header).encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: str | Path) -> TextIndex:
    """Reads an index.

    Raises `ForeignIndexFile`, `NewerIndexFile` or `DamagedIndexFile`; FileNotFoundError as usual.
    """
    content = Path(path).read_bytes()
    if not content.startswith(MAGIC):
        cut = MAGIC.startswith(content)
        raise (DamagedIndexFile if cut else ForeignIndexFile)(
            f"{path} is not a matching index. Name a file written by Matcher.save, or rebuild the index."
        )
    return _unpacked(_checked(path, content[len(MAGIC) :]))


def _checked(path: str | Path, content: bytes) -> bytes:
    """The body of a file whose header agrees with it."""
    damaged = DamagedIndexFile(f"{path} is damaged: it was cut short or altered. Rebuild the index.")
    line, _, body = content.partition(b"\n")
    try:
        header = json.loads(line)
        version, length, digest = int(header["version"]), int(header["length"]), str(header["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise damaged from error
    if version > VERSION:
        raise NewerIndexFile(
            f"{path} has index version {version}, this library reads up to {VERSION}."
            " Update the library, or rebuild the index with this one."
        )
    if len(body) != length or hashlib.sha256(body).hexdigest() != digest:
        raise damaged
    return body


def _packed(index: TextIndex) -> bytes:
    counts = index.counts or empty_counts(0, 0)
    documents = [
        [d.id, d.title, d.text, d.keywords, {key: plain_value(value) for key, value in d.fields.items()}]
        for d in index.documents
    ]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        settings=_json(index.settings.as_json()),
        documents=_json(documents),
        terms=_json(list(index.vocabulary)),
        data=counts.weighted.data.astype(np.int32),
        indices=counts.weighted.indices,
        indptr=counts.weighted.indptr,
        parts=counts.parts,
        lengths=counts.lengths,
    )
    return buffer.getvalue()


def _unpacked(body: bytes) -> TextIndex:
    from scipy.sparse import csr_matrix

    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        names = {known.name for known in dataclass_fields(Settings)}
        stored = {key: value for key, value in _value(arrays["settings"]).items() if key in names}
        index = TextIndex(Settings(**stored))
        documents = [
            Document(id, title, text, tuple(keywords), {key: frozen(value) for key, value in facts.items()})
            for id, title, text, keywords, facts in _value(arrays["documents"])
        ]
        terms = _value(arrays["terms"])
        triple = arrays["data"].astype(np.float64), arrays["indices"], arrays["indptr"]
        counts = Counts(csr_matrix(triple, (len(documents), len(terms))), arrays["parts"], arrays["lengths"])
        index.restore(documents, terms, counts)
        return index


def _json(value: Any) -> np.ndarray:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _value(array: np.ndarray) -> Any:
    return json.loads(array.tobytes().decode())


def plain_value(value: Any) -> Any:
    """A fact as JSON: dates in ISO form; anything JSON cannot say raises TypeError when it is written."""
    return value.isoformat() if isinstance(value, date) else value


def frozen(value: Any) -> Any:
    """A fact as it was before it was JSON."""
    return tuple(value) if isinstance(value, list) else value
