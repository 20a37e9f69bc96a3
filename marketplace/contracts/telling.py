"""Tells the people of a contract what concerns them: once a matter, step and side, kept as a row, with a letter.

A letter says what it is about and leads to the contract; amounts, figures and what somebody wrote stay there.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .models import Contract, Reminder, Signature

SELLER, BUYER = Signature.Side.SELLER, Signature.Side.BUYER
BOTH = (SELLER, BUYER)
NEWS = 0
"""The step of what is told when it happens, rather than before or after a day."""

add_kinds(contract=_("what falls due and happens under your contracts"))

COMING = {
    "election": _("The trial ends on %(day)s: keep the licence, or stop"),
    "cure": _("What was demanded is to be paid by %(day)s"),
    "end": _("The licence ends on %(day)s"),
    "pay": _("A payment is due on %(day)s"),
    "report": _("A sales report is due on %(day)s"),
    "answer-report": _("A sales report waits for your answer until %(day)s"),
    "milestone": _("A milestone is due on %(day)s"),
    "answer-milestone": _("A milestone waits for your answer until %(day)s"),
}
PASSED = {
    "pay": _("A payment was due on %(day)s and has not arrived"),
    "report": _("A sales report was due on %(day)s and is missing"),
}
HAPPENED = {
    "trial-over": _("The trial ended on %(day)s; what was agreed for its end applies"),
    "claimed": _("A milestone was declared reached: please answer"),
    "rejected": _("A milestone was not confirmed"),
    "waived": _("A milestone was waived"),
    "missed": _("A milestone was not reached by %(day)s"),
    "silence": _("Nobody answered in time, so it counts as confirmed"),
    "submitted": _("A sales report was handed in: please answer"),
    "asked": _("There is a question about a sales report"),
    "audit": _("An audit of the books is announced for %(day)s"),
    "audited": _("The findings of the audit are there"),
    "demanded": _("Overdue payments were demanded on %(day)s"),
    "defaulted": _("The time to cure is over: the contract is in default"),
    "disputed": _("The contract is disputed since %(day)s"),
    "settled": _("The dispute is settled since %(day)s"),
    "right-lost": _("The licensed right was lost on %(day)s"),
    "right-expired": _("The licensed right ran out on %(day)s"),
    "guarantee": _("You are asked to guarantee a contract: please answer"),
    "guarantee-issued": _("A guarantee was issued on %(day)s"),
    "guarantee-refused": _("The guarantor does not stand in"),
    "end-proposed": _("The other side proposes to end the contract"),
    "ended": _("The contract ended on %(day)s"),
    "runs-again": _("A payment was taken back: the contract runs again since %(day)s"),
    "invoice": _("An invoice of %(day)s was recorded"),
    "red-invoice": _("A red-letter invoice of %(day)s was recorded"),
}


def tell(contract: Contract, about: str, *, on: date, step: int = NEWS, sides: Iterable[str] = BOTH) -> int:
    """Tell each side once about a matter of a day; return how many sides were told now."""
    return sum(tell_side(contract, about, on, step, side) for side in sides)


def tell_side(contract: Contract, about: str, on: date, step: int, side: str) -> bool:
    _row, is_new = Reminder.objects.get_or_create(contract=contract, about=about, due_on=on, step=step, side=side)
    if is_new:
        for user in readers(contract, side):
            write(contract, about, on, step, user)
    return is_new


def tell_guarantor(contract: Contract, guarantor: Organisation, about: str, *, on: date) -> None:
    """Tell who decides for a guarantor; once, by the key of the letter."""
    for user in access.deciders(guarantor.pk):
        write(contract, about, on, NEWS, user)


def readers(contract: Contract, side: str) -> Iterator[Any]:
    """Who decides for a side; the technology manager hears what the licensor hears."""
    organisation = contract.seller_id if side == SELLER else contract.buyer_id
    yield from access.deciders(organisation)
    if side == SELLER and contract.manager is not None:
        yield contract.manager


def write(contract: Contract, about: str, on: date, step: int, user: Any) -> None:
    """The letter is in the language of the platform: nobody knows in which language the other side reads."""

    def subject() -> str:
        return str(sentence(about, step)) % {"day": on.isoformat()}

    key = f"contract:{contract.public_id}:{about}:{on.isoformat()}:{step}:{user.pk}"
    body = f"{contract.title}\n{link(page_of(contract))}"
    post(key, subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)


def sentence(about: str, step: int) -> Any:
    """What a letter is about, before or after its day."""
    matter = about.split(":")[0]
    if step == NEWS:
        return HAPPENED[matter]
    return PASSED.get(matter, COMING[matter]) if step > 0 else COMING[matter]


def page_of(contract: Contract) -> str:
    """The contract in the workspace, or the workspace where it has no page of its own."""
    try:
        return reverse("admin:contracts_contract_change", args=[contract.pk])
    except NoReverseMatch:
        return reverse("admin:index")
