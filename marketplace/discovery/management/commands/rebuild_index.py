"""Read the whole market anew, match every demand again and put the indexes on the shelf for the next worker."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from marketplace.core.console import progress
from marketplace.discovery import indexing, services
from marketplace.discovery.management.commands.match_demands import batches


class Command(BaseCommand):
    help = "Build the matcher's indexes anew from the public listings, match every demand again, publish the indexes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Build and count; match and publish nothing.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        started = time.perf_counter()
        indexing.MARKET.forget()
        indexing.MARKET.catch_up()
        report: dict[str, Any] = {"dry_run": dry_run, "model_version": indexing.model_version()}
        report |= {f"{kind}s": len(indexing.MARKET.matchers[kind]) for kind in indexing.KINDS}
        if not dry_run:
            for _taken in progress(batches(), "matching"):
                pass
            report["demands_matched"] = services.refresh_all()
            report["published"] = indexing.MARKET.publish()
        report["seconds"] = round(time.perf_counter() - started, 1)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
            return
        self.stdout.write("\n".join(f"{name}: {value}" for name, value in report.items()))
