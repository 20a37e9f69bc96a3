"""Whom a text mentions."""

import pytest

from marketplace.brokerage.rules.mentions import mentioned, pieces, unknown

NAMES = ["李明", "李明哲", "Anna", "Anna Lind"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请@李明确认", ["李明"]),
        ("@李明哲 和 ＠李明", ["李明哲", "李明"]),
        ("(@Anna Lind), @Anna!", ["Anna Lind", "Anna"]),
        ("@李明 @李明", ["李明"]),
        ("@Annabel", []),
        ("mail li@example.org", []),
        ("a@李明", []),
        ("5 mA @ 25 °C, @25", []),
        ("", []),
    ],
)
def test_the_longest_name_after_an_at_is_mentioned(text, found):
    assert mentioned(text, NAMES) == found


@pytest.mark.parametrize(
    ("text", "strange"),
    [("@王芳，请看", ["王芳"]), ("@Annabel", ["Annabel"]), ("@李明", []), ("li@example.org", []), ("@25 °C", [])],
)
def test_a_name_that_nobody_bears_is_noticed(text, strange):
    assert unknown(text, NAMES) == strange


@pytest.mark.parametrize("text", ["请@李明确认@Anna", "@李明", "x", "", "@王芳@李明"])
def test_the_pieces_make_the_text(text):
    assert "".join(piece.text for piece in pieces(text, NAMES)) == text
