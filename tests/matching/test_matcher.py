"""Matcher: finds, adds, removes, and gives the same answer however the documents came in."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Document, Matcher, Settings
from tests.matching.listings import LISTINGS, MAIZE, NEED, POWDER, SENSOR


@pytest.fixture(scope="module")
def matcher():
    return Matcher.fit(LISTINGS)


def ids(matches):
    return [match.id for match in matches]


def test_the_listing_about_the_matter_comes_first(matcher):
    assert ids(matcher.match(NEED))[0] == "powder"


def test_a_document_without_a_shared_term_is_no_match(matcher):
    assert "maize" not in ids(matcher.match(Document("q", text="laser")))


@pytest.mark.parametrize("text", ["", "。", "火箭", "zzz"])
def test_a_query_without_a_known_term_finds_nothing(matcher, text):
    assert matcher.match(Document("q", text=text)) == []


def test_an_empty_matcher_finds_nothing():
    assert Matcher.fit([]).match(NEED) == []
    assert Matcher().match_many([NEED, POWDER]) == [[], []]


def test_no_query_gives_no_answer(matcher):
    assert matcher.match_many([]) == []


def test_documents_without_words_are_held_and_never_found():
    matcher = Matcher.fit([Document("empty"), POWDER])
    assert "empty" in matcher
    assert ids(matcher.match(NEED)) == ["powder"]


def test_only_documents_without_words_are_no_error():
    assert Matcher.fit([Document("a"), Document("b")]).match(NEED) == []


def test_k_bounds_the_answer(matcher):
    assert len(matcher.match(Document("q", text="sensor 粉末 玉米"), k=2)) == 2
    assert matcher.match(NEED, k=0) == []


def test_a_document_may_be_its_own_query(matcher):
    best = matcher.match(POWDER)[0]
    assert best.id == "powder"
    assert best.score > 0.9


def test_equal_scores_come_in_the_order_of_ids():
    twins = [Document(i, POWDER.title, POWDER.text) for i in ("c", "a", "b")]
    assert ids(Matcher.fit(twins).match(NEED)) == ["a", "b", "c"]


def test_scores_lie_between_0_and_1(matcher):
    scores = [match.score for match in matcher.match_many([*LISTINGS, NEED])[0]]
    assert all(0 < score <= 1 for score in scores)


def test_chinese_and_english_listings_stand_beside_each_other(matcher):
    found = ids(matcher.match(Document("q", "城市空气监测", "laser sensor for cities, 海水淡化")))
    assert {"sensor", "membrane"} <= set(found)


def test_a_bilingual_listing_is_found_in_either_language(matcher):
    assert ids(matcher.match(Document("q", text="海水淡化")))[0] == "membrane"
    assert ids(matcher.match(Document("q", text="desalination membranes")))[0] == "membrane"


def test_a_second_language_costs_a_listing_nothing():
    chinese = Document("zh", "反渗透膜", "用于海水淡化的反渗透膜。")
    both = Document("both", "反渗透膜", "用于海水淡化的反渗透膜。\nA membrane for desalination of sea water.")
    others = [MAIZE, POWDER, SENSOR]
    scores = {match.id: match.score for match in Matcher.fit([chinese, both, *others]).match(chinese)}
    assert scores["both"] == pytest.approx(scores["zh"], rel=0.1)


def test_many_queries_are_answered_as_one_by_one(matcher):
    queries = [*LISTINGS, NEED] * 3
    small = Matcher.fit(LISTINGS, Settings(block=4))
    assert small.match_many(queries) == [matcher.match(query) for query in queries]


def test_ranks_are_the_matches_without_reasons(matcher):
    expected = [(match.id, match.score) for match in matcher.match(NEED)]
    assert matcher.rank_many([NEED]) == [expected]


def test_an_added_document_with_a_held_id_replaces_it(matcher):
    edited = Matcher.fit(LISTINGS)
    edited.add([Document("powder", "玉米")])
    assert len(edited) == len(LISTINGS)
    assert "powder" not in ids(edited.match(Document("q", text="合金")))


def test_removing_an_unknown_id_changes_nothing():
    edited = Matcher.fit(LISTINGS)
    edited.remove(["nobody"])
    assert edited.ids == {"powder", "sensor", "maize", "membrane"}


def test_removing_everything_leaves_an_empty_matcher():
    edited = Matcher.fit(LISTINGS)
    edited.remove(edited.ids)
    assert edited.match(NEED) == []
    edited.add([POWDER])
    assert ids(edited.match(NEED)) == ["powder"]


@pytest.mark.parametrize("wrong", [7, None])
def test_an_id_is_a_string(wrong):
    with pytest.raises(TypeError, match="id is a str"):
        Document(wrong)


def test_keywords_are_not_one_string():
    with pytest.raises(TypeError, match="keywords"):
        Document("a", keywords="alloy")


WORDS = st.sampled_from(["合金", "高温合金粉末", "laser", "sensors", "PM2.5", "玉米", "的", "99.9%", "。", "\n"])
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)
DOCUMENTS = st.builds(Document, st.sampled_from("abcde"), TEXTS, TEXTS)
EDITS = st.lists(st.one_of(DOCUMENTS, st.sampled_from("abcde"), st.lists(DOCUMENTS, max_size=4)), max_size=10)


@settings(max_examples=120, deadline=None)
@given(first=st.lists(DOCUMENTS, max_size=4), edits=EDITS, query=DOCUMENTS)
def test_any_edits_end_where_a_fresh_start_would(first, edits, query):
    edited, held = Matcher.fit(first), {document.id: document for document in first}
    for edit in edits:
        if isinstance(edit, str):
            edited.remove([edit])
            held.pop(edit, None)
            continue
        fresh = edit if isinstance(edit, list) else [edit]
        edited.add(fresh)
        held |= {document.id: document for document in fresh}
        edited.match(query, k=2)
    expected, found = Matcher.fit(held.values()).match(query), edited.match(query)
    assert ids(found) == ids(expected)
    assert [m.score for m in found] == pytest.approx([m.score for m in expected], abs=1e-9)


def test_importing_loads_no_heavy_library():
    code = (
        "import sys, matching; heavy = {'sklearn', 'scipy', 'rjieba', 'opencc', 'snowballstemmer', 'django'};"
        " print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
