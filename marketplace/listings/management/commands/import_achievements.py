"""Import achievements from a spreadsheet as drafts of one organisation. The same file twice changes nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.core.access import SYSTEM
from marketplace.core.console import shortened
from marketplace.core.errors import DomainError
from marketplace.listings.importing import plan, reading, writing
from marketplace.parties.models import Organisation


class Command(BaseCommand):
    help = "Import achievements from an .xlsx or .csv file as drafts; all rows, or none if one has a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The spreadsheet; with --template, where to write one.")
        parser.add_argument("--organisation", metavar="CODE", help="Unified social credit code of the owner.")
        parser.add_argument("--dry-run", action="store_true", help="Check every row and say what would happen.")
        parser.add_argument("--skip-errors", action="store_true", help="Import the good rows and leave out the others.")
        parser.add_argument("--template", action="store_true", help="Write an empty template to FILE instead.")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, file: Path, language: str, **options: Any) -> None:
        with override(language):
            if options["template"]:
                file.write_bytes(writing.template())
                return
            try:
                done = run(file, owner(options["organisation"]), options["dry_run"], options["skip_errors"])
            except DomainError as fault:
                raise CommandError(str(fault)) from fault
            except OSError as fault:
                raise CommandError(f"{file}: {fault.strerror}") from fault
            self.stdout.write(json.dumps(done.as_json(), ensure_ascii=False) if options["json"] else as_lines(done))
            if options["dry_run"]:
                self.stderr.write(_("Nothing was written."))
            if done.has_errors and not options["skip_errors"]:
                raise CommandError(_("Some rows have faults, so nothing was imported."), returncode=3)


def run(file: Path, owner: Organisation, dry_run: bool, skip_errors: bool) -> plan.Plan:
    sheet = reading.read(file.read_bytes())
    planned = plan.preview(sheet, owner=owner, by=SYSTEM)
    if dry_run or (planned.has_errors and not skip_errors):
        return planned
    return plan.commit(sheet, owner=owner, by=SYSTEM, skip_errors=skip_errors)


def owner(code: str | None) -> Organisation:
    """The organisation with this code, or the only one there is."""
    candidates = Organisation.objects.filter(kind__in=Organisation.SUPPLIERS)
    if code:
        candidates = candidates.filter(credit_code=code.strip().upper())
    found = list(candidates[:2])
    if len(found) == 1:
        return found[0]
    if code:
        raise CommandError(f"No organisation has the credit code {code}.")
    raise CommandError("Say whose achievements these are: --organisation CODE (unified social credit code).")


def as_lines(done: plan.Plan) -> str:
    names = {outcome.value: str(outcome.label) for outcome in plan.Outcome}
    lines = list(done.notes)
    for row in done.rows:
        lines.append(f"{row.draft.number:>5}  {names[row.outcome]}  {shortened(row.draft.title, 60)}")
        for each in [*row.draft.faults, *row.draft.warnings]:
            lines.append("       " + (f"{each.column}: {each.sentence}" if each.column else each.sentence))
    lines.append(", ".join(f"{names[outcome]} {count}" for outcome, count in done.counts.items()))
    return "\n".join(lines)
