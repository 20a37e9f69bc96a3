"""Write the import template and a sample of fifty achievements as workbooks."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from marketplace.demo import sheets


class Command(BaseCommand):
    help = "Write template.xlsx and sample.xlsx (fifty achievements) to fixtures/import."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="Folder to write to (default fixtures/import).")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--dry-run", action="store_true", help="Say which files would be written.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, to: Path | None, language: str, dry_run: bool, **options: Any) -> None:
        folder = to or Path(settings.FIXTURE_ROOT) / "import"
        with override(language):
            made = sheets.files()
        for name, content in {} if dry_run else made.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        sizes = {name: len(content) for name, content in made.items()}
        said = json.dumps({"dry_run": dry_run, "files": sizes}) if options["json"] else "\n".join(sizes)
        self.stdout.write(said)
