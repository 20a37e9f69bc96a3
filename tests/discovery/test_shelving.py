"""The shelf: a fresh worker opens what another has built; whatever is wrong with it costs time and no match."""

import logging
import os
import signal

import pytest

from marketplace.core.access import SYSTEM
from marketplace.discovery import indexing, shelving
from marketplace.discovery.indexing import Market
from marketplace.discovery.refreshing import MOST, refresh_all, sweep
from marketplace.listings import services as listings
from marketplace.listings.models import Projection
from matching import Settings
from tests import factories
from tests.rows import reread

pytest.importorskip("numba")


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path, monkeypatch):
    """A shelf of this test's own, for markets of any size."""
    settings.MATCHING_SHELF = tmp_path / "shelf"
    monkeypatch.setattr(shelving, "chosen", lambda: Settings(compiled_from=0))
    indexing.MARKET.forget()
    return tmp_path / "shelf"


@pytest.fixture
def rows(university, firm):
    """Three achievements and two demands on the market."""
    supplies = [factories.make_published_achievement(university) for _ in range(3)]
    return supplies + [factories.make_published_demand(firm) for _ in range(2)]


@pytest.fixture
def published(rows):
    market = Market()
    market.catch_up()
    market.publish()
    return market


def ids(market):
    return {kind: matcher.ids for kind, matcher in market.matchers.items()}


def on_the_market():
    live = Projection.objects.live()
    return {kind: set(live.filter(kind=kind).values_list("public_id", flat=True)) for kind in Projection.Kind.values}


def read_by(market, monkeypatch):
    """Ids of the rows that a market reads while it catches up."""
    read = []
    document = indexing.document
    monkeypatch.setattr(indexing, "document", lambda row: read.append(row.public_id) or document(row))
    market.catch_up()
    return read


def test_a_fresh_worker_reads_no_row_that_is_on_the_shelf(published, monkeypatch):
    fresh = Market()
    assert read_by(fresh, monkeypatch) == []
    assert ids(fresh) == on_the_market()


def test_a_fresh_worker_reads_what_changed_since(published, rows, university, monkeypatch):
    listings.set_interest(rows[0].listing, False, by=SYSTEM)
    listings.withdraw(rows[1].listing, by=SYSTEM)
    new = factories.make_published_achievement(university)
    fresh = Market()
    assert set(read_by(fresh, monkeypatch)) == {rows[0].public_id, new.public_id}
    assert ids(fresh) == on_the_market()


def test_opened_and_built_markets_give_the_same_lists(published, rows):
    built, opened = Market(), Market()
    built.forget()
    for market in (built, opened):
        market.catch_up()
    today = rows[0].published_on
    demands = [reread(row) for row in rows[3:]]
    assert opened.best(demands, 20, today) == built.best(demands, 20, today)


def harm(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("name", ["tile-", "collection-", "manifest"])
def test_a_damaged_shelf_is_built_anew_and_said_in_the_log(published, shelf, name, caplog):
    harm(next(path for path in (shelf / "achievement").iterdir() if path.name.startswith(name)))
    fresh = Market()
    with caplog.at_level(logging.WARNING):
        fresh.catch_up()
    assert ids(fresh) == on_the_market()
    assert "built anew" in caplog.text
    fresh.publish()
    caplog.clear()
    assert shelving.take_down("achievement") is not None
    assert caplog.text == ""


def test_a_shelf_of_another_version_is_built_anew(published, monkeypatch, caplog):
    monkeypatch.setattr("matching.VERSION", "0")
    fresh = Market()
    with caplog.at_level(logging.WARNING):
        fresh.catch_up()
    assert ids(fresh) == on_the_market()
    assert "another version" in caplog.text


def test_a_shelf_with_other_settings_is_built_anew(published, monkeypatch, caplog):
    monkeypatch.setattr(shelving, "chosen", lambda: Settings(compiled_from=0, title_weight=1))
    Market().catch_up()
    assert "another version" in caplog.text


def test_listings_of_another_database_are_not_taken_over(published):
    Projection.objects.all().delete()
    fresh = Market()
    fresh.catch_up()
    assert not any(ids(fresh).values())


def test_a_small_market_has_no_shelf(rows, shelf, monkeypatch):
    monkeypatch.setattr(shelving, "chosen", Settings)
    market = Market()
    market.catch_up()
    assert market.publish() == []
    assert not shelf.exists()


def test_a_shelf_that_cannot_be_written_is_no_fault(published, shelf, settings, caplog):
    (shelf / "file").write_text("")
    settings.MATCHING_SHELF = shelf / "file"
    assert published.publish() == []
    assert "cannot be written" in caplog.text


def test_who_publishes_while_another_does_leaves_it_to_them(published, shelf):
    with shelving.alone(shelf / "achievement") as granted:
        assert granted
        assert published.publish() == [str(shelf / "demand")]


@pytest.mark.parametrize("step", range(4))
def test_a_worker_killed_while_it_publishes_loses_nothing(published, university, step):
    """Killed before the first to fourth file is moved to its place: the old state serves, and the rest is read."""
    factories.make_published_achievement(university)
    published.catch_up()
    child = os.fork()
    if not child:
        die_at(step)
        published.publish()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    fresh = Market()
    fresh.catch_up()
    assert ids(fresh) == on_the_market()
    assert len(fresh.publish()) == 2


def die_at(step):
    """In a child of a test: kill -9 before the file of this number is moved."""
    replace, moved = os.replace, []

    def dying(source, target):
        if len(moved) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        moved.append(target)
        replace(source, target)

    os.replace = dying


def test_the_night_publishes_and_goes_over_to_the_shelf(rows, shelf):
    sweep()
    refresh_all()
    assert (shelf / "achievement" / "manifest.json").exists()
    tile = next(part for part in indexing.MARKET.matchers["achievement"].index.parts if len(part))
    assert not isinstance(tile.documents, list)  # they lie in the file
    assert ids(indexing.MARKET) == on_the_market()


def test_going_over_to_an_older_state_loses_nothing(published, rows, university):
    new = factories.make_published_achievement(university)
    listings.withdraw(rows[0].listing, by=SYSTEM)
    market = Market()
    market.catch_up()
    market.watching(MOST)
    market.renew()
    assert ids(market) == on_the_market()
    assert new.public_id in ids(market)["achievement"]
    assert set(market.reached([new], MOST, new.published_on)) == ids(market)["demand"]
