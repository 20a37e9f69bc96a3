"""Tells of the agreements of deals: to be signed, in force, ending, ended; and who is bound by one."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.access import SYSTEM
from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties.telling import tell

from ..models import BoundPerson, DealFile, Nda, Side
from .deals import about

add_kinds(nda=gettext_lazy("non-disclosure agreements of your deals"))
DRAFTED = gettext_lazy("A non-disclosure agreement waits for your signature")
WITHDRAWN = gettext_lazy("A non-disclosure agreement was withdrawn before both had signed")
ENDED = gettext_lazy("A non-disclosure agreement has ended: nothing more is shown under it")
FILE = gettext_lazy("There is a new file in a deal of yours")
BOUND = gettext_lazy("You are named in a non-disclosure agreement and may read what is confidential of a deal")


def say(nda: Nda, matter: str, subject: Any, *, by: Any, with_manager: bool = True) -> None:
    """Both sides and the technology manager, each once a matter."""
    key, path = f"nda:{nda.public_id}:{matter}", page_url(nda)
    for organisation_id in (nda.deal.supplier_id, nda.deal.seeker_id):
        tell(organisation_id, key, subject=subject, about=about(nda.deal), path=path, by=by)
    if with_manager and nda.deal.manager_id != by.pk:
        to_person(nda, f"{key}:{nda.deal.manager_id}", subject, nda.deal.manager)


def to_person(nda: Nda, key: str, subject: Any, user: Any) -> None:
    def body() -> str:
        return f"{about(nda.deal)()}\n{link(page_url(nda))}"

    post(key, subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)


def nda_drafted(nda: Nda, *, by: Any) -> None:
    say(nda, "drafted", DRAFTED, by=by, with_manager=False)


def nda_withdrawn(nda: Nda, *, by: Any) -> None:
    say(nda, "withdrawn", WITHDRAWN, by=by)


def nda_signed(nda: Nda, *, by: Any) -> None:
    def subject() -> str:
        return _("A non-disclosure agreement is in force until %(day)s") % {"day": nda.ends_on.isoformat()}

    say(nda, "signed", subject, by=by)


def nda_ending(nda: Nda) -> None:
    def subject() -> str:
        return _("A non-disclosure agreement ends on %(day)s") % {"day": nda.ends_on.isoformat()}

    say(nda, "ending", subject, by=SYSTEM)


def nda_ended(nda: Nda, *, by: Any) -> None:
    say(nda, "ended", ENDED, by=by)


def person_bound(person: BoundPerson, *, by: Any) -> None:
    user = person.membership.user
    if user.pk != by.pk:
        to_person(person.nda, f"nda:{person.nda.public_id}:bound:{person.pk}:{user.pk}", BOUND, user)


def file_added(file: DealFile, *, by: Any) -> None:
    """Whoever may read it: both without an agreement, under one whom it names, and the manager."""
    nda = file.deal.ndas.filter(state=Nda.State.IN_FORCE).first()
    key = f"nda:file:{file.public_id}:{file.latest.number}"
    if file.audience == DealFile.Audience.BOTH:
        receiver = file.deal.seeker_id if file.side == Side.SUPPLIER else file.deal.supplier_id
        tell(receiver, key, subject=FILE, about=about(file.deal), path=page_url(file.deal), by=by)
    elif file.audience == DealFile.Audience.NDA and nda is not None:
        named = nda.bound.exclude(side=file.side).filter(released_at__isnull=True)
        for each in named.select_related("membership__user"):
            to_person(nda, f"{key}:{each.membership.user_id}", FILE, each.membership.user)
