"""Removing: announced with its reason, heard, decided. What somebody asks for themselves needs no hearing."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.parties import services as parties

from .. import asking, rules, telling
from ..models import Application, RegisterLine, Removal
from ..models.holder import Holder, kind_of
from .deciding import written

UNHEARD = "E_NOT_HEARD"


def announce_removal(holder: Holder, *, ground: str, reason: str, by: Any) -> Removal:
    """Tell somebody that they are to be removed, why, and by when they may reply."""
    if ground not in Removal.Ground.values or ground == Removal.Ground.OWN_REQUEST:
        raise Invalid(fields={"ground": [str(_("Choose from the list."))]})
    days = timedelta(days=asking.days(holder, "reply"))
    return begin(holder, "register.announce_removal", ground=ground, reason=reason, days=days, by=by)


def ask_removal(holder: Holder, reason: str, *, by: Any) -> Removal:
    """Ask to be removed oneself."""
    ground = Removal.Ground.OWN_REQUEST
    return begin(holder, "register.ask_removal", ground=ground, reason=reason, days=timedelta(0), by=by)


@transaction.atomic
def begin(holder: Holder, verb: str, *, ground: str, reason: str, days: timedelta, by: Any) -> Removal:
    today = timezone.localdate()
    removal = Removal(
        **{kind_of(holder): holder},
        ground=ground,
        reason=written("reason", reason),
        announced_on=today,
        reply_by=today + days,
    )
    if holder.state != holder.State.REGISTERED:
        raise Conflict(_("This entry is not in the register."), code="not_registered")
    try:
        with transaction.atomic():
            create(removal, verb, by=by)
    except IntegrityError as fault:
        raise Conflict(_("A removal is under way already."), code="removal_open") from fault
    telling.removal_moved(removal, by=by)
    return removal


def reply(removal: Removal, text: str, *, by: Any, version: int | None = None) -> Removal:
    """Say one's part before it is decided."""
    cleaned = written("reply", text)
    with transaction.atomic():
        with act(removal, "register.reply", by=by, version=version) as removal:
            removal.reply, removal.replied_on = cleaned, timezone.localdate()
            removal.answer()
        telling.removal_moved(removal, by=by)
    return removal


@transaction.atomic
def remove(removal: Removal, reason: str, *, by: Any, version: int | None = None) -> Removal:
    """Strike from the register. Raises Conflict (E_NOT_HEARD) while the days to reply run and nobody has replied."""
    cleaned = written("reason", reason)
    with act(removal, "register.remove", by=by, version=version, reason=cleaned) as removal:
        today = timezone.localdate()
        is_own = removal.ground == Removal.Ground.OWN_REQUEST
        has_replied = removal.replied_on is not None
        removal.decide()
        if not rules.is_heard(is_own_request=is_own, has_replied=has_replied, reply_by=removal.reply_by, today=today):
            sentence = _("They may reply until %(day)s.") % {"day": removal.reply_by.isoformat()}
            raise Conflict(sentence, code=UNHEARD)
        removal.decision, removal.decided_on = cleaned, today
    held = parties.remove_qualification(removal.holder, reason=removal.get_ground_display(), by=by)
    close_applications(removal.holder, cleaned, by=by)
    asking.write_line(held, RegisterLine.Kind.REMOVED, ground=removal.ground)
    telling.removal_moved(removal, by=by)
    return removal


def close_applications(holder: Holder, reason: str, *, by: Any) -> None:
    """A renewal that still waits has nothing to renew any more."""
    for application in Application.objects.of(holder).filter(state__in=Application.OPEN):
        with act(application, "register.refuse", by=by, reason=reason) as row:
            row.refuse()
            row.decision, row.decided_on, row.decided_by_id = reason, timezone.localdate(), by.pk


def drop(removal: Removal, reason: str, *, by: Any, version: int | None = None) -> Removal:
    """It stays in the register."""
    cleaned = written("reason", reason)
    with transaction.atomic():
        with act(removal, "register.drop", by=by, version=version, reason=cleaned) as removal:
            removal.drop()
            removal.decision, removal.decided_on = cleaned, timezone.localdate()
        telling.removal_moved(removal, by=by)
    return removal
