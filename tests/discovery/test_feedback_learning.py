"""Learnt weights come in only when they beat the fixed ones on held-back feedback, and never by chance."""

import json
import random
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from marketplace.discovery import indexing, reranking
from marketplace.discovery.feedback import Row
from marketplace.discovery.learning import LEAST_DEMANDS, half, learn
from matching import VERSION, Match


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.INDEX_DIR = tmp_path
    return tmp_path


def market(seed, verdict, demands=120):
    """Made-up matches, eight a demand: the fixed score follows the text, `verdict` says who is kept."""
    chance = random.Random(seed)
    for demand in range(demands):
        for place in range(8):
            parts = {"text": chance.uniform(0.1, 0.6), "trl": chance.random(), "price": chance.random()}
            yield Row(demand, demand * 8 + place, parts["text"], parts, verdict(parts, chance))


def by_price(parts, chance):
    return parts["price"] + chance.gauss(0, 0.15) > 0.6


def by_coin(parts, chance):
    return chance.random() < 0.3


def by_fixed(parts, chance):
    return parts["text"] > 0.4


def test_feedback_that_follows_another_rule_switches_the_learnt_weights_on():
    verdict = learn(list(market(1, by_price)), "v1")
    assert verdict.is_better
    assert all(low > 0 for _, low, _ in verdict.differences)
    assert verdict.weights.weights["price"] > abs(verdict.weights.weights["trl"])


@pytest.mark.parametrize("seed", range(25))
def test_random_feedback_never_does(seed):
    assert not learn(list(market(seed, by_coin)), "v1").is_better


def test_feedback_that_the_fixed_weights_foretell_never_does():
    assert not learn(list(market(1, by_fixed)), "v1").is_better


def test_too_little_feedback_decides_nothing():
    verdict = learn(list(market(1, by_price, demands=LEAST_DEMANDS)), "v1")
    assert (verdict.differences, verdict.weights) == ((), None)
    assert learn([], "v1").demands == (0, 0)


def test_a_demand_is_always_on_the_same_side_and_sides_are_even():
    sides = [half(demand) for demand in range(1000)]
    assert sides == [half(demand) for demand in range(1000)]
    assert 450 < sum(sides) < 550


def test_without_learnt_weights_nothing_moves():
    matches = [Match("b", 0.5), Match("a", 0.4)]
    assert reranking.reordered(matches, reranking.current()) == matches
    assert indexing.model_version() == VERSION


def test_learnt_weights_order_keep_the_fixed_score_and_tell_their_version():
    reranking.switch_on(learn(list(market(1, by_price)), "v1").weights)
    dear = Match("dear", 0.5, (), {"text": 0.5, "price": 0.0})
    cheap = replace(dear, id="cheap", components={"text": 0.4, "price": 1.0}, score=0.4)
    found = reranking.reordered([dear, cheap], reranking.current())
    assert [(match.id, match.components["fixed"]) for match in found] == [("cheap", 0.4), ("dear", 0.5)]
    assert all(0 <= match.score <= 1 for match in found)
    assert indexing.model_version() == f"{VERSION}+v1"


@pytest.mark.parametrize("content", ["{", "{}", '{"version": "1"}', "[]"])
def test_a_damaged_file_counts_as_none(folder, content):
    (folder / "ranking.json").write_text(content)
    assert reranking.current() is None


@pytest.mark.django_db
def test_the_command_switches_off_what_feedback_no_longer_bears_out():
    reranking.switch_on(learn(list(market(1, by_price)), "v1").weights)
    out = StringIO()
    call_command("learn_ranking", "--json", "--dry-run", stdout=out)
    assert reranking.current() is not None
    call_command("learn_ranking", stdout=out)
    assert reranking.current() is None
    assert json.loads(out.getvalue().splitlines()[0])["rows"] == 0
