"""Every sentence of the house exists in Chinese: the catalogue is complete, and compiled from what is written."""

import importlib.util
from functools import partial
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools/messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fresh(tool):
    return tool.fresh_catalogue()


def test_every_sentence_has_its_chinese(tool, fresh):
    assert tool.untranslated(fresh) == []


def test_a_sentence_without_chinese_is_noticed(tool, fresh):
    fresh.add("A sentence that nobody has translated.")
    assert "A sentence that nobody has translated." in tool.untranslated(fresh)
    fresh.delete("A sentence that nobody has translated.")


def test_the_catalogue_holds_what_the_code_says(tool, fresh):
    kept = read_po(tool.CATALOGUE.open("rb"))
    assert {(m.id, m.context) for m in fresh} == {(m.id, m.context) for m in kept}


def spoken(compiled, message):
    """What gettext answers from the compiled catalogue, in the form that the written one has."""
    context = message.context or ""
    if isinstance(message.id, tuple):
        many = partial(compiled.npgettext, context) if context else compiled.ngettext
        return (many(*message.id, 2),)
    return compiled.pgettext(context, message.id) if context else compiled.gettext(message.id)


def test_the_compiled_catalogue_is_the_written_one(tool):
    compiled = GNUTranslations(tool.CATALOGUE.with_suffix(".mo").open("rb"))
    written = [message for message in read_po(tool.CATALOGUE.open("rb")) if message.id]
    assert [spoken(compiled, message) for message in written] == [message.string for message in written]


def test_placeholders_survive_translation(fresh):
    broken = [(m.id, [str(fault) for fault in m.check()]) for m in fresh if m.id and list(m.check())]
    assert broken == []
