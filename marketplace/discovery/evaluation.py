"""How good the matching is on judged pairs, measured when asked, beside plain models on the same texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .indexing import glossary

METRIC = "nDCG@10"
MODELS = ("matcher", "tfidf")
COMPARED = ("matcher+glossary", "matcher", "tfidf", "tfidf_sublinear", "bm25")
OWN = "benchmark"


@dataclass(frozen=True, slots=True)
class Quality:
    """A model's mean nDCG@10 over the queries with its 95 % interval."""

    model: str
    value: float
    low: float
    high: float
    queries: int
    documents: int


def quality(folder: Path, models: tuple[str, ...] = MODELS) -> list[Quality]:
    """Measure each model on a folder of corpus.jsonl, queries.jsonl and qrels.tsv (of `matching.evaluate`)."""
    from matching.evaluate import evaluate

    return [as_quality(evaluate(folder, model)) for model in models]


def as_quality(report: dict[str, Any]) -> Quality:
    low, high = report["ci95"][METRIC]
    return Quality(report["model"], report[METRIC], low, high, report["queries"], report["documents"])


def scores(folders: Iterable[Path]) -> Iterator[Any]:
    """Every compared model on every task of the folders (`matching.comparison.Score`)."""
    from matching.comparison import compare, tasks

    for folder in folders:
        for task in tasks(folder, "zh" if folder.name == OWN else ""):
            yield from compare(task, COMPARED, glossary=glossary())


def table(folders: Iterable[Path]) -> Iterator[str]:
    """The scores as lines of a Markdown table."""
    from matching.comparison import as_rows

    for place, row in enumerate(as_rows(list(scores(folders)))):
        yield f"| {' | '.join(row)} |"
        if place == 0:
            yield "|---" * len(row) + "|"


def as_values(folders: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The scores as plain values."""
    from matching.comparison import as_json

    yield from map(as_json, scores(folders))


def unjudged(folders: Iterable[Path]) -> list[tuple[str, str]]:
    """Pairs among the first twenty of any pooled model that nobody judged yet."""
    from matching.comparison import pool, tasks

    def pooled(task: Any) -> tuple[str, ...]:
        """Pairs of characters say nothing in English; across languages the plain models are blind."""
        if task.corpus != task.asked:
            return COMPARED[:2]
        return COMPARED if task.corpus.name == "en" else (*COMPARED, "bigrams")

    found = {pair for folder in folders for task in tasks(folder) for pair in pool(task, pooled(task), glossary())}
    return sorted(found)
