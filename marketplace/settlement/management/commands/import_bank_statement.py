"""Import a bank statement into the books of one organisation. The same file, or the same line, is taken up once."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.core.access import SYSTEM
from marketplace.core.errors import DomainError
from marketplace.parties.models import Organisation
from marketplace.settlement import services
from marketplace.settlement.services.bank import Plan, RowsAtFault


class Command(BaseCommand):
    help = "Import an .xlsx or .csv bank statement: sure credits become payments, the others wait in a queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The file as the bank exports it.")
        parser.add_argument("--book", metavar="CODE", required=True, help="Unified social credit code of the owner.")
        parser.add_argument("--dry-run", action="store_true", help="Check every row and say what would happen.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        book = Organisation.objects.filter(credit_code=options["book"].strip().upper()).first()
        if book is None:
            raise CommandError(f"No organisation has the credit code {options['book']}.")
        try:
            content = file.read_bytes()
            plan = services.preview(book, content, by=SYSTEM)
            if not options["dry_run"] and not plan.faults:
                plan = services.import_statement(book, content, file.name, by=SYSTEM)
        except DomainError as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}") from fault
        self.stdout.write(json.dumps(plan.as_json(), ensure_ascii=False) if options["json"] else as_lines(plan))
        if plan.faults:
            raise CommandError(str(RowsAtFault.sentence), returncode=3)


def as_lines(plan: Plan) -> str:
    lines = [*plan.notes, *(f"{each.row:>5}  {each.column}: {each.sentence}" for each in plan.faults)]
    for row in plan.rows:
        what = row.contract.public_id if row.contract else row.doubt
        lines.append(f"{row.credit.row:>5}  {row.credit.on}  {row.credit.amount:>16}  {row.outcome.value}  {what}")
    return "\n".join([*lines, ", ".join(f"{name} {count}" for name, count in plan.counts.items())])
