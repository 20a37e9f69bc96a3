"""Tells the three parties of a claim what concerns them, and those of a credit notice; each once, with a letter.

A letter says what it is about and leads to the page; amounts and what somebody wrote stay there.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.parties import access

from .models import Claim, CreditNotice

BENEFICIARY, GUARANTOR, LICENSEE = "beneficiary", "guarantor", "licensee"

add_kinds(claim=_("claims on guarantees, recourse and credit notices"))

HAPPENED = {
    "filed": _("A claim on a guarantee was filed; it is to be reviewed by %(day)s"),
    "deposit": _("The licensor pays itself out of your deposit"),
    "asked": _("The guarantor asks for more; please supply it by %(day)s"),
    "supplied": _("What you asked for is there; please review the claim by %(day)s"),
    "accepted": _("A claim on a guarantee was accepted; it is to be paid by %(day)s"),
    "refused": _("A claim on a guarantee was refused"),
    "withdrawn": _("A claim on a guarantee was withdrawn"),
    "compensated": _("The guarantor has paid; the licensee owes it to the guarantor now"),
    "reversed": _("A compensation was taken back"),
    "recovered": _("The licensee has paid the guarantor; the licensor's part is passed on"),
    "unrecovered": _("A recovery was taken back"),
    "passed": _("The licensor has received its part of a recovery"),
    "forgone": _("The guarantor has given up the rest of its recourse"),
    "replied": _("The licensee has replied to the recourse"),
    "closed": _("A claim on a guarantee is closed"),
}
COMING = {
    "review": _("A claim on a guarantee is to be reviewed by %(day)s"),
    "supply": _("The guarantor waits until %(day)s for what it has asked for"),
    "pay": _("An accepted claim is to be paid by %(day)s"),
}
CREDIT = {
    "announced": _("A credit notice about you was announced; you may answer it until %(day)s"),
    "answered": _("There is a reply to your credit notice"),
    "pushed": _("A credit notice about you is on record; you may contest it"),
    "withdrawn": _("A credit notice about you was withdrawn"),
    "contested": _("A credit notice is contested; it is to be checked by %(day)s"),
    "upheld": _("A contested credit notice was checked and stays"),
    "corrected": _("A credit notice about you was corrected"),
}


def tell(claim: Claim, what: str, *, to: Iterable[str], day: date | None = None, about: str = "") -> None:
    """Tell these parties what has just happened; `about` tells apart what may happen more than once to a version."""
    key = f"claim:{claim.public_id}:{what}:{about or claim.version}"
    for party in to:
        for user in people(claim, party):
            write(f"{key}:{user.pk}", HAPPENED[what], claim, day, user)


def remind(claim: Claim, what: str, *, party: str, day: date, step: int) -> None:
    """Remind a party of the day by which something of a claim waits for it; once a step."""
    for user in people(claim, party):
        write(f"claim:{claim.public_id}:{what}:{day.isoformat()}:{step}:{user.pk}", COMING[what], claim, day, user)


def tell_credit(row: CreditNotice, what: str, *, organisation_id: int, day: date | None = None) -> None:
    """Tell one party of a credit notice what has just happened."""
    for user in access.deciders(organisation_id):
        write(f"claim:credit:{row.public_id}:{what}:{row.version}:{user.pk}", CREDIT[what], row, day, user)


def people(claim: Claim, party: str) -> Iterator[Any]:
    """Who decides for a party; the technology manager hears what the beneficiary hears."""
    contract = claim.contract
    ids = {
        BENEFICIARY: contract.seller_id,
        LICENSEE: contract.buyer_id,
        GUARANTOR: claim.guarantee.guarantor_id,
    }
    organisation_id = ids[party]
    if organisation_id is not None:
        yield from access.deciders(organisation_id)
    if party == BENEFICIARY and contract.manager is not None:
        yield contract.manager


def write(key: str, sentence: Any, row: Claim | CreditNotice, day: date | None, user: Any) -> None:
    def subject() -> str:
        return str(sentence) % {"day": day.isoformat() if day else ""}

    page = reverse(f"admin:settlement_{row._meta.model_name}_change", args=[row.pk])
    body = f"{row.contract.title}\n{link(page)}"
    post(key, subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)
