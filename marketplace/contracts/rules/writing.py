"""Rules of licence terms: sheets, histories and statements as the public form, in the one canonical way.

What is agreed is written out, defaults too, so that a later default changes no signed sheet; what is not agreed is
left out. Money has two places, every other number as few as it needs. `read_sheet(write_sheet(sheet)) == sheet`.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from marketplace.core.money import to_fen

from .events import Event, Sales
from .faults import Fault
from .reading import FORM
from .sheet import AnyTerm, Buyout, Equity, Fixed, Maintenance, Royalty, Sheet, Trigger, TriggerKind
from .statement import Obligation, ReportDue, Statement, Step

# The fields that are yuan; a threshold or rate of a royalty is not, it may count units.
MONEY = {
    *("amount", "total_cap", "minimum_yearly", "period_cap", "lifetime_cap", "price", "valuation"),
    *("cover_amount", "fee", "gross", "gross_margin", "third_party_royalties"),
    *("sublicence_upfront", "sublicence_royalty", "paid", "interest", "interest_paid", "owed", "overdue", "credit"),
}
KINDS: Mapping[type[AnyTerm], str] = {
    Fixed: "FIXED",
    Royalty: "ROYALTY",
    Maintenance: "MAINTENANCE",
    Buyout: "BUYOUT",
    Equity: "EQUITY",
}
RENAMED = {"start": "from", "first": "from", "last": "to"}


def plain(number: Decimal) -> str:
    """As few digits as say the number, without exponent: 0.050 is "0.05", 1E+3 is "1000"."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def write_sheet(sheet: Sheet) -> dict[str, Any]:
    """The canonical document of a sheet."""
    given = _given(sheet)
    term = {"months": sheet.term_months or None, "ends_on": given.pop("ends_on", None)}
    is_agreed = any(term.values()) or sheet.sell_off_months
    own = {name: given.pop(name) for name in ("mode", "currency")}
    for name in ("term_months", "sell_off_months", "terms"):
        given.pop(name, None)
    return {
        "form": FORM,
        **own,
        **({"term": {**_agreed(term), "sell_off_months": sheet.sell_off_months}} if is_agreed else {}),
        **given,
        "terms": [_term(each) for each in sheet.terms],
    }


def write_events(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    """The canonical list of a history, in the order given."""
    return [_event(each) for each in events]


def write_statement(statement: Statement) -> dict[str, Any]:
    """A statement as JSON: amounts as texts, days as ISO dates, each line with its steps."""
    return {
        **_given(statement, keep_empty=True),
        "lines": [_line(each) for each in statement.lines],
        "reports_due": [_report(each) for each in statement.reports_due],
        "faults": [write_fault(each) for each in statement.faults],
    }


def write_fault(fault: Fault) -> dict[str, Any]:
    """A fault as JSON, without a sentence: those are for `contracts.wording`."""
    return {"code": fault.code, "pointer": fault.pointer, "inputs": {k: _value(k, v) for k, v in fault.inputs.items()}}


def fingerprint(sheet: Sheet) -> str:
    """SHA-256 of the canonical document in hexadecimal: equal when and only when the sheets say the same."""
    text = json.dumps(write_sheet(sheet), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _term(term: AnyTerm) -> dict[str, Any]:
    given = _given(term)
    label = _agreed({"zh": given.pop("label_zh", None), "en": given.pop("label_en", None)})
    until = _agreed({"months": given.pop("until_months", None) or None, "day": given.pop("until_day", None)})
    return {
        "id": given.pop("id"),
        "kind": KINDS[type(term)],
        **({"label": label} if label else {}),
        **given,
        **({"until": until} if until else {}),
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    given = _given(trigger)
    due = {name: given.pop(f"due_{name}", None) for name in ("after", "months", "days")}
    counts = {name: given.pop(name) for name in ("days", "months")}  # with their zeros, and for AFTER alone
    return {
        "kind": given.pop("kind"),
        **given,
        **(counts if trigger.kind is TriggerKind.AFTER else {}),
        **({"due": due} if trigger.due_after else {}),
    }


def _event(event: Event) -> dict[str, Any]:
    given = _given(event)
    own = {name: given.pop(name) for name in ("id", "kind", "on")}
    if isinstance(event, Sales):
        taken = {code.value: f"{to_fen(amount):f}" for code, amount in event.deductions.items()}
        given = {**given, "deductions": dict(sorted(taken.items()))}
    return {**own, **given}


def _line(line: Obligation) -> dict[str, Any]:
    return {
        **_given(line, keep_empty=True),
        "unpaid": _value("amount", line.unpaid),
        "steps": [_step(each) for each in line.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    inputs = {name: _value(name, value) for name, value in step.inputs.items()}
    return {"name": step.name, "value": plain(step.value), "inputs": inputs}


def _report(report: ReportDue) -> dict[str, Any]:
    return _given(report)


def _given(noun: Any, *, keep_empty: bool = False) -> dict[str, Any]:
    """The fields of a noun by their names in the form; what is not agreed is left out."""
    values = {each.name: _value(each.name, getattr(noun, each.name)) for each in fields(noun)}
    named = {RENAMED.get(name, name): value for name, value in values.items()}
    return named if keep_empty else _agreed(named)


def _agreed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value not in ("", [])}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{to_fen(value):f}" if name in MONEY else plain(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_value(name, item) for item in value]
    if isinstance(value, Trigger):
        return _trigger(value)
    return _given(value) if hasattr(value, "__dataclass_fields__") else value
