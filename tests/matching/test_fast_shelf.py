"""Shelf: workers map one index; a dying writer leaves the old one, and damage is never served."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import zlib

import pytest

from matching import DamagedIndexFile, Document, ForeignIndexFile, Matcher, NewerIndexFile, Settings
from tests.matching.listings import LISTINGS, NEED
from tests.matching.test_fast import COMPILED, PLAIN, assert_same, edited, some_document

pytest.importorskip("numba")


@pytest.fixture
def folder(tmp_path):
    Matcher.fit(LISTINGS, COMPILED).publish(tmp_path / "shelf")
    return tmp_path / "shelf"


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_opened_matcher_answers_as_the_published_one(folder):
    assert Matcher.open(folder).match(NEED) == Matcher.fit(LISTINGS, COMPILED).match(NEED)


def test_facts_and_settings_are_kept(tmp_path):
    facts = {"modes": ("OPEN",), "price_low": 5, "secret": False, "open_until": "2026-11-22"}
    settings = Settings(compiled_from=0, title_weight=2)
    Matcher.fit([Document("a", "合金", fields=facts)], settings).publish(tmp_path)
    opened = Matcher.open(tmp_path)
    assert opened.settings == settings
    assert opened._index.documents == [Document("a", "合金", fields=facts)]


def test_an_empty_matcher_can_be_published(tmp_path):
    Matcher.fit([], COMPILED).publish(tmp_path)
    assert Matcher.open(tmp_path).match(NEED) == []


@pytest.mark.parametrize("seed", range(12))
def test_edits_before_and_after_opening_rank_as_the_plain_index_does(tmp_path, seed):
    luck = random.Random(seed)
    fast, plain = Matcher.fit([], COMPILED), Matcher(PLAIN)
    for _ in range(10):
        edited(luck, (fast, plain))
        if luck.random() < 0.4:
            fast.publish(tmp_path)
            fast = Matcher.open(tmp_path)
        question = some_document(luck)
        assert_same(fast.match(question, 50), plain.match(question, 50))
    assert fast.ids == plain.ids


def test_publishing_again_writes_no_unchanged_tile_and_leaves_no_old_file(folder):
    before = [name for name in files(folder) if name.startswith("tile-")]
    opened = Matcher.open(folder)
    opened.remove(["maize"])
    opened.publish(folder)
    assert [name for name in files(folder) if name.startswith("tile-")] == before
    assert len(files(folder)) == 3
    assert "maize" not in Matcher.open(folder)


def test_a_reader_of_the_old_state_reads_on(folder):
    reader = Matcher.open(folder)
    expected = reader.match(NEED)
    Matcher.fit([Document("new", "玉米")], COMPILED).publish(folder)
    assert reader.match(NEED) == expected


@pytest.mark.parametrize("kind", ["tile-", "collection-", "manifest"])
@pytest.mark.parametrize("harm", ["cut", "alter"])
def test_a_damaged_file_is_refused(folder, kind, harm):
    path = next(path for path in folder.iterdir() if path.name.startswith(kind))
    content = bytearray(path.read_bytes())
    if harm == "cut":
        content = content[: len(content) // 2]
    else:
        content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DamagedIndexFile, match=r"[Rr]ebuild"):
        Matcher.open(folder)


def test_a_missing_file_is_refused(folder):
    next(path for path in folder.iterdir() if path.name.startswith("tile-")).unlink()
    with pytest.raises(DamagedIndexFile, match=r"[Rr]ebuild"):
        Matcher.open(folder)


@pytest.mark.parametrize(
    ("key", "value", "error"), [("kind", "other", ForeignIndexFile), ("version", 99, NewerIndexFile)]
)
def test_a_foreign_or_newer_folder_is_refused(folder, key, value, error):
    outer = json.loads((folder / "manifest.json").read_bytes())
    body = json.dumps(json.loads(outer["state"]) | {key: value})
    (folder / "manifest.json").write_text(json.dumps({"crc": zlib.crc32(body.encode()), "state": body}))
    with pytest.raises(error):
        Matcher.open(folder)


def test_an_empty_folder_is_said_to_be_empty(tmp_path):
    with pytest.raises(FileNotFoundError):
        Matcher.open(tmp_path)


REBUILD = """
import sys
from matching import Document, Matcher, Settings
print("ready", flush=True)
for turn in range(10000):
    listings = [Document(f"n{turn}-{n}", "玉米" * 40) for n in range(300)]
    Matcher.fit(listings, Settings(compiled_from=0)).publish(sys.argv[1])
"""


@pytest.mark.slow
def test_a_rebuild_that_is_killed_leaves_a_whole_index(folder):
    """Killed at four moments of writing, with nothing to say goodbye: each time what is there can be opened."""
    luck = random.Random(3)
    for _ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", REBUILD, folder], stdout=subprocess.PIPE)
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(1 + luck.random())
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        assert len(Matcher.open(folder)) in (300, len(LISTINGS))


def test_a_power_cut_while_the_manifest_is_moved_leaves_the_old_index(folder, monkeypatch):
    replace = os.replace

    def cut(source, target):
        if str(target).endswith("manifest.json"):
            raise OSError("no power")
        replace(source, target)

    monkeypatch.setattr("matching.shelf.os.replace", cut)
    with pytest.raises(OSError, match="no power"):
        Matcher.fit([Document("new", "玉米")], COMPILED).publish(folder)
    assert Matcher.open(folder).ids == {listing.id for listing in LISTINGS}


def test_a_small_matcher_says_that_it_cannot_be_shared(tmp_path):
    with pytest.raises(TypeError, match="save it"):
        Matcher.fit(LISTINGS, PLAIN).publish(tmp_path)
