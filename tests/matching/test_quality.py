"""The matcher on the product's own benchmark: better than plain TF-IDF, and never below a floor."""

from functools import cache
from pathlib import Path

import pytest

from matching.evaluate import evaluate

BENCHMARK = Path(__file__).resolve().parents[2] / "fixtures" / "benchmark"
FLOORS = {"zh": 0.89, "en": 0.875}  # measured 0.917 and 0.901, on 121 demands


@cache
def quality(language: str, model: str) -> float:
    folder = BENCHMARK if language == "zh" else BENCHMARK / language
    return float(evaluate(folder, model)["nDCG@10"])


@pytest.mark.parametrize("language", FLOORS)
def test_the_matcher_stays_above_its_floor(language):
    assert quality(language, "matcher") >= FLOORS[language]


@pytest.mark.parametrize("language", FLOORS)
def test_the_matcher_is_better_than_plain_tfidf(language):
    assert quality(language, "matcher") > quality(language, "tfidf") + 0.02


def test_every_demand_finds_something():
    assert evaluate(BENCHMARK)["queries_without_results"] == 0
