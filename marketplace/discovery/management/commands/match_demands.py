"""Bring matches up to date and print them with their reasons, for one demand or for all."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.translation import override

from marketplace.core.console import progress
from marketplace.discovery import services
from marketplace.discovery.best import as_lines, as_values, best
from marketplace.listings.models import Projection

SHOWN = 5


class Command(BaseCommand):
    help = "Take up every listing that waits for the matcher, then print the matches of one demand or of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demand", metavar="ID", help="Public id of one demand (all unless given).")
        parser.add_argument("--most", type=int, default=SHOWN, help=f"Matches printed a demand (default {SHOWN}).")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--json", action="store_true", help="Print one JSON object a demand and line.")

    def handle(self, *args: Any, demand: str | None, most: int, language: str, **options: Any) -> None:
        demands = chosen(demand)
        for _taken in progress(batches(), "matching"):
            pass
        with override(language):
            for row in demands.iterator(chunk_size=200):
                found = best(row, most)
                said = [json.dumps(as_values(row, found), ensure_ascii=False)]
                self.stdout.write("\n".join(said if options["json"] else [*as_lines(row, found), ""]))


def chosen(public_id: str | None) -> QuerySet[Projection]:
    demands = Projection.objects.live().filter(kind=Projection.Kind.DEMAND).order_by("pk")
    if public_id is None:
        return demands
    if not demands.filter(public_id=public_id).exists():
        raise CommandError(f"No demand on the market has the id {public_id}.")
    return demands.filter(public_id=public_id)


def batches() -> Iterator[int]:
    while taken := services.sweep():
        yield taken
