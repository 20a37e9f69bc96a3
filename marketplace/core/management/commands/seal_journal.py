"""Seal what was written since the last seal, and print its hash, to be kept elsewhere."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from marketplace.core.models import Seal
from marketplace.core.sealing.blocks import last_seal, seal_entries


class Command(BaseCommand):
    help = "Seal the journal: chain the entries written since the last seal, and print the hash to be kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the last seal as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        count, seal = seal_entries(), last_seal()
        if options["json"]:
            self.stdout.write(json.dumps({"sealed": count, "last": written(seal) if seal else None}, indent=2))
            return
        self.stdout.write(_("%(count)d entries sealed.") % {"count": count})
        if seal is not None:
            words = {"number": seal.number, "hash": seal.hash}
            self.stdout.write(_("Seal %(number)d, to be kept elsewhere: %(hash)s") % words)


def written(seal: Seal) -> dict[str, Any]:
    return {"number": seal.number, "hash": seal.hash, "sealed_at": seal.sealed_at.isoformat()}
