"""The ground that the service tests stand on: workers work and die, Redis comes back, gunicorn answers."""

import urllib.request

import pytest
import redis
from django.db import connection

from config.celery import app
from tests.services.running import wait_until


def has_run(worker, task_id):
    return lambda: f"{task_id}] succeeded" in worker.log


def test_a_worker_runs_what_is_sent(worker):
    sent = app.send_task("celery.accumulate", args=[1, 2])
    wait_until(has_run(worker, sent.id), "the task", 20)


def test_a_killed_worker_leaves_no_child_behind(worker):
    worker.kill()
    wait_until(worker.is_gone, "the end of the last child", 10)


def test_what_is_sent_while_no_worker_lives_is_run_by_the_next(worker):
    worker.kill()
    sent = app.send_task("celery.accumulate", args=[1])
    worker.start()
    wait_until(has_run(worker, sent.id), "the task", 20)


def test_a_worker_sees_the_database_of_the_test(worker, database_url):
    assert database_url.endswith("/" + connection.settings_dict["NAME"])
    assert "test_" in database_url
    assert worker.env["DATABASE_URL"] == database_url


def test_a_redis_number_is_used_by_one_test_alone(redis_url):
    client = redis.Redis.from_url(redis_url)
    assert client.keys() == [b"claimed-by-a-test"]
    assert client.set("claimed-by-a-test", "another", nx=True) is None


def test_a_killed_redis_comes_back_with_what_it_kept(redis_server):
    redis_server.client.set("kept", "yes")
    wait_until(lambda: redis_server.client.info("persistence")["aof_pending_bio_fsync"] == 0, "the AOF")
    redis_server.kill()
    with pytest.raises(redis.ConnectionError):
        redis_server.client.ping()
    redis_server.start()
    assert redis_server.client.get("kept") == b"yes"


def test_gunicorn_serves_the_market(web_server):
    with urllib.request.urlopen(f"{web_server.url}/healthz") as answer:
        assert answer.status == 200
