"""What docs/matching.md publishes is what the command prints today."""

from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]


@cache
def printed(*words):
    out = StringIO()
    call_command("evaluate_matching", *words, stdout=out)
    return out.getvalue()


def test_the_published_table_is_the_measured_one():
    page = (ROOT / "docs" / "matching.md").read_text("utf-8")
    stale = [line for line in printed().splitlines() if line not in page]
    assert stale == [], "paste the table of manage.py evaluate_matching into docs/matching.md"


def test_the_first_twenty_of_every_system_are_judged():
    rows = [row.split("|") for row in printed().splitlines()[2:]]
    own_language = [row for row in rows if "→" not in row[1] or row[2].strip().startswith("matcher")]
    assert {row[-2].strip() for row in own_language} == {"100%"}


def test_the_matcher_is_ahead_of_plain_tfidf_off_zero_in_each_language():
    rows = [[cell.strip() for cell in row.split("|")] for row in printed().splitlines()[2:]]
    ahead = {row[1]: row[7] for row in rows if row[2] == "matcher" and "→" not in row[1]}
    assert len(ahead) == 4
    assert all("[+" in difference for difference in ahead.values()), ahead


def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"queries|corpus|qrels"):
        call_command("evaluate_matching", str(tmp_path))
