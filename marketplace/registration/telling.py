"""Tells the office what was handed in, and both sides what was decided; reasons stay on the page."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.letters import link, post
from marketplace.core.notifying import Text, add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties import access

from .models import Change, Registration

add_kinds(registration=gettext_lazy("registration of contracts: what was handed in, sent back and decided"))
State = Registration.State
ANSWERS = {
    State.SUPPLEMENT: gettext_lazy("The registration of your contract needs a supplement"),
    State.REGISTERED: gettext_lazy("Your contract is registered"),
    State.REFUSED: gettext_lazy("The registration of your contract was refused"),
}
ENDS = {
    State.CANCELLED: gettext_lazy("The registration of your contract was cancelled"),
    State.REVOKED: gettext_lazy("The registration of your contract was revoked"),
}


def say(row: Any, organisations: Iterable[int], subject: Text, *, by: Any) -> None:
    """Once to each decider of these organisations but the one who did it."""
    path = page_url(row)

    def body() -> str:
        return f"{subject() if callable(subject) else subject}\n{link(path)}"

    users = {user.pk: user for each in organisations for user in access.deciders(each)}
    for pk, user in users.items():
        if by.pk != pk:
            key = f"registration:{row._meta.model_name}:{row.public_id}:{row.version}:{pk}"
            post(key, subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)


def office_of(row: Registration) -> list[int]:
    return [row.office_id] if row.office_id else []


def handed_in(row: Registration, *, by: Any) -> None:
    assert row.decide_by is not None
    day = row.decide_by.isoformat()

    def subject() -> str:
        return _("A registration of a contract waits for a decision by %(day)s") % {"day": day}

    say(row, office_of(row), subject, by=by)


def withdrawn(row: Registration, *, by: Any) -> None:
    """The office does not see it any more: it is told without a way there."""
    subject = gettext_lazy("A registration that was handed in was withdrawn")
    for user in access.deciders(row.office_id) if row.office_id else []:
        key = f"registration:withdrawn:{row.public_id}:{user.pk}"
        post(key, subject=subject, body=lambda: str(subject), user=user, language=settings.LANGUAGE_CODE)


def answered(row: Registration, *, by: Any) -> None:
    """The seller learns every answer, the buyer that it is registered."""
    sides = [row.contract.seller_id]
    if row.state == State.REGISTERED:
        sides.append(row.contract.buyer_id)
    say(row, sides, ANSWERS[State(row.state)], by=by)


def ended(row: Registration, *, by: Any) -> None:
    say(row, [row.contract.seller_id, row.contract.buyer_id], ENDS[State(row.state)], by=by)


def change_asked(change: Change, *, by: Any) -> None:
    subject = gettext_lazy("A change of a registration waits for a decision")
    say(change, office_of(change.registration), subject, by=by)


def change_answered(change: Change, *, by: Any) -> None:
    subject = gettext_lazy("The office answered your change of a registration")
    say(change, [change.registration.contract.seller_id], subject, by=by)
