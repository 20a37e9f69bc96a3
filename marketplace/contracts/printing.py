"""Printing: how a preview reads on a terminal: the sentence, what is broken, what is owed and why, the forecast."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.console import padded, width

from .preview import KINDS
from .wording.names import reads_english

CASES = {
    "expected": gettext_lazy("as expected"),
    "bad": gettext_lazy("if it sells badly"),
    "good": gettext_lazy("if it sells well"),
}
COLUMNS = {
    "fixed": pgettext_lazy("payment", "fixed"),
    "royalty": gettext_lazy("royalty"),
    "minimum": pgettext_lazy("payment", "minimum"),
    "maintenance": gettext_lazy("yearly fee"),
    "buyout": gettext_lazy("buy-out"),
    "equity": gettext_lazy("(shares)"),
    "total": pgettext_lazy("payment", "total"),
}
SUMS = {
    "owed": gettext_lazy("charged so far"),
    "paid": gettext_lazy("paid, late interest included"),
    "overdue": pgettext_lazy("payment", "overdue"),
    "interest": gettext_lazy("interest on what was late"),
    "credit": gettext_lazy("paid too much, kept as a credit"),
}
HEAD = (
    pgettext_lazy("payment", "due on"),
    pgettext_lazy("payment", "for"),
    gettext_lazy("state"),
    gettext_lazy("amount"),
    pgettext_lazy("payment", "paid"),
    pgettext_lazy("payment", "late interest"),
)
DAYS = {
    "signed_on": gettext_lazy("signed on"),
    "trial_ends_on": gettext_lazy("trial ends on"),
    "ends_on": gettext_lazy("ends on"),
    "sell_off_until": gettext_lazy("stock may be sold until"),
    "next_day": gettext_lazy("something changes by itself on"),
}


def as_lines(found: Mapping[str, Any]) -> list[str]:
    """The document of `preview` for people; amounts are yuan."""
    parts = [[found["sentence"]["en" if reads_english() else "zh"]]] if found["sentence"] else []
    parts += [_fault(each) for each in (*found["faults"], *found["warnings"])]
    if found["statement"]:
        parts.append([*_statement(found["statement"])])
    parts += [[*_case(each)] for each in (found["forecast"] or {"cases": ()})["cases"]]
    return "\n\n".join("\n".join(part) for part in parts).split("\n")


def _fault(fault: Mapping[str, str]) -> list[str]:
    return [f"{fault['code']}  {fault['pointer'] or '/'}", f"    {fault['sentence']}"]


def columns(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Rows as columns: the first `left` begin on the left, numbers end on the right."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(_cells(row, widths, left)).rstrip() for row in rows]


def _cells(row: Sequence[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        yield padded(cell, wide) if place < left else " " * (wide - width(cell)) + cell


def money(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    yield _("On %(day)s: %(phase)s") % {"day": statement["as_of"], "phase": statement["phase_display"]}
    if days := [(str(label), statement[name]) for name, label in DAYS.items() if statement[name]]:
        yield from columns(days, left=2)
    yield ""
    if statement["lines"]:
        yield from _lines(statement["lines"])
    else:
        yield _("Nothing is owed yet.")
    sums = [(str(label), money(statement[name])) for name, label in SUMS.items()]
    yield from ["", *columns(sums, left=1)]
    for report in statement["reports_due"]:
        yield _("Report of %(royalty)s for %(from)s to %(to)s is due on %(due_on)s.") % report


def _lines(lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each line with its amounts, and indented below it how they were reached."""
    head = [str(label) for label in HEAD]
    rows = [head] + [
        [
            each["due_on"],
            each["name"],
            each["state_display"],
            *(money(each[name]) for name in ("amount", "paid", "interest")),
        ]
        for each in lines
    ]
    first, *rest = columns(rows, left=3)
    yield first
    for line, text in zip(lines, rest, strict=True):
        yield text
        yield from (f"    {step['explanation']}" for step in telling(line["steps"]))


def telling(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first step and those that change the number; the rest is in the JSON."""
    before = [None, *(step["value"] for step in steps)]
    return [step for step, value in zip(steps, before, strict=False) if step["value"] != value]


def _case(case: Mapping[str, Any]) -> Iterator[str]:
    """The years in which something is paid; kinds that cost nothing have no column."""
    kinds = [kind for kind in KINDS if kind == "total" or Decimal(case["totals"][kind])]
    head = [_("calendar year"), *(str(COLUMNS[kind]) for kind in kinds), _("in all so far")]
    years = [[str(each["year"]), *(money(each[kind]) for kind in (*kinds, "cumulative"))] for each in case["years"]]
    totals = [_("all years"), *(money(case["totals"][kind]) for kind in kinds), money(case["totals"]["total"])]
    yield _("Forecast, %(case)s") % {"case": CASES[case["case"]]}
    yield from columns([head, *years, totals], left=1)
