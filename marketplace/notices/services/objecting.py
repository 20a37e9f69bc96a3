"""Objections: filed by name, answered in public; while one is open the clock stands still."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import validate

from .. import rules
from ..models import Notice, Objection
from .ending import make_void
from .opening import set_last_day


@transaction.atomic
def object_to(notice: Notice, *, name: str, contact: str, text: str, organisation: str = "", by: Any) -> Objection:
    """Say something against a notice, by name. Whoever may read it may do so until its last day is over.

    The clock stands still from today until the last open objection is answered. Raises NotFound, Conflict.
    The journal of the notice does not say who: only that of the objection does, for those who may read it.
    """
    if not Notice.objects.visible_to(by).filter(pk=notice.pk).exists():
        raise NotFound
    objection = Objection(
        notice=notice,
        filed_by_id=by.pk,
        name=name.strip(),
        contact=contact.strip(),
        organisation=organisation.strip(),
        text=text.strip(),
        filed_at=timezone.now(),
    )
    validate(objection, constraints=False)
    with act(notice, "notices.follow", by=SYSTEM) as notice:
        if notice.is_running and not rules.may_object(objection.filed_on, notice.ends_on):
            raise Conflict(_("The time for objections is over."), code="notice_over")
        notice.stop()
    objection.notice = notice
    if by.is_authenticated:
        create(objection, "notices.object", by=by)
    else:
        create(objection, "notices.object", by=SYSTEM, reason="visitor")
    news.notice_objected.send(Notice, notice=notice, objection=objection, by=by)
    return objection


@transaction.atomic
def dismiss(objection: Objection, answer: str, *, by: Any) -> Objection:
    """Answer that the objection changes nothing. With the last open one dismissed the clock goes on."""
    notice = lock(objection.notice)
    with act(objection, "notices.answer", by=by) as objection:
        objection.dismiss()
        keep_answer(objection, answer, by=by)
    if not notice.objections.filter(state=Objection.State.FILED).exists():
        with act(notice, "notices.follow", by=SYSTEM) as notice:
            notice.resume()
            set_last_day(notice)
    return objection


@transaction.atomic
def uphold(objection: Objection, answer: str, *, by: Any) -> Objection:
    """Answer that the objection is right: the notice is void."""
    notice = lock(objection.notice)
    with act(objection, "notices.answer", by=by) as objection:
        objection.uphold()
        keep_answer(objection, answer, by=by)
    make_void(notice, Notice.VoidReason.OBJECTION_UPHELD, permission="notices.follow", by=SYSTEM)
    return objection


def keep_answer(objection: Objection, answer: str, *, by: Any) -> None:
    objection.answer, objection.answered_at, objection.answered_by_id = answer.strip(), timezone.now(), by.pk
    if not objection.answer:
        raise Invalid(fields={"answer": [str(_("Please write a few words."))]})
    validate(objection, constraints=False)
