"""Consents: a manager asks both sides of a contract, each answers, and may take its consent back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.parties.models import TechnologyManager

from .. import telling
from ..models import Consent


@transaction.atomic
def ask_consent(contract: Contract, scope: str, *, by: Any) -> list[Consent]:
    """Ask both sides of a signed contract that one brought about, to count or to name it.

    Who refused or took a consent back is asked anew; who has given it, or is asked already, is not. Raises NotFound
    for who is no technology manager, Forbidden for another's contract, Conflict before it is signed.
    """
    manager = TechnologyManager.objects.filter(user_id=by.pk).first()
    if manager is None:
        raise NotFound
    if scope not in Consent.Scope.values:
        raise Invalid(fields={"scope": [str(_("Choose from the list."))]})
    if contract.signed_on is None:
        raise Conflict(_("The contract is not signed yet."), code="not_signed")
    sides = (contract.seller, contract.buyer)
    asked = [ask_side(contract, side, manager, scope, by=by) for side in sides]
    return [each for each in asked if each is not None]


def ask_side(contract: Contract, side: Any, manager: TechnologyManager, scope: str, *, by: Any) -> Consent | None:
    facts = {"contract": contract, "organisation": side, "scope": scope}
    row = Consent.objects.filter(**facts).first()
    if row is None:
        row = Consent(**facts, manager=manager, asked_on=timezone.localdate())
        try:
            with transaction.atomic():
                create(row, "register.ask_consent", by=by)
        except IntegrityError:  # asked at the same moment in another tab
            return None
    elif row.state in (Consent.State.REFUSED, Consent.State.WITHDRAWN):
        with act(row, "register.ask_consent", by=by) as row:
            row.ask_again()
            row.asked_on = timezone.localdate()
    else:
        return None
    telling.consent_asked(row, by=by)
    return row


def answered(consent: Consent, verb: str, move: Any, *, by: Any, version: int | None) -> Consent:
    with transaction.atomic():
        with act(consent, f"register.{verb}", by=by, version=version) as consent:
            move(consent)
            consent.answered_on = timezone.localdate()
        telling.consent_answered(consent, by=by)
    return consent


def give_consent(consent: Consent, *, by: Any, version: int | None = None) -> Consent:
    """The side agrees."""
    return answered(consent, "give_consent", Consent.give, by=by, version=version)


def refuse_consent(consent: Consent, *, by: Any, version: int | None = None) -> Consent:
    """The side does not agree; no reason is asked."""
    return answered(consent, "refuse_consent", Consent.refuse, by=by, version=version)


def withdraw_consent(consent: Consent, *, by: Any, version: int | None = None) -> Consent:
    """The side takes its consent back: public figures go without the contract at once."""
    return answered(consent, "withdraw_consent", Consent.withdraw, by=by, version=version)
