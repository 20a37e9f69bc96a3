"""Metrics: how good a ranking is against relevance judgements, with bootstrap intervals, alone and in pairs."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

METRICS = ("nDCG@10", "MRR@10", "R@10", "R@100", "MAP@100")


def query_metrics(ranked: Sequence[str], judged: Mapping[str, float]) -> dict[str, float]:
    """Metrics of one ranking, best first. A judgement above 0 is the gain of a relevant document, below 0
    takes the document out of the ranking; at least one must be above 0."""
    ranked = [i for i in dict.fromkeys(ranked) if judged.get(i, 0) >= 0]
    gains = {i: gain for i, gain in judged.items() if gain > 0}
    hits = [place for place, i in enumerate(ranked[:100]) if i in gains]
    ideal = sorted(gains.values(), reverse=True)
    return {
        "nDCG@10": _dcg([gains.get(i, 0.0) for i in ranked[:10]]) / _dcg(ideal[:10]),
        "MRR@10": 1 / (hits[0] + 1) if hits and hits[0] < 10 else 0.0,
        "R@10": sum(place < 10 for place in hits) / len(gains),
        "R@100": len(hits) / len(gains),
        "MAP@100": sum((n + 1) / (place + 1) for n, place in enumerate(hits)) / len(gains),
    }


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def evaluate_run(
    run: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Metrics of every query that has a relevant document; one that the run lacks scores 0."""
    return {
        query: query_metrics(run.get(query, ()), judged)
        for query, judged in judgements.items()
        if any(gain > 0 for gain in judged.values())
    }


def means(per_query: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over the queries."""
    return {name: float(np.mean([values[name] for values in per_query.values()])) for name in METRICS}


def intervals(
    per_query: Mapping[str, Mapping[str, float]], rounds: int = 2000, seed: int = 1
) -> dict[str, tuple[float, float]]:
    """95 % bootstrap interval of each mean, over the queries."""
    values = np.array([[row[name] for name in METRICS] for row in per_query.values()])
    draws = np.random.default_rng(seed).integers(0, len(values), (rounds, len(values)))
    drawn = np.array([values[draw].mean(axis=0) for draw in draws])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return {name: (float(low[i]), float(high[i])) for i, name in enumerate(METRICS)}


def paired(
    ours: Mapping[str, Mapping[str, float]],
    theirs: Mapping[str, Mapping[str, float]],
    metric: str = "nDCG@10",
    rounds: int = 2000,
    seed: int = 1,
) -> tuple[float, float, float]:
    """Mean difference of a metric, ours minus theirs, query by query, with its 95 % bootstrap interval.

    A difference counts when the interval is off zero.
    """
    differences = np.array([ours[query][metric] - theirs[query][metric] for query in ours])
    draws = np.random.default_rng(seed).integers(0, len(differences), (rounds, len(differences)))
    low, high = np.quantile(differences[draws].mean(axis=1), [0.025, 0.975])
    return float(differences.mean()), float(low), float(high)
