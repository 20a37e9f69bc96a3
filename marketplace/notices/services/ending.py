"""The end of a notice: closed when its time is over, or void when it proves nothing any more."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict, Invalid

from .. import rules
from ..models import Notice, Objection

BY_HAND = (Notice.VoidReason.WITHDRAWN, Notice.VoidReason.TERMS_CHANGED)
"""Why its own people take a notice back; upholding an objection is another act."""


def void(notice: Notice, reason: str, *, by: Any, note: str = "") -> Notice:
    """Take a running notice back. Its open objections are without object; whoever wants to sign opens a new one."""
    if reason not in BY_HAND:
        raise Invalid(fields={"reason": [str(_("Choose a reason."))]})
    return make_void(notice, reason, permission="notices.void", note=note, by=by)


def check_unchanged(notice: Notice, fingerprint: str) -> None:
    """Raise Conflict (E_NOTICE_TERMS_CHANGED) unless these are the terms that were shown.

    A running notice of other terms becomes void first. Call it before the act's own transaction: what is undone
    with that one would leave the notice as it was. A closed one stays what it is, a proof of the earlier terms.
    """
    if fingerprint == notice.terms_fingerprint:
        return
    with suppress(Conflict):
        make_void(notice, Notice.VoidReason.TERMS_CHANGED, permission="notices.follow", by=SYSTEM)
    sentence = _("Price, method or counterparty are no longer those of the notice. Open a new notice.")
    raise Conflict(sentence, code="E_NOTICE_TERMS_CHANGED")


@transaction.atomic
def make_void(notice: Notice, reason: str, *, permission: str, by: Any, note: str = "") -> Notice:
    with act(notice, permission, by=by, reason=f"{reason} {note}".strip()) as notice:
        notice.void()
        notice.void_reason, notice.voided_on = reason, timezone.localdate()
    for objection in notice.objections.filter(state=Objection.State.FILED):
        with act(objection, "notices.follow", by=SYSTEM) as objection:
            objection.lapse()
    news.notice_voided.send(Notice, notice=notice, by=by)
    return notice


def close(notice: Notice, *, by: Any) -> Notice:
    """End a notice whose last day is over, when no objection is open. The nightly task does it by itself."""
    return close_on(timezone.localdate(), notice, by=by)


def close_due(today: date) -> int:
    """Close every notice whose last day is over, and return how many. Running it twice changes nothing."""
    closed = 0
    for notice in Notice.objects.filter(state=Notice.State.OPEN, ends_on__lt=today):
        with suppress(Conflict):  # somebody objects or withdraws at this moment
            close_on(today, notice, by=SYSTEM)
            closed += 1
    return closed


@transaction.atomic
def close_on(today: date, notice: Notice, *, by: Any) -> Notice:
    with act(notice, "notices.close", by=by) as notice:
        waiting = notice.objections.filter(state=Objection.State.FILED).count()
        if waiting:
            raise Conflict(_("An objection waits for its answer. Answer it first."), code="E_OPEN_OBJECTION")
        if notice.is_running and not rules.may_close(today, notice.ends_on, open_objections=waiting):
            sentence = _("The notice runs until %(day)s, 24:00.") % {"day": notice.ends_on.isoformat()}
            raise Conflict(sentence, code="notice_running")
        notice.close()
        notice.closed_on = today
    news.notice_closed.send(Notice, notice=notice, by=by)
    return notice
