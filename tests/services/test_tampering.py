"""Whoever is master of the database changes the journal: all of it is found. And a sealer that is killed loses nothing.

With a superuser in DATABASE_URL triggers are switched off as only they can; else as the owner of the tables can.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from marketplace.core.models import Entry, Seal
from marketplace.core.sealing import blocks, canonical
from marketplace.core.sealing.verifying import Fault, Inspection
from tests import factories
from tests.services.running import ROOT, wait_until

TAMPERINGS = 1000
ENTRIES = "core_entry"
SEALS = "core_seal"
FACTS = ("at", "actor_id", "verb", "subject_type", "subject_id", "subject_label", "from_state", "to_state", "reason")
FACTS += ("changed_fields", "request_id")
SEAL_FACTS = (*canonical.SEAL_COLUMNS, "leaves", "hash")
pytestmark = pytest.mark.postgres


def write(count=1, **facts):
    """Journal lines as many acts write them."""
    people = [factories.make_user() for _ in range(2)]
    rows = [
        Entry(
            actor=people[number % 3] if number % 3 < 2 else None,
            verb=f"deals.verb{number}",
            subject_type="deal",
            subject_id=number,
            subject_label=f"k{number}",
            from_state="open",
            to_state="agreed",
            reason=f"理由 {number}",
            changed_fields=["price", f"f{number}"],
            request_id=f"r{number}",
        )
        for number in range(count)
    ]
    return Entry.objects.bulk_create(rows)


def faults(*outside):
    return list(Inspection(outside).faults())


def sealed_ids():
    return [number for seal in Seal.objects.order_by("number") for number in canonical.read_ids(seal.ids)]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@contextmanager
def unguarded():
    """Inside, every trigger is off; at the end all that was done is undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            is_superuser = cursor.fetchone()[0]
        if is_superuser:
            sql("SET LOCAL session_replication_role = replica")
        else:
            sql(f"ALTER TABLE {ENTRIES} DISABLE TRIGGER USER")
            sql(f"ALTER TABLE {SEALS} DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


# 1,000 tamperings


class Tamperer:
    """Each method does one thing to the journal, chosen by `dice`, and returns how many rows it really changed."""

    def __init__(self, dice):
        self.dice = dice
        self.ids = list(Entry.objects.order_by("id").values_list("id", flat=True))
        self.seal_count = Seal.objects.count()
        self.gaps = sorted(set(range(1, self.ids[-1])) - set(self.ids))
        self.kept = blocks.last_seal().hash

    def edit(self):
        column, number = self.dice.choice(FACTS), self.dice.choice(self.ids)
        changed = {
            "at": "at + %s * interval '1 microsecond'",
            "actor_id": "(SELECT min(id) FROM parties_user WHERE id IS DISTINCT FROM actor_id AND id > %s - 1000000)",
            "subject_id": "subject_id + %s",
            "changed_fields": "changed_fields || to_jsonb(%s::text)",
        }.get(column, f"left({column} || %s::text, 32)")
        return sql(f"UPDATE {ENTRIES} SET {column} = {changed} WHERE id = %s", self.dice.randint(1, 9999), number)

    def empty(self):
        """Take a text away."""
        column = self.dice.choice(["verb", "subject_label", "from_state", "to_state", "reason", "request_id"])
        return sql(f"UPDATE {ENTRIES} SET {column} = '' WHERE {column} <> '' AND id = %s", self.dice.choice(self.ids))

    def make_unreadable(self):
        when = self.dice.choice(["infinity", "-infinity", "20000-01-01"])
        return sql(f"UPDATE {ENTRIES} SET at = %s WHERE id = %s", when, self.dice.choice(self.ids))

    def delete(self):
        numbers = self.dice.sample(self.ids, self.dice.randint(1, 3))
        return sql(f"DELETE FROM {ENTRIES} WHERE id = ANY(%s)", numbers)

    def swap(self):
        one, other = self.dice.sample(self.ids, 2)
        statement = f"UPDATE {ENTRIES} SET id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)"
        sql(f"UPDATE {ENTRIES} SET id = -id WHERE id IN (%s, %s)", one, other)
        return sql(statement, -one, other, one, -one, -other)

    def swap_a_column(self):
        column, (one, other) = self.dice.choice(["verb", "subject_id", "reason"]), self.dice.sample(self.ids, 2)
        return sql(
            f"UPDATE {ENTRIES} e SET {column} = o.{column} FROM {ENTRIES} o"
            f" WHERE e.{column} <> o.{column} AND (e.id, o.id) IN ((%s, %s), (%s, %s))",
            *(one, other, other, one),
        )

    def insert(self):
        number = self.dice.choice([*self.gaps, 0, -3])
        columns = ", ".join(FACTS)
        source = self.dice.choice(self.ids)
        statement = f"INSERT INTO {ENTRIES} (id, {columns}) SELECT %s, {columns} FROM {ENTRIES} WHERE id = %s"
        return sql(statement, number, source)

    def renumber(self):
        target = self.dice.choice([*self.gaps, self.ids[-1] + self.dice.randint(1, 10_000)])
        return sql(f"UPDATE {ENTRIES} SET id = %s WHERE id = %s", target, self.dice.choice(self.ids))

    def edit_a_seal(self):
        column = self.dice.choice(SEAL_FACTS)
        changed = {
            "number": "number + 100",
            "through_id": "through_id + 1",
            "after_id": "after_id - 1" if (number := self.dice.randint(1, self.seal_count)) > 1 else "after_id + 1",
            "entry_count": "entry_count + 1",
            "sealed_at": "sealed_at - interval '1 microsecond'",
            "ids": "ids || ' 9999'",
            "leaves": "set_byte(leaves, 5, get_byte(leaves, 5) # 1)",
        }.get(column, f"translate({column}, '0123456789abcdef', '123456789abcdef0')")
        return sql(f"UPDATE {SEALS} SET {column} = {changed} WHERE number = {number}")

    def remove_seals(self):
        first = self.dice.randint(1, self.seal_count - 1)
        last = self.dice.randint(first, self.seal_count - 1)
        return sql(f"DELETE FROM {SEALS} WHERE number BETWEEN %s AND %s", first, last)

    def make_a_seal_anew(self):
        """Change an entry and compute its own block again, as if it had always been so; the next one still knows."""
        seal = Seal.objects.get(number=self.dice.randint(1, self.seal_count - 1))
        numbers = canonical.read_ids(seal.ids)
        sql(f"UPDATE {ENTRIES} SET reason = 'forged' WHERE id = %s", self.dice.choice(numbers))
        rows = Entry.objects.filter(id__in=numbers).order_by("id").values_list(*canonical.COLUMNS)
        forged = blocks.sealed(list(rows), None, seal.after_id, seal.through_id)
        forged.number, forged.previous_hash, forged.sealed_at = seal.number, seal.previous_hash, seal.sealed_at
        forged.hash = canonical.seal_hash(forged)
        names = ("merkle_root", "leaves", "hash")
        return Seal.objects.filter(number=seal.number).update(**{name: getattr(forged, name) for name in names})

    def cut_the_end(self):
        """Seals from one on are gone, with or without their entries: only the hash kept elsewhere knows."""
        seal = Seal.objects.get(number=self.dice.randint(1, self.seal_count))
        if self.dice.random() < 0.5:
            sql(f"DELETE FROM {ENTRIES} WHERE id > %s", seal.after_id)
        return sql(f"DELETE FROM {SEALS} WHERE number >= %s", seal.number)

    def make_the_end_anew(self):
        """Cut, forge, seal again: sound from inside."""
        seal = Seal.objects.get(number=self.dice.randint(1, self.seal_count))
        sql(f"DELETE FROM {SEALS} WHERE number >= %s", seal.number)
        sql(f"UPDATE {ENTRIES} SET reason = 'forged' WHERE id = %s", canonical.read_ids(seal.ids)[0])
        return blocks.seal_entries(patience=0)


KINDS = [name for name in vars(Tamperer) if not name.startswith("_")]


@pytest.fixture
def journal(postgres):
    """Sixty entries in blocks of ten, with gaps in their numbers."""
    for _ in range(6):
        write(10)
        with transaction.atomic():
            write(2)
            transaction.set_rollback(True)
        blocks.seal_entries()


@pytest.mark.slow
def test_1000_random_tamperings_are_all_found(journal):
    dice = random.Random(20261122)
    tamperer = Tamperer(dice)
    assert faults(tamperer.kept) == []
    done, unfound = Counter(), []
    while done.total() < TAMPERINGS:
        kind = dice.choice(KINDS)
        with unguarded():
            is_done = getattr(tamperer, kind)() > 0
            if is_done and not faults(tamperer.kept):
                unfound.append(kind)
        done[kind] += is_done
    assert unfound == []
    assert set(done) == set(KINDS)
    assert faults(tamperer.kept) == []


def test_a_single_change_is_laid_to_its_own_entry(journal):
    tamperer = Tamperer(random.Random(1))
    for number in tamperer.ids[::7]:
        with unguarded():
            sql(f"UPDATE {ENTRIES} SET at = 'infinity' WHERE id = %s", number)
            assert [(fault.code, fault.entry) for fault in faults()] == [("entry_unreadable", number)]


# Numbers are given before commits


@contextmanager
def somebody_writing():
    """Somebody has written an entry in a transaction that goes on; calling it ends it."""
    has_written, may_end = Event(), Event()

    def act():
        with transaction.atomic():
            write(1)
            has_written.set()
            may_end.wait(30)
        connection.close()

    thread = Thread(target=act, daemon=True)

    def end():
        may_end.set()
        thread.join(30)

    thread.start()
    assert has_written.wait(30)
    yield end
    end()


def test_an_entry_committed_late_is_sealed_once(postgres):
    with somebody_writing() as end:
        write(1)  # a greater number, committed first
        assert blocks.seal_entries(patience=0.2) == 0
        end()
    blocks.seal_entries()
    assert sealed_ids() == list(Entry.objects.order_by("id").values_list("id", flat=True))
    assert faults() == []


def test_the_sealer_waits_for_who_is_writing_and_not_for_who_comes_after(postgres):
    blocks.seal_entries()
    with somebody_writing() as end:
        Thread(target=lambda: (time.sleep(0.3), end()), daemon=True).start()
        assert blocks.seal_entries(patience=30) == 1
    with somebody_writing():
        pass
    assert blocks.seal_entries() == 1


def test_an_entry_that_is_rolled_back_leaves_a_gap_and_nothing_waits_for_it(journal):
    assert faults() == []
    assert Seal.objects.order_by("-number").first().through_id > sealed_ids()[-1]


def test_by_what_can_be_read_alone_a_late_entry_would_be_left_out(postgres, monkeypatch):
    """The guard off: the block is closed above a number that is still to come."""
    monkeypatch.setattr(blocks, "settled_through", lambda patience: Entry.objects.order_by("-id")[0].id)
    with somebody_writing() as end:
        write(1)
        blocks.seal_entries()
        end()
    assert [fault.code for fault in faults()] == ["entry_inserted"]


def test_eight_writers_and_three_sealers_leave_nothing_out(postgres):
    stop, problems = Event(), []

    def writer(number):
        dice = random.Random(number)
        try:
            while not stop.is_set():
                with transaction.atomic():
                    Entry.objects.create(verb="race", subject_type="deal", subject_id=number)
                    time.sleep(dice.random() / 50)
                    Entry.objects.create(verb="race", subject_type="deal", subject_id=number)
                    transaction.set_rollback(dice.random() < 0.2)
        except Exception as fault:
            problems.append(fault)
        connection.close()

    def sealer():
        try:
            while not stop.is_set():
                blocks.seal_entries(most=7)
        except Exception as fault:
            problems.append(fault)
        connection.close()

    threads = [Thread(target=writer, args=(number,)) for number in range(8)] + [Thread(target=sealer) for _ in "abc"]
    for thread in threads:
        thread.start()
    time.sleep(4)
    stop.set()
    for thread in threads:
        thread.join(60)
    blocks.seal_entries()
    assert problems == []
    assert sealed_ids() == list(Entry.objects.order_by("id").values_list("id", flat=True))
    assert faults() == []


# kill -9


KILLED = """
import django; django.setup()
from marketplace.core.sealing.blocks import seal_entries
print("ready", flush=True); input(); seal_entries(most=50); print("done", flush=True)
"""


@pytest.mark.slow
def test_a_sealer_that_is_killed_loses_nothing_and_seals_nothing_twice(database_url, tmp_path):
    witness = tmp_path / "seals.txt"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database_url}
    env |= {"SEAL_WITNESS": str(witness), "VAR_DIR": str(settings.VAR_DIR)}
    dice, left = random.Random(5), []
    for _ in range(6):
        write(2000)
        sealer = subprocess.Popen(
            [sys.executable, "-c", KILLED], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert sealer.stdout.readline() == "ready\n"
        before = Seal.objects.count()
        sealer.stdin.write("\n")
        sealer.stdin.flush()
        wait_until(lambda before=before: Seal.objects.count() > before, "the first seal of a run", every=0.002)
        time.sleep(dice.random() / 50)
        sealer.kill()
        sealer.communicate()
        left.append(Entry.objects.count() - len(sealed_ids()))
    assert any(left), "one at least was killed before its end, however fast the machine"
    env_run = [sys.executable, "manage.py", "seal_journal"]
    subprocess.run(env_run, cwd=ROOT, env=env, check=True, capture_output=True)
    assert sealed_ids() == list(Entry.objects.order_by("id").values_list("id", flat=True)), left
    kept = [line.split()[1] for line in witness.read_text().splitlines()]
    assert kept == list(Seal.objects.order_by("number").values_list("hash", flat=True))
    assert faults(kept[-1]) == []


def test_the_time_of_a_seal_is_between_its_neighbours(journal):
    times = list(Seal.objects.order_by("number").values_list("sealed_at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= timezone.now()


def test_a_fault_says_where(journal):
    with unguarded():
        sql(f"DELETE FROM {SEALS} WHERE number IN (2, 3)")
        assert faults() == [Fault("seals_missing", 2, last=3)]
