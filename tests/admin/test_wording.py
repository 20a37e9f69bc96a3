"""The reasons of a match in words, in both languages."""

import pytest
from django.utils.translation import override

from marketplace.core import showing
from marketplace.discovery.wording import sentences

pytestmark = pytest.mark.django_db

TEXT = {"kind": "text", "label": "等离子体电解氧化", "terms": ["x"], "weight": 0.4, "field": "title", "params": {}}
FACTS = [
    ("same_field", {"field": "05"}, "新材料及其应用", "New materials"),
    ("trl_reached", {"trl": 7, "trl_min": 6}, "7", "Readiness 7 ≥ 6"),
    ("trl_below", {"trl": 5, "trl_min": 6}, "5", "below the 6"),
    ("shared_modes", {"modes": ["ZERO_UPFRONT"]}, "", "Both accept: "),
    ("within_budget", {"price_low": 200000.0, "budget_high": 500000.0}, "50万元", "CNY 200,000"),
]


def test_a_shared_phrase_is_quoted_with_its_place():
    with override("en"):
        assert sentences([TEXT]) == ["Both mention “等离子体电解氧化” (title)"]


@pytest.mark.parametrize(("label", "params", "chinese", "english"), FACTS)
def test_each_fact_is_said_in_both_languages(label, params, chinese, english):
    reason = {"kind": "field", "label": label, "params": params}
    with override("zh-hans"):
        assert chinese in sentences([reason])[0]
    with override("en"):
        assert english in sentences([reason])[0]


@pytest.mark.parametrize("phrase", ["注册后可见", "没有", "一个", "要"])
def test_what_says_nothing_is_no_reason(phrase):
    assert sentences([TEXT | {"label": phrase}]) == []


def test_a_reason_of_another_version_is_left_out():
    assert sentences([{"kind": "aura", "label": "blue"}, {"kind": "trl", "label": "trl_reached", "params": {}}]) == []


def test_only_as_many_as_asked_for_are_said():
    assert len(sentences([TEXT, TEXT, TEXT], most=2)) == 2


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (200000, "20万元", "CNY 200,000"),
        ("8000.00", "8,000元", "CNY 8,000"),
        (1234567.5, "123.46万元", "CNY 1,234,567.5"),
        (None, "", ""),
    ],
)
def test_amounts_are_written_for_their_reader(amount, chinese, english):
    with override("zh-hans"):
        assert showing.money(amount) == chinese
    with override("en"):
        assert showing.money(amount) == english
