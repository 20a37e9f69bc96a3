"""Store: what was saved is what is loaded, and nothing else is ever taken for it."""

import json

import pytest

from matching import (
    DamagedIndexFile,
    Document,
    ForeignIndexFile,
    IndexFileError,
    Matcher,
    NewerIndexFile,
    Settings,
)
from matching.store import MAGIC
from tests.matching.listings import LISTINGS, NEED, POWDER


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "index"
    Matcher.fit(LISTINGS).save(path)
    return path


def test_a_loaded_matcher_answers_as_the_saved_one(file):
    assert Matcher.load(file).match(NEED) == Matcher.fit(LISTINGS).match(NEED)


def test_a_loaded_matcher_can_be_edited(file):
    loaded = Matcher.load(file)
    loaded.remove(["powder"])
    loaded.add([Document("new", "高温合金粉末")])
    assert loaded.match(NEED)[0].id == "new"


def test_settings_and_facts_are_kept(tmp_path):
    facts = {"modes": ("OPEN",), "price_low": 5, "secret": False, "open_until": "2026-11-22"}
    Matcher.fit([Document("a", "合金", fields=facts)], Settings(title_weight=2)).save(tmp_path / "index")
    loaded = Matcher.load(tmp_path / "index")
    assert loaded.settings.title_weight == 2
    assert loaded._index.documents[0].fields == facts


def test_an_empty_matcher_can_be_saved(tmp_path):
    Matcher().save(tmp_path / "index")
    assert Matcher.load(tmp_path / "index").match(NEED) == []


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\x80\x04pickle", b"hello\nworld"])
def test_a_foreign_file_is_refused(tmp_path, content):
    (tmp_path / "index").write_bytes(content)
    with pytest.raises(ForeignIndexFile, match=r"Matcher\.save"):
        Matcher.load(tmp_path / "index")


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(file, kept):
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DamagedIndexFile, match=r"[Rr]ebuild"):
        Matcher.load(file)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_an_altered_file_is_refused(file, place):
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 0x01
    file.write_bytes(bytes(content))
    with pytest.raises(DamagedIndexFile):
        Matcher.load(file)


def test_a_file_with_something_after_its_end_is_refused(file):
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(DamagedIndexFile):
        Matcher.load(file)


def test_a_newer_file_is_refused(file):
    header, _, body = file.read_bytes()[len(MAGIC) :].partition(b"\n")
    newer = json.dumps(json.loads(header) | {"version": 99}).encode()
    file.write_bytes(MAGIC + newer + b"\n" + body)
    with pytest.raises(NewerIndexFile, match="version 99"):
        Matcher.load(file)


def test_refusals_are_one_family():
    assert all(issubclass(e, IndexFileError) for e in (ForeignIndexFile, DamagedIndexFile, NewerIndexFile))


def test_a_failed_save_leaves_the_old_file_and_nothing_beside_it(file):
    unsaveable = Matcher.fit([Document("a", "合金", fields={"field": object()})])
    with pytest.raises(TypeError):
        unsaveable.save(file)
    assert Matcher.load(file).match(NEED)
    assert [path.name for path in file.parent.iterdir()] == ["index"]


def test_a_power_cut_while_moving_leaves_the_old_file(file, monkeypatch):
    def cut(source, target):
        raise OSError("no power")

    monkeypatch.setattr("matching.store.os.replace", cut)
    with pytest.raises(OSError, match="no power"):
        Matcher.fit([POWDER]).save(file)
    assert len(Matcher.load(file)) == len(LISTINGS)
    assert [path.name for path in file.parent.iterdir()] == ["index"]


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        Matcher.load(tmp_path / "nothing")
