"""Introductions: written down when they happen, confirmed by both sides, or standing by the record."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import telling
from ..models import Deal, Introduction
from ..rules.mandates import confirm_by
from .conflicts import Pair, check_conflicts

SIDES = ("supplier", "seeker")


@transaction.atomic
def log_introduction(
    listing: Projection,
    other: Organisation,
    *,
    others_listing: Projection | None = None,
    on: date | None = None,
    how: str = Introduction.How.MEETING,
    note: str = "",
    by: Any,
) -> Introduction:
    """Write down that the owner of a listing was brought together with another organisation.

    Raises Conflict where the broker may not act for them (`conflicts.check_conflicts`), or for the same again.
    """
    day = on or timezone.localdate()
    pair = pair_of(listing, other, others_listing)
    row = Introduction(
        supplier=pair.supplier, seeker=pair.seeker, achievement=pair.achievement, demand=pair.demand,
        manager_id=by.pk, on=day, how=how, note=check_text("note", note.strip()),
    )  # fmt: skip
    require("brokerage.log_introduction", by, row)
    if day > timezone.localdate():
        raise Invalid(fields={"on": [str(_("That day has not come yet."))]})
    check_conflicts(pair, by, day)
    return written(row, pair)


def pair_of(listing: Projection, other: Organisation, others_listing: Projection | None) -> Pair:
    owner = listing.listing.owner
    if owner == other:
        raise Invalid(fields={"other": [str(_("This organisation owns the listing itself."))]})
    if others_listing is not None and (others_listing.kind == listing.kind or others_listing.listing.owner != other):
        raise Invalid(fields={"others_listing": [str(_("Choose a listing of the other organisation that fits."))]})
    if listing.kind == Projection.Kind.ACHIEVEMENT:
        return Pair(owner, other, listing, others_listing)
    return Pair(other, owner, others_listing, listing)


def log_deal(deal: Deal) -> Introduction:
    """A deal opened on a match is an introduction; one that was written down before stays the first."""
    pair = Pair(deal.supplier, deal.seeker, deal.achievement, deal.demand)
    key = {"manager_id": deal.manager_id, **pair._asdict()}
    known = Introduction.objects.filter(**key).first()
    if known is not None:
        return known
    return written(Introduction(**key, on=timezone.localdate(), how=Introduction.How.PLATFORM, note=deal.note), pair)


def written(row: Introduction, pair: Pair) -> Introduction:
    """Save an introduction with the mandates that it was made under, and ask both sides."""
    row.supply_mandate, row.demand_mandate = pair.mandates(row.manager, row.on)
    row.confirm_by = confirm_by(timezone.localdate())
    validate(row, constraints=False)
    try:
        with transaction.atomic():
            create(row, "brokerage.log_introduction", by=row.manager)
    except IntegrityError as fault:
        raise Conflict(_("You have written down this introduction already."), code="introduced") from fault
    for side in SIDES:
        telling.tell("introduction-logged", row, telling.deciders(getattr(row, side)))
    return row


def side_of(row: Introduction, by: Any) -> str:
    """The side that the person decides for; "" for nobody's."""
    mine = [side for side in SIDES if access.may_decide_for(by, getattr(row, f"{side}_id"))]
    return mine[0] if mine else ""


@transaction.atomic
def confirm_introduction(introduction: Introduction, *, by: Any) -> Introduction:
    """A side says that it was so; with the second one it is confirmed. A side that disputed it takes that back."""
    with act(introduction, "brokerage.answer_introduction", by=by) as introduction:
        side = side_of(introduction, by)
        if getattr(introduction, f"{side}_confirmed_at") is not None:
            raise Conflict(_("Your side has confirmed it already."), code="confirmed")
        setattr(introduction, f"{side}_confirmed_at", timezone.now())
        if introduction.disputed_by == side:
            introduction.concede()
            introduction.disputed_by = ""
        if introduction.supplier_confirmed_at and introduction.seeker_confirmed_at:
            introduction.confirm()
    return introduction


@transaction.atomic
def dispute_introduction(introduction: Introduction, reason: str, *, by: Any) -> Introduction:
    """A side says that it was not so, while there is time; the reason stays beside it."""
    said = check_text("reason", reason.strip())
    if not said:
        raise Invalid(fields={"reason": [str(_("Say what was different: since when you know each other, and how."))]})
    with act(introduction, "brokerage.answer_introduction", by=by, reason=said) as introduction:
        side = side_of(introduction, by)
        if introduction.confirm_by < timezone.localdate() or getattr(introduction, f"{side}_confirmed_at"):
            raise Conflict(_("Your side has confirmed it, or its time to dispute it is over."), code="too_late")
        introduction.dispute()
        introduction.disputed_by, introduction.dispute_note = side, said
    telling.tell("introduction-disputed", introduction, [introduction.manager])
    return introduction


def let_introductions_stand(today: date) -> int:
    """What nobody disputed in time stands by the record; return how many. Safe to run twice."""
    count = 0
    for row in Introduction.objects.filter(state=Introduction.State.LOGGED, confirm_by__lt=today).order_by("pk"):
        with suppress(Conflict):
            stand(row)
            count += 1
    return count


@transaction.atomic
def stand(introduction: Introduction) -> None:
    with act(introduction, "brokerage.stand_introduction", by=SYSTEM) as introduction:
        introduction.stand()
    telling.tell("introduction-standing", introduction, [introduction.manager])
