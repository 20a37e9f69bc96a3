"""The committed schema is that of the code, without a warning, and the documentation page is served with it."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "docs" / "openapi.yaml"
pytestmark = pytest.mark.django_db


def test_the_committed_schema_is_that_of_the_code(tmp_path):
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--lang", "en", "--validate", "--fail-on-warn", "--file", str(made))
    assert made.read_text("utf-8") == COMMITTED.read_text("utf-8")


def test_every_address_is_in_the_schema():
    routes = next(part for part in get_resolver().url_patterns if str(part.pattern) == "api/v1/").url_patterns
    verbs = sum(len(set(getattr(route.callback, "actions", {"get": 1})) - {"head"}) for route in routes if route.name)
    described = [line for line in COMMITTED.read_text("utf-8").splitlines() if line.startswith("      operationId:")]
    assert len(described) == verbs - 2  # the schema and its page do not describe themselves


def test_anybody_may_read_the_schema_and_its_page(client):
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/")
    assert b"swagger-ui" in page.content
    assert b"https://" not in page.content


def test_the_page_asks_nothing_of_other_hosts_and_its_policy_lets_it_run(client):
    policy = client.get("/api/v1/docs/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'self'" in policy
