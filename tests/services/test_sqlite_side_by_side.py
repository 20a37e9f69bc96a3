"""SQLite with a web and a worker process beside each other: writers wait for their turn and none is turned away."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.services.running import ROOT, free_port


@pytest.fixture
def market(tmp_path):
    """Environment of an SQLite market with its tables and reference data, and a broker that is not there."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'market.sqlite3'}",
        "REDIS_URL": "",
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    for command in ("migrate", "load_reference"):
        subprocess.run([sys.executable, "manage.py", command, "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    return env


def run_together(env, *commands):
    """Run publishers beside each other; how often each found the database locked."""
    start = [sys.executable, "-m", "tests.services.publisher"]
    running = [
        subprocess.Popen([*start, *command.split()], cwd=ROOT, env=env, stdout=subprocess.PIPE) for command in commands
    ]
    answers = [process.communicate(timeout=500)[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(running)
    return [int(answer) for answer in answers]


def count(env, table, where="1"):
    query = (
        f"from django.db import connection as c; k=c.cursor(); k.execute('select count(*) from {table} where {where}')"
    )
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", f"{query}; print(k.fetchone()[0])"]
    return int(subprocess.run(shell, cwd=ROOT, env=env, check=True, capture_output=True).stdout)


@pytest.mark.slow
def test_four_writers_and_a_matcher_are_never_locked_out(market):
    publishers = [f"publish 100 {number}" for number in range(4)]
    assert run_together(market, *publishers, "match 400 0") == [0] * 5
    assert count(market, "listings_projection", "indexed_at is not null") == 400


def test_with_deferred_transactions_writers_are_locked_out(market):
    """What the settings spare us; if this ever passes unlocked, the test above proves nothing."""
    assert sum(run_together(market, *(f"publish 25 {number} DEFERRED" for number in range(4)))) > 0
