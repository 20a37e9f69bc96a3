"""Load the Word templates that come with the product. Running it again changes nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from marketplace.core.access import SYSTEM
from marketplace.core.errors import DomainError
from marketplace.documents import services


class Command(BaseCommand):
    help = "Load the shipped Word templates; one that somebody uploaded stays. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, help="Folder with files such as TERM_SHEET.zh.docx.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; change nothing.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, folder: Path | None, dry_run: bool, json: bool, **options: Any) -> None:
        folder = folder or Path(settings.FIXTURE_ROOT) / "templates"
        try:
            with transaction.atomic():
                report = services.load_templates(folder, by=SYSTEM)
                transaction.set_rollback(dry_run)
        except DomainError as fault:
            raise CommandError(f"{fault} {fault.fields or ''}") from fault
        self.stdout.write(as_json(report, dry_run) if json else as_line(report, dry_run))


def as_json(report: dict[str, list[str]], dry_run: bool) -> str:
    return json.dumps({"dry_run": dry_run, **report}, ensure_ascii=False, indent=2)


def as_line(report: dict[str, list[str]], dry_run: bool) -> str:
    line = "templates: " + ", ".join(f"{len(names)} {what}" for what, names in report.items())
    return f"{line}\nNothing was written." if dry_run else line
