"""Running: the trial and its election, the option to buy, disputes, the loss of the right."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict

from ..models import Contract, Fact
from ..reading import sheet_of, statement_of
from ..rules.events import Kind
from ..rules.sheet import AtEnd
from ..rules.statement import Phase
from ..telling import tell
from . import ending
from .curing import cure_until
from .facts import check_day, happen
from .following import moving
from .schedule import last_of_trial
from .sides import needed
from .signing import release_scopes

State = Contract.State
ELECTION = "election"
DAY = timedelta(days=1)


# The trial


def deliver(contract: Contract, *, on: date | None = None, by: Any) -> Contract:
    """The licensee confirms that it has the documents: the free phase begins, or without one the licence is paid."""
    day = on or timezone.localdate()
    with moving(contract, "contracts.deliver", by=by) as contract:
        if sheet_of_state(contract).trial:
            contract.start_trial()
        else:
            contract.start_paying()
        happen(contract, Kind.DELIVERED, on=day, key="delivered", by=by)
        contract.delivered_on = day
    return contract


def extend_trial(contract: Contract, months: int, *, by: Any) -> Contract:
    """Let the trial run longer, as often and as long as the terms allow. Raises Conflict (E_EXTENSION)."""
    with moving(contract, "contracts.extend_trial", by=by, reason=str(months)) as contract:
        contract.extend()
        check_trial_runs(contract)
        key = f"extended-{count_of(contract, Kind.EXTENDED) + 1}"
        happen(contract, Kind.EXTENDED, on=timezone.localdate(), key=key, by=by, content={"months": months})
    return contract


def keep(contract: Contract, *, by: Any) -> Contract:
    """The licensee keeps the licence; from now on it is paid."""
    with moving(contract, "contracts.elect", by=by) as contract:
        contract.keep()
        check_trial_runs(contract)
        happen(contract, Kind.KEPT, on=timezone.localdate(), key=ELECTION, by=by)
    return contract


def stop(contract: Contract, *, note: str = "", by: Any) -> Contract:
    """The licensee stops: use ends today, documents go back, and only sales made are owed."""
    with moving(contract, "contracts.elect", by=by, reason=note) as contract:
        contract.stop()
        check_trial_runs(contract)
        happen(contract, Kind.STOPPED, on=timezone.localdate(), key=ELECTION, by=by)
    return contract


def check_trial_runs(contract: Contract) -> None:
    """After the last day the agreed default holds, also before the clock has said so."""
    if contract.trial_ends_on and contract.trial_ends_on < timezone.localdate():
        sentence = _("The trial ended on %(day)s; what was agreed for its end applies.")
        raise Conflict(sentence % {"day": contract.trial_ends_on.isoformat()}, code="E_ELECTION_LATE")


def end_trial(contract: Contract, *, by: Any) -> Contract:
    """Nobody elected by the last day: what was agreed for this applies, and both sides hear of it (DOMAIN 3.4)."""
    last = last_of_trial(contract)
    if last is None or last >= timezone.localdate():
        raise Conflict
    with moving(contract, "contracts.tick", by=by, day=last + DAY) as contract:
        if statement_of(contract, last + DAY).phase is Phase.ENDED:
            contract.stop()  # the licence itself is over: there is nothing left to elect
        elif default_of(contract) is AtEnd.KEEP:
            contract.keep()
            happen(contract, Kind.KEPT, on=last + DAY, key=ELECTION, by=by)
        else:
            contract.stop()
            happen(contract, Kind.STOPPED, on=last, key=ELECTION, by=by)
    tell(contract, "trial-over", on=last)
    return contract


def default_of(contract: Contract) -> AtEnd | None:
    trial = sheet_of(contract).trial
    return trial.at_end if trial else None


def confirm_return(contract: Contract, *, note: str = "", by: Any) -> Contract:
    """The licensor has its documents back and use has stopped. Raises Conflict while sales are unreported or unpaid."""
    today = timezone.localdate()
    with moving(contract, "contracts.confirm_return", by=by, reason=note) as contract:
        contract.confirm_return()
        ending.refuse(ending.hindrance(contract, statement_of(contract, today), today))
        ending.finish(contract, today, note=note)
        release_scopes(contract)
        ending.release_cover(contract, today)
    return contract


# The option to buy


def buy_out(contract: Contract, *, by: Any) -> Contract:
    """The licensee takes the option: the price falls due and nothing else accrues. Paid, the contract is bought out.

    Taken in the trial it ends the trial without an election. Raises Conflict (E_NO_BUYOUT, E_BUYOUT_EXPIRY).
    """
    with moving(contract, "contracts.buy_out", by=by) as contract:
        if contract.state == State.IN_TRIAL:
            check_trial_runs(contract)
            contract.keep()
        if contract.state != State.PAYING:
            raise Conflict
        happen(contract, Kind.BUYOUT_EXERCISED, on=timezone.localdate(), key="buyout", by=by)
    return contract


# Disputes


def dispute(contract: Contract, reason: str, *, by: Any) -> Contract:
    """One side disputes: the machine decides nothing and the clock of the cure stands still; interest runs."""
    said = needed("reason", reason)
    with moving(contract, "contracts.dispute", by=by, reason=said) as contract:
        contract.state_before = contract.state
        contract.dispute()
        key = f"suspended-{count_of(contract, Kind.SUSPENDED) + 1}"
        happen(contract, Kind.SUSPENDED, on=timezone.localdate(), key=key, by=by)
    tell(contract, "disputed", on=timezone.localdate())
    return contract


def settle(contract: Contract, note: str, *, by: Any) -> Contract:
    """The dispute is over: the contract goes on where it stood, and the time to cure has the days that were left."""
    said = needed("note", note)
    with moving(contract, "contracts.settle", by=by, reason=said) as contract:
        today = timezone.localdate()
        key = f"resumed-{count_of(contract, Kind.RESUMED) + 1}"
        restore(contract)
        happen(contract, Kind.RESUMED, on=today, key=key, by=by)
        if contract.demanded_on is not None:
            contract.cure_until = cure_until(contract, contract.demanded_on, today)
    tell(contract, "settled", on=timezone.localdate())
    return contract


def restore(contract: Contract) -> None:
    """Go back to the state before the dispute, by the moves that lead there."""
    before, contract.state_before = contract.state_before, ""
    if before == State.SIGNED:
        contract.settle_to_signed()
    elif before in (State.IN_TRIAL, State.STOP_PENDING):
        contract.settle_to_trial()
    else:
        contract.settle_to_paying()
    for move in WAYS_BACK.get(State(before), ()):
        move(contract)


WAYS_BACK = {
    State.STOP_PENDING: (Contract.stop,),
    State.CURING: (Contract.demand,),
    State.DEFAULTED: (Contract.demand, Contract.default),
    State.REVIEW_INVALID: (Contract.lose_right,),
}


# The right


def lose_right(contract: Contract, reason: str, *, on: date | None = None, by: Any) -> Contract:
    """The right was invalidated: nothing accrues any more; what was paid stays paid (Patent Law 47)."""
    said, day = needed("reason", reason), on or timezone.localdate()
    check_day(day, "on")
    with moving(contract, "contracts.lose_right", by=by, reason=said) as contract:
        contract.lose_right()
        happen(contract, Kind.INVALIDATED, on=day, key="invalidated", by=by)
    tell(contract, "right-lost", on=day)
    return contract


def expire_right(contract: Contract, *, on: date | None = None, by: Any) -> Contract:
    """The patent ran out: nothing accrues any more; once all is paid the clock completes the contract."""
    day = on or timezone.localdate()
    with moving(contract, "contracts.lose_right", by=by) as contract:
        ending.check_signed(contract, states=Contract.RUNNING)
        happen(contract, Kind.EXPIRED, on=day, key="expired", by=by)
    tell(contract, "right-expired", on=day)
    return contract


def sheet_of_state(contract: Contract) -> Any:
    ending.check_signed(contract)
    return sheet_of(contract)


def count_of(contract: Contract, kind: Kind) -> int:
    return Fact.objects.filter(contract=contract, kind=kind).count()
