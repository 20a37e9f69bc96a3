"""The end: when a contract may be completed, and what goes with it."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict
from marketplace.core.models import Entry

from ..models import Contract, Fact, Guarantee, Milestone, SalesReport
from ..reading import statement_of
from ..rules import clockwork
from ..rules.events import Kind
from ..rules.statement import Phase, Statement

State = Contract.State


def finish(contract: Contract, day: date, *, note: str = "") -> None:
    """Write down the end of a locked contract. What was paid for stays licensed until its last day."""
    contract.ended_on, contract.end_note = day, note


def release_cover(contract: Contract, day: date) -> None:
    """Nothing is left that a guarantor could be asked for."""
    states = (Guarantee.State.PROPOSED, Guarantee.State.ISSUED)
    for row in contract.guarantees.filter(state__in=states, issued_on__isnull=False).order_by("pk"):
        with act(row, "contracts.release_guarantee", by=SYSTEM) as guarantee:
            guarantee.release()
            guarantee.released_on = day


def run_again(contract: Contract) -> None:
    """Undo the end of a locked contract that ended because all was paid: a payment was taken back.

    What it licenses was never free for others (`finish`), so there is nothing to take anew. A licence that was returned
    does not run again: its documents are back, its use has stopped, and somebody else may have what it had.
    """
    contract.run_again()
    contract.ended_on, contract.end_note = None, ""
    if Fact.objects.standing().filter(contract=contract, kind=Kind.INVALIDATED).exists():
        contract.lose_right()
    restore_cover(contract)


def restore_cover(contract: Contract) -> None:
    """The guarantees that the end had released stand again: the debt was never paid, so they were never free of it.

    One that the licensor let go stays free. So does a deposit, which may have been handed back: it is confirmed anew.
    """
    released = contract.guarantees.filter(state=Guarantee.State.RELEASED).exclude(kind=Guarantee.Kind.DEPOSIT)
    for row in [each for each in released.order_by("pk") if is_released_by_the_end(each)]:
        with act(row, "contracts.restore_guarantee", by=SYSTEM) as guarantee:
            guarantee.stand_again()
            guarantee.released_on = None


def is_released_by_the_end(guarantee: Guarantee) -> bool:
    """The journal knows whether the licensor pressed, or the end did it."""
    entries = Entry.objects.filter(subject_type=guarantee._meta.label_lower, subject_id=guarantee.pk)
    last = entries.filter(verb="contracts.release_guarantee").order_by("-id").first()
    return last is not None and last.actor_id is None


def is_over(contract: Contract, statement: Statement, day: date) -> bool:
    """Whether the licence has run its course and nothing is left to do, so that the clock may complete it."""
    is_asked = contract.state == State.PAYING and statement.phase is Phase.ENDED
    return is_asked and hindrance(contract, statement, day) is None


def hindrance(contract: Contract, statement: Statement, day: date) -> Conflict | None:
    """What stands in the way of a clean end, the first of it; None when nothing does."""
    if statement.sell_off_until and statement.sell_off_until >= day:
        sentence = _("Stock may be sold off until %(day)s.") % {"day": statement.sell_off_until.isoformat()}
        return Conflict(sentence, code="selling_off")
    if misses_reports(contract, day):
        return Conflict(_("A sales report is missing or not accepted yet."), code="E_REPORT_MISSING")
    if contract.milestones.filter(state=Milestone.State.CLAIMED).exists():
        return Conflict(_("A milestone waits for its answer."), code="milestone_open")
    if clockwork.unpaid(statement, contract.written_off):
        return Conflict(_("Something is still to be paid."), code="unpaid")
    return None


def misses_reports(contract: Contract, day: date) -> bool:
    """Whether a period that is over by the end of the day has no accepted report."""
    if contract.sales_reports.exclude(state=SalesReport.State.ACCEPTED).exists():
        return True
    return bool(statement_of(contract, day + timedelta(days=1)).reports_due)


def refuse(hindered: Conflict | None) -> None:
    if hindered is not None:
        raise hindered


def check_over(statement: Statement) -> None:
    """Raise Conflict while the licence runs and is not paid up."""
    if statement.phase not in (Phase.ENDED, Phase.PAID_UP):
        raise Conflict(_("The licence still runs and is not paid up."), code="not_over")


def check_signed(contract: Contract, *, states: Any = None) -> None:
    """Raise Conflict unless the contract is signed and runs."""
    if not contract.is_signed or (states is not None and contract.state not in states):
        raise Conflict(_("This contract does not run."), code="not_running")
