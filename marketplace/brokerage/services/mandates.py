"""Mandates: drafted by either side, signed by both, in force from their first day, over at their end."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.parties import access

from .. import scopes, telling
from ..models import Mandate, MandateScope
from ..rules.mandates import WARNING_BEFORE
from .mandate_terms import EDITABLE, check_terms, fit_shares
from .standing import INTEREST, check_broker, check_independent

State = Mandate.State
SIDES = (Mandate.PRINCIPAL, Mandate.BROKER)


# Drafting


def draft_mandate(values: Mapping[str, Any], *, by: Any) -> Mandate:
    """Write a mandate down, for either side to sign. Raises Invalid by field, E_COMMISSION_BASE for its rates."""
    return written(values, "brokerage.draft_mandate", by)


@transaction.atomic
def written(values: Mapping[str, Any], permission: str, by: Any) -> Mandate:
    given = dict(values)
    listings = given.pop("listings", [])
    mandate = Mandate(**{name: given[name] for name in (*EDITABLE, "principal", "agency", "manager") if name in given})
    require(permission, by, mandate)  # first: what follows would tell a stranger what is whose
    fit_shares(mandate, given)
    check_terms(mandate, listings, by=by)
    check_broker(mandate)
    check_independent(mandate)
    validate(mandate)
    create(mandate, permission, by=by)
    mandate.listings.set(listings)
    return mandate


@transaction.atomic
def edit_mandate(mandate: Mandate, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> Mandate:
    """Change a draft; whoever had signed it signs again."""
    given = dict(values)
    with act(mandate, "brokerage.edit_mandate", by=by, version=version) as mandate:
        check_draft(mandate)
        listings = given.pop("listings", None)
        for name in EDITABLE:
            if name in given:
                setattr(mandate, name, given[name])
        fit_shares(mandate, given)
        check_terms(mandate, mandate.listings.all() if listings is None else listings, by=by)
        for side in SIDES:
            write_signature(mandate, side, None)
        validate(mandate)
        if listings is not None:
            mandate.listings.set(listings)
    return mandate


def check_draft(mandate: Mandate) -> None:
    if mandate.state != State.DRAFT:
        raise Conflict(_("A signed mandate is not changed: end it and draw up another."), code="not_editable")


def withdraw_mandate(mandate: Mandate, *, by: Any) -> Mandate:
    """A draft comes to nothing."""
    with act(mandate, "brokerage.withdraw_mandate", by=by) as mandate:
        mandate.withdraw()
    return mandate


# Signing


@transaction.atomic
def sign_mandate(mandate: Mandate, *, by: Any, version: int | None = None) -> Mandate:
    """Sign for the side that the person decides for; with the second signature it holds, today at the earliest.

    Raises Conflict: E_NOT_REGISTERED, E_INTEREST_CONFLICT, E_EXCLUSIVE_MANDATE.
    """
    principal = lock(mandate.principal)  # mandates of one principal are signed one after the other
    if not principal.is_verified:
        raise Conflict(_("Your organisation must be verified first."), code="not_verified")
    with act(mandate, "brokerage.sign_mandate", by=by, version=version) as mandate:
        check_draft(mandate)
        check_broker(mandate)
        check_independent(mandate)
        side = side_to_sign(mandate, by)
        if getattr(mandate, f"{other(side)}_signed_by_id") == by.pk:
            raise Conflict(_("You signed for the other side. Somebody else must sign for this one."), code=INTEREST)
        write_signature(mandate, side, by)
        if is_signed_by(mandate, other(side)):
            put_in_force(mandate)
    tell_signed(mandate, side)
    return mandate


def side_to_sign(mandate: Mandate, by: Any) -> str:
    """The side that the person decides for and that has not signed yet."""
    mine = [side for side in SIDES if decides_for(mandate, side, by)]
    waiting = [side for side in mine if not is_signed_by(mandate, side)]
    if not waiting:
        raise Conflict(_("Your side has signed already."), code="signed")
    return waiting[0]


def decides_for(mandate: Mandate, side: str, user: Any) -> bool:
    """The principal's deciders; on the other side the agency's, or the manager where no agency is named."""
    if side == Mandate.PRINCIPAL:
        return access.may_decide_for(user, mandate.principal_id)
    if mandate.agency is not None:
        return access.may_decide_for(user, mandate.agency.organisation_id)
    return bool(mandate.manager_id == user.pk)


def other(side: str) -> str:
    return Mandate.BROKER if side == Mandate.PRINCIPAL else Mandate.PRINCIPAL


def is_signed_by(mandate: Mandate, side: str) -> bool:
    return getattr(mandate, f"{side}_signed_at") is not None


def write_signature(mandate: Mandate, side: str, by: Any) -> None:
    setattr(mandate, f"{side}_signed_at", timezone.now() if by is not None else None)
    setattr(mandate, f"{side}_signed_by_id", by.pk if by is not None else None)


def put_in_force(mandate: Mandate) -> None:
    """Take the scope, unless another mandate stands against it."""
    today = timezone.localdate()
    mandate.starts_on = max(mandate.starts_on, today)
    if mandate.ends_on < mandate.starts_on:
        raise Invalid(fields={"ends_on": [str(_("Its last day has passed. Agree on a later one."))]})
    take_scope(mandate)
    mandate.sign()
    if mandate.starts_on <= today:
        mandate.begin()


def take_scope(mandate: Mandate) -> None:
    """Write down what it takes; Conflict (E_EXCLUSIVE_MANDATE) when another mandate stands against it."""
    if scopes.is_taken(mandate):
        raise Conflict(scopes.SENTENCE, code=scopes.EXCLUSIVE)
    try:
        with transaction.atomic():
            MandateScope.objects.bulk_create(scopes.scopes(mandate))
    except IntegrityError as fault:
        raise Conflict(scopes.SENTENCE, code=scopes.EXCLUSIVE) from fault


def tell_signed(mandate: Mandate, side: str) -> None:
    if not mandate.is_in_force:
        telling.tell("mandate-offered", mandate, telling.people_of(mandate, other(side)))
        return
    telling.tell("mandate-signed", mandate, [each for one in SIDES for each in telling.people_of(mandate, one)])


@transaction.atomic
def take_over_mandate(values: Mapping[str, Any], *, by: Any) -> Mandate:
    """Staff enter a mandate that both sides signed on paper before; it holds from its own first day."""
    mandate = written(values, "brokerage.take_over_mandate", by)
    lock(mandate.principal)
    with act(mandate, "brokerage.take_over_mandate", by=by) as mandate:
        for side in SIDES:
            write_signature(mandate, side, by)
        take_scope(mandate)
        mandate.sign()
        mandate.begin()
    return mandate


# Ending


@transaction.atomic
def end_mandate(mandate: Mandate, note: str = "", *, by: Any) -> Mandate:
    """Ask to end it; when the other side says so too, it ends today. What was introduced keeps its tail."""
    said = check_text("note", note.strip())
    with act(mandate, "brokerage.end_mandate", by=by, reason=said) as mandate:
        if not mandate.is_in_force:
            raise Conflict
        side = next(each for each in SIDES if decides_for(mandate, each, by))
        mandate.end_note = said or mandate.end_note
        if mandate.end_asked_by == other(side):
            mandate.end()
            let_go(mandate, timezone.localdate())
        mandate.end_asked_by = mandate.end_asked_by or side
    matter = "mandate-end-asked" if mandate.is_in_force else "mandate-over"
    telling.tell(matter, mandate, telling.people_of(mandate, other(side)))
    return mandate


@transaction.atomic
def terminate_mandate(mandate: Mandate, reason: str, *, by: Any) -> Mandate:
    """One side gives it up today, which it may at any time (Civil Code 933); what was introduced keeps its tail."""
    said = check_text("reason", reason.strip())
    if not said:
        raise Invalid(fields={"reason": [str(_("Say why: the other side reads it."))]})
    with act(mandate, "brokerage.terminate_mandate", by=by, reason=said) as mandate:
        mandate.terminate()
        mandate.end_note = said
        let_go(mandate, timezone.localdate())
    telling.tell("mandate-over", mandate, [each for one in SIDES for each in telling.people_of(mandate, one)])
    return mandate


def let_go(mandate: Mandate, day: date) -> None:
    """Free what it had taken."""
    mandate.ended_on = day
    MandateScope.objects.filter(mandate=mandate).update(is_live=False)


# By the clock


def turn_mandates(today: date) -> int:
    """Begin and end what the day begins and ends, tell what ends soon; return how many moved. Safe to run twice."""
    moved = 0
    rows = Mandate.objects.filter(state__in=Mandate.IN_FORCE).order_by("pk")
    for mandate in rows.filter(ends_on__lt=today):
        with suppress(Conflict):
            expire(mandate)
            moved += 1
    for mandate in rows.filter(state=State.SIGNED, starts_on__lte=today, ends_on__gte=today):
        with suppress(Conflict), act(mandate, "brokerage.begin_mandate", by=SYSTEM) as fresh:
            fresh.begin()
            moved += 1
    for mandate in rows.filter(ends_on__range=(today, today + WARNING_BEFORE)):
        telling.tell("mandate-ending", mandate, [each for one in SIDES for each in telling.people_of(mandate, one)])
    return moved


@transaction.atomic
def expire(mandate: Mandate) -> None:
    with act(mandate, "brokerage.expire_mandate", by=SYSTEM) as mandate:
        mandate.expire()
        let_go(mandate, mandate.ends_on)
