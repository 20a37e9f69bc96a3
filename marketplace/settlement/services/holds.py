"""Holds: what blocks a distribution until somebody else resolves it with a reason."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text

from .. import telling
from ..models import Distribution, Hold, Payout, Share
from .reasons import reason_of

MOST = 1000


@transaction.atomic
def hold(distribution: Distribution, kind: str, reason: str, *, share: Share | None = None, by: Any) -> Hold:
    """Block a distribution, or the payment of one share. The person of a share disputes their own; money people any.

    Nothing that is paid is blocked any more (Conflict).
    """
    require("settlement.hold", by, share if share is not None else distribution)
    lock(distribution.contract)
    distribution = lock(distribution)
    if distribution.state not in (*Distribution.OPEN, Distribution.State.APPROVED):
        raise too_late()
    if share is not None and is_with_the_bank(share):
        raise too_late()
    if kind not in Hold.Kind.values:
        raise Invalid(fields={"kind": [str(_("Choose one of the list."))]})
    said = reason_of(reason, most=MOST)
    row = Hold(distribution=distribution, share=share, kind=kind, reason=said, raised_by_id=by.pk)
    create(row, "settlement.hold", by=by)
    telling.tell_money_people("held", distribution, row.public_id)
    return row


def too_late() -> Conflict:
    return Conflict(_("It is paid, or does not count any more: nothing is left to block."), code="too_late")


def is_with_the_bank(share: Share) -> bool:
    """Whether the share stands in a batch whose file was taken: the bank may carry it out at any moment."""
    return share.payout_lines.filter(payout__state=Payout.State.MADE, payout__taken_at__isnull=False).exists()


@transaction.atomic
def resolve_hold(row: Hold, resolution: str, *, by: Any) -> Hold:
    """Somebody who neither raised it nor receives anything says why it blocks no longer."""
    said = reason_of(check_text("resolution", resolution, most=MOST), most=MOST)
    lock(row.distribution.contract)
    with act(row, "settlement.resolve_hold", by=by) as row:
        row.resolve()
        row.resolution, row.resolved_by_id = said, by.pk
    if row.raised_by is not None:
        telling.tell("resolved", row, row.public_id, [row.raised_by], title=row.distribution.contract.title)
    return row


def dispute(share: Share, reason: str, *, by: Any) -> Hold:
    """The person of a share says that it is wrong."""
    return hold(share.distribution, Hold.Kind.DISPUTED, reason, share=share, by=by)


def is_held(share: Share) -> bool:
    """Whether something blocks the whole distribution, or this share of it."""
    standing = share.distribution.holds.standing()
    return standing.filter(share=None).exists() or standing.filter(share=share).exists()
