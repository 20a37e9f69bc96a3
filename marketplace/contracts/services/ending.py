"""The end: when a contract may be completed, and what goes with it."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict

from ..models import Contract, Guarantee, Milestone, SalesReport
from ..reading import statement_of
from ..rules import clockwork
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
    if clockwork.unpaid(statement):
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
