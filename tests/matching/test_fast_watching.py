"""Watching: a new document finds the questions that it matters to, and no others."""

import random

import pytest

from matching import Document, Matcher
from tests.matching.listings import LISTINGS, NEED, POWDER
from tests.matching.test_fast import COMPILED, some_document

pytest.importorskip("numba")

from matching.watching import Watch


def questions(luck, count):
    return [
        Document(f"q{n:03}", d.title, d.text, d.keywords, d.fields) for n in range(count) for d in [some_document(luck)]
    ]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("waiting", [0, 10**6])
def test_the_questions_entered_are_those_whose_best_hold_the_document(seed, waiting, monkeypatch):
    monkeypatch.setattr("matching.watching.WAITING", waiting)
    luck = random.Random(seed)
    matcher = Matcher.fit([some_document(luck, 300) for _ in range(200)], COMPILED)
    fresh = some_document(luck, 1)
    matcher.add([fresh])
    asked = questions(luck, 60)
    best = {q.id: matcher.rank_many([q], 5)[0] for q in asked}
    watch = Watch(matcher._index, slack=0.0)
    watch.keep(asked, {i: found[-1][1] for i, found in best.items() if len(found) == 5})
    entered = {i for i, found in best.items() if fresh.id in dict(found)}
    found = set(watch.entering(fresh))
    ties = {i for i in found - entered if best[i][-1][1] == pytest.approx(score_of(matcher, asked, i, fresh))}
    assert entered <= found
    assert found - entered == ties


def score_of(matcher, asked, question, document):
    query = next(q for q in asked if q.id == question)
    return dict(matcher.rank_many([query], len(matcher))[0])[document.id]


def test_a_forgotten_question_is_never_entered():
    watch = Watch(Matcher.fit(LISTINGS, COMPILED)._index)
    watch.keep([NEED], {})
    assert watch.entering(POWDER) == ["need"]
    watch.forget(["need", "nobody"])
    assert watch.entering(POWDER) == []


def test_a_raised_floor_keeps_a_weaker_document_out():
    watch = Watch(Matcher.fit(LISTINGS, COMPILED)._index)
    watch.keep([NEED], {})
    watch.require({"need": 0.99})
    assert watch.entering(POWDER) == []


def test_a_document_without_a_shared_word_enters_nothing():
    watch = Watch(Matcher.fit(LISTINGS, COMPILED)._index)
    watch.keep([NEED], {})
    assert watch.entering(Document("x", text="zzz")) == []


def test_conditions_hold_for_the_new_document_too():
    watch = Watch(Matcher.fit(LISTINGS, COMPILED)._index)
    watch.keep([Document("own", NEED.title, fields={"owner": "a"})], {})
    assert watch.entering(Document("p", POWDER.title, fields={"owner": "a"})) == []
    assert watch.entering(Document("p", POWDER.title, fields={"owner": "b"})) == ["own"]
