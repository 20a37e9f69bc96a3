"""Sentences for faults of shape: what was expected at a place of the document, and what was found."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Inputs = Mapping[str, Any]

SHOWN = 14  # names of a long list

EXPECTED = {
    "object": gettext_lazy("an object in braces { }"),
    "list": gettext_lazy("a list in brackets [ ]"),
    "text": gettext_lazy("a text in quotes"),
    "text on one line": gettext_lazy("a text on one line, without control characters"),
    "whole number": gettext_lazy("a whole number without quotes"),
    "true or false": gettext_lazy("true or false"),
    "id": gettext_lazy("an id of small letters, digits, _ and -, a letter first"),
    "day": gettext_lazy("a day like 2027-06-30"),
}
NUMBERS = {
    "number": gettext_lazy("Write numbers with a decimal point as text in quotes, like “30000.00”."),
    "text": gettext_lazy("“%(found)s” is no number. Write digits with at most one point, like “30000.00” or “0.05”."),
    "digits": gettext_lazy("This has more than %(at_most)s digits before the point."),
    "places": gettext_lazy("This has more than %(at_most)s digits behind the point."),
}


def listed(names: Iterable[Any]) -> str:
    """Names with the reader's comma; a long list is cut."""
    every = [str(each) for each in names]
    return _(", ").join(every[:SHOWN]) + ("…" if len(every) > SHOWN else "")


def form(inputs: Inputs) -> str:
    if "unknown" in inputs:
        words = {"name": inputs["unknown"], "known": listed(inputs.get("known", ()))}
        return _("The form has no member “%(name)s” here. It has: %(known)s.") % words
    if "missing" in inputs:
        return _("“%(name)s” is missing here.") % {"name": inputs["missing"]}
    return _expected(str(inputs.get("expected", "")), inputs)


def _expected(what: str, inputs: Inputs) -> str:
    if what == "one of":
        return _("Give exactly one of: %(names)s.") % {"names": listed(inputs["names"])}
    if what == "one BUYOUT":
        return _("A sheet has one option to buy out at most.")
    wanted = str(EXPECTED.get(what, f"“{what}”"))
    if "at_most" in inputs or "least" in inputs:
        return _limits(what, wanted, inputs)
    return _("Expected %(wanted)s; found %(found)s.") % {"wanted": wanted, "found": inputs.get("found", "")}


def _limits(what: str, wanted: str, inputs: Inputs) -> str:
    least, most = inputs.get("least"), inputs.get("at_most")
    words = {"wanted": wanted, "least": least, "most": most, "found": inputs.get("found", "")}
    if most is None:
        return _("The last day lies before the first, %(least)s.") % words
    if least is not None:
        return _("Expected %(wanted)s from %(least)s to %(most)s.") % words
    if what == "id":
        return _("Expected %(wanted)s, at most %(most)s characters.") % words
    if what in ("list", "object"):
        return _("At most %(most)s entries; these are %(found)s.") % words
    return _("At most %(most)s characters; these are %(found)s.") % words


def amount(inputs: Inputs) -> str:
    return _number(inputs) or _("An amount here must be above zero; found %(found)s.") % {"found": _found(inputs)}


def rate(inputs: Inputs) -> str:
    said = _number(inputs)
    words = {"found": _found(inputs)}
    return said or _("Write a rate as a ratio from 0 to 1: “0.05” is 5 %%. Found %(found)s.") % words


def _number(inputs: Inputs) -> str:
    said = NUMBERS.get(str(inputs.get("reason", "")))
    return str(said) % {"found": _found(inputs), "at_most": inputs.get("at_most", "")} if said else ""


def _found(inputs: Inputs) -> str:
    return str(inputs.get("found", ""))
