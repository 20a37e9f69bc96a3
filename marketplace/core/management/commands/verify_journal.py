"""Compute the whole journal again and say what was changed, removed or put in since it was sealed."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.sealing.verifying import Fault, Inspection, with_witness


class Command(BaseCommand):
    help = "Verify the sealed journal. Ends with 1 when anything was changed since it was sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hash", help="A hash that was kept elsewhere; the last one also shows a cut end.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object a line: faults, then the sum.")

    def handle(self, *args: Any, **options: Any) -> None:
        walk = with_witness(*([options["hash"].strip().lower()] if options["hash"] else []))
        for fault in walk.faults():
            self.stdout.write(json.dumps(written(fault), ensure_ascii=False) if options["json"] else str(fault))
        self.stdout.write(json.dumps(summed(walk)) if options["json"] else told(walk))
        if walk.fault_count:
            said = ngettext("%(count)d fault in the journal.", "%(count)d faults in the journal.", walk.fault_count)
            raise CommandError(said % {"count": walk.fault_count}, returncode=1)


def written(fault: Fault) -> dict[str, Any]:
    return fault._asdict() | {"sentence": str(fault)}


def summed(walk: Inspection) -> dict[str, Any]:
    return {
        "seals": walk.seal_count,
        "entries": walk.entry_count,
        "faults": walk.fault_count,
        "last_hash": walk.last_hash,
    }


def told(walk: Inspection) -> str:
    words = {"seals": walk.seal_count, "entries": walk.entry_count, "hash": walk.last_hash or "–"}
    return _("%(seals)d seals, %(entries)d entries. Last hash: %(hash)s") % words
