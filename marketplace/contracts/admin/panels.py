"""The panels of a contract's page: its price in one sentence, its timeline, what is owed and why, its terms."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.money import ZERO
from marketplace.core.showing import exact, fen
from marketplace.core.workspace import move_url

from ..models import Contract, TermSheet
from ..readiness import place_of
from ..reading import limits_on, parsed
from ..rules.checking import check
from ..rules.clockwork import SHARES
from ..rules.difference import difference
from ..rules.sheet import Sheet
from ..rules.statement import Obligation, Statement
from ..wording import CAUSES, LINE_STATES, Explained, explain, line_name, mode_name, sentence, sentence_of
from ..wording.changes import changed
from .evidence import agreed_covers
from .page import BUYER, SELLER, Page, page_of
from .timeline import timeline

LINE_COLOURS = {"OPEN": "info", "PART_PAID": "warning", "OVERDUE": "danger", "PAID": "success"}
LATEST_SHOWN = 12


def price(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    """The plain sentence: of the agreed terms, or of the latest proposal."""
    page = page_of(request.user, contract)
    sheet = page.sheet or (parsed(page.sheets[0]) if page.sheets else None)
    if sheet is None:
        return None
    free_until = page.statement.trial_ends_on if page.statement else None
    said = sentence(sheet, get_language() or "", free_until=free_until)
    notes = [mode_name(sheet.mode), *agreed_covers(sheet)]
    return {"sentence": said, "notes": notes, "is_agreed": page.sheet is not None}


def days(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    """The timeline; what lies long behind is folded away."""
    page = page_of(request.user, contract)
    moments = timeline(page)
    past = [each for each in moments if each.tone == "past"]
    hidden = past[:-LATEST_SHOWN] if len(past) > LATEST_SHOWN else []
    return {"earlier": hidden, "moments": [each for each in moments if each not in hidden]} if moments else None


# What is owed


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the statement for people."""

    key: str
    name: str
    due_on: Any
    amount: str
    paid: str
    interest: str
    state: str
    colour: str
    cause: str
    steps: tuple[Explained, ...]


def owed(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    page = page_of(request.user, contract)
    if page.statement is None or page.sheet is None:
        return None
    lines = [in_words(line, page.sheet) for line in sorted(page.statement.lines, key=lambda each: each.due_on)]
    return {"lines": lines, "sums": sums(page.statement)}


def in_words(line: Obligation, sheet: Sheet) -> Line:
    """A line; what is owed in shares is no money that somebody could pay, its value stands among the steps."""
    term, is_money = sheet.term(line.term), line.kind != SHARES
    return Line(
        key=line.key,
        name=line_name(line, sheet),
        due_on=line.due_on,
        amount=fen(line.amount) if is_money else "–",
        paid=fen(line.paid) if line.paid else "–",
        interest=interest(line),
        state=str(LINE_STATES[line.state]) if is_money else _("performed in shares"),
        colour=LINE_COLOURS[line.state] if is_money else "default",
        cause=str(CAUSES.get(line.cause, line.cause)),
        steps=tuple(explain(step, term) for step in line.steps),
    )


def interest(line: Obligation) -> str:
    if not line.interest:
        return "–"
    open_interest = line.interest - line.interest_paid
    return fen(line.interest) if open_interest else _("%(amount)s, paid") % {"amount": fen(line.interest)}


def sums(statement: Statement) -> list[tuple[str, str]]:
    """The sums that are not zero, the charged one always; principal and interest apart, so that they add up.

    Charged is paid and open principal, and what is open in all is the open principal with the open interest. An
    adjustment in the licensee's favour that is carried forward makes the open principal less.
    """
    cash = [line for line in statement.lines if line.kind != SHARES]
    paid = sum((line.paid for line in cash), ZERO)
    interest_paid = sum((line.interest_paid for line in cash), ZERO)
    unpaid, interest_unpaid = statement.owed - paid, statement.interest - interest_paid
    found: list[tuple[str, Decimal]] = [
        (_("charged so far"), statement.owed),
        (_("principal paid"), paid),
        (_("principal open"), unpaid),
        (_("of it overdue"), statement.overdue),
        (_("late interest paid"), interest_paid),
        (_("late interest open"), interest_unpaid),
        (_("open today in all"), unpaid + interest_unpaid),
        (_("paid too much, kept as a credit"), statement.credit),
    ]
    return [(label, exact(amount)) for place, (label, amount) in enumerate(found) if amount or not place]


# The terms


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the terms, and what it changed from the one before."""

    row: TermSheet
    mode: str
    sentence: str
    changes: list[str]
    acceptances: list[tuple[str, Any]]
    is_agreed: bool
    is_latest: bool


def terms(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    page = page_of(request.user, contract)
    can_propose = contract.state == Contract.State.NEGOTIATING and request.user.has_perm("contracts.propose", contract)
    if not page.sheets and not can_propose:
        return None
    return {
        "versions": versions(page),
        "propose_url": move_url(contract, "propose") if can_propose else "",
        "warnings": warnings(page),
    }


def versions(page: Page) -> list[Version]:
    """The latest first."""
    before = [*page.sheets[1:], None]
    return [version(page, new, old) for new, old in zip(page.sheets, before, strict=False)]


def version(page: Page, new: TermSheet, old: TermSheet | None) -> Version:
    sheet = parsed(new)
    names = {SELLER: _("licensor"), BUYER: _("licensee")}
    accepted = {SELLER: new.seller_accepted_at, BUYER: new.buyer_accepted_at}
    return Version(
        row=new,
        mode=mode_name(sheet.mode),
        sentence=sentence(sheet, get_language() or ""),
        changes=changed(difference(parsed(old), sheet), parsed(old), sheet) if old else [],
        acceptances=[(names[side], at) for side, at in accepted.items()],
        is_agreed=page.contract.sheet_id == new.pk,
        is_latest=new == page.sheets[0],
    )


def warnings(page: Page) -> list[str]:
    """What the law wants looked at in the latest version."""
    if not page.sheets or page.contract.is_signed:
        return []
    found = check(parsed(page.sheets[0]), limits=limits_on(page.today, place_of(page.contract.seller)))
    return [sentence_of(fault) for fault in found if fault.is_warning]
