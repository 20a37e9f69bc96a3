"""Datasets: reads a folder of documents, queries and judgements, or says which line is wrong.

`corpus.jsonl[.gz]` and `queries.jsonl[.gz]` hold one object a line with id, text and optionally title,
keywords and fields; `qrels.tsv` holds query, document and relevance, blank-separated, a header allowed.
`queries-NAME.jsonl[.gz]` asks the same in other words: a second task on the same corpus and judgements.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from matching.documents import Document
from matching.errors import DatasetError


def documents(folder: Path, name: str) -> list[Document]:
    """The documents of NAME.jsonl or NAME.jsonl.gz."""
    paths = [folder / (name + end) for end in (".jsonl", ".jsonl.gz")]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        raise DatasetError(f"{folder} has neither {name}.jsonl nor {name}.jsonl.gz.")
    return [_document(path, number, line) for number, line in _lines(path)]


def query_files(folder: Path) -> list[str]:
    """Names of the folder's query files without their endings: "queries" first, then the others by name."""
    names = {path.name.split(".jsonl")[0] for path in folder.glob("queries*.jsonl*")}
    return sorted(name for name in names if name == "queries" or name.startswith("queries-"))


def judgements(folder: Path) -> dict[str, dict[str, float]]:
    """Query id → document id → relevance, from qrels.tsv."""
    path = folder / "qrels.tsv"
    if not path.exists():
        raise DatasetError(f"{folder} has no qrels.tsv.")
    judged: dict[str, dict[str, float]] = {}
    for number, line in _lines(path):
        values = line.split()
        try:
            if len(values) not in (3, 4):
                raise ValueError
            judged.setdefault(values[0], {})[values[-2]] = float(values[-1])
        except ValueError as error:
            if number > 1:
                raise DatasetError(f"{path}:{number}: expected query, document and relevance.") from error
    return judged


def _document(path: Path, number: int, line: str) -> Document:
    try:
        row = json.loads(line)
        facts = {key: tuple(v) if isinstance(v, list) else v for key, v in (row.get("fields") or {}).items()}
        keywords = tuple(row.get("keywords") or ())
        return Document(str(row["id"]), row.get("title") or "", row.get("text") or "", keywords, facts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{path}:{number}: not a document with an id ({error}).") from error


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line
