"""The matcher's view of the market: public rows alone, each in its present version."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.discovery.indexing import MARKET, document, facts, model_version
from marketplace.listings import services as listings
from matching import VERSION
from tests import factories
from tests.rows import reread


def ids(kind):
    return MARKET.matchers[kind].ids


def test_a_document_is_made_of_the_projection_in_both_languages(university):
    row = factories.make_published_achievement(university)
    made = document(row)
    assert (made.id, made.title) == (row.public_id, f"{row.title_zh}\n{row.title_en}")
    assert set(made.text.split("\n")) == set(row.texts.values())
    assert made.keywords == (*row.keywords_zh, *row.keywords_en)


def test_the_facts_of_an_achievement(university):
    row = factories.make_published_achievement(university)
    assert facts(row) | {"open_until": None} == {
        "field": "05",
        "owner": university.public_id,
        "modes": ("ZERO_UPFRONT",),
        "trl": 7,
        "region": "110000",
        "price_low": 200000.0,
        "open_until": None,
    }
    assert facts(row)["open_until"] == row.expires_on.isoformat()


def test_a_demand_is_open_until_the_earlier_of_its_deadline_and_its_end(firm):
    row = factories.make_published_demand(firm)
    assert facts(row)["deadline"] == row.deadline.isoformat()
    row.deadline = None
    assert facts(row)["deadline"] == row.expires_on.isoformat()


def test_the_largest_budget_is_read_to_the_yuan(firm):
    row = factories.make_published_demand(firm, budget_high="999999999999.99")
    assert int(facts(row)["budget_high"]) == int(Decimal("999999999999.99"))


def test_a_blank_row_is_read_without_fault(university):
    row = factories.make_published_achievement(university)
    listings.withdraw(row.listing, by=SYSTEM)
    assert document(reread(row)).text == ""


def test_the_market_is_read_once_and_then_only_what_changed(university, firm):
    row = factories.make_published_achievement(university)
    factories.make_published_demand(firm)
    assert [MARKET.catch_up(), MARKET.catch_up()] == [2, 0]
    listings.set_interest(row.listing, False, by=SYSTEM)
    assert [MARKET.catch_up(), MARKET.catch_up()] == [1, 0]


def test_a_withdrawn_row_is_forgotten(university):
    row = factories.make_published_achievement(university)
    MARKET.catch_up()
    assert ids("achievement") == {row.public_id}
    listings.withdraw(row.listing, by=SYSTEM)
    MARKET.catch_up()
    assert ids("achievement") == frozenset()


def test_a_row_that_was_committed_late_is_not_overlooked(university):
    """A slow transaction writes an old time: rows are compared by version."""
    factories.make_published_achievement(university)
    MARKET.catch_up()
    late = factories.make_published_achievement(university)
    type(late).objects.filter(pk=late.pk).update(content_changed_at=timezone.now() - timedelta(days=1))
    assert MARKET.catch_up() == 1
    assert late.public_id in ids("achievement")


def test_a_row_that_was_withdrawn_before_it_was_read_is_never_read(university):
    row = factories.make_published_achievement(university)
    listings.withdraw(row.listing, by=SYSTEM)
    MARKET.catch_up()
    assert row.public_id not in ids("achievement")


def test_each_match_names_the_version_of_the_model():
    assert model_version() == VERSION


@pytest.mark.parametrize("name", ["summary", "description"])
def test_the_matcher_never_holds_a_secret_word(university, name):
    hidden = {f"{name}_zh": "鑫犇淼秘方", "tiers": {name: "nda"}, "public_note_zh": "细节签约后提供。"}
    row = factories.make_published_achievement(university, **hidden)
    MARKET.catch_up()
    held = next(each for each in MARKET.matchers["achievement"]._index.documents if each.id == row.public_id)
    assert "鑫犇淼" not in f"{held.title}{held.text}{held.keywords}"
