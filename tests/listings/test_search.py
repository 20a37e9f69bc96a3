"""A reader's words find public text however either is spelled, and never find secret text."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from marketplace.core.access import SYSTEM
from marketplace.listings.models import Projection
from marketplace.listings.services import withdraw
from tests.factories import make_published_achievement, make_published_demand

pytestmark = pytest.mark.django_db
migration = importlib.import_module("marketplace.listings.migrations.0004_search_text")


def found(query):
    return list(Projection.objects.live().search(query))


@pytest.mark.parametrize(
    "query",
    ["陶瓷涂层", "陶瓷塗層", "ＣＥＲＡＭＩＣ", "Ceramic  铝合金", "6061", "硅酸盐电解液", "江澜大学", "\0陶瓷", "  "],
)
def test_any_spelling_finds_the_public_text(university, query):
    row = make_published_achievement(university)
    assert found(query) == [row]


@pytest.mark.parametrize("query", ["钛合金", "陶瓷涂层 钛合金", "%", "_", "\\", '"'])
def test_a_word_that_is_not_there_finds_nothing(university, query):
    make_published_achievement(university)
    assert found(query) == []


def test_secret_text_finds_nothing(university):
    make_published_achievement(university, tiers={"description": "nda"}, public_note_zh="细节面谈。")
    assert found("硅酸盐电解液") == []
    assert len(found("细节面谈")) == 1


def test_the_name_of_an_anonymous_owner_finds_nothing(university):
    make_published_achievement(university, is_anonymous=True)
    assert found("江澜大学") == found("Jianglan") == []


def test_a_mode_finds_its_offers_and_demands_that_accept_any():
    offered = make_published_achievement()
    anything = make_published_demand()
    make_published_demand(modes=["BUYOUT"])
    assert set(Projection.objects.accepting("ZERO_UPFRONT")) == {offered, anything}


@pytest.mark.parametrize(
    ("low", "high", "count"), [(None, None, 1), (400000, None, 1), (400001, None, 0), (None, 200000, 1), (0, 199999, 0)]
)
def test_a_price_band_finds_what_it_meets(low, high, count):
    make_published_achievement()
    make_published_achievement(tiers={"price": "registered"})
    assert Projection.objects.priced_between(low, high).count() == count


def test_rows_from_before_the_search_are_filled(university):
    row = make_published_achievement(university)
    Projection.objects.update(search_text="")
    migration.fill(apps, connection.schema_editor())
    fresh = Projection.objects.get(pk=row.pk)
    assert fresh.search_text == row.search_text != ""


def test_a_listing_off_the_market_leaves_no_words(university):
    row = make_published_achievement(university)
    withdraw(row.listing, by=SYSTEM)
    assert Projection.objects.get(pk=row.pk).search_text == ""
