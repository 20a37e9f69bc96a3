"""Tells people of rewards by letter: what waits for them and until when; never an amount, never an account."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.parties.access import WRITERS
from marketplace.parties.models import Membership, User

from .models import Distribution

add_kinds(reward=_("rewards: what waits for you, and what you receive"))

SUBJECTS = {
    "sign": _("A sharing plan waits for your signature"),
    "approve-shares": _("The division of a stake waits for a second person"),
    "holder": _("You hold a part of a company: it was approved"),
    "approve": _("A distribution waits for a second person"),
    "approved": _("Your share of a receipt was approved"),
    "paid": _("Your share of a receipt was paid"),
    "clawed-back": _("A share that was paid to you is to be given back"),
    "less-earned": _("Less of a receipt is earned than a distribution shares: it is not paid"),
    "held": _("A distribution was put on hold"),
    "resolved": _("A hold on a distribution was resolved"),
    "pay-by": _("A reward is to be paid by %(day)s"),
    "tax-until": _("The tax window of a reward ends on %(day)s"),
    "pay-by-over": _("A reward was to be paid by %(day)s and is not paid yet"),
    "tax-until-over": _("The tax window of a reward ended on %(day)s; it is not paid yet"),
    "not-shared": _("A receipt is not shared yet; its reward is to be paid by %(day)s"),
}


def tell(about: str, row: Any, key: str, users: Iterable[Any], *, title: str, day: date | None = None) -> None:
    """One letter a person and matter, in the language of the platform; the same key is told once."""
    body = f"{title}\n{link(page_of(row))}"
    for user in users:
        post(
            f"reward:{about}:{key}:{user.pk}",
            subject=lambda: str(SUBJECTS[about]) % {"day": day.isoformat() if day else ""},
            body=body,
            user=user,
            language=settings.LANGUAGE_CODE,
        )


def money_people(book_id: int) -> Any:
    """Who decides about the money of a book."""
    rows = Membership.objects.live().filter(organisation_id=book_id, role__in=WRITERS)
    return User.objects.filter(pk__in=rows.values("user_id")).order_by("pk")


def tell_money_people(about: str, distribution: Distribution, key: str, *, day: date | None = None) -> None:
    people = money_people(distribution.book_id)
    tell(about, distribution, key, people, title=distribution.contract.title, day=day)


def tell_payee(about: str, share: Any, *, key: str = "", day: date | None = None) -> None:
    """The person of a share, if they have an account here."""
    if share.payee is not None and share.payee.user is not None:
        title = share.distribution.contract.title
        tell(about, share, f"{share.public_id}:{key}", [share.payee.user], title=title, day=day)


def page_of(row: Any) -> str:
    """The row in the workspace, or the workspace where it has no page of its own."""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return reverse("admin:index")
