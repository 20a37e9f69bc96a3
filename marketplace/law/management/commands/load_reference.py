"""Load the legal values and the code lists that come with the product. Running it again changes nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from marketplace.core.access import SYSTEM
from marketplace.core.errors import DomainError
from marketplace.law import services


class Command(BaseCommand):
    help = "Load legal values (law.json) and code lists (codes.json). Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, help="Folder with law.json and codes.json.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; change nothing.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, folder: Path | None, dry_run: bool, json: bool, **options: Any) -> None:
        folder = folder or Path(settings.FIXTURE_ROOT)
        try:
            with transaction.atomic():
                reports = {
                    "rules": services.load_rules(folder / "law.json", by=SYSTEM),
                    "codes": services.load_codes(folder / "codes.json", by=SYSTEM),
                }
                transaction.set_rollback(dry_run)
        except DomainError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(as_json(reports, dry_run) if json else as_lines(reports, dry_run))


def as_json(reports: dict[str, services.Report], dry_run: bool) -> str:
    content = {"dry_run": dry_run, **{name: report.as_json() for name, report in reports.items()}}
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_lines(reports: dict[str, services.Report], dry_run: bool) -> str:
    lines = [
        f"{name}: " + ", ".join(f"{len(ids)} {what}" for what, ids in report.as_json().items())
        for name, report in reports.items()
    ]
    return "\n".join([*lines, "Nothing was written."] if dry_run else lines)
