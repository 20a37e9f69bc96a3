"""Twin worlds: the same rows with other secrets look the same, to the byte, to everybody who may not read these.

A twin differs in every text that nobody of a group may read, in the amounts and files that `GROUPS` says, and holds
hidden rows more. Its texts are of another length and have a word that no other has, by which every list is searched.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pprint import pformat
from secrets import token_hex
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection, transaction
from django.db.models import Max

from marketplace.core import charts
from marketplace.law.book import forget_edition

from .conftest import Scene, Twin, make_scene
from .planting import OF_TWIN, Home, readers
from .walking import searches, steady, walk

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
LISTED = "213457.61 487653.29 123457.61 387653.29"
MANDATED, ORDERED, OFFERED, VALUED = "3217.43 98731.57", "21347.61", "61937.43 43719.61", "51937.13 71937.13"
SOLD, RECEIVED = "57319.43 91733.57 1037.31", "10317.29 20391.47 11973.61"
BANKED, SPENT = "7317.93 317.93", "137.61"
GUARANTEED, STOOD = "50317.29 40719.31 2317.31 39317.43 4817.93 213.47", "9317351.47"
FILED = "733217.51 31973.57"
UNIVERSITYS, FIRMS, FILES = "rows of the university", "rows of the firm", "files"
SUPPLIERS, SEEKERS = "talk of the supplier", "talk of the seeker"


def others(*given: str) -> set[str]:
    return {each for text in given for each in ([text] if "of the" in text or text == FILES else text.split())}


STRANGERS = others(LISTED, MANDATED, ORDERED, OFFERED, VALUED, SOLD, RECEIVED, BANKED, SPENT, GUARANTEED, STOOD, FILED,
                   UNIVERSITYS, FIRMS, SUPPLIERS, SEEKERS, FILES)  # fmt: skip
GROUPS = {
    "visitor outsider other_university other_broker": STRANGERS,
    "authority": STRANGERS - others(FILED),
    "inventor": others(BANKED, STOOD, FILED, FIRMS, SEEKERS),
    "buyer": STRANGERS - others(SOLD, RECEIVED, GUARANTEED),
    "seeker": STRANGERS - others(LISTED, MANDATED, OFFERED, FIRMS, SEEKERS, FILES),
    "broker": others(BANKED, SPENT, STOOD, FILED, UNIVERSITYS, FIRMS),
    "guarantor": STRANGERS - others(GUARANTEED, STOOD),
}
"""Readers of one entitlement, and what none of them reads. What others derive from an amount counts as read."""


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.replace(" ", "-"))
def test_twin_worlds_look_the_same_to_who_may_not_read_what_differs(go, group, monkeypatch):
    monkeypatch.setattr(charts, "cache", LocMemCache("charts of both worlds", {}))  # no two drawings have the same ids
    roles = group.split()
    with world(go) as first:
        kept = {made for made, (home, people) in first.texts.items() if is_read(first, roles, home, people)}
        numbers = numbers_of(first, roles)
        where = [each for each in (*first.addresses, *searches(OF_TWIN)) if "/do/" not in each]
        seen = {role: seen_by(first, role, where) for role in roles}
    with world(go, Twin(kept, GROUPS[group])) as second:
        assert first.texts.keys() & second.texts.keys() == kept  # all others are other ones
        assert numbers_of(second, roles) == numbers
        found = {role: left for role in roles if (left := differences(seen[role], seen_by(second, role, where)))}
        assert found == {}, pformat(found, width=200)


@contextmanager
def world(go: Any, twin: Twin | None = None) -> Iterator[Scene]:
    """Undone at its end, so that the next one has the same ids; what was kept in memory is forgotten."""
    cache.key_prefix = token_hex(4)
    forget_edition()
    with transaction.atomic():
        number_anew()
        yield make_scene(go, twin=twin, whole=True)
        transaction.set_rollback(True)


def number_anew() -> None:
    """SQLite takes its counters back with the rows; those of PostgreSQL go on, so each begins behind its last row."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for each in connection.introspection.get_sequences(cursor, model._meta.db_table):
                last = model._base_manager.aggregate(last=Max(each["column"]))["last"]
                cursor.execute("SELECT setval(%s, %s, false)", [each["name"], (last or 0) + 1])


def is_read(scene: Scene, roles: list[str], home: Home, people: set[int]) -> bool:
    return any(scene.is_allowed(scene.world.people[role], home, people) for role in roles)


def numbers_of(scene: Scene, roles: list[str]) -> set[tuple[str, str]]:
    """What is confidential as it is and read by one of them: the same in both worlds, or more would differ for them."""
    return {
        (str(home), number)
        for number, homes in scene.planting.numbers().items()
        for home in homes
        if is_read(scene, roles, home, readers(home))
    }


def seen_by(scene: Scene, role: str, where: list[str]) -> dict[str, bytes]:
    """All that each address answers, packed."""
    return {each.address: zlib.compress(steady(each).encode(), 1) for each in walk(scene.world.people[role], where)}


def differences(first: dict[str, bytes], second: dict[str, bytes]) -> dict[str, list[str]]:
    alike = [each for each in first if first[each] == second.get(each)]
    return {each: lines(first.get(each), second.get(each)) for each in first.keys() | second if each not in alike}


def lines(*both: bytes | None) -> list[str]:
    texts = [zlib.decompress(each).decode().splitlines() if each else [] for each in both]
    return [each[:300] for each in unified_diff(*texts, lineterm="", n=0)][:12]
