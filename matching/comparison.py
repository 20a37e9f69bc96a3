"""Comparison: ranks the tasks of a data set by several models and says which differences are off zero."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matching import datasets
from matching.documents import Document
from matching.errors import DatasetError, MatchingError
from matching.evaluate import rankings
from matching.glossary import Glossary
from matching.metrics import METRICS, evaluate_run, intervals, means, paired

SHOWN = ("nDCG@10", "MRR@10", "R@10", "R@100")
AGAINST = ("tfidf", "bm25")
POOL = 20
WITH_GLOSSARY = "matcher+glossary"

PerQuery = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Task:
    """Questions of one file against the corpus of a folder; both languages' folders share the judgements."""

    name: str
    corpus: Path
    asked: Path
    queries: str = "queries"


@dataclass(frozen=True, slots=True)
class Score:
    """One model on one task: the mean of each metric with its interval, and by how much it is ahead of the
    models of `AGAINST` in nDCG@10 (difference, low, high)."""

    task: str
    model: str
    documents: int
    queries: int
    mean: Mapping[str, float]
    interval: Mapping[str, tuple[float, float]]
    ahead: Mapping[str, tuple[float, float, float]]
    judged: float
    """Share of the first twenty of each query that somebody judged."""


def tasks(folder: Path, name: str = "") -> list[Task]:
    """A folder's tasks: each of its query files; with a translation in its folder `en` also that one's, and
    the questions of either language against the corpus of the other."""
    name = name or folder.name
    if not datasets.query_files(folder):
        raise DatasetError(f"{folder} has no queries.jsonl.")
    own = [Task(_named(name, file), folder, folder, file) for file in datasets.query_files(folder)]
    other = folder / "en"
    if not other.is_dir():
        return own
    crossing = [Task("zh → en", other, folder), Task("en → zh", folder, other)]
    return [*own, *tasks(other), *crossing]


def _named(name: str, file: str) -> str:
    return f"{name} {file.removeprefix('queries').lstrip('-')}".strip()


def ranked(
    model: str, documents: Sequence[Document], queries: Sequence[Document], k: int, glossary: Glossary | None
) -> list[list[str]]:
    """The best k documents of each query by one of the models of `evaluate`, or by the matcher as the product
    asks it: "matcher+glossary"."""
    if model == WITH_GLOSSARY:
        queries = [glossary.asked(query) if glossary else query for query in queries]
        model = "matcher"
    return [[found for found, _ in ranking] for ranking in rankings(model, documents, queries, k)]


def compare(task: Task, models: Sequence[str], k: int = 100, glossary: Glossary | None = None) -> list[Score]:
    """Every model on the same questions, each with how far it is ahead of the plain ones."""
    documents, queries = datasets.documents(task.corpus, "corpus"), datasets.documents(task.asked, task.queries)
    judged = datasets.judgements(task.asked)
    barred = max((sum(gain < 0 for gain in gains.values()) for gains in judged.values()), default=0)
    ids = [query.id for query in queries]
    runs = {
        model: dict(zip(ids, ranked(model, documents, queries, k + barred, glossary), strict=True)) for model in models
    }
    measured = {model: evaluate_run(run, judged) for model, run in runs.items()}
    if not measured[models[0]]:
        raise MatchingError(f"{task.asked} judges no document relevant to any query.")
    return [_score(task, model, measured, len(documents), coverage(runs[model], judged)) for model in models]


def _score(task: Task, model: str, measured: Mapping[str, PerQuery], documents: int, judged: float) -> Score:
    per_query = measured[model]
    ahead = {other: paired(per_query, measured[other]) for other in AGAINST if other in measured and other != model}
    return Score(task.name, model, documents, len(per_query), means(per_query), intervals(per_query), ahead, judged)


def coverage(run: Mapping[str, Sequence[str]], judged: Mapping[str, Mapping[str, float]], depth: int = POOL) -> float:
    """Share of the first `depth` documents of each ranking that are judged."""
    known = [document in judged.get(query, {}) for query, ranking in run.items() for document in ranking[:depth]]
    return sum(known) / max(len(known), 1)


def pool(
    task: Task, models: Sequence[str], glossary: Glossary | None = None, depth: int = POOL
) -> set[tuple[str, str]]:
    """Pairs (query, document) among the first `depth` of any model that nobody judged yet."""
    documents, queries = datasets.documents(task.corpus, "corpus"), datasets.documents(task.asked, task.queries)
    judged = datasets.judgements(task.asked)
    return {
        (query.id, found)
        for model in models
        for query, ranking in zip(queries, ranked(model, documents, queries, depth, glossary), strict=True)
        for found in ranking
        if found not in judged.get(query.id, {})
    }


def as_rows(scores: Sequence[Score]) -> Iterator[list[str]]:
    """Cells of a table: task, model, metrics with intervals, and the paired differences."""
    yield ["task", "model", *SHOWN, *(f"nDCG@10 ahead of {other}" for other in AGAINST), "judged@20"]
    for score in scores:
        shown = [
            f"{score.mean[name]:.3f} [{score.interval[name][0]:.3f}, {score.interval[name][1]:.3f}]" for name in SHOWN
        ]
        ahead = [_ahead(score.ahead.get(other)) for other in AGAINST]
        yield [f"{score.task} ({score.queries})", score.model, *shown, *ahead, f"{score.judged:.0%}"]


def _ahead(difference: tuple[float, float, float] | None) -> str:
    if difference is None:
        return "–"
    mean, low, high = difference
    return f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def as_json(score: Score) -> dict[str, Any]:
    """A score as plain values."""
    return {
        "task": score.task,
        "model": score.model,
        "documents": score.documents,
        "queries": score.queries,
        **{name: round(score.mean[name], 4) for name in METRICS},
        "ci95": {name: [round(end, 4) for end in score.interval[name]] for name in METRICS},
        "ahead_of": {other: [round(value, 4) for value in values] for other, values in score.ahead.items()},
        "judged_at_20": round(score.judged, 4),
    }
