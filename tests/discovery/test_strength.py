"""The words for a score mean what the open benchmark measures."""

import json
from pathlib import Path

import pytest

from marketplace.discovery import wording
from matching import Document, Matcher

BENCHMARK = Path(__file__).resolve().parents[2] / "fixtures/benchmark"


def read(name: str) -> dict[str, dict]:
    lines = (BENCHMARK / name).read_text("utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def bilingual(name: str) -> list[Document]:
    """The listings as the market shows them: both languages of each together."""
    english = read(f"en/{name}")
    return [
        Document(
            key,
            f"{zh['title']}\n{english[key]['title']}",
            f"{zh['text']}\n{english[key]['text']}",
            (*zh["keywords"], *english[key]["keywords"]),
            zh.get("fields", {}),
        )
        for key, zh in read(name).items()
    ]


@pytest.fixture(scope="module")
def pairs():
    """(score, relevance) of the first twenty of each demand."""
    judged = {}
    for line in (BENCHMARK / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        demand, achievement, relevance = line.split("\t")
        judged[demand, achievement] = float(relevance)
    demands = bilingual("queries.jsonl")
    found = Matcher.fit(bilingual("corpus.jsonl")).rank_many(demands, 20)
    return [
        (score, judged.get((demand.id, key), 0))
        for demand, ranked in zip(demands, found, strict=True)
        for key, score in ranked
    ]


def usable(pairs, least, most):
    grades = [relevance >= 2 for score, relevance in pairs if least <= score < most]
    return sum(grades) / len(grades)


def test_a_likely_match_solves_the_demand_in_four_of_five_cases(pairs):
    assert usable(pairs, wording.LIKELY, 2) >= 0.8


def test_a_possible_match_does_in_half_of_them(pairs):
    assert 0.5 <= usable(pairs, wording.POSSIBLE, wording.LIKELY) < usable(pairs, wording.LIKELY, 2)


def test_the_rest_hardly_ever_does(pairs):
    assert usable(pairs, 0, wording.POSSIBLE) < 0.05
