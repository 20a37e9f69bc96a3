"""The row is the queue: whatever is lost, repeated, late or dies half way, the matches end up true."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.discovery import refreshing, tasks
from marketplace.discovery.indexing import MARKET
from marketplace.discovery.models import Match
from marketplace.discovery.refreshing import refresh, refresh_all, rematch, sweep
from marketplace.discovery.services import shortlist
from marketplace.listings import services as listings
from marketplace.listings.models import Projection
from tests import factories
from tests.rows import reread

KINDS = ("醇类", "酸类", "盐类", "酯类", "醚类", "酮类", "醛类")


@pytest.fixture
def achievement(university):
    return factories.make_published_achievement(university)


@pytest.fixture
def demand(firm):
    return factories.make_published_demand(firm)


@pytest.fixture
def found():
    """The pairs that were announced, in order."""
    pairs = []

    def hear(sender, achievement_id, demand_id, **_):
        pairs.append((achievement_id, demand_id))

    news.match_found.connect(hear)
    yield pairs
    news.match_found.disconnect(hear)


@pytest.fixture
def listening():
    """Connect something to `match_found` for the length of a test."""
    connected = []

    def connect(hear):
        news.match_found.connect(hear, weak=False)
        connected.append(hear)

    yield connect
    for hear in connected:
        news.match_found.disconnect(hear)


def stored():
    """The stored matches, without times."""
    names = ("achievement_id", "demand_id", "rank", "score", "components", "reasons", "model_version")
    return list(Match.objects.order_by("demand_id", "achievement_id").values(*names))


def listed(demand):
    """Ids of the achievements that the demand lists, the best first."""
    rows = Match.objects.filter(demand=demand, rank__isnull=False).order_by("rank")
    return list(rows.values_list("achievement_id", flat=True))


# The queue


def test_a_published_row_waits_until_it_is_taken_up_once(achievement, demand):
    assert set(Projection.objects.unindexed()) == {achievement, demand}
    assert [refresh(demand.pk), refresh(demand.pk)] == [True, False]
    assert set(Projection.objects.unindexed()) == {achievement}


def test_running_again_changes_nothing(achievement, demand, found):
    sweep()
    before = stored()
    assert (refresh(achievement.pk), sweep(), sweep()) == (False, 0, 0)
    assert stored() == before
    assert found == [(achievement.pk, demand.pk)]


def test_the_sweeper_takes_up_what_every_message_forgot(achievement, demand):
    assert sweep() == 2
    assert listed(demand) == [achievement.pk]
    assert not Projection.objects.unindexed().exists()


@pytest.mark.parametrize("first", ["achievement", "demand"])
def test_whichever_side_comes_first_the_pair_is_found_once(university, firm, first, found):
    makers = {"achievement": lambda: factories.make_published_achievement(university)}
    makers["demand"] = lambda: factories.make_published_demand(firm)
    for kind in sorted(makers, key=lambda kind: kind != first):
        refresh(makers[kind]().pk)
    assert Match.objects.get().rank == 1
    assert len(found) == 1


@pytest.mark.parametrize("make", [factories.make_published_achievement, factories.make_published_demand])
def test_a_market_of_one_side_has_no_match_and_no_fault(db, make):
    make()
    assert (sweep(), Match.objects.count(), Projection.objects.unindexed().count()) == (1, 0, 0)


def test_an_empty_market_is_no_fault(db):
    assert (sweep(), refresh_all(), refresh(999)) == (0, 0, False)


def test_nobody_is_matched_with_themselves(university):
    factories.make_published_achievement(university)
    factories.make_published_demand(university)
    sweep()
    assert not Match.objects.exists()


def test_publishing_wakes_the_matcher_after_the_commit(university, firm, django_capture_on_commit_callbacks):
    factories.make_published_demand(firm)
    with django_capture_on_commit_callbacks(execute=True):
        row = factories.make_published_achievement(university)
        assert not Match.objects.exists()
    assert Match.objects.get().achievement == row


def test_the_task_sweeps_until_nothing_waits(university, firm):
    for _ in range(3):
        factories.make_published_achievement(university)
        factories.make_published_demand(firm)
    assert tasks.sweep_matches() == 6
    assert Match.objects.filter(rank__isnull=False).count() == 9


# Leaving and coming back


def test_a_withdrawn_achievement_leaves_the_lists_and_the_next_one_moves_up(university, achievement, demand):
    other = factories.make_published_achievement(university)
    sweep()
    first, second = listed(demand)
    listings.withdraw(Projection.objects.get(pk=first).listing, by=SYSTEM)
    refresh(first)
    assert listed(demand) == [second]
    assert {first, second} == {achievement.pk, other.pk}


def test_a_withdrawn_demand_lists_nothing(achievement, demand):
    sweep()
    listings.withdraw(demand.listing, by=SYSTEM)
    refresh(demand.pk)
    assert listed(demand) == []
    assert not Match.objects.current().exists()


@pytest.mark.parametrize("side", ["achievement", "demand"])
def test_a_withdrawn_listing_is_out_of_sight_even_before_the_matcher_knows(achievement, demand, side):
    sweep()
    listings.withdraw({"achievement": achievement, "demand": demand}[side].listing, by=SYSTEM)
    assert not Match.objects.current().exists()


def test_what_people_thought_of_a_match_outlives_it(achievement, demand, broker):
    sweep()
    judgement = shortlist(Match.objects.get(), by=broker)
    listings.withdraw(achievement.listing, by=SYSTEM)
    sweep()
    assert reread(judgement).match.rank is None


def test_a_pair_that_comes_back_is_no_news(achievement, demand, found):
    sweep()
    listings.revise(achievement.listing, by=SYSTEM)
    sweep()
    factories.publish(reread(achievement.listing))
    sweep()
    assert listed(demand) == [achievement.pk]
    assert len(found) == 1


def test_a_demand_published_again_while_its_end_is_taken_up_keeps_its_list(achievement, demand):
    sweep()
    gone = reread(demand)
    gone.is_live = False  # as another worker read it, some time ago
    refreshing.retire([gone.pk])
    assert listed(demand) == [achievement.pk]


# The best twenty


def test_a_demand_lists_its_best_twenty_in_order(university, firm):
    for _ in range(23):
        factories.make_published_achievement(university)
    demand = factories.make_published_demand(firm)
    sweep()
    rows = list(Match.objects.filter(demand=demand).order_by("rank"))
    assert [row.rank for row in rows] == list(range(1, 21))
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)


def test_a_better_one_pushes_the_last_out_and_its_row_stays(university, firm):
    for _ in range(20):
        factories.make_published_achievement(university)
    demand = factories.make_published_demand(firm)
    sweep()
    last = listed(demand)[-1]
    words = {"title_zh": demand.title_zh, "summary_zh": demand.text("summary")}
    better = factories.make_published_achievement(university, **words)
    refresh(better.pk)
    assert listed(demand)[0] == better.pk
    assert len(listed(demand)) == 20
    assert Match.objects.get(demand=demand, achievement=last).rank is None


def test_reasons_show_words_of_the_public_text_alone(achievement, demand):
    sweep()
    public = " ".join([achievement.title_zh, *achievement.texts.values(), *achievement.keywords_zh])
    labels = [reason["label"] for reason in Match.objects.get().reasons if reason["kind"] == "text"]
    assert labels
    assert all(label in public for label in labels)


# Older and newer


def test_an_older_result_never_replaces_a_newer_one(university, achievement, demand):
    before = timezone.now()
    MARKET.catch_up()
    other = factories.make_published_achievement(university)
    sweep()
    newest = stored()
    listings.withdraw(other.listing, by=SYSTEM)
    assert rematch([reread(demand)], before) == 0
    assert stored() == newest


def test_a_result_for_an_older_text_is_thrown_away(achievement, demand):
    MARKET.catch_up()
    old = reread(demand)
    listings.set_interest(demand.listing, False, by=SYSTEM)
    assert rematch([old], timezone.now()) == 0
    assert not Match.objects.exists()


def test_a_result_never_lists_what_left_the_market_meanwhile(achievement, demand):
    MARKET.catch_up()
    listings.withdraw(achievement.listing, by=SYSTEM)
    assert rematch([reread(demand)], timezone.now()) == 1
    assert listed(demand) == []


def test_a_demand_that_left_the_market_meanwhile_gets_no_list(achievement, demand):
    MARKET.catch_up()
    old = reread(demand)
    listings.withdraw(demand.listing, by=SYSTEM)
    assert rematch([old], timezone.now()) == 0
    assert not Match.objects.exists()


def test_a_row_that_changes_while_it_is_taken_up_waits_again(achievement, demand, listening):
    listening(lambda **_: listings.set_interest(reread(achievement.listing), False, by=SYSTEM))
    assert sweep() == 2
    assert list(Projection.objects.unindexed()) == [achievement]
    assert sweep() == 1
    assert not Projection.objects.unindexed().exists()


# Dying half way


def test_a_worker_that_dies_half_way_leaves_everything_to_the_next(university, achievement, demand, found, listening):
    deaths = []

    def die_once(**_):
        if not deaths:
            deaths.append(1)
            raise KeyboardInterrupt

    factories.make_published_achievement(university)
    listening(die_once)
    with pytest.raises(KeyboardInterrupt):
        sweep()
    assert not Match.objects.exists()
    assert Projection.objects.unindexed().count() == 3
    found.clear()
    with travel(timezone.now() + timedelta(hours=2)):  # whatever it had claimed is free again
        tasks.sweep_matches()
    assert len(listed(demand)) == len(found) == 2
    assert not Projection.objects.unindexed().exists()


def test_a_listener_that_fails_keeps_the_rows_waiting(achievement, demand, listening):
    def fail(**_):
        raise ZeroDivisionError

    listening(fail)
    sweep()
    assert not Match.objects.exists()
    assert Projection.objects.unindexed().exists()


# The night


def test_the_night_matches_every_live_demand_again(achievement, demand):
    sweep()
    before = stored()
    Match.objects.all().delete()
    assert tasks.rematch_demands() == 1
    assert stored() == before


def test_a_process_that_grew_with_the_market_agrees_with_one_that_reads_it_anew(university, firm):
    """Fifteen comings and goings in any order: the grown index and a fresh one give the same lists."""
    chance = random.Random(7)
    rows = []
    for _ in range(15):
        if rows and chance.random() < 0.3:
            listings.withdraw(reread(rows.pop(chance.randrange(len(rows))).listing), by=SYSTEM)
        else:
            words = {"technology_keywords_zh": chance.sample(KINDS, 3), "summary_zh": chance.choice(KINDS)}
            make = chance.choice([factories.make_published_achievement, factories.make_published_demand])
            rows.append(make(university if make is factories.make_published_achievement else firm, **words))
        sweep()
    refresh_all()
    grown = stored()
    MARKET.forget()
    refresh_all()
    assert stored() == grown
    assert any(row["rank"] for row in grown)


def test_a_flood_is_taken_up_like_a_trickle(university, firm, monkeypatch):
    for _ in range(4):
        factories.make_published_achievement(university)
        factories.make_published_demand(firm)
    sweep()
    trickle = stored()
    Match.objects.all().delete()
    Projection.objects.update(indexed_at=None, matched_at=None)
    monkeypatch.setattr(refreshing, "is_flood", lambda rows: True)
    sweep()
    assert stored() == trickle
