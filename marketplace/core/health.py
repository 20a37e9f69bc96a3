"""Is the process alive, can it serve, and what does it count: for those who operate it."""

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu import Connection
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Database, migrations and cache are there; a missing broker is reported and does not stop the web."""
    checks = {"database": database(), "cache": cache_works(), "broker": broker()}
    is_ready = checks["database"] == "ok" and checks["cache"] == "ok"
    return JsonResponse({"status": "ok" if is_ready else "not ready", **checks}, status=200 if is_ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of this process."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def database() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return f"{len(pending)} migrations pending" if pending else "ok"


def cache_works() -> str:
    try:
        cache.set("readyz", 1, 5)
        return "ok" if cache.get("readyz") == 1 else "loses what it is given"
    except Exception:  # each cache backend raises its own
        return "unreachable"


def broker() -> str:
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return "none (embedded)"
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=1) as link:
            link.ensure_connection(max_retries=1, timeout=1)
        return "ok"
    except Exception:  # each transport raises its own
        return "unreachable"
