"""Where a contract stands in one sentence, what its reader must do next, and the next day that matters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.money import ZERO
from marketplace.core.showing import countdown, exact
from marketplace.core.workspace import buttons

from ..models import Contract, Guarantee, Milestone, SalesReport
from ..readiness import Gap
from ..rules import clockwork
from ..rules.clearances import CODES
from ..rules.sheet import AtEnd, Sheet
from ..rules.statement import Obligation, Statement
from ..services.schedule import WATCHED
from .page import BUYER, SELLER, Page

State = Contract.State
CLEARED = ("record-clearances", "record-clearance")
MENDED_BY = {
    "E_NO_DECISION_RECORD": ("record-decision",),
    "E_SIGN_BEFORE_NOTICE_END": ("open-notice",),
    "E_NOTICE_TERMS_CHANGED": ("open-notice",),
    "E_NO_TEXT": ("make-text",),
    **dict.fromkeys(CODES.values(), CLEARED),
}
"""By what is missing: the moves that see to it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that matters and what it is: "election day"."""

    on: date
    what: str

    def said(self, today: date) -> str:
        return f"{self.what} {countdown(self.on, today)}"


# The next day that matters


def next_day(contract: Contract, statement: Statement | None) -> Day | None:
    """The nearest day on which something is to be done or ends by itself; what is overdue comes first."""
    state = contract.state
    if state == State.SCREENING and contract.answer_by:
        return Day(contract.answer_by, _("answer"))
    if state == State.NOTICE_PENDING and contract.notice and contract.notice.is_running:
        return Day(contract.notice.ends_on, _("notice ends"))
    if state == State.IN_TRIAL and contract.trial_ends_on:
        return Day(contract.trial_ends_on, _("election day"))
    if contract.cure_until and (state == State.CURING or contract.may_be_cured(timezone.localdate())):
        return Day(contract.cure_until, _("to be cured"))
    return min(coming(contract, statement), key=lambda each: each.on, default=None) if statement else None


def coming(contract: Contract, statement: Statement) -> Iterator[Day]:
    """The days ahead of a licence that runs, and those that have passed with something undone."""
    if contract.state not in Contract.RUNNING:
        return
    yield from (Day(line.due_on, _("payment due")) for line in clockwork.unpaid(statement))
    yield from (Day(report.due_on, _("sales report due")) for report in statement.reports_due)
    if statement.ends_on and statement.ends_on >= statement.as_of:
        yield Day(statement.ends_on, _("licence ends"))


# Where it stands


def headline(page: Page) -> str:
    """One sentence on the state for everybody who reads it."""
    contract = page.contract
    said = {
        State.APPLIED: _("The application has not been handed in yet."),
        State.SCREENING: _("The application waits for the owner's answer."),
        State.NEGOTIATING: negotiating(page),
        State.GUARANTEE_PENDING: _("The terms are agreed. The guarantee is open."),
        State.NOTICE_PENDING: _("The terms are agreed. Before the signatures something is still missing."),
        State.READY: _("Nothing is missing: it can be signed."),
        State.SIGNED: _("Signed on %(day)s. The documents are to be handed over.") % {"day": contract.signed_on},
        State.IN_TRIAL: trial(page),
        State.STOP_PENDING: _("The licensee stopped. Documents go back and use has ended."),
        State.PAYING: paying(page),
        State.CURING: _("Overdue payments were demanded. They can be cured until %(day)s.")
        % {"day": contract.cure_until},
        State.DEFAULTED: _("In default: what was demanded was not paid in time."),
        State.DISPUTED: _("Disputed. The clocks of cure and trial wait; interest runs on."),
        State.REVIEW_INVALID: _("The licensed right was lost. Nothing accrues any more; what was paid stays paid."),
    }
    return said.get(State(contract.state)) or closed(contract)


def negotiating(page: Page) -> str:
    if not page.sheets and page.is_third:
        return _("The two sides negotiate the terms.")
    if not page.sheets:
        return _("The two sides negotiate. Nobody has proposed terms yet.")
    latest = page.sheets[0]
    waits = [side for side, at in accepted(latest).items() if at is None]
    if len(waits) == 1:
        return {
            SELLER: _("Version %(number)d of the terms waits for the licensor's answer."),
            BUYER: _("Version %(number)d of the terms waits for the licensee's answer."),
        }[waits[0]] % {"number": latest.number}
    return _("Version %(number)d of the terms waits for both sides.") % {"number": latest.number}


def accepted(sheet: Any) -> dict[Any, Any]:
    return {SELLER: sheet.seller_accepted_at, BUYER: sheet.buyer_accepted_at}


def trial(page: Page) -> str:
    ends = page.contract.trial_ends_on
    return _("On trial. Election day is %(day)s, %(countdown)s.") % {
        "day": ends,
        "countdown": countdown(ends, page.today) if ends else "",
    }


def paying(page: Page) -> str:
    statement = page.statement
    if statement and statement.overdue:
        return _("The licence runs. Something is overdue.")
    return _("The licence runs and is paid as agreed.")


def closed(contract: Contract) -> str:
    words = {"state": contract.get_state_display(), "day": contract.ended_on or "–"}
    return _("Closed: %(state)s. %(day)s") % words if contract.ended_on else str(contract.get_state_display())


# What the reader must do


def todo(page: Page) -> list[str]:
    """What waits for this reader, most urgent first; empty when it is the others' turn."""
    return [*to_settle(page), *to_answer(page), *to_sign(page), *to_run(page)]


def to_settle(page: Page) -> Iterator[str]:
    contract, latest = page.contract, page.sheets[0] if page.sheets else None
    if contract.state == State.APPLIED and BUYER in page.sides:
        yield _("Hand the application in. The owner then has 14 days to answer.")
    if contract.state == State.SCREENING and SELLER in page.sides:
        yield _("Accept or decline the application by %(day)s.") % {"day": contract.answer_by}
    if contract.state != State.NEGOTIATING or not (page.sides or page.manages):
        return
    if contract.is_licence and not (contract.territory and contract.fields_of_use):
        yield _("Say for which territory and which fields of use. Nothing can be agreed before.")
    if latest is None:
        yield _("Propose terms: choose how it is paid and compare what each way costs.")
    elif any(accepted(latest)[side] is None for side in page.sides):
        yield _("Read version %(number)d and accept it, or propose other terms.") % {"number": latest.number}


def to_answer(page: Page) -> Iterator[str]:
    """Milestones, reports and guarantees that wait for the reader's side."""
    for row in page.milestones:
        if row.state == Milestone.State.CLAIMED and row.confirmed_by in page.sides:
            yield _("Confirm the milestone “%(title)s” by %(day)s; silence confirms it.") % {
                "title": row,
                "day": row.answer_by,
            }
    for report in page.reports:
        if report.state == SalesReport.State.SUBMITTED and SELLER in page.sides:
            yield _("Answer the sales report %(period)s by %(day)s; silence accepts it.") % {
                "period": report,
                "day": report.answer_by,
            }
    if BUYER in page.sides:
        yield from to_report(page)
    for row in page.guarantees:
        if row.state == Guarantee.State.PROPOSED and page.user.has_perm("contracts.answer_guarantee", row):
            yield _("Say whether you stand in: issue or refuse the guarantee.")


def to_report(page: Page) -> Iterator[str]:
    """The sales reports that are due, as one thing to do."""
    due = [row for row in page.reports if row.state in (SalesReport.State.DUE, SalesReport.State.QUERIED)]
    if due:
        said = ngettext(
            "Hand in %(count)d sales report by %(day)s, also when nothing was sold.",
            "Hand in %(count)d sales reports, the first by %(day)s, also when nothing was sold.",
            len(due),
        )
        first = min(due, key=lambda row: row.due_on)
        yield with_move(page, first, "submit", said % {"count": len(due), "day": first.due_on})


def with_move(page: Page, row: Any, name: str, said: str) -> str:
    """What is to be done, with the button that does it where the reader may press it."""
    found = next((each for each in buttons(page.user, row) if each.name == name), None)
    if found is None:
        return said
    return format_html('{} <a class="ws-button ws-primary" href="{}">{}</a>', said, found.url, found.label)


def to_sign(page: Page) -> Iterator[str]:
    contract = page.contract
    if contract.state == State.GUARANTEE_PENDING and SELLER in page.sides and not is_guarantor_asked(page):
        yield _("Have the guarantee issued, or record why none is asked.")
    if contract.state == State.NOTICE_PENDING and SELLER in page.sides:
        yield from (with_button(page, gap) for gap in page.gaps)
    if contract.state == State.READY and set(page.sides) - signed_sides(page):
        yield _("Read the text and sign it for your side.")


def is_guarantor_asked(page: Page) -> bool:
    return any(row.state == Guarantee.State.PROPOSED for row in page.guarantees)


def signed_sides(page: Page) -> set[str]:
    return {each.side for each in page.signatures}


def with_button(page: Page, gap: Gap) -> str:
    """What is missing, with the way to the page where the reader mends it."""
    moves = {each.name: each for each in page.buttons}
    found = next((moves[name] for name in MENDED_BY.get(gap.code, ()) if name in moves), None)
    return format_html('{} <a href="{}">{}</a>', gap.sentence, found.url, found.label) if found else gap.sentence


def waits_for(page: Page) -> str:
    """Whose turn it is while nothing waits for a reader who takes part."""
    contract = page.contract
    if contract.state == State.GUARANTEE_PENDING and is_guarantor_asked(page):
        return _("The guarantor says next whether it stands in.")
    if contract.state in (State.GUARANTEE_PENDING, State.NOTICE_PENDING):
        return _("The licensor sees to what is missing.")
    if contract.state == State.READY and page.sides:
        return _("Your side has signed. The other side signs next.")
    if contract.state == State.NEGOTIATING and page.sides:
        return _("The other side answers next.")
    return ""


def to_run(page: Page) -> Iterator[str]:
    contract, statement = page.contract, page.statement
    if contract.state == State.SIGNED and BUYER in page.sides:
        yield _("Confirm when you have the documents: the licence begins to run with it.")
    if contract.state == State.SIGNED and SELLER in page.sides:
        yield _("Hand the documents over. The licensee confirms that it has them.")
    if contract.state == State.IN_TRIAL and BUYER in page.sides and page.sheet:
        yield election(page.sheet, contract.trial_ends_on)
    if contract.state == State.STOP_PENDING and SELLER in page.sides:
        yield _("Confirm that the documents are back and use has stopped.")
    yield from demanded(page)
    if statement is None or contract.state not in WATCHED:
        return
    if BUYER in page.sides and (late := clockwork.overdue(statement)):
        yield to_pay(late)
    still = clockwork.overdue(statement, contract.written_off)
    if still and SELLER in page.sides and contract.demanded_on is None:
        yield _("Payments are overdue. Record them when they have arrived, or demand them.")


def to_pay(late: list[Obligation]) -> str:
    """How much is overdue today, and how much of it is interest."""
    principal = sum((line.unpaid for line in late), ZERO)
    interest = sum((line.interest - line.interest_paid for line in late), ZERO)
    amounts = {"total": principal + interest, "principal": principal, "interest": interest}
    said = _(
        "Pay what is overdue: %(total)s, of it %(principal)s agreed and %(interest)s interest to today. "
        "Interest runs every day."
    )
    return said % {name: exact(amount) for name, amount in amounts.items()}


def demanded(page: Page) -> Iterator[str]:
    """What follows from a demand; the headline of a contract that is being cured has said it already."""
    contract = page.contract
    if page.sides and contract.may_be_cured(page.today) and contract.state != State.CURING:
        yield _("Overdue payments were demanded. They can be cured until %(day)s.") % {"day": contract.cure_until}
    if SELLER in page.sides and contract.is_in_default(page.today) and contract.state in Contract.RUNNING:
        yield _("Call the guarantee, or terminate. The evidence for a claim is ready below.")
    elif SELLER in page.sides and contract.is_in_default(page.today):
        yield _("What was demanded was not paid in time. The evidence for a claim is ready below.")


def election(sheet: Sheet, ends: date | None) -> str:
    if sheet.trial and sheet.trial.at_end is AtEnd.KEEP:
        return _("Keep the licence or stop by %(day)s. If you say nothing, the licence is kept and is paid.") % {
            "day": ends
        }
    return _("Keep the licence or stop by %(day)s. If you say nothing, the licence ends.") % {"day": ends}


def level(page: Page, things: list[str]) -> str:
    """How loud the banner is: error, warning, info or success."""
    contract = page.contract
    if contract.state in (State.DEFAULTED, State.CURING, State.REVIEW_INVALID):
        return "error"
    if page.statement and page.statement.overdue and contract.state in Contract.RUNNING:
        return "error"
    if things:
        return "warning"
    return "success" if contract.state in (State.COMPLETED, State.BOUGHT_OUT) else "info"
