"""Following: the contract's days, state and clock are what its facts say, and are brought there after each act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act

from ..models import Contract, Milestone
from ..reading import history_of, sheet_of, statement_of
from ..rules import clockwork, deadlines
from ..rules.statement import Phase, Statement
from ..telling import tell
from . import ending, schedule

State = Contract.State
PAID_ENDS = (State.BOUGHT_OUT, State.COMPLETED)
"""Ends that there are only because everything is paid."""
ENDS = (State.RETURNED, State.TERMINATED, *PAID_ENDS)


@contextmanager
def moving(
    contract: Contract, permission: str, *, by: Any, reason: str = "", day: date | None = None
) -> Iterator[Contract]:
    """`act` on a contract that runs: afterwards it follows its facts, and its end or default is announced."""
    with transaction.atomic():
        with act(contract, permission, by=by, reason=reason) as locked:
            before = locked.state
            yield locked
            follow(locked, day or timezone.localdate())
        announce(locked, before, by=by)


def catch_up(contract: Contract, day: date | None = None) -> Contract:
    """Bring a contract along after an act on one of its rows."""
    with moving(contract, "contracts.follow", by=SYSTEM, day=day) as locked:
        pass
    return locked


def follow(contract: Contract, day: date) -> Statement:
    """Bring the fields, the state and the clock of a locked contract to what its facts say on a day."""
    statement = statement_of(contract, day)
    contract.trial_ends_on = statement.trial_ends_on
    if statement.ends_on and contract.signed_on and statement.ends_on > contract.signed_on:
        contract.ends_on = statement.ends_on
    move(contract, statement, day)
    set_due_days(contract, day)
    contract.next_clock_on = schedule.next_clock(contract, statement, day)
    return statement


def move(contract: Contract, statement: Statement, day: date) -> None:
    """What a payment decides, or one taken back: a default is cured, a buyout complete, an end undone."""
    still = clockwork.unpaid(statement, contract.written_off)
    if contract.state in PAID_ENDS and still:
        ending.run_again(contract)
    if contract.state == State.RETURNED and still:
        ending.restore_cover(contract)
    if contract.demanded_on is not None and contract.demanded_on <= day and contract.state != State.DISPUTED:
        follow_demand(contract, statement)
    if contract.state == State.PAYING and statement.phase is Phase.BOUGHT_OUT and not still:
        contract.buy_out()
        ending.finish(contract, day)
        ending.release_cover(contract, day)


def follow_demand(contract: Contract, statement: Statement) -> None:
    """A demand is lifted once it is paid, in whatever state; while it stands, a licence that is paid has time to cure.

    Of one that was not paid yet when it was demanded, such as on trial, that comes with its first day of paying.
    """
    if not is_cured(contract, statement):
        if contract.state == State.PAYING:
            contract.demand()
        return
    if contract.state in (State.CURING, State.DEFAULTED):
        contract.cure()
    contract.demanded_on = contract.cure_until = None


def is_cured(contract: Contract, statement: Statement) -> bool:
    """Whether all that was overdue when it was demanded is paid with its interest; once its days are over, all that is.

    What fell due after the demand was not demanded: for that the licensor asks anew. For what its books have given up
    nobody waits.
    """
    still = {line.key for line in clockwork.unpaid(statement, contract.written_off)}
    if contract.demanded_on is None:
        return not still
    demanded = {line.key for line in clockwork.overdue(statement_of(contract, contract.demanded_on))}
    if contract.cure_until is not None and statement.as_of > contract.cure_until:
        demanded |= {line.key for line in clockwork.overdue(statement, contract.written_off)}
    return not demanded & still


def set_due_days(contract: Contract, day: date) -> None:
    """Milestones whose due day counts from something that has now happened get their day."""
    waiting = contract.milestones.filter(due_on=None, state=Milestone.State.PENDING)
    if not waiting.exists():
        return
    known = deadlines.due_days(sheet_of(contract), history_of(contract), day)
    for slug, due_on in known.items():
        waiting.filter(slug=slug).update(due_on=due_on)


def announce(contract: Contract, before: str, *, by: Any) -> None:
    """Tell the house and both sides that it defaulted, ended, or runs again."""
    news.contract_moved.send(Contract, contract=contract, by=by)
    if contract.state == before:
        return
    if contract.state == State.DEFAULTED:
        news.contract_defaulted.send(Contract, contract=contract, by=by)
        tell(contract, "defaulted", on=timezone.localdate())
    if contract.state in ENDS:
        news.contract_ended.send(Contract, contract=contract, by=by)
        tell(contract, "ended", on=contract.ended_on or timezone.localdate())
    if before in PAID_ENDS:
        tell(contract, "runs-again", on=timezone.localdate())
