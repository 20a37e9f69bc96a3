"""Learn from feedback how to order matches; switched on only when it beats the fixed weights on held-back feedback."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.discovery import feedback, learning, reranking


class Command(BaseCommand):
    help = "Learn weights from shortlisted and dismissed matches and deals, and say whether they are better."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Measure only; switch nothing on or off.")
        parser.add_argument("--json", action="store_true", help="Print the verdict as JSON.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        verdict = learning.learn(feedback.rows(), f"{timezone.now():%Y%m%d%H%M}")
        if not dry_run:
            reranking.switch_on(verdict.weights) if verdict.weights else reranking.switch_off()
        if options["json"]:
            self.stdout.write(json.dumps(as_values(verdict)))
            return
        for name, value in as_values(verdict).items():
            self.stdout.write(f"{name}: {value}")
        said = _("The learnt weights are better.") if verdict.is_better else _("The fixed weights stay.")
        self.stdout.write(said)


def as_values(verdict: learning.Verdict) -> dict[str, Any]:
    return {
        "rows": verdict.rows,
        "demands": list(verdict.demands),
        "differences": [[round(value, 4) for value in each] for each in verdict.differences],
        "version": verdict.weights.version if verdict.weights else None,
    }
