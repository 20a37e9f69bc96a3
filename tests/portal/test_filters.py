"""Lists are narrowed by public values; what is not understood is left out and said."""

import pytest

from tests.factories import make_published_achievement, make_published_demand

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("q=涂层", 2),
        ("q=塗層", 2),
        ("q=没有这个词", 0),
        ("field=05", 2),
        ("field=01", 0),
        ("region=110000", 2),
        ("stage=MIDDLE", 2),
        ("stage=EARLY", 0),
        ("trl=7", 2),
        ("trl=8", 0),
        ("mode=ZERO_UPFRONT", 2),
        ("mode=BUYOUT", 0),
        ("price=100000-500000", 2),
        ("price=to-100000", 0),
        ("order=price", 2),
        ("order=readiness&q=&field=", 2),
    ],
)
def test_a_filter_narrows_achievements(open_achievement, hidden_achievement, page, query, count):
    assert page(f"/achievements/?{query}").count('class="card"') == count


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("trl=6", 2), ("trl=5", 0), ("mode=BUYOUT", 2), ("price=100000-500000", 1), ("order=deadline", 2)],
)
def test_a_filter_narrows_demands(open_demand, hidden_demand, page, query, count):
    assert page(f"/demands/?{query}").count('class="card"') == count


@pytest.mark.parametrize(
    "query",
    ["field=99", "region=x", "stage=;--", "trl=99999999999999999999", "mode=%22", "price=1e9", "order=state", "q=%00"],
)
def test_nonsense_gives_the_whole_page_and_a_sentence(open_achievement, page, query):
    text = page(f"/achievements/?{query}")
    assert text.count('class="card"') == 1
    assert "was not understood" in page(f"/achievements/?{query}", language="en")


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "%00"])
def test_a_page_number_without_sense_gives_a_page(open_achievement, page, number):
    assert page(f"/achievements/?page={number}").count('class="card"') == 1


def test_a_query_longer_than_any_word_is_left_out(open_achievement, page):
    assert page("/achievements/?q=" + "涂" * 101).count('class="card"') == 1


def test_nothing_found_says_what_to_do(open_achievement, page):
    assert "Take a word or a filter away" in page("/achievements/?q=zzz", language="en")


def test_orders_put_the_best_first(university, firm, page):
    make_published_achievement(university, trl=9, title_zh="成熟的")
    make_published_achievement(university, trl=3, title_zh="早期的")
    text = page("/achievements/?order=readiness")
    assert text.index("成熟的") < text.index("早期的")


def test_a_confidential_budget_answers_to_no_price_filter(firm, page):
    make_published_demand(firm, tiers={"price": "registered"})
    for band in ("to-100000", "100000-500000", "500000-2000000", "from-2000000"):
        assert page(f"/demands/?price={band}").count('class="card"') == 0


def test_words_are_written_back_escaped(open_achievement, page):
    text = page("/achievements/?q=%3Cscript%3Ealert(1)%3C/script%3E%22")
    assert "<script" not in text


@pytest.mark.parametrize("query", ["field=05", "language=en", "level=PRIMARY", "field=99&language=xx&level=KING"])
def test_the_directory_is_narrowed_or_says_what_it_left_out(broker, page, query):
    assert page(f"/technology-managers/?{query}").count('class="card"') == 1


def test_the_directory_leaves_out_who_does_not_fit(broker, page):
    assert page("/technology-managers/?field=01").count('class="card"') == 0
