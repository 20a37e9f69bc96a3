"""Fit: how facts suit each other, and how little they may move the words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Document, Matcher, Settings
from matching.fit import asked_components, combined, structured_fit
from tests.matching.listings import NEED, POWDER

SETTINGS = Settings()


@pytest.mark.parametrize(
    ("supply", "demand", "name", "value", "code"),
    [
        ({"field": "05"}, {"field": "05"}, "field", 1.0, "same_field"),
        ({"field": "05"}, {"field": ("03", "05")}, "field", 1.0, "same_field"),
        ({"field": "05"}, {"field": "03"}, "field", 0.5, "related_field"),
        ({"field": "05"}, {"field": "09"}, "field", 0.0, "other_field"),
        ({"trl": 7}, {"trl_min": 6}, "trl", 1.0, "trl_reached"),
        ({"trl": 5}, {"trl_min": 6}, "trl", 2 / 3, "trl_below"),
        ({"trl": 2}, {"trl_min": 6}, "trl", 0.0, "trl_below"),
        ({"modes": ("SOLE", "OPEN")}, {"modes": ("OPEN",)}, "mode", 1.0, "shared_modes"),
        ({"modes": ("SOLE", "OPEN")}, {"modes": ("OPEN", "CROSS")}, "mode", 0.5, "shared_modes"),
        ({"price_low": 20}, {"budget_low": 20, "budget_high": 60}, "price", 1.0, "within_budget"),
        ({"price_low": 50}, {"budget_low": 20, "budget_high": 60}, "price", 0.75, "within_budget"),
        ({"price_low": 60}, {"budget_high": 60}, "price", 0.5, "within_budget"),
        ({"price_low": 0}, {"budget_high": 0}, "price", 1.0, "within_budget"),
        ({"price_low": 61}, {"budget_high": 60}, "price", 0.0, "above_budget"),
    ],
)
def test_facts_fit_by_the_table_in_both_directions(supply, demand, name, value, code):
    for one, other in ((supply, demand), (demand, supply)):
        fit = structured_fit(one, other, SETTINGS)[name]
        assert (fit.value, fit.code) == (pytest.approx(value), code)


@pytest.mark.parametrize(
    ("supply", "demand"), [({}, {"field": "05"}), ({"trl": 7}, {}), ({"modes": ()}, {"modes": "A"})]
)
def test_the_unknown_is_no_component(supply, demand):
    assert structured_fit(supply, demand, SETTINGS) == {}


def test_without_fields_the_score_is_the_text_similarity():
    match = Matcher.fit([POWDER]).match(NEED)[0]
    assert match.components == {"text": match.score}


def test_what_the_question_does_not_ask_changes_no_score():
    rich = replace(POWDER, fields={"field": "05", "trl": 7, "price_low": 5, "modes": ("OPEN",)})
    assert Matcher.fit([rich]).match(NEED)[0].score == Matcher.fit([POWDER]).match(NEED)[0].score


def test_of_equal_texts_the_better_fit_comes_first_and_the_unknown_lies_between():
    facts = {"c_same": {"field": "05"}, "b_unknown": {}, "a_other": {"field": "09"}}
    matcher = Matcher.fit([replace(POWDER, id=i, fields=fields) for i, fields in facts.items()])
    found = matcher.match(replace(NEED, fields={"field": "05"}))
    assert [match.id for match in found] == ["c_same", "b_unknown", "a_other"]


def test_facts_never_outweigh_words_of_another_matter():
    near = replace(POWDER, fields={"field": "09", "trl": 1})
    far = Document("far", "合金门窗", "门窗铝材加工。", (), {"field": "05", "trl": 9})
    found = Matcher.fit([near, far]).match(replace(NEED, fields={"field": "05", "trl_min": 9}))
    assert [match.id for match in found] == ["powder", "far"]


@given(
    text=st.floats(0, 1),
    supply=st.fixed_dictionaries({}, optional={"field": st.sampled_from(["01", "05"]), "trl": st.integers(1, 9)}),
)
def test_a_score_is_never_above_its_text_similarity(text, supply):
    demand = {"field": "05", "trl_min": 6}
    fits = structured_fit(supply, demand, SETTINGS)
    assert 0 <= combined(text, fits, asked_components(demand), SETTINGS) <= text + 1e-12


def test_the_cut_at_k_is_exact_however_few_candidates_are_rescored():
    documents = [
        Document(f"d{n:02}", text="合金 " * (n % 7 + 1) + "粉末", fields={"field": f"{n % 11 + 1:02}"})
        for n in range(60)
    ]
    query = Document("q", text="合金粉末", fields={"field": "05"})
    every = Matcher.fit(documents, Settings(rescored=1000)).match(query, k=60)
    few = Matcher.fit(documents, Settings(rescored=1)).match(query, k=1)
    assert few == every[:1]
