"""Wake a task after commit. The message is only a hint: if the broker is down, the sweeper finds the row."""

import logging
from typing import Any

from celery import Task
from django.db import transaction

log = logging.getLogger(__name__)


def wake(task: Task, *args: Any) -> None:
    """Send `task` once the transaction has committed; a broker that does not answer is logged, never raised."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: Task, args: tuple[Any, ...]) -> None:
    try:
        task.delay(*args)
    except Exception:
        log.exception("Could not wake %s; the sweeper will find the row.", task.name)
