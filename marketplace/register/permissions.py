"""Who may apply, file, reply and decide in the register. Nobody decides about themselves."""

from typing import Any

import rules

from marketplace.parties import access
from marketplace.parties.models import Membership, TechnologyManager

from .models import Consent, Held, Portfolio


@rules.predicate
def is_holders(user: Any, row: Held | None) -> bool:
    """The person of a technology manager, or an administrator of the agency's organisation."""
    return row is not None and may_act_for(user, row.holder)


@rules.predicate
def keeps(user: Any, row: Held | None) -> bool:
    """Platform staff and the authority, but not about themselves or their own organisation."""
    if row is None or not access.keeps_register(user):
        return False
    holder = row.holder
    if isinstance(holder, TechnologyManager):
        return bool(holder.user_id != user.pk)
    return holder.organisation_id not in access.roles(user)


@rules.predicate
def is_managers(user: Any, row: Consent | Portfolio | None) -> bool:
    """Of the technology manager; a consent only on a contract that they brought about."""
    if row is None or row.manager.user_id != user.pk:
        return False
    return not isinstance(row, Consent) or row.contract.manager_id == user.pk


@rules.predicate
def decides_for_the_side(user: Any, consent: Consent | None) -> bool:
    """An administrator or officer of the side that is asked."""
    return consent is not None and access.may_decide_for(user, consent.organisation_id)


def may_act_for(user: Any, holder: Any) -> bool:
    """Whether a person applies and files in the name of this entry."""
    if isinstance(holder, TechnologyManager):
        return bool(user.is_authenticated and holder.user_id == user.pk)
    return access.roles(user).get(holder.organisation_id) == Membership.Role.ADMIN


rules.add_perm("register.apply", is_holders)
rules.add_perm("register.supplement", is_holders)
rules.add_perm("register.withdraw", is_holders)
rules.add_perm("register.send_back", keeps)
rules.add_perm("register.grant", keeps)
rules.add_perm("register.refuse", keeps)
rules.add_perm("register.take_over", keeps)
rules.add_perm("register.file", is_holders)
rules.add_perm("register.correct", is_holders)
rules.add_perm("register.accept_filing", keeps)
rules.add_perm("register.return_filing", keeps)
rules.add_perm("register.ask_removal", is_holders)
rules.add_perm("register.announce_removal", keeps)
rules.add_perm("register.reply", is_holders)
rules.add_perm("register.remove", keeps)
rules.add_perm("register.drop", keeps)
rules.add_perm("register.ask_consent", is_managers)
rules.add_perm("register.give_consent", decides_for_the_side)
rules.add_perm("register.refuse_consent", decides_for_the_side)
rules.add_perm("register.withdraw_consent", decides_for_the_side)
rules.add_perm("register.make_portfolio", is_managers)
