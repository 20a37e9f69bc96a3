"""Registrations of contracts: what the seller has to begin, hand in and supply, and what the office has to decide."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.workspace import Waits, Work, add_work
from marketplace.registration.models import Change, Registration

from .asking import deciding, in_state, listed

State = Registration.State


def to_begin(user: Any) -> Any:
    """Contracts in force that nobody had registered; a firm that licenses may leave it."""
    mine = deciding(user)
    tried = Registration.objects.values("contract_id")
    rows = Contract.objects.filter(seller_id__in=mine, state__in=Contract.RUNNING, signed_on__isnull=False)
    return rows.exclude(pk__in=tried) if mine else None


def of_seller(user: Any, *states: str) -> Any:
    mine = deciding(user)
    return Registration.objects.filter(contract__seller_id__in=mine, state__in=states) if mine else None


def to_fill_in(user: Any) -> Any:
    return of_seller(user, State.DRAFT)


def to_supply(user: Any) -> Any:
    return of_seller(user, State.SUPPLEMENT)


def to_decide(user: Any) -> Any:
    """Of one's office; a refusal of one's own is somebody else's to check."""
    mine = deciding(user)
    rows = Registration.objects.filter(office_id__in=mine, state__in=Registration.WITH_OFFICE)
    return rows.exclude(Q(state=State.RECHECK) & Q(decided_by_id=user.pk)) if mine else None


def not_supplied(user: Any) -> Any:
    """What was asked for and did not come in its days: it may be refused."""
    mine, today = deciding(user), timezone.localdate()
    rows = Registration.objects.filter(office_id__in=mine, state=State.SUPPLEMENT, supply_by__lt=today)
    return rows if mine else None


def changes(user: Any) -> Any:
    mine = deciding(user)
    return Change.objects.filter(registration__office_id__in=mine, state=Change.State.ASKED) if mine else None


def state(row: Any) -> Any:
    return State(row.state).label


add_work(
    Work(
        name="registrations-to-supply",
        title=_("Registrations to supplement"),
        order=33,
        of=(Waits(Registration, to_supply, by=("supply_by", "id"), title="name", about="missing", day="supply_by"),),
        more=in_state(Registration, State.SUPPLEMENT),
    ),
    Work(
        name="registrations-to-hand-in",
        title=_("Registrations to hand in"),
        order=38,
        of=(Waits(Registration, to_fill_in, title="name"),),
        more=in_state(Registration, State.DRAFT),
    ),
    Work(
        name="contracts-to-register",
        title=_("Contracts to have registered"),
        order=39,
        of=(Waits(Contract, to_begin, by=("signed_on", "id"), title="title", day="signed_on"),),
        more=listed(Contract),
    ),
    Work(
        name="registrations-to-decide",
        title=_("Registrations of contracts to decide"),
        order=80,
        of=(Waits(Registration, to_decide, by=("decide_by", "id"), title="name", state="state", day="decide_by"),),
        note=state,
        more=listed(Registration),
    ),
    Work(
        name="registration-changes-to-decide",
        title=_("Changes of registrations to decide"),
        order=81,
        of=(Waits(Change, changes, by=("asked_on", "id"), title="registration__name", about="reason", day="asked_on"),),
        more=in_state(Change, Change.State.ASKED),
    ),
    Work(
        name="supplements-overdue",
        title=_("Supplements that did not come"),
        order=82,
        of=(Waits(Registration, not_supplied, by=("supply_by", "id"), title="name", day="supply_by"),),
        more=in_state(Registration, State.SUPPLEMENT),
    ),
)
