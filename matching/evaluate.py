"""Evaluate: ranks the queries of a data set and prints how good the ranking is, as JSON.

python -m matching.evaluate DATASET_DIR [--run OUT.tsv] [--model MODEL] [--k 100]
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from matching import baselines, datasets
from matching.documents import Document
from matching.errors import MatchingError
from matching.matcher import Matcher
from matching.metrics import METRICS, evaluate_run, intervals, means

Ranking = list[tuple[str, float]]


def rankings(model: str, documents: Sequence[Document], queries: Sequence[Document], k: int) -> list[Ranking]:
    """The best k (id, score) of each query by one of the models."""
    if model == "matcher":
        return Matcher.fit(documents).rank_many(queries, k)
    return list(baselines.rankings(model, documents, queries, k))


def evaluate(folder: Path, model: str = "matcher", k: int = 100, run: Path | None = None) -> dict[str, Any]:
    """Metrics of a model on a data set: each metric as mean and 95 % interval, with counts and seconds.

    A judgement below 0 takes documents out of the ranking, so a few more than k are asked for.
    """
    documents, queries = datasets.documents(folder, "corpus"), datasets.documents(folder, "queries")
    judged = datasets.judgements(folder)
    barred = max((sum(gain < 0 for gain in gains.values()) for gains in judged.values()), default=0)
    started = time.perf_counter()
    ranked = dict(zip((q.id for q in queries), rankings(model, documents, queries, k + barred), strict=True))
    seconds = time.perf_counter() - started
    if run is not None:
        write_run(run, ranked)
    return _report(folder, model, documents, ranked, judged, seconds)


def _report(
    folder: Path,
    model: str,
    documents: Sequence[Document],
    ranked: dict[str, Ranking],
    judged: dict[str, dict[str, float]],
    seconds: float,
) -> dict[str, Any]:
    per_query = evaluate_run({query: [i for i, _ in ranking] for query, ranking in ranked.items()}, judged)
    if not per_query:
        raise MatchingError(f"{folder} judges no document relevant to any query.")
    mean, interval = means(per_query), intervals(per_query)
    return {
        "dataset": folder.name,
        "model": model,
        "documents": len(documents),
        "queries": len(per_query),
        "queries_without_results": sum(not ranked.get(query) for query in per_query),
        **{name: round(mean[name], 4) for name in METRICS},
        "ci95": {name: [round(end, 4) for end in interval[name]] for name in METRICS},
        "seconds": round(seconds, 2),
    }


def write_run(path: Path, ranked: dict[str, Ranking]) -> None:
    """Writes `query document rank score` rows, tab-separated, ranks from 1."""
    with path.open("w", encoding="utf-8") as file:
        for query, ranking in ranked.items():
            for rank, (document, score) in enumerate(ranking, 1):
                file.write(f"{query}\t{document}\t{rank}\t{score:.12f}\n")


def main(arguments: Iterable[str] | None = None) -> int:
    """The command; 2 with a sentence when the data set cannot be read."""
    summary = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m matching.evaluate", description=summary)
    parser.add_argument("dataset", type=Path, help="folder with corpus.jsonl, queries.jsonl and qrels.tsv")
    parser.add_argument("--run", type=Path, help="write the rankings here")
    parser.add_argument("--model", choices=("matcher", *baselines.MODELS), default="matcher")
    parser.add_argument("--k", type=int, default=100, help="results for each query (default 100)")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    try:
        print(json.dumps(evaluate(chosen.dataset, chosen.model, chosen.k, chosen.run), ensure_ascii=False))
    except MatchingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
