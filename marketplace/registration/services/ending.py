"""Ending a registration: cancelled because the contract ended early, revoked because it was obtained by fraud."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.schedule import EARLY_ENDS
from marketplace.core.acts import act
from marketplace.core.errors import Conflict

from .. import telling
from ..models import Change, Registration
from .deciding import SHORT, said_in


@transaction.atomic
def cancel(
    row: Registration, reason: str, *, had_relief: bool = False, version: int | None = None, by: Any
) -> Registration:
    """The contract ended before its term. `had_relief`: taxes were saved by it, so their authority is to be told."""
    said = said_in("reason", reason, most=SHORT)
    with act(row, "registration.cancel", by=by, version=version, reason=said) as row:
        row.cancel()
        if row.contract.state not in EARLY_ENDS:
            raise Conflict(_("The contract is still in force."), code="in_force")
        end(row, said, had_relief=had_relief)
    close_changes(row, by=by)
    telling.ended(row, by=by)
    return row


@transaction.atomic
def revoke(
    row: Registration, reason: str, *, had_relief: bool = False, version: int | None = None, by: Any
) -> Registration:
    """It was obtained by false statements: the number counts no more."""
    said = said_in("reason", reason, most=SHORT)
    with act(row, "registration.revoke", by=by, version=version, reason=said) as row:
        row.revoke()
        end(row, said, had_relief=had_relief)
    close_changes(row, by=by)
    telling.ended(row, by=by)
    return row


def end(row: Registration, reason: str, *, had_relief: bool) -> None:
    row.ended_on, row.end_reason, row.had_relief = timezone.localdate(), reason, had_relief


def close_changes(row: Registration, *, by: Any) -> None:
    """A change that waits has nothing to change any more."""
    for change in row.changes.filter(state=Change.State.ASKED):
        with act(change, "registration.refuse_change", by=by) as change:
            change.refuse()
            change.decision = row.end_reason
            change.decided_on, change.decided_by_id = row.ended_on, by.pk
