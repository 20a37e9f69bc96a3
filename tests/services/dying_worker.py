"""A Celery worker that dies, with all its processes, after the commit of a task and before the broker hears of it.

For tests only. It dies once for each file named in `DIES_AT`, as soon as the payment is committed whose reference
stands in it: the one who dies has taken the file away, so that the worker that is started next lives.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.signals import task_postrun
from django.apps import apps

from config.celery import app

__all__ = ["app"]


@task_postrun.connect
def die(sender: Any = None, **_named: Any) -> None:
    """What the task did is committed; that it is done is said to nobody."""
    order = Path(os.environ["DIES_AT"])
    if sender.name != "settlement.bill_contracts" or not order.exists():
        return
    if apps.get_model("settlement", "Payment").objects.filter(reference=order.read_text()).exists():
        with suppress(FileNotFoundError):
            order.unlink()
            os.killpg(os.getpgrp(), signal.SIGKILL)
