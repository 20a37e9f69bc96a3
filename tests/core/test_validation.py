"""Which characters a text may have: the declared outcome of hostile input, by kind."""

import pytest

from marketplace.core.errors import Invalid
from marketplace.core.validation import check_text, is_unfit, validate
from marketplace.listings.models import Achievement
from tests import factories

REFUSED = {
    "NUL": "\x00",
    "bell": "\x07",
    "vertical tab": "\x0b",
    "escape": "\x1b[31m",
    "delete": "\x7f",
    "high half of a character": "\ud83d",
    "low half of a character": "\udc00",
    "right-to-left override": "\u202egnp.exe",
    "isolate": "\u2066",
}
KEPT = {
    "tab": "\t",
    "line break": "\n",
    "line break of Windows": "\r\n",
    "emoji": "🚀",
    "joined emoji": "👩\u200d🔬",
    "right-to-left mark": "\u200f",
    "Hebrew": "שלום",
    "zero-width space": "\u200b",
    "rare Chinese character": "𠮷",
    "wrongly decoded quotation mark": "\x92",
    "script": "<script>alert(1)</script>",
    "quotes": "'; DROP TABLE listings; --",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_unfit_characters_are_found(text):
    assert is_unfit(f"涂层{text}技术")


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_every_other_character_is_kept(text):
    assert check_text("reason", text) == text


@pytest.mark.parametrize("value", [["a", "\x00"], {"a": "\x00"}, {"\x00": "a"}, [{"a": ["\x00"]}]])
def test_unfit_characters_are_found_inside_lists_and_mappings(value):
    assert is_unfit(value)


@pytest.mark.parametrize("value", [None, 5, True, [], {}, [1, None]])
def test_what_is_no_text_is_no_fault(value):
    assert not is_unfit(value)


def test_all_faults_of_a_row_are_told_together(university):
    row = Achievement(owner=university, title_zh="\x00", title_en="x" * 257, field="05", region="110000")
    row.summary_en = None
    with pytest.raises(Invalid) as fault:
        validate(row, exclude=["owner"], constraints=False)
    assert set(fault.value.fields) == {"title_zh", "title_en", "summary_en"}


def test_a_clean_row_passes(university):
    validate(factories.make_achievement(university))
