"""Fast: the compiled index ranks as the plain one does, through any edits, and readers never wait."""

import random
import threading

import numpy as np
import pytest

from matching import Document, Matcher, Settings
from tests.matching.listings import LISTINGS, NEED, POWDER

pytest.importorskip("numba")

COMPILED = Settings(compiled_from=0)
PLAIN = Settings(compiled_from=10**9)
WORDS = [
    "合金", "高温合金粉末", "激光", "玉米", "抗旱", "薄膜", "传感器", "的", "催化剂", "海水淡化", "laser", "sensors",
    "membrane", "PM2.5", "99.9%", "6061-T6", "desalination", "catalysts", "of", "drought",
]  # fmt: skip


def some_document(luck, ids=40):
    """A listing of a few words, some of them many times."""
    words = luck.choices(WORDS, k=luck.randint(0, 30)) + [luck.choice(WORDS)] * luck.choice((0, 0, 0, 90))
    title = " ".join(luck.choices(WORDS, k=luck.randint(0, 4)))
    facts = luck.choice(({}, {"field": "01-03", "owner": "a"}, {"field": "05", "trl": 4, "owner": "b"}))
    return Document(f"d{luck.randrange(ids):03}", title, " ".join(words), (luck.choice(WORDS),), facts)


def edited(luck, matchers):
    """One random edit of all matchers at once: add, change, remove, or merge."""
    kind = luck.choice(("add", "add", "many", "remove", "merge"))
    if kind in ("add", "many"):
        fresh = [some_document(luck) for _ in range(1 if kind == "add" else luck.randint(2, 15))]
        for matcher in matchers:
            matcher.add(fresh)
    elif kind == "remove":
        gone = [f"d{luck.randrange(40):03}" for _ in range(luck.randint(1, 6))]
        for matcher in matchers:
            matcher.remove(gone)
    else:
        matchers[0]._index.merge()


def assert_same(found, expected):
    assert [m.id for m in found] == [m.id for m in expected]
    assert [m.score for m in found] == pytest.approx([m.score for m in expected], abs=1e-9)


def assert_edits_rank_alike(seed):
    luck = random.Random(seed)
    fast, plain = Matcher.fit([], COMPILED), Matcher(PLAIN)
    for _ in range(luck.randint(1, 12)):
        edited(luck, (fast, plain))
        question, k = some_document(luck), luck.choice((1, 3, 50))
        assert_same(fast.match(question, k), plain.match(question, k))
    assert fast.ids == plain.ids


@pytest.mark.parametrize("seed", range(25))
def test_any_edits_rank_as_the_plain_index_does(seed):
    assert_edits_rank_alike(seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(25, 200))
def test_many_more_edits_rank_as_the_plain_index_does(seed):
    assert_edits_rank_alike(seed)


def test_terms_counted_more_than_255_times_weigh_as_before():
    many = Document("many", "合金 " * 90, "laser " * 3)
    fast, plain = (Matcher.fit([many, *LISTINGS], s) for s in (COMPILED, Settings()))
    fast._index.merge()
    assert_same(fast.match(NEED), plain.match(NEED))


def test_a_large_collection_is_held_by_the_compiled_index():
    fast = Matcher.fit(LISTINGS, Settings(compiled_from=4))
    assert type(fast._index).__name__ == "FastIndex"
    assert type(Matcher.fit(LISTINGS)._index).__name__ == "TextIndex"


def test_growing_past_the_limit_changes_the_index_and_no_answer():
    growing, plain = Matcher(Settings(compiled_from=3)), Matcher.fit(LISTINGS)
    for listing in LISTINGS:
        growing.add([listing])
    assert type(growing._index).__name__ == "FastIndex"
    assert_same(growing.match(NEED), plain.match(NEED))


def test_reasons_are_those_of_the_plain_index():
    fast, plain = (Matcher.fit(LISTINGS, s) for s in (COMPILED, Settings()))
    assert [m.reasons for m in fast.match(NEED)] == [m.reasons for m in plain.match(NEED)]


def test_longer_texts_later_keep_the_bounds_above_the_scores():
    """Impacts are stored for the usual length of their day; it may grow tenfold before the next merge."""
    luck = random.Random(5)
    short = [Document(f"s{i:04}", text=" ".join(luck.choices(WORDS, k=4))) for i in range(600)]
    long = [Document(f"t{i:04}", text=" ".join(luck.choices(WORDS, k=300))) for i in range(60)]
    fast, plain = Matcher.fit(short, COMPILED), Matcher.fit(short, PLAIN)
    fast._index.merge()
    for matcher in (fast, plain):
        matcher.add(long)
    assert_same(fast.match(NEED, 20), plain.match(NEED, 20))


def test_twins_past_the_end_of_the_list_come_by_id():
    twins = [Document(f"t{i:04}", POWDER.title, POWDER.text) for i in range(500, 0, -1)]
    fast = Matcher.fit(twins, COMPILED)
    assert [m.id for m in fast.match(NEED, 5)] == ["t0001", "t0002", "t0003", "t0004", "t0005"]


def test_readers_go_on_while_tiles_are_merged_and_documents_change():
    luck = random.Random(7)
    fast = Matcher.fit([some_document(luck, 3000) for _ in range(3000)], COMPILED)
    failures, over = [], threading.Event()

    def read():
        while not over.is_set():
            try:
                assert [s for _, s in fast.rank_many([NEED], 20)[0]]
            except BaseException as error:
                failures.append(error)
                return

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        fast.add([some_document(luck, 3000)])
        fast.remove([f"d{luck.randrange(3000):03}"])
        fast._index.merge()
    over.set()
    reader.join()
    assert failures == []


def test_a_merge_leaves_removed_documents_out():
    fast = Matcher.fit(LISTINGS, COMPILED)
    fast.remove(["powder"])
    fast._index.merge()
    assert "powder" not in [m.id for m in fast.match(NEED)]
    assert sum(len(part) for part in fast._index._parts) == len(LISTINGS) - 1


def test_frequencies_are_counted_back_when_documents_go():
    fast = Matcher.fit(LISTINGS, COMPILED)
    fast.remove(fast.ids)
    assert not np.any(fast._index._frequency)
    assert not fast._index._lengths.any()


def test_without_numba_the_plain_index_answers(monkeypatch):
    monkeypatch.setattr("matching.compiling.find_spec", lambda name: None)
    assert Matcher.fit(LISTINGS, COMPILED).match(NEED)[0].id == "powder"
