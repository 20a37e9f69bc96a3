"""Deciding: an application is sent back, granted with a term, or refused, always with its reason."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, record
from marketplace.core.errors import Invalid
from marketplace.core.validation import check_text
from marketplace.parties import services as parties

from .. import asking, rules, telling
from ..models import Application, RegisterLine
from ..models.holder import Holder, kind_of

LINES = {
    Application.Kind.FIRST: RegisterLine.Kind.REGISTERED,
    Application.Kind.RENEWAL: RegisterLine.Kind.RENEWED,
    Application.Kind.LEVEL: RegisterLine.Kind.LEVEL_CHANGED,
}


def written(name: str, text: str) -> str:
    """A text that must be there."""
    cleaned = check_text(name, text.strip())
    if not cleaned:
        raise Invalid(fields={name: [str(_("Say why."))]})
    return cleaned


def send_back(application: Application, missing: str, *, by: Any, version: int | None = None) -> Application:
    """Say what the applicant must supplement."""
    cleaned = written("missing", missing)
    with transaction.atomic():
        with act(application, "register.send_back", by=by, version=version) as application:
            application.missing = cleaned
            application.send_back()
        telling.application_answered(application, by=by)
    return application


@transaction.atomic
def grant(
    application: Application, *, number: str = "", reason: str, by: Any, version: int | None = None
) -> Application:
    """Enter in the register, or keep there, from today for the months that the law gives.

    A first registration needs its `number`; a renewal goes on where the running term ends.
    """
    cleaned = written("reason", reason)
    with act(application, "register.grant", by=by, version=version, reason=cleaned) as application:
        application.grant()
        decided(application, cleaned, by=by)
    holder = application.holder
    months = asking.asked_of(holder, application.level).months
    today = timezone.localdate()
    if application.kind == Application.Kind.FIRST:
        until = rules.term_end(today, months)
        held = parties.register_qualification(holder, number=number, valid_until=until, level=application.level, by=by)
    else:
        runs_until = holder.valid_until if application.kind == Application.Kind.RENEWAL else None
        until = rules.term_end(today, months, valid_until=runs_until)
        held = parties.renew_qualification(holder, valid_until=until, level=application.level, by=by)
    asking.write_line(held, LINES[Application.Kind(application.kind)], rule=application.rule)
    telling.application_answered(application, by=by)
    return application


@transaction.atomic
def take_over(holder: Holder, *, number: str, entered_on: date, valid_until: date, level: str = "", by: Any) -> Holder:
    """Enter what another register holds already, with the day of its entry there: no application, no decision."""
    if entered_on > timezone.localdate():
        raise Invalid(fields={"entered_on": [str(_("The day of entry has not come."))]})
    require("register.take_over", by, Application(**{kind_of(holder): holder}))
    held = parties.register_qualification(holder, number=number, valid_until=valid_until, level=level, by=by)
    asking.write_line(held, RegisterLine.Kind.REGISTERED, on=entered_on)
    record("register.take_over", held, by=by)
    return held


def refuse(application: Application, reason: str, *, by: Any, version: int | None = None) -> Application:
    """Not entered; a renewal that is refused lets the running term end as it would."""
    cleaned = written("reason", reason)
    with transaction.atomic():
        with act(application, "register.refuse", by=by, version=version, reason=cleaned) as application:
            application.refuse()
            decided(application, cleaned, by=by)
        telling.application_answered(application, by=by)
    return application


def decided(application: Application, reason: str, *, by: Any) -> None:
    application.decision, application.decided_on, application.decided_by_id = reason, timezone.localdate(), by.pk
