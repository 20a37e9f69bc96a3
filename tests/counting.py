"""Counting what something asks of the database."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(does: Callable[[], Any]) -> list[str]:
    """What it asks; whether the law has changed is asked once a second, by whoever comes next, and is left out."""
    with CaptureQueriesContext(connection) as seen:
        does()
    return [each["sql"] for each in seen.captured_queries if "law_edition" not in each["sql"]]
