"""Print how good the matching is on judged pairs, beside plain TF-IDF and BM25; docs/matching.md publishes it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace.discovery import evaluation
from matching.errors import MatchingError


class Command(BaseCommand):
    help = "Measure the matching on folders of judged texts (default: the product's own benchmark)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, help="Folders with corpus, queries and qrels.")
        parser.add_argument("--json", action="store_true", help="Print every metric as JSON, one object a line.")
        parser.add_argument("--pool", action="store_true", help="Print the pairs of the first twenty yet to be judged.")

    def handle(self, *args: Any, folders: list[Path], pool: bool, **options: Any) -> None:
        folders = folders or [Path(settings.FIXTURE_ROOT) / "benchmark"]
        try:
            if pool:
                self.write(f"{query}\t{found}" for query, found in evaluation.unjudged(folders))
            elif options["json"]:
                self.write(json.dumps(row, ensure_ascii=False) for row in evaluation.as_values(folders))
            else:
                self.write(evaluation.table(folders))
        except MatchingError as fault:
            raise CommandError(str(fault)) from fault

    def write(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)
