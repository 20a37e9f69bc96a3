"""Several people at the same moment: each in a thread with a connection of its own, let go together.

A race must also be lost when its guard is off, or the test proves nothing. `reads_meet` makes that certain: whoever
has read the row waits a moment for the others to have read it too, which a lock prevents and its absence allows.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.db import connection, models

from marketplace.core.errors import Conflict

HOLD = 0.5
"""Seconds for which a reader waits for the others."""
WHO_LOCKS = (
    "marketplace.core.acts",
    "marketplace.listings.services.drafting",
    "marketplace.listings.services.review",
    "marketplace.brokerage.services.deals",
    "marketplace.brokerage.services.leads",
    "marketplace.contracts.services.guarantees",
    "marketplace.parties.services",
)


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Do all at once; what each returned, or the exception it raised, in the order given."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait(30)
            results[place] = acts[place]()
        except Exception as fault:
            results[place] = fault
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,), daemon=True) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "an act did not come to its end"
    return results


def winners(results: list[Any]) -> int:
    return sum(not isinstance(result, Exception) for result in results)


def one_won(results: list[Any]) -> bool:
    """One did it, and all the others were told that it is done."""
    return winners(results) == 1 and sum(isinstance(each, Conflict) for each in results) == len(results) - 1


def replace_lock(monkeypatch: pytest.MonkeyPatch, make: Callable[[Any], Any]) -> None:
    """Put `make(the real lock)` wherever a service locks a row."""
    for name in WHO_LOCKS:
        module = importlib.import_module(name)
        if hasattr(module, "lock"):
            monkeypatch.setattr(module, "lock", make(module.lock))


def unlocked(row: models.Model) -> models.Model:
    """Read the row and lock nothing: what `lock` is when its guard is off."""
    return type(row)._base_manager.get(pk=row.pk)


def reads_meet(monkeypatch: pytest.MonkeyPatch, *, locked: bool, people: int = 2) -> None:
    """Let everybody who has read a row wait for the others; without `locked` nobody is kept from reading."""
    all_have_read = Barrier(people)

    def make(lock: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def read(row: Any) -> Any:
            fresh = lock(row) if locked else unlocked(row)
            with suppress(BrokenBarrierError):
                all_have_read.wait(HOLD)
            return fresh

        return read

    replace_lock(monkeypatch, make)


@contextmanager
def without_constraint(model: type[models.Model], name: str) -> Iterator[None]:
    """Take a rule out of the database, and put it back when its rows are gone."""
    rule = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, rule)
    try:
        yield
    finally:
        model._base_manager.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, rule)
