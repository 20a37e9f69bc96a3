"""Wake a task after commit. The message is only a hint: if the broker is down, the sweeper finds the row."""

import logging
from time import monotonic
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
REST = 30.0
"""Seconds without messages after the broker has not answered, so that one user waits for it and not all."""


class Rest:
    """Until when this process sends nothing; `monotonic` seconds."""

    until = 0.0


def wake(task: Task, *args: Any) -> None:
    """Send `task` once the transaction has committed; a broker that does not answer is logged, never raised."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: Task, args: tuple[Any, ...]) -> None:
    if monotonic() < Rest.until:
        return
    try:
        task.apply_async(args, retry=False)
    except OperationalError:
        Rest.until = monotonic() + REST
        log.exception("The broker does not answer; the sweeper will find the rows.")
    except Exception:
        log.exception("Could not wake %s; the sweeper will find the row.", task.name)
