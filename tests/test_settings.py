"""The environment decides; a wrong value stops the start and names its variable; without any, no server is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHOW = """
import json
from config import settings as s
print(json.dumps({name: getattr(s, name, None) for name in (
    "DEBUG", "ALLOWED_HOSTS", "DATABASES", "CACHES", "CELERY_TASK_ALWAYS_EAGER", "TIME_ZONE", "LANGUAGE_CODE",
    "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "EMAIL_BACKEND")}, default=str))
"""
READ = ("DJANGO_", "DATABASE_", "REDIS_", "CELERY_", "CACHE_", "EMAIL_", "LOG_", "WORKER_", "SITE_", "VAR_", "TRUSTED_")


def start(tmp_path, **variables):
    """Read the settings in a process of its own, with these variables and no others of ours."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith((*READ, "ACCOUNT_", "IDP_"))}
    command = [sys.executable, "-c", SHOW]
    environment = clean | {"VAR_DIR": str(tmp_path)} | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def told(tmp_path, **variables):
    done = start(tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_any_variable_no_server_is_needed(tmp_path):
    shown = told(tmp_path)
    assert shown["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert shown["CELERY_TASK_ALWAYS_EAGER"] is True
    assert "locmem" in shown["CACHES"]["default"]["BACKEND"]
    assert "console" in shown["EMAIL_BACKEND"]


def test_it_speaks_chinese_and_lives_in_beijing(tmp_path):
    shown = told(tmp_path)
    assert (shown["LANGUAGE_CODE"], shown["TIME_ZONE"]) == ("zh-hans", "Asia/Shanghai")


def test_real_services_are_named_by_their_addresses(tmp_path):
    shown = told(tmp_path, DATABASE_URL="postgres://me:p%40ss@db:5432/market", REDIS_URL="redis://cache:6379/0")
    database = shown["DATABASES"]["default"]
    assert (database["HOST"], database["PASSWORD"], database["NAME"]) == ("db", "p@ss", "market")
    assert shown["CELERY_TASK_ALWAYS_EAGER"] is False
    assert shown["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DJANGO_DEBUG", "maybe"),
        ("DJANGO_DEBUG", "flase"),
        ("TRUSTED_PROXY_COUNT", "two"),
        ("WORKER_CONCURRENCY", "1.5"),
        ("DATABASE_URL", "market.sqlite3"),
        ("DATABASE_URL", "nosuchengine://host/market"),
        ("EMAIL_URL", "carrierpigeon://"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
        ("CACHE_URL", "memcached://host"),
        ("REDIS_URL", "localhost:6379"),
        ("CELERY_BROKER_URL", "nonsense"),
        ("ACCOUNT_EMAIL_VERIFICATION", "sometimes"),
    ],
)
def test_a_malformed_value_stops_the_start_and_names_the_variable(tmp_path, name, value):
    done = start(tmp_path, **({"REDIS_URL": "redis://host/0"} | {name: value}))
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {name}: " in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("name", ["DATABASE_STATEMENT_TIMEOUT", "DATABASE_CONN_MAX_AGE"])
def test_a_malformed_number_for_the_database_is_named_too(tmp_path, name):
    done = start(tmp_path, DATABASE_URL="postgres://db/market", **{name: "soon"})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {name}: " in done.stderr.strip().splitlines()[-1]


EMBEDDED = {"DJANGO_SECRET_KEY": "embedded-mode-only-set-DJANGO_SECRET_KEY-in-production-000000"}


@pytest.mark.parametrize("key", [{}, EMBEDDED])
def test_without_debug_a_secret_key_of_ones_own_is_needed(tmp_path, key):
    done = start(tmp_path, DJANGO_DEBUG="off", **key)
    assert done.returncode != 0
    assert "ImproperlyConfigured: DJANGO_SECRET_KEY: " in done.stderr.strip().splitlines()[-1]


def test_without_debug_everything_is_secure_by_default(tmp_path):
    shown = told(tmp_path, DJANGO_DEBUG="off", DJANGO_SECRET_KEY="k" * 50)
    assert shown["ALLOWED_HOSTS"] == []
    assert (shown["SECURE_SSL_REDIRECT"], shown["SESSION_COOKIE_SECURE"]) == (True, True)
    assert shown["SECURE_HSTS_SECONDS"] >= 31_536_000
