"""Preview: what terms would cost and why, without saving anything: a document in, a document out.

Reads, checks, computes. The form is `docs/terms.md`; the command and the API give the same document.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from marketplace.law.rules.places import NATION

from .reading import late_rates, limits_on
from .rules.checking import check
from .rules.days import MONTHS
from .rules.events import Event, Sales
from .rules.faults import Broken, Fault
from .rules.forecast import Amounts, Case, Outlook, forecast
from .rules.obligations import obligations
from .rules.reading import Document, read_document
from .rules.sheet import Fixed, Maintenance, Period, Royalty, Sheet
from .rules.statement import Obligation, Statement
from .rules.writing import write_sheet, write_statement
from .wording import CAUSES, LINE_STATES, PHASES, explain, line_name, sentence, sentence_of

MOST_PERIODS = 720  # of all terms together; a licence of ten years with a monthly royalty has 120
MOST_RECOMPUTED = 100_000  # reports × corrections
KINDS = ("fixed", "royalty", "minimum", "maintenance", "buyout", "equity", "total")


def preview(document: Any, *, today: date) -> dict[str, Any]:
    """What the document's terms come to on its day (today unless it says one) and if its forecast comes true.

    Raises `Broken` with every fault of shape. A sheet that breaks a rule is answered with the faults and without
    figures; events that contradict are named and left out. The law is that of today.
    """
    asked = read_document(document)
    sheet, found = asked.sheet, check(asked.sheet, limits=limits_on(today, NATION), pointer="/sheet")
    refuse_too_much(asked, today)
    if any(not fault.is_warning for fault in found):
        return answer(found, sheet=sheet)
    rates = late_rates(NATION)
    statement = obligations(sheet, asked.events, asked.as_of or today, legal_late_rate=rates)
    outlook = forecast(sheet, asked.forecast, legal_late_rate=rates) if asked.forecast else None
    found += placed(statement.faults, asked.events)
    found += planned(outlook)
    return answer(found, sheet=sheet, statement=statement, outlook=outlook)


def answer(
    found: tuple[Fault, ...],
    *,
    sheet: Sheet | None = None,
    statement: Statement | None = None,
    outlook: Outlook | None = None,
) -> dict[str, Any]:
    """The preview as JSON; what could not be computed is null."""
    faults = told(fault for fault in found if not fault.is_warning)
    free_until = statement.trial_ends_on if statement else None
    return {
        "is_valid": not faults,
        "faults": faults,
        "warnings": told(fault for fault in found if fault.is_warning),
        "sentence": {each: sentence(sheet, each, free_until=free_until) for each in ("zh", "en")} if sheet else None,
        "sheet": write_sheet(sheet) if sheet else None,
        "statement": write_named(statement, sheet) if statement and sheet else None,
        "forecast": write_outlook(outlook) if outlook else None,
    }


def told(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """Each fault with a sentence that says what to do, in the reader's language."""
    return [
        {"code": each.code, "pointer": whole(each.pointer), "sentence": whole(sentence_of(each))} for each in faults
    ]


def whole(text: str) -> str:
    """A text that can always be sent: without halves of surrogate pairs, which a name in a document may have."""
    return text.encode("utf-8", "replace").decode()


def refuse_too_much(asked: Document, today: date) -> None:
    """Raise `Broken` for a document that takes longer than anybody waits for: too many periods, or a correction of
    each of them again and again, since every correction computes all periods anew.
    """
    sheet = asked.sheet
    months = sheet.term_months
    if sheet.ends_on:
        months = max((sheet.ends_on.year - today.year) * 12, 0) + 12
    reports = [each for each in asked.events if isinstance(each, Sales)]
    corrections = sum(bool(each.corrects) for each in reports)
    found = {
        "/sheet/terms": (sum(_periods(term, months) for term in sheet.terms), MOST_PERIODS),
        "/events": (corrections * len(reports), MOST_RECOMPUTED),
    }
    faults = [Fault("E_TOO_LARGE", at, {"found": n, "at_most": most}) for at, (n, most) in found.items() if n > most]
    if faults:
        raise Broken(tuple(faults))


def _periods(term: Any, months: int) -> int:
    every: Period | None = None
    if isinstance(term, Royalty):
        every = term.period
    elif isinstance(term, Fixed) and term.trigger:
        every = term.trigger.every
    elif isinstance(term, Maintenance):
        every = Period.YEAR
    return months // MONTHS[every] + 1 if every else 1


def placed(faults: Iterable[Fault], events: tuple[Event, ...]) -> tuple[Fault, ...]:
    """Faults of a history, which name an event by its id, with the pointer of its place in the list."""
    places = {event.id: str(place) for place, event in enumerate(events)}
    return tuple(Fault(each.code, _place(each.pointer, places), each.inputs) for each in faults)


def _place(pointer: str, places: Mapping[str, str]) -> str:
    rest = pointer.removeprefix("/events/")
    return f"/events/{places[rest]}" if rest != pointer and rest in places else pointer


def planned(outlook: Outlook | None) -> tuple[Fault, ...]:
    """What the terms do not allow of what is expected; the other cases only vary it."""
    if outlook is None:
        return ()
    return tuple(Fault(each.code, _member(each.pointer), each.inputs) for each in outlook.case("expected").faults)


def _member(pointer: str) -> str:
    """Where in the forecast an expected event comes from."""
    id = pointer.removeprefix("/events/")
    if id.startswith("milestone:"):
        return f"/forecast/milestones/{id.removeprefix('milestone:')}"
    names = {"buyout_exercised": "buyout_month", "first-sale": "first_sale_month", "elected": "keep"}
    return f"/forecast/{names[id]}" if id in names else "/forecast"


def write_named(statement: Statement, sheet: Sheet) -> dict[str, Any]:
    """A statement with names for people beside its codes, and every step explained."""
    written = write_statement(statement)
    lines = [_named(line, each, sheet) for line, each in zip(statement.lines, written["lines"], strict=True)]
    del written["faults"]  # they stand with those of the sheet
    return {**written, "phase_display": str(PHASES[statement.phase]), "lines": lines}


def _named(line: Obligation, written: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    term = sheet.term(line.term)
    steps = [
        {**each, "explanation": str(explain(step, term))}
        for step, each in zip(line.steps, written["steps"], strict=True)
    ]
    names = {
        "name": line_name(line, sheet),
        "cause_display": str(CAUSES.get(line.cause, line.cause)),
        "state_display": str(LINE_STATES[line.state]),
    }
    return {**written, **names, "steps": steps}


def write_outlook(outlook: Outlook) -> dict[str, Any]:
    """A forecast as JSON: by calendar year of the due days, what the buyer pays and the seller gets."""
    return {"cases": [_case(each) for each in outlook.cases]}


def _case(case: Case) -> dict[str, Any]:
    years = [{"year": row.year, **_amounts(row), "cumulative": f"{row.cumulative:.2f}"} for row in case.rows]
    return {"case": case.name, "phase": case.phase.value, "years": years, "totals": _amounts(case.totals)}


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {name: f"{getattr(amounts, name):.2f}" for name in KINDS}
