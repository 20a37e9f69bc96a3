"""Load a demonstration market, match it through the Celery task and say what was found and what to open next."""

import json
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from marketplace.core.errors import DomainError
from marketplace.demo.cast import ACCOUNTS
from marketplace.demo.report import Report, accounts
from marketplace.parties.models import User


class Command(BaseCommand):
    help = "Load the demonstration market (or a folder), match it and print what was found. Twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, help="Folder with corpus.jsonl and queries.jsonl.")
        parser.add_argument("--limit", type=int, help="Take only the first so many records and queries.")
        parser.add_argument("--no-quality", action="store_true", help="Do not measure the quality on judged pairs.")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--accounts", action="store_true", help="Only print the accounts, if they are there.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, folder: Path | None, limit: int | None, language: str, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demonstration accounts have a known password: this runs with DJANGO_DEBUG=1 only.")
        if options["accounts"]:
            if User.objects.filter(email__in=[each.email for each in ACCOUNTS]).exists():
                with override(language):
                    self.stdout.write(accounts())
            return
        call_command("load_reference", stdout=StringIO())
        call_command("load_templates", stdout=StringIO())
        with override(language):
            try:
                report = Report(folder, limit)
            except DomainError as fault:
                raise CommandError(f"{fault} {fault.fields or ''}".strip()) from fault
            if not options["no_quality"]:
                report.measure()
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) if options["json"] else report.as_text())
