"""Reading: many documents counted at once are counted as one by one, to the last number."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Document, Settings, datasets
from matching.counting import count
from matching.text import fold, passage_terms

pytest.importorskip("numba")

from matching.fast import FastIndex
from matching.reading import _folded, _text

PIECES = [
    "高温合金", "粉末", "ＰＭ2.5", "6061-T6", "≥ 99.9 %", "5 kW", "laser", "Sensors", "海水淡化", "資料庫",
    "㎡", "℃", "…", " ", "\n", "\t", "。", ",", "，", "(", ")", "é", "e\u0301", "Σ", "ΑΣ", "İ", "ﬁ", "½", "Ⅲ",
    "각", "가\u11a8", "\ud800", "𠀀", "〇", "々", "μm", "10 μm", "-", "+", "~", "1,000.5", "٣", "ก็", "\u00a0",
    "\u3000", "1 ", "≥", "の", "x", "Z", "T恤", "卡拉OK", "\u0300", "\ufdfa", "😀", "𝐀", "\x1c", "\r", "AA制",
    "豈", "°", "2H2O", "/", "_", ":", "as", "3 D", "±0.1 mm/s",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)


def assert_read_as_counted(documents):
    """What the compiled index holds of each document is what scikit-learn's counting gives."""
    expected, names = count(documents, Settings())
    index = FastIndex(Settings())
    index.add(documents)
    index.merge()
    words, tile = index.words(), index.parts[0]
    assert sorted(words) == names
    order = np.argsort(np.argsort(words)) if words else np.zeros(0, int)
    for row, document in enumerate(documents):
        local = index.row(document.id) - tile.base
        columns, times = tile.postings(local)
        given = dict(zip(order[columns].tolist(), times.tolist(), strict=True))
        held = expected.weighted[row]
        assert given == dict(zip(held.indices.tolist(), held.data.tolist(), strict=True))
        assert (np.diff(columns.astype(int)) > 0).all()
        assert tile.held.lengths[local].tolist() == expected.lengths[row].tolist()


@given(st.lists(st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3)), min_size=2, max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_texts_are_read_as_they_are_counted(texts):
    made = [Document(f"d{n}", title, text, tuple(keywords)) for n, (title, text, keywords) in enumerate(texts)]
    assert_read_as_counted(made)


@pytest.mark.parametrize("folder", ["fixtures/benchmark", "fixtures/benchmark/en"])
def test_the_product_s_own_listings_are_read_as_they_are_counted(folder):
    assert_read_as_counted(datasets.documents(Path(folder), "corpus"))


def test_the_matrix_is_the_same_to_the_last_byte():
    """Rows, columns, numbers and norms of the compiled index beside the plain one's, as the vocabulary is sorted."""
    documents = datasets.documents(Path("fixtures/benchmark"), "corpus")
    plain, _ = count(documents, Settings())
    index = FastIndex(Settings())
    index.columns_of(count(documents, Settings())[1], np.zeros(plain.weighted.shape[1], np.uint8))
    index.add(documents)
    index.merge()
    held, size = index.parts[0].held, len(documents)
    assert held.bounds[: size + 1].astype(np.int64).tobytes() == plain.weighted.indptr.astype(np.int64).tobytes()
    assert held.terms[: held.bounds[size]].tobytes() == plain.weighted.indices.astype(np.uint32).tobytes()
    times = np.concatenate([index.parts[0].postings(local)[1] for local in range(size)])
    assert times.tobytes() == plain.weighted.data.tobytes()


@given(st.lists(TEXTS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_folding_by_table_is_folding(texts):
    codes, bounds = _folded(texts)
    assert [_text(codes[a:b]) for a, b in pairwise(bounds)] == [fold(each) for each in texts]


def test_every_character_of_the_first_plane_folds_as_it_does_alone():
    alone = [chr(point) for point in range(1 << 16)]
    codes, bounds = _folded(alone)
    assert [_text(codes[a:b]) for a, b in pairwise(bounds)] == [fold(each) for each in alone]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_terms_without_places_are_the_tokens(text):
    folded = fold(text)
    lines = [line for line in folded.split("\n") if line]
    whole = [term for line in lines for term in passage_terms(line, True)]
    assert sorted(whole) == sorted(t.term for line in lines for t in _tokens_of(line))


def _tokens_of(line):
    from matching.text import _passage_tokens

    return _passage_tokens(line, 0, True)
