"""Orders a demand's matches by learnt weights, once `learning` has shown that they beat the fixed ones.

The weights are data: one JSON file beside the index, written at once, read again when it changes. Without it the
fixed weights order the matches.
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from matching import Match

FEATURES = ("text", "words", "field", "trl", "mode", "price")
"""The components of a match, the unknown ones as ½; "words" is the logarithm of the text score."""
FIXED = "fixed"
"""Component that keeps the score by the fixed weights where the learnt ones gave another."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over FEATURES and the figures that let it in."""

    version: str
    intercept: float
    weights: dict[str, float]
    measured: dict[str, float]

    def score(self, components: Mapping[str, float]) -> float:
        """0..1 from the components of a match."""
        values = features(components)
        total = self.intercept + sum(self.weights[name] * values[name] for name in FEATURES)
        return round(1 / (1 + math.exp(-max(min(total, 30.0), -30.0))), 12)


def features(components: Mapping[str, float]) -> dict[str, float]:
    text = max(components.get("text", 0.0), 1e-4)
    facts = {name: components.get(name, 0.5) for name in FEATURES[2:]}
    return {"text": text, "words": math.log(text), **facts}


def path() -> Path:
    return Path(settings.INDEX_DIR) / "ranking.json"


def current() -> Weights | None:
    """The learnt weights that are switched on, if any; a file that cannot be read counts as none."""
    try:
        file = path()
        return read(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=1)
def read(file: Path, _written_at: int) -> Weights | None:
    try:
        weights = Weights(**json.loads(file.read_text("utf-8")))
        return weights if set(weights.weights) == set(FEATURES) else None
    except (OSError, ValueError, TypeError):
        return None


def switch_on(weights: Weights) -> None:
    """Write the weights at once, for every process."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_suffix(f".{os.getpid()}")
    waiting.write_text(json.dumps(asdict(weights), indent=1), "utf-8")
    waiting.replace(target)


def switch_off() -> None:
    path().unlink(missing_ok=True)


def reordered(matches: Sequence["Match"], weights: Weights | None) -> list["Match"]:
    """The same matches with learnt scores, the best first, equal ones by id; without weights as they are."""
    if weights is None:
        return list(matches)
    scored = [
        replace(match, score=weights.score(match.components), components={**match.components, FIXED: match.score})
        for match in matches
    ]
    return sorted(scored, key=lambda match: (-match.score, match.id))
