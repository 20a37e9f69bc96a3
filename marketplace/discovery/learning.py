"""Learns weights from feedback, and decides whether they are good enough to replace the fixed ones.

Demands are parted in two halves. Each half is ranked by a model that learnt from the other, and by the fixed
weights. Only when both paired 95 % intervals are above zero the model of all rows is switched on: chance alone
passes both about once in 1,600 times.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .feedback import Row
from .reranking import FEATURES, Weights, features

LEAST_DEMANDS = 20
"""Demands in each half that have a kept and a dismissed match; fewer decide nothing."""

Scoring = Callable[[Row], float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured on held-back feedback: for each half the difference in nDCG@10 and its interval."""

    rows: int
    demands: tuple[int, int]
    differences: tuple[tuple[float, float, float], ...]
    weights: Weights | None

    @property
    def is_better(self) -> bool:
        return self.weights is not None


def learn(rows: Sequence[Row], version: str) -> Verdict:
    """Weights when they beat the fixed ones on both halves, else only the measurement."""
    halves = [[row for row in rows if half(row.demand) == side] for side in (0, 1)]
    demands = (len(telling(halves[0])), len(telling(halves[1])))
    if min(demands) < LEAST_DEMANDS:
        return Verdict(len(rows), demands, (), None)
    differences = tuple(compared(halves[side], fitted(halves[1 - side], version)) for side in (0, 1))
    better = all(low > 0 for _, low, _ in differences)
    measured = {
        f"half_{side}_{name}": values[place]
        for side, values in enumerate(differences)
        for place, name in enumerate(("mean", "low", "high"))
    }
    return Verdict(len(rows), demands, differences, fitted(rows, version, measured) if better else None)


def half(demand: int) -> int:
    """The side of a demand: the same for ever, and even over any range of numbers."""
    return hashlib.sha256(str(demand).encode()).digest()[0] % 2


def telling(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Rows of each demand that has a kept and a dismissed one: only those can be ranked well or badly."""
    by_demand: dict[int, list[Row]] = {}
    for row in rows:
        by_demand.setdefault(row.demand, []).append(row)
    return {demand: found for demand, found in by_demand.items() if len({row.kept for row in found}) == 2}


def fitted(rows: Sequence[Row], version: str, measured: dict[str, float] | None = None) -> Weights:
    """A logistic regression of `kept` over the features, told back in their own units."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    values = np.array([[features(row.components)[name] for name in FEATURES] for row in rows])
    scaler = StandardScaler()
    model = LogisticRegression(C=1.0).fit(scaler.fit_transform(values), [row.kept for row in rows])
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    named = {name: float(weight) for name, weight in zip(FEATURES, weights, strict=True)}
    return Weights(version, intercept, named, {name: round(value, 4) for name, value in (measured or {}).items()})


def compared(rows: Sequence[Row], weights: Weights) -> tuple[float, float, float]:
    """Learnt minus fixed in nDCG@10, over the telling demands of these rows, with its 95 % interval."""
    from matching.metrics import paired

    ours = ranked(rows, lambda row: weights.score(row.components))
    return paired(ours, ranked(rows, lambda row: row.fixed))


def ranked(rows: Sequence[Row], scoring: Scoring) -> dict[str, dict[str, float]]:
    """Metrics of each telling demand under one scoring."""
    from matching.metrics import query_metrics

    found = {}
    for demand, own in telling(rows).items():
        order = [str(row.match) for row in sorted(own, key=lambda row: (-scoring(row), row.match))]
        found[str(demand)] = query_metrics(order, {str(row.match): float(row.kept) for row in own})
    return found
