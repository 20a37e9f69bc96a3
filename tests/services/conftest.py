"""Real services for tests: PostgreSQL, Redis, Celery workers, gunicorn.

What is not configured skips with its reason; with REQUIRE_SERVICES=1 it is an error instead.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings
from django.db import connection

from config.celery import app
from tests.services.running import RedisServer, WebServer, Worker, missing


@pytest.fixture(autouse=True)
def tasks_at_once() -> None:
    """Not here: tasks travel as the settings say, and a test decides whether a worker takes them up."""


@pytest.fixture
def postgres(transactional_db: None) -> None:
    """The test runs on a real PostgreSQL, with real commits."""
    if connection.vendor != "postgresql":
        missing("DATABASE_URL names no PostgreSQL")


@pytest.fixture
def database_url(postgres: None) -> str:
    """Address of this test's own database, for another process."""
    facts = connection.settings_dict
    user, password = quote(facts["USER"], safe=""), quote(facts["PASSWORD"], safe="")
    place = f"{facts['HOST']}:{facts['PORT']}" if facts["PORT"] else facts["HOST"]
    return f"postgres://{user}:{password}@{place}/{facts['NAME']}"


@pytest.fixture
def redis_url() -> Iterator[str]:
    """Address of a Redis database number that is this test's alone, emptied at its end."""
    server = os.environ.get("REDIS_URL")
    if not server:
        missing("REDIS_URL is not set")
    for number in range(15, 0, -1):
        url = urlunsplit(urlsplit(server)._replace(path=f"/{number}"))
        client = redis.Redis.from_url(url)
        if client.set("claimed-by-a-test", os.getpid(), nx=True, ex=900):
            break
    else:
        pytest.fail("All 15 Redis database numbers are in use by other tests", pytrace=False)
    yield url
    client.flushdb()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of this test's own, to be killed, frozen and started again."""
    if shutil.which("redis-server") is None:
        missing("redis-server is not installed")
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def service_env(database_url: str) -> Callable[[str], dict[str, str]]:
    """Environment for a process that works on this test's database and the given Redis."""

    def env(redis_address: str) -> dict[str, str]:
        return {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_address,
            "CELERY_BROKER_URL": redis_address,
            "VAR_DIR": str(settings.VAR_DIR),
            "LOG_LEVEL": "INFO",  # a worker says there that it is ready
        }

    return env


@pytest.fixture
def start_worker(service_env: Callable[[str], dict[str, str]], tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start Celery workers: `start_worker(redis_url, "--concurrency", "1")`; each is stopped at the end."""
    started: list[Worker] = []

    def start(redis_address: str, *options: str) -> Worker:
        quiet = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")
        name = ("--hostname", f"worker{len(started)}@%h")
        worker = Worker(
            *(sys.executable, "-m", "celery", "-A", "config", "worker", *quiet, *name, *options),
            log=tmp_path / f"worker{len(started)}.log",
            env=service_env(redis_address),
        )
        started.append(worker)
        worker.start()
        return worker

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def worker(start_worker: Callable[..., Worker], queue: str) -> Worker:
    """One running Celery worker on this test's database and queue."""
    return start_worker(queue)


@pytest.fixture
def queue(redis_url: str, use_queue: Callable[[str], None]) -> str:
    """Tasks that this test sends travel through Redis instead of running at once; gives its address."""
    use_queue(redis_url)
    return redis_url


@pytest.fixture
def use_queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Send this process's tasks through the Redis at an address, until the test ends."""

    def use(address: str) -> None:
        if not settings.REDIS_URL:
            missing("REDIS_URL is not set, so tasks run at once")
        monkeypatch.setenv("CELERY_BROKER_URL", address)  # Celery reads it before its own settings
        app.conf.task_always_eager = False
        _forget_connections()

    eager = app.conf.task_always_eager
    yield use
    app.conf.task_always_eager = eager
    monkeypatch.undo()
    _forget_connections()


def _forget_connections() -> None:
    """Let Celery look its broker up anew: it keeps to the pool of the first one it spoke to."""
    app._pool = None
    app.amqp._producer_pool = None


@pytest.fixture
def web_server(service_env: Callable[[str], dict[str, str]], redis_url: str, tmp_path: Path) -> Iterator[WebServer]:
    """gunicorn on this test's database; `web_server.url` is its address."""
    server = WebServer(log=tmp_path / "gunicorn.log", env=service_env(redis_url))
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _services_by_marker(request: pytest.FixtureRequest) -> None:
    """`@pytest.mark.postgres` and `@pytest.mark.redis` ask for the service without naming a fixture."""
    for name, fixture in (("postgres", "postgres"), ("redis", "redis_url")):
        if request.node.get_closest_marker(name):
            request.getfixturevalue(fixture)
