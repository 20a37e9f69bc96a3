"""Values: what is filled into a template, checked before anything is made of it."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.errors import Invalid
from marketplace.core.validation import UNFIT_SENTENCE, is_unfit, too_long

from .variables import Variables

LONGEST = 5000
MOST_ROWS = 200
NO_XML = re.compile("[\ufffe\uffff]")  # the rest of what XML cannot hold is unfit everywhere
Filled = dict[str, str | list[dict[str, str]]]


def checked(given: Mapping[str, Any], variables: Variables) -> Filled:
    """All variables, those not given empty. Invalid names what is missing, unknown, no text, or too long."""
    known = variables.known()
    faults: dict[str, list[str]] = {name: [str(_("There is no such variable."))] for name in given if name not in known}
    filled: Filled = variables.empty()
    for name in known.keys() & given.keys():
        try:
            columns = known[name]
            filled[name] = as_table(given[name], columns) if columns else as_text(given[name])
        except ValueError as fault:
            faults[name] = [str(fault)]
    for name in variables.required:
        if not filled[name] and name not in faults:
            faults[name] = [str(_("The document needs this."))]
    if faults:
        raise Invalid(fields=faults)
    return filled


def as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("Give this as text, as it shall stand in the document."))
    if is_unfit(value.replace("\r\n", "\n")) or NO_XML.search(value):
        raise ValueError(str(UNFIT_SENTENCE))
    if len(value) > LONGEST:
        raise ValueError(too_long(value, LONGEST))
    return value.replace("\r\n", "\n").strip()


def as_table(value: Any, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows with every column; one that is not given is empty."""
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise ValueError(_("Give this as rows."))
    if len(value) > MOST_ROWS:
        raise ValueError(_("At most %(most)d rows.") % {"most": MOST_ROWS})
    unknown = {str(name) for row in value for name in row} - set(columns)
    if unknown:
        raise ValueError(_("There is no such column: %(names)s") % {"names": ", ".join(sorted(unknown))})
    return [{name: as_text(row.get(name, "")) for name in columns} for row in value]
