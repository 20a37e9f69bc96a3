"""Compute every balance anew and compare books, obligations and statements; say what differs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.settlement.checking import differences
from marketplace.settlement.models import Billing, Journal


class Command(BaseCommand):
    help = "Check that ledger, obligations, payments and statements of all contracts agree. Exit code 1 if not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        counts = {"contracts": Billing.objects.count(), "bookings": Journal.objects.count()}
        if options["json"]:
            report = counts | {"is_right": not found, "differences": [each._asdict() for each in found]}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            told = _("Compared: contracts %(contracts)d, bookings %(bookings)d, differences %(differences)d.")
            lines = [str(each) for each in found]
            self.stdout.write("\n".join([*lines, told % (counts | {"differences": len(found)})]))
        if found:
            raise CommandError(_("The ledger, the obligations and the terms do not agree."), returncode=1)
