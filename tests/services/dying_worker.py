"""A Celery worker that dies, with all its processes, after the commit of a task and before the broker hears of it.

For tests only. It dies once for each file named in `DIES_AT`: the one who dies has taken the file away, so that the
worker that is started next lives.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.signals import task_postrun

from config.celery import app

__all__ = ["app"]


@task_postrun.connect
def die(sender: Any = None, **_named: Any) -> None:
    """What the task did is committed; that it is done is said to nobody."""
    if sender.name == "settlement.bill_contracts":
        with suppress(FileNotFoundError):
            Path(os.environ["DIES_AT"]).unlink()
            os.killpg(os.getpgrp(), signal.SIGKILL)
