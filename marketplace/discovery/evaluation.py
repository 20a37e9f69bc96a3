"""How good the matching is on judged pairs, measured when asked, beside plain TF-IDF on the same texts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

METRIC = "nDCG@10"
MODELS = ("matcher", "tfidf")


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
