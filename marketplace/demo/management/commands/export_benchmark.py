"""Write the open matching benchmark from the shipped listings. A test keeps the two in step."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from marketplace.demo import benchmark


class Command(BaseCommand):
    help = "Write fixtures/benchmark (Chinese, and English in its folder en) from fixtures/listings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="Folder to write to (default fixtures/benchmark).")
        parser.add_argument("--dry-run", action="store_true", help="Say which files would change; write none.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, to: Path | None, dry_run: bool, **options: Any) -> None:
        folder = to or Path(settings.FIXTURE_ROOT) / "benchmark"
        contents = {folder / name: text for name, text in benchmark.files("zh").items()}
        contents |= {folder / "en" / name: text for name, text in benchmark.files("en").items()}
        changed = [path for path, text in contents.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in [] if dry_run else changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(contents[path], "utf-8")
        report = {"dry_run": dry_run, "files": len(contents), "changed": [str(p.relative_to(folder)) for p in changed]}
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
            return
        self.stdout.write(f"{len(contents)} files, {len(changed)} {'would change' if dry_run else 'written'}.")
