"""What is published is matched by a real worker, whatever happens to the broker and the workers on the way.

The row is the queue: nothing that is lost between here and there loses more than time. `market` publishes in a way
that leaves no doubt: fifteen achievements suit every demand, so each demand must list each of them once.
"""

import signal
import sys
import time
from contextlib import suppress

import pytest
import redis
from django.db.models import Count

from config.celery import app
from marketplace.core.access import SYSTEM
from marketplace.core.wake import Rest
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from marketplace.listings.models import Projection
from tests.factories import make_achievement, make_demand, make_organisation, make_published_demand
from tests.services.running import Service, Worker, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
ACHIEVEMENTS = 15
LONG = 600.0
"""Seconds to wait for what must happen; none of it is a promise of speed."""


@pytest.fixture
def market(postgres):
    """Listings in review, so that publishing is quick: `market(200)`."""
    university, firm = make_organisation("UNIVERSITY"), make_organisation("FIRM")

    def make(count):
        drafts = [make_achievement(university) for _ in range(ACHIEVEMENTS)]
        drafts += [make_demand(firm) for _ in range(count - ACHIEVEMENTS)]
        return [listings.submit(draft, by=SYSTEM) for draft in drafts]

    return make


def publish(waiting):
    for listing in waiting:
        listings.publish(listing, by=SYSTEM)


def sweep():
    app.send_task("discovery.sweep_matches")


def let_time_pass():
    """The claims of the dead run out at once."""
    Projection.objects.update(index_after=None)


def is_all_taken_up():
    return not Projection.objects.unindexed().exists()


def assert_matched_once(count):
    """Every demand lists every achievement, once, with the places 1 to 15."""
    assert not Projection.objects.exclude(index_fault="").exists()
    assert Match.objects.current().count() == Match.objects.count() == ACHIEVEMENTS * (count - ACHIEVEMENTS)
    places = Match.objects.values("demand").annotate(lines=Count("id"), places=Count("rank", distinct=True))
    assert {(each["lines"], each["places"]) for each in places} == {(ACHIEVEMENTS, ACHIEVEMENTS)}


def test_what_is_published_is_matched(market, worker, queue):
    publish(market(20))
    wait_until(lambda: Match.objects.current().count() == 5 * ACHIEVEMENTS, "the matches", LONG)
    wait_until(is_all_taken_up, "the end of the queue", LONG)
    assert_matched_once(20)


def test_what_is_withdrawn_leaves_the_lists(market, worker, queue):
    waiting = market(20)
    publish(waiting)
    wait_until(lambda: Match.objects.current().count() == 5 * ACHIEVEMENTS, "the matches", LONG)
    listings.withdraw(waiting[0], by=SYSTEM)
    wait_until(lambda: not Match.objects.filter(rank__isnull=False, achievement__is_live=False).exists(), "that", LONG)
    wait_until(lambda: Match.objects.filter(rank__isnull=False).count() == 5 * (ACHIEVEMENTS - 1), "the rest", LONG)


def test_a_broker_that_is_gone_costs_only_time(market, redis_server, start_worker, use_queue):
    waiting = market(20)
    use_queue(redis_server.url)
    worker = start_worker(redis_server.url)
    redis_server.kill()
    publish(waiting)  # and nobody hears of it
    assert Projection.objects.unindexed().count() == 20
    redis_server.start()
    wait_until(lambda: sweeps_again(worker), "the worker's return", LONG)
    wait_until(is_all_taken_up, "the end of the queue", LONG)
    assert_matched_once(20)


def sweeps_again(worker):
    sweep()
    return "discovery.sweep_matches" in worker.log.split("Connection to broker lost")[-1]


def test_a_broker_that_is_frozen_holds_up_one_publisher_and_not_for_ever(redis_server, use_queue):
    use_queue(redis_server.url)
    make_published_demand()
    redis_server.send(signal.SIGSTOP)
    try:
        rows = [make_published_demand() for _ in range(10)]  # the first waits for the socket's timeout, then all rest
    finally:
        redis_server.send(signal.SIGCONT)
    assert Rest.until > time.monotonic()
    assert Projection.objects.unindexed().filter(pk__in=[row.pk for row in rows]).count() == 10


def test_an_emptied_broker_loses_no_listing(market, redis_server, start_worker, use_queue):
    waiting = market(200)
    use_queue(redis_server.url)
    start_worker(redis_server.url)
    publish(waiting[:90])
    redis_server.client.flushall()
    publish(waiting[90:])
    redis_server.client.flushall()
    wait_until(lambda: swept(), "the end of the queue", LONG)
    assert_matched_once(200)


def swept():
    if is_all_taken_up():
        return True
    let_time_pass()
    sweep()
    with suppress(AssertionError, pytest.fail.Exception):
        wait_until(is_all_taken_up, "it", 10)
    return is_all_taken_up()


@pytest.mark.slow
def test_workers_killed_ten_times_lose_nothing_and_do_nothing_twice(market, queue, start_worker):
    publish(market(60))
    redis.Redis.from_url(queue).delete("marketplace:celery")  # the messages die with the first worker
    worker = start_worker(queue)
    for kill in range(10):
        let_time_pass()
        sweep()
        wait_until(is_at_work, "a claim", LONG)
        time.sleep(kill / 10)
        worker.kill()
        assert not is_all_taken_up(), "the worker had come to its end: it was not killed in the middle"
        worker.start()
    wait_until(swept, "the end of the queue", LONG)
    assert_matched_once(60)


def is_at_work():
    return Projection.objects.unindexed().filter(index_after__isnull=False).exists()


def test_two_workers_share_the_work_without_standing_in_each_others_way(market, queue, start_worker):
    workers = [start_worker(queue), start_worker(queue)]
    publish(market(80))
    for row in Projection.objects.order_by("?"):  # every message comes a second time, in any order
        app.send_task("discovery.refresh_matches", args=[row.pk])
    sweep()
    sweep()
    wait_until(swept, "the end of the queue", LONG)
    assert_matched_once(80)
    assert not [worker for worker in workers if "deadlock" in worker.log]


def test_a_worker_waits_for_a_broker_that_is_not_there_yet(market, redis_server, service_env, use_queue, tmp_path):
    redis_server.kill()
    use_queue(redis_server.url)
    quiet = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")
    command = (sys.executable, "-m", "celery", "-A", "config", "worker", *quiet)
    worker = Worker(*command, log=tmp_path / "early.log", env=service_env(redis_server.url))
    try:
        worker.start(lambda: "Cannot connect to redis" in worker.log)
        publish(market(20))
        redis_server.start()
        wait_until(lambda: " ready." in worker.log, "the worker's start", LONG)
        wait_until(swept, "the end of the queue", LONG)
    finally:
        worker.stop()
    assert_matched_once(20)


def test_the_clock_finds_what_no_message_told_and_two_clocks_do_no_harm(market, queue, worker, tmp_path):
    clocks = [make_clock(worker, tmp_path / f"beat{number}") for number in range(2)]
    publish(market(20))
    redis.Redis.from_url(queue).delete("marketplace:celery")
    let_time_pass()
    try:
        for clock in clocks:
            clock.start(lambda clock=clock: "Scheduler: Sending due task match-forgotten-listings" in clock.log)
        wait_until(is_all_taken_up, "the end of the queue", LONG)
    finally:
        for clock in clocks:
            clock.stop()
    assert_matched_once(20)


def make_clock(worker, file):
    command = (sys.executable, "-m", "celery", "-A", "config", "beat", "--schedule", str(file), "--loglevel", "INFO")
    return Service(*command, "--pidfile", "", log=file.with_suffix(".log"), env=worker.env)
