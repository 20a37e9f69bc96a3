"""Reads JSON bodies: at most so much, UTF-8, no name twice, nothing that is not JSON."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from .problems import TooLarge


class StrictJSONParser(BaseParser):
    """JSON as RFC 8259 has it. What others read in different ways (NaN, a name twice) is refused."""

    media_type = "application/json"
    limit: int | None = None  # bytes; None is the limit of the settings

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = self.limit or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return json.loads(body.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse)
        except UnicodeDecodeError as fault:
            raise ParseError(_("The body is not UTF-8.")) from fault
        except json.JSONDecodeError as fault:
            place = {"line": fault.lineno, "column": fault.colno}
            raise ParseError(_("The body is not JSON (line %(line)d, column %(column)d).") % place) from fault
        except (ValueError, RecursionError) as fault:  # a number of thousands of digits, brackets in thousands
            raise ParseError(_("The body cannot be read: it is too deep, or a number in it is too long.")) from fault


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError(_("A name stands twice in one object of the body."))
    return found


def refuse(constant: str) -> None:
    raise ParseError(_("%(constant)s is no JSON.") % {"constant": constant})
