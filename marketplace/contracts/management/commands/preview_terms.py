"""Print what terms would cost and why, or every rule that they break. Saves nothing."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from marketplace.contracts.preview import answer, preview
from marketplace.contracts.printing import as_lines
from marketplace.contracts.rules.faults import Broken
from marketplace.law.errors import NoSuchRule

MOST_BYTES = 5_000_000
UNREADABLE, BROKEN = 2, 1


class Command(BaseCommand):
    help = "Preview licence terms: what is owed on a day and why, the forecast by year, the price in one sentence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.json", help="A preview document (docs/terms.md); - reads the input.")
        parser.add_argument(
            "--as-of", metavar="DATE", help="What is owed on this day (default: the document's, today)."
        )
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--json", action="store_true", help="Print the same document as the API.")

    def handle(self, *args: Any, file: str, as_of: str | None, language: str, **options: Any) -> None:
        with override(language):
            document = at(read(file), as_of)
            found = previewed(document)
            said = [json.dumps(found, ensure_ascii=False, indent=2)] if options["json"] else as_lines(found)
            self.stdout.write("\n".join(said))
            if not found["is_valid"]:
                count = len(found["faults"])
                said_count = ngettext("%(count)d rule is broken.", "%(count)d rules are broken.", count)
                raise CommandError(said_count % {"count": count}, returncode=BROKEN)


def previewed(document: Any) -> dict[str, Any]:
    try:
        return preview(document, today=timezone.localdate())
    except Broken as refusal:
        return answer(refusal.faults)
    except NoSuchRule as fault:
        raise refused(_("The legal values are missing. Run: manage.py load_reference")) from fault


def read(file: str) -> Any:
    """The JSON of a file or of the input. Raises CommandError that says what is wrong with it."""
    try:
        body = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else opened(file)
    except OSError as fault:
        words = {"file": file, "why": fault.strerror or fault}
        raise refused(_("%(file)s cannot be read: %(why)s.") % words) from fault
    if len(body) > MOST_BYTES:
        raise refused(_("The document is larger than %(most)s bytes.") % {"most": f"{MOST_BYTES:,}"})
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise refused(_("The document is not UTF-8. Save it in that encoding.")) from fault
    except json.JSONDecodeError as fault:
        place = {"line": fault.lineno, "column": fault.colno}
        raise refused(_("The document is not JSON (line %(line)d, column %(column)d).") % place) from fault
    except (ValueError, RecursionError) as fault:
        raise refused(_("The document cannot be read: it is too deep, or a number in it is too long.")) from fault


def opened(file: str) -> bytes:
    with Path(file).open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def at(document: Any, as_of: str | None) -> Any:
    """The document with another day."""
    if as_of is None or not isinstance(document, dict):
        return document
    try:
        return document | {"as_of": date.fromisoformat(as_of).isoformat()}
    except ValueError as fault:
        raise refused(_("--as-of: “%(day)s” is no day. Write it like 2027-06-30.") % {"day": as_of}) from fault


def refused(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=UNREADABLE)
