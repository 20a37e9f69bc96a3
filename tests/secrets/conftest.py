"""One world for the tests of a file: built once, at a time that stands still, and undone at the end."""

import logging
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from marketplace.core import models as core
from marketplace.discovery.indexing import MARKET
from tests import factories

from .planting import Home, Planting, readers
from .rooms import hide_more
from .walking import addresses
from .world import SIGNED, World, build

HERE = Path(__file__).parent
BEIJING = ZoneInfo("Asia/Shanghai")
MORE = Decimal("1234.56")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a reader may see hangs on the product's queries; which database answers them is tested elsewhere."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.any_database)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=BEIJING)


def listen(patch: pytest.MonkeyPatch) -> list[str]:
    """Every line that is logged from now on, kept instead of written; with what was raised, without its traceback."""
    lines: list[str] = []

    def keep(_logger: logging.Logger, record: logging.LogRecord) -> None:
        lines.append(f"{record.getMessage()} {record.exc_info[1]!r}" if record.exc_info else record.getMessage())

    patch.setattr(logging.Logger, "callHandlers", keep)
    return lines


@dataclass
class Scene:
    """A world with its canaries, who may read each, and every address of it."""

    world: World
    planting: Planting
    texts: dict[str, tuple[Home, set[int]]]
    numbers: dict[str, tuple[Home, set[int]]]
    addresses: list[str]
    log: list[str]

    def is_allowed(self, person: Any, home: Home, people: set[int]) -> bool:
        if person is None:
            return False
        return person.pk in people or (person.is_staff and not home.secrets.is_personal)

    def asked_anew(self, person: Any) -> "Scene":
        """What this person read so far, with those who may read it by now: an ending takes away and gives nothing."""
        texts = {made: (home, readers(home)) for made, (home, people) in self.texts.items() if person.pk in people}
        numbers = {made: homes for made, homes in self.planting.numbers().items()
                   if person.pk in self.numbers.get(made, (None, ()))[1]}  # fmt: skip
        return replace(self, texts=texts, numbers=readers_of_numbers(numbers))

    def leaks(self, person: Any, sight: Any) -> set[str]:
        """What this person should not have seen there."""
        canaries = sight.canaries
        found = {home.name for made, (home, people) in self.texts.items()
                 if made in canaries and not self.is_allowed(person, home, people)}  # fmt: skip
        for number in sight.numbers & self.numbers.keys():
            home, people = self.numbers[number]
            if not self.is_allowed(person, home, people):
                found.add(f"{home.name} {number}")
        return found


@dataclass(frozen=True)
class Twin:
    """What is another in a twin world: every text but the canaries that are `kept`, and the `others` of the amounts."""

    kept: Collection[str]
    others: Collection[str]


def make_scene(go: Callable[[date], None], *, twin: Twin | None = None, whole: bool = False) -> Scene:
    """The same rows each time, with the same ids: what is random elsewhere follows a seed here."""
    planting = Planting(twin=twin is not None, kept=twin.kept if twin else ())
    world = World(go, MORE, whole, twin.others if twin else ())
    factories.serial = count(1)
    with pytest.MonkeyPatch.context() as patch, planting.at_work():
        draw = Random(7)
        patch.setattr(core.secrets, "choice", draw.choice)
        patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=draw.getrandbits(128)))
        lines = listen(patch)
        build(world)
        planting.fill()
        if world.is_whole:
            hide_more(world.here)  # when all others have their canaries, which keep their numbers
    planting.fill()
    MARKET.forget()
    texts = {made: (home, readers(home)) for made, home in planting.homes.items()}
    return Scene(world, planting, texts, readers_of_numbers(planting.numbers()), addresses(), lines)


def readers_of_numbers(numbers: dict[str, list[Home]]) -> dict[str, tuple[Home, set[int]]]:
    """Who may read a number as any of what it stands for."""
    return {made: (homes[0], set().union(*(readers(home) for home in homes))) for made, homes in numbers.items()}


@pytest.fixture(scope="module")
def go() -> Iterator[Callable[[date], None]]:
    with time_machine.travel(noon(SIGNED), tick=False) as clock:
        yield lambda day: clock.move_to(noon(day))


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any, go: Callable[[date], None]) -> Iterator[Scene]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_scene(go)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def whole_scene(django_db_setup: None, django_db_blocker: Any, go: Callable[[date], None]) -> Iterator[Scene]:
    """With the room of a deal, an agreement in force, a milestone and the registers."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_scene(go, whole=True)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Thousands of addresses are refused here; their lines are kept, not written."""
    return listen(monkeypatch)
