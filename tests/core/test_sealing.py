"""The sealed journal: what is hashed, what a block holds, and that each way to change it afterwards is found."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from marketplace.core import tasks
from marketplace.core.errors import NotFound
from marketplace.core.models import Entry, Seal, Verification
from marketplace.core.sealing import blocks, canonical, verifying, witness
from marketplace.core.sealing.proofs import is_proved, proof_of
from marketplace.core.sealing.verifying import Fault, Inspection
from tests import factories

DAY = datetime(2026, 11, 22, 8, 20, 19, 1, tzinfo=UTC)
VALUES = (7, DAY, None, "deals.open", "deal", 3, "k2", "", "open", "他说“行”\n", ["price", "state"], "r-1")
TEXT = (
    b'["entry/1",7,"2026-11-22T08:20:19.000001+00:00",null,"deals.open","deal",3,"k2","","open",'
    rb'"\u4ed6\u8bf4\u201c\u884c\u201d\n",["price","state"],"r-1"]'
)
pytestmark = pytest.mark.django_db


def write(count=1, **facts):
    values = {"verb": "deals.open", "subject_type": "deal", "subject_id": 3, "changed_fields": ["price"]}
    return [Entry.objects.create(**values | {"reason": str(number)} | facts) for number in range(count)]


@pytest.fixture(autouse=True)
def journal_of_its_own():
    """The reference data has written entries, too."""
    guards("DISABLE")
    Entry.objects.all().delete()
    guards("ENABLE")


@pytest.fixture
def entries():
    """Seven entries in blocks of three, three and one."""
    found = write(7)
    blocks.seal_entries(most=3)
    return found


@pytest.fixture
def unguarded():
    """Let a test change what PostgreSQL keeps from being changed."""
    guards("DISABLE")


def guards(word):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("core_entry", "core_seal"):
                cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def found(*hashes):
    return list(Inspection(hashes).faults())


# What is hashed


def test_the_text_of_an_entry_is_the_documented_one():
    assert canonical.entry_text(VALUES) == TEXT
    assert canonical.entry_hash(VALUES) == sha256(b"\x00" + TEXT).digest()


def test_every_column_is_hashed():
    assert set(canonical.COLUMNS) == {field.attname for field in Entry._meta.concrete_fields}
    kept = {"leaves", "hash"}  # bound by the Merkle root; the hash itself
    assert set(canonical.SEAL_COLUMNS) | kept == {field.attname for field in Seal._meta.concrete_fields}


def test_the_zone_of_the_clock_does_not_count():
    local = (VALUES[0], DAY.astimezone(timezone(timedelta(hours=8))), *VALUES[2:])
    assert canonical.entry_text(local) == TEXT


def test_a_text_cannot_spill_into_the_next_column():
    one, other = (*VALUES[:7], 'a","b', "", *VALUES[9:]), (*VALUES[:7], "a", "b", *VALUES[9:])
    assert canonical.entry_text(one) != canonical.entry_text(other)


@pytest.mark.parametrize(("ids", "text"), [([], ""), ([4], "4"), ([1, 2, 3], "1-3"), ([1, 2, 5, 7, 8], "1-2 5 7-8")])
def test_numbers_are_written_as_ranges(ids, text):
    assert canonical.write_ids(ids) == text
    assert canonical.read_ids(text) == ids
    assert canonical.count_ids(text) == len(ids)


# Sealing


def test_every_entry_is_sealed_once(entries):
    held = [number for seal in Seal.objects.order_by("number") for number in canonical.read_ids(seal.ids)]
    assert held == [entry.pk for entry in entries]
    assert [seal.entry_count for seal in Seal.objects.order_by("number")] == [3, 3, 1]


def test_each_seal_names_the_hash_of_the_one_before(entries):
    first, second, third = Seal.objects.order_by("number")
    assert first.previous_hash == "0" * 64
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)


def test_nothing_new_makes_no_seal(entries):
    assert tasks.seal_journal() == 0
    assert Seal.objects.count() == 3


def test_what_is_sealed_is_found_sound(entries):
    write(2)
    assert blocks.seal_entries() == 2
    last = blocks.last_seal()
    assert found(last.hash) == []


def test_an_empty_journal_is_sound():
    assert (blocks.seal_entries(), found()) == (0, [])


# What is found


def test_an_edited_entry_is_named(entries, unguarded):
    Entry.objects.filter(pk=entries[4].pk).update(reason="never said")
    assert found() == [Fault("entry_edited", 2, entries[4].pk)]
    assert str(entries[4].pk) in str(found()[0])


def test_a_deleted_entry_is_named(entries, unguarded):
    Entry.objects.filter(pk=entries[0].pk).delete()
    assert found() == [Fault("entry_missing", 1, entries[0].pk)]


def test_two_swapped_entries_are_named(entries, unguarded):
    one, other = entries[1], entries[5]
    Entry.objects.filter(pk=one.pk).update(reason=other.reason)
    Entry.objects.filter(pk=other.pk).update(reason=one.reason)
    assert found() == [Fault("entry_edited", 1, one.pk), Fault("entry_edited", 2, other.pk)]


def test_an_entry_put_into_a_gap_is_named(unguarded):
    gone = write(3)[1]
    Entry.objects.filter(pk=gone.pk).delete()
    blocks.seal_entries()
    write(id=gone.pk)
    assert found() == [Fault("entry_inserted", 1, gone.pk)]
    assert blocks.seal_entries() == 0, "it must not be sealed afterwards either"


def test_an_entry_with_a_number_below_the_first_is_named(entries):
    write(id=-5)
    assert found() == [Fault("entry_inserted", 0, -5)]


def test_a_renumbered_entry_is_missed(entries, unguarded):
    Entry.objects.filter(pk=entries[3].pk).update(id=entries[-1].pk + 500)
    assert found() == [Fault("entry_missing", 2, entries[3].pk)]


@pytest.mark.parametrize(
    "assignment",
    [
        {"ids": "1-2"},
        {"ids": "nonsense"},
        {"leaves": b"x"},
        {"leaves": b"x" * 96},
        {"merkle_root": "0" * 64},
        {"hash": "0" * 64},
        {"sealed_at": DAY},
        {"entry_count": 2},
        {"through_id": F("through_id") + 900},
        {"previous_hash": "1" * 64},
    ],
)
def test_an_edited_seal_is_named(entries, unguarded, assignment):
    Seal.objects.filter(number=2).update(**assignment)
    assert Fault("seal_edited", 2) in found()


def test_a_seal_made_anew_breaks_the_chain(entries, unguarded):
    seal = Seal.objects.get(number=2)
    seal.sealed_at = DAY
    Seal.objects.filter(number=2).update(sealed_at=DAY, hash=canonical.seal_hash(seal))
    assert found() == [Fault("chain_broken", 3)]


def test_removed_seals_are_named(entries, unguarded):
    Seal.objects.filter(number=2).delete()
    assert found() == [Fault("seals_missing", 2, last=2)]


def test_a_cut_end_is_found_with_the_hash_that_was_kept(entries, unguarded):
    kept = blocks.last_seal().hash
    Seal.objects.filter(number=3).delete()
    Entry.objects.filter(pk=entries[-1].pk).delete()
    assert found() == []
    assert found(kept) == [Fault("outside_hash_unknown", hash=kept)]


def test_a_chain_made_anew_is_found_with_the_hash_that_was_kept(entries, unguarded):
    kept = blocks.last_seal().hash
    Seal.objects.all().delete()
    Entry.objects.filter(pk=entries[0].pk).update(reason="never said")
    blocks.seal_entries(most=3)
    assert found() == []
    assert found(kept) == [Fault("outside_hash_unknown", hash=kept)]


def test_pages_are_walked_through_whole(entries, monkeypatch):
    monkeypatch.setattr(verifying, "PAGE", 2)
    walk = Inspection()
    assert list(walk.faults()) == []
    assert (walk.seal_count, walk.entry_count, walk.last_hash) == (3, 7, blocks.last_seal().hash)


# The witness


@pytest.fixture
def kept(settings, tmp_path):
    settings.SEAL_WITNESS = str(tmp_path / "seals.txt")
    return tmp_path / "seals.txt"


def test_each_hash_is_handed_out_once(kept, entries):
    write()
    blocks.seal_entries()
    blocks.seal_entries()
    hashes = [line.split()[1] for line in kept.read_text().splitlines()]
    assert hashes == list(Seal.objects.order_by("number").values_list("hash", flat=True))


@pytest.mark.parametrize("torn", ["", "3 abc", "\n"])
def test_a_torn_line_is_handed_out_again(kept, entries, torn):
    lines = kept.read_text().splitlines(keepends=True)
    kept.write_text("".join(lines[:2]) + torn)
    assert witness.hand_out() == 1
    assert witness.last_kept() == (3, blocks.last_seal().hash)


def test_what_the_witness_knows_must_be_there(kept, entries, unguarded):
    last = blocks.last_seal().hash
    Seal.objects.filter(number=3).delete()
    assert list(verifying.with_witness().faults()) == [Fault("outside_hash_unknown", hash=last)]


def test_the_witness_of_another_journal_is_left_as_it_is(kept, entries, caplog):
    kept.write_text(f"9 {'a' * 64} 2026-11-22T00:00:00+00:00 1\n")
    assert witness.hand_out() == 0
    assert "verify_journal" in caplog.text


def test_a_witness_that_cannot_be_written_keeps_nothing_from_being_sealed(settings, tmp_path, caplog):
    settings.SEAL_WITNESS = str(tmp_path)
    write()
    assert blocks.seal_entries() == 1
    assert "cannot be written" in caplog.text


# Proofs


def test_one_entry_is_proved_to_an_outsider(entries):
    proof = proof_of(entries[4])
    assert is_proved(proof, Seal.objects.get(number=2).hash)
    assert json.loads(proof.entry)[1] == entries[4].pk


def test_another_text_is_not_proved(entries):
    proof = proof_of(entries[4])
    forged = proof._replace(entry=proof.entry.replace("price", "prize"))
    assert not is_proved(forged, Seal.objects.get(number=2).hash)
    assert not is_proved(proof, Seal.objects.get(number=1).hash)
    assert not is_proved(proof._replace(path=[]), Seal.objects.get(number=2).hash)


def test_what_was_edited_is_not_proved(entries, unguarded):
    Entry.objects.filter(pk=entries[4].pk).update(reason="never said")
    assert not is_proved(proof_of(entries[4]), Seal.objects.get(number=2).hash)


def test_what_is_not_sealed_has_no_proof(entries):
    with pytest.raises(NotFound):
        proof_of(write()[0])


# Commands, the night, the workspace


def told(command, *options):
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def test_the_command_says_the_hash_to_be_kept():
    write(2)
    said = told("seal_journal")
    assert blocks.last_seal().hash in said
    assert json.loads(told("seal_journal", "--json"))["last"]["hash"] == blocks.last_seal().hash


def test_the_command_finds_nothing_in_a_sound_journal(entries):
    last = json.loads(told("verify_journal", "--hash", blocks.last_seal().hash, "--json"))
    assert last == {"seals": 3, "entries": 7, "faults": 0, "last_hash": blocks.last_seal().hash}


def test_the_command_ends_with_1_when_something_was_changed(entries, unguarded):
    Entry.objects.filter(pk=entries[0].pk).delete()
    with pytest.raises(CommandError) as fault:
        told("verify_journal")
    assert fault.value.returncode == 1


def test_a_hash_that_nobody_made_is_a_fault(entries):
    with pytest.raises(CommandError):
        told("verify_journal", "--hash", "0" * 64)


def test_the_night_keeps_what_it_found(entries, unguarded, caplog):
    Entry.objects.filter(pk=entries[0].pk).delete()
    assert tasks.verify_journal() == 1
    assert Verification.objects.get().faults[0]["entry"] == entries[0].pk
    assert "The journal was changed" in caplog.text


def test_the_night_keeps_the_first_of_many_faults(unguarded):
    write(Verification.MOST_FAULTS + 5)
    blocks.seal_entries()
    Entry.objects.all().delete()
    assert tasks.verify_journal() == Verification.MOST_FAULTS + 5
    assert len(Verification.objects.get().faults) == Verification.MOST_FAULTS


def test_staff_read_the_seals_and_the_last_verification(client, staff, entries):
    tasks.verify_journal()
    client.force_login(staff)
    page = client.get("/workspace/core/seal/").content.decode()
    assert blocks.last_seal().hash in page
    assert client.get("/workspace/core/seal/2/change/").status_code == 200


def test_staff_read_the_faults(client, staff, entries, unguarded):
    Entry.objects.filter(pk=entries[0].pk).update(reason="never said")
    tasks.verify_journal()
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    assert f"Entry {entries[0].pk} in seal 1 was changed." in client.get("/workspace/core/seal/").content.decode()


def test_others_do_not_see_the_seals(client, entries):
    client.force_login(factories.make_member(factories.make_organisation("UNIVERSITY")))
    assert client.get("/workspace/core/seal/").status_code in (403, 404)
