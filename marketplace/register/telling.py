"""Tells applicants, the entered and the keepers of the register what waits for them; reasons stay on the page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.letters import link, post
from marketplace.core.notifying import Text, add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties import access
from marketplace.parties.models import Membership, Organisation, TechnologyManager, User

from .models import Application, Consent, Removal, YearlyFiling
from .models.holder import Holder

add_kinds(register=gettext_lazy("the register: your applications, terms, yearly data; what waits for a decision"))
ANSWERS = {
    Application.State.RETURNED: gettext_lazy("Your application for registration needs a supplement"),
    Application.State.GRANTED: gettext_lazy("Your application for registration is granted"),
    Application.State.REFUSED: gettext_lazy("Your application for registration is refused"),
}
OF_REMOVAL = {
    Removal.State.ANNOUNCED: gettext_lazy("You are to be removed from the register; you may reply"),
    Removal.State.DECIDED: gettext_lazy("You were removed from the register"),
    Removal.State.DROPPED: gettext_lazy("You stay in the register"),
}


def holders(holder: Holder) -> list[User]:
    """The person, or the administrators of the agency's organisation."""
    if isinstance(holder, TechnologyManager):
        return [holder.user]
    rows = Membership.objects.live().filter(organisation_id=holder.organisation_id, role=Membership.Role.ADMIN)
    return list(User.objects.filter(pk__in=rows.values("user_id")).order_by("pk"))


def keepers() -> list[User]:
    """Who decides: platform staff, and administrators and officers of verified authorities."""
    writers = Membership.objects.live().filter(
        organisation__kind=Organisation.Kind.AUTHORITY,
        organisation__state=Organisation.State.VERIFIED,
        role__in=(Membership.Role.ADMIN, Membership.Role.OFFICER),
    )
    either = Q(is_staff=True) | Q(pk__in=writers.values("user_id"))
    return list(User.objects.filter(either, is_active=True).order_by("pk"))


def say(key: str, users: Iterable[User], subject: Text, path: str, *, by: Any = None) -> None:
    """Once to each person but the one who did it."""

    def body() -> str:
        return f"{subject() if callable(subject) else subject}\n{link(path)}"

    for user in users:
        if by is None or user.pk != by.pk:
            full = f"register:{key}:{user.pk}"
            post(full, subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)


def application_submitted(row: Application, *, by: Any) -> None:
    def subject() -> str:
        return _("An application for registration waits for a decision by %(day)s") % {"day": row.decide_by.isoformat()}

    say(f"application:{row.public_id}:{row.version}", keepers(), subject, page_url(row), by=by)


def application_answered(row: Application, *, by: Any) -> None:
    key = f"application:{row.public_id}:{row.version}"
    say(key, holders(row.holder), ANSWERS[Application.State(row.state)], page_url(row), by=by)


def year_filed(row: YearlyFiling, *, by: Any) -> None:
    """A late filing, or one that needed an explanation, is looked at; the others wait in the list."""
    if row.is_late or row.note:
        subject = gettext_lazy("A yearly filing was late or is explained: please look at it")
        say(f"filing:{row.public_id}:{row.version}", keepers(), subject, page_url(row), by=by)


def filing_returned(row: YearlyFiling, *, by: Any) -> None:
    subject = gettext_lazy("Your yearly filing needs a correction")
    say(f"filing:{row.public_id}:{row.version}", holders(row.holder), subject, page_url(row), by=by)


def removal_moved(row: Removal, *, by: Any) -> None:
    """What was announced and decided to the one it concerns; what was asked and replied to the keepers."""
    key = f"removal:{row.public_id}:{row.version}"
    if row.state == Removal.State.REPLIED:
        subject = gettext_lazy("An announced removal was replied to")
        say(key, keepers(), subject, page_url(row), by=by)
    elif row.state == Removal.State.ANNOUNCED and row.ground == Removal.Ground.OWN_REQUEST:
        say(key, keepers(), gettext_lazy("Somebody asks to be removed from the register"), page_url(row), by=by)
    else:
        say(key, holders(row.holder), OF_REMOVAL[Removal.State(row.state)], page_url(row), by=by)


def term_ends(holder: Holder) -> None:
    until = holder.valid_until
    assert until is not None

    def subject() -> str:
        return _("Your registration ends on %(day)s: apply for its renewal") % {"day": until.isoformat()}

    say(f"term:{holder.public_id}:{until}", holders(holder), subject, page_url(holder))


def filing_due(holder: Holder, year: int, due: date, *, is_late: bool) -> None:
    def subject() -> str:
        words = {"year": year, "day": due.isoformat()}
        if is_late:
            return _("The business data of %(year)s was due on %(day)s: file it now") % words
        return _("File the business data of %(year)s by %(day)s") % words

    step = "late" if is_late else "due"
    say(f"{step}:{holder.public_id}:{year}", holders(holder), subject, page_url(holder))


def consent_asked(row: Consent, *, by: Any) -> None:
    subject = gettext_lazy("A technology manager asks for your consent to show a contract of yours in their record")
    say(f"consent:{row.public_id}:{row.version}", access.deciders(row.organisation_id), subject, page_url(row), by=by)


def consent_answered(row: Consent, *, by: Any) -> None:
    subject = gettext_lazy("A side of a contract answered your question for its consent")
    say(f"consent:{row.public_id}:{row.version}", [row.manager.user], subject, page_url(row), by=by)
