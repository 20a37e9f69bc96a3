"""Changing what is registered: asked by the seller, entered by the same office; what stood before is kept."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.clearing import readable
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock, record
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen
from marketplace.core.validation import validate
from marketplace.documents import services as documents
from marketplace.documents.models import Document

from .. import telling
from ..models import Change, Registration
from .deciding import SHORT, said_in
from .drafting import too_much


@transaction.atomic
def ask_change(
    row: Registration,
    *,
    total_amount: Decimal | None = None,
    deducted_amount: Decimal | None = None,
    ends_on: date | None = None,
    reason: str,
    paper: Document | None = None,
    by: Any,
) -> Change:
    """Ask the office to enter another amount or another last day, such as what a royalty came to this year.

    What was registered elsewhere is changed there: here it is entered at once, by the seller, with its paper.
    """
    require("registration.ask_change", by, row)
    row, said = lock(row), said_in("reason", reason, most=SHORT)
    if row.state != Registration.State.REGISTERED:
        raise Conflict(_("It is not registered."), code="not_registered")
    change = Change(
        registration=row,
        total_amount=to_fen(row.total_amount if total_amount is None else total_amount),
        deducted_amount=to_fen(row.deducted_amount if deducted_amount is None else deducted_amount),
        ends_on=ends_on or row.ends_on,
        total_before=row.total_amount, deducted_before=row.deducted_amount, ends_before=row.ends_on,
        reason=said, paper=readable("paper", paper, by=by), asked_on=timezone.localdate(),
    )  # fmt: skip
    change.kind = kind_of(change)
    check(change)
    try:
        with transaction.atomic():
            create(change, "registration.ask_change", by=by)
    except IntegrityError as fault:
        raise Conflict(_("A change waits for its decision already."), code="change_open") from fault
    if row.office is None:
        return enter(change, "registration.ask_change", by=by)
    if paper is not None:
        documents.let_read(paper, row.office, by=by)
    telling.change_asked(change, by=by)
    return change


def kind_of(change: Change) -> Change.Kind:
    sums = (change.total_amount, change.deducted_amount) != (change.total_before, change.deducted_before)
    if not sums and change.ends_on == change.ends_before:
        raise Invalid(fields={"total_amount": [str(_("Nothing would change."))]})
    return Change.Kind.AMOUNT if sums else Change.Kind.TERM


def check(change: Change) -> None:
    validate(change, exclude=("registration", "paper"), constraints=False)
    if change.total_amount < 0 or change.deducted_amount < 0:
        raise Invalid(fields={"total_amount": [str(_("Write an amount that is not below zero."))]})
    if change.deducted_amount > change.total_amount:
        raise Invalid(code="E_TECH_GT_TOTAL", fields={"deducted_amount": [too_much()]})
    if change.ends_on < change.registration.starts_on:
        raise Invalid(fields={"ends_on": [str(_("This is before the first day."))]})


@transaction.atomic
def make_change(change: Change, *, version: int | None = None, by: Any) -> Change:
    """Enter it: from today these are the registered figures."""
    change = enter(change, "registration.make_change", version=version, by=by)
    telling.change_answered(change, by=by)
    return change


def enter(change: Change, verb: str, *, version: int | None = None, by: Any) -> Change:
    registration = lock(change.registration)
    if registration.state != Registration.State.REGISTERED:
        raise Conflict(_("It is not registered."), code="not_registered")
    with act(change, verb, by=by, version=version) as change:
        change.make()
        change.decided_on, change.decided_by_id = timezone.localdate(), by.pk
    registration.total_amount, registration.deducted_amount = change.total_amount, change.deducted_amount
    registration.ends_on = change.ends_on
    registration.version += 1
    registration.save()
    record(verb, registration, by=by)
    change.registration = registration
    return change


@transaction.atomic
def refuse_change(change: Change, reason: str, *, version: int | None = None, by: Any) -> Change:
    """Leave what is registered as it is, and say why."""
    said = said_in("reason", reason, most=SHORT)
    with act(change, "registration.refuse_change", by=by, version=version, reason=said) as change:
        change.refuse()
        change.decision, change.decided_on, change.decided_by_id = said, timezone.localdate(), by.pk
    telling.change_answered(change, by=by)
    return change
