"""The benchmark on disk is the one that the shipped listings make, in both languages."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from marketplace.demo import benchmark

FOLDER = Path(settings.FIXTURE_ROOT) / "benchmark"


@pytest.mark.parametrize(("language", "folder"), [("zh", FOLDER), ("en", FOLDER / "en")])
def test_it_is_in_step_with_the_listings(language, folder):
    stale = [name for name, text in benchmark.files(language).items() if (folder / name).read_text("utf-8") != text]
    assert stale == [], "run manage.py export_benchmark"


def test_its_data_card_says_how_it_was_made():
    card = (FOLDER / "README.md").read_text("utf-8")
    assert all(word in card for word in ("Apache-2.0", "judged", "Limits"))


def test_the_command_writes_it_and_changes_nothing_the_second_time(tmp_path):
    def run(*words):
        out = io.StringIO()
        call_command("export_benchmark", "--to", str(tmp_path), "--json", *words, stdout=out)
        return len(json.loads(out.getvalue())["changed"])

    assert (run("--dry-run"), run(), run()) == (10, 10, 0)
