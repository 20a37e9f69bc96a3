"""Who may act on people and organisations."""

from typing import Any

import rules

from . import access
from .models import Membership, Organisation


@rules.predicate
def is_staff(user: Any) -> bool:
    return access.is_platform_staff(user)


@rules.predicate
def is_own_administrator(user: Any, row: Organisation | Membership | None) -> bool:
    organisation_id = row.pk if isinstance(row, Organisation) else row.organisation_id if row else None
    return access.roles(user).get(organisation_id or 0) == Membership.Role.ADMIN


@rules.predicate
def is_applicant(user: Any, organisation: Organisation | None) -> bool:
    return bool(user.is_authenticated)


@rules.predicate
def is_holder(user: Any, qualification: Any) -> bool:
    """The person of a technology manager, or an administrator of an agency's organisation."""
    if qualification is None:
        return False
    if hasattr(qualification, "user_id"):
        return qualification.user_id == user.pk
    return access.roles(user).get(qualification.organisation_id) == Membership.Role.ADMIN


@rules.predicate
def is_newcomer(user: Any, qualification: Any) -> bool:
    return qualification is None and bool(user.is_authenticated)


@rules.predicate
def keeps_register(user: Any) -> bool:
    """Platform staff and the authority."""
    return access.keeps_register(user)


@rules.predicate
def is_oneself(user: Any, row: Any) -> bool:
    return row is not None and row.pk == user.pk


rules.add_perm("parties.switch_mail_off", is_oneself)
rules.add_perm("parties.switch_mail_on", is_oneself)
rules.add_perm("parties.apply", is_applicant)
rules.add_perm("parties.edit", is_staff | is_own_administrator)
rules.add_perm("parties.verify", is_staff)
rules.add_perm("parties.suspend", is_staff)
rules.add_perm("parties.admit", is_staff | is_own_administrator)
rules.add_perm("parties.end_membership", is_staff | is_own_administrator)
rules.add_perm("parties.apply_qualification", is_newcomer | is_holder)
rules.add_perm("parties.describe_qualification", is_holder)
rules.add_perm("parties.register_qualification", keeps_register)
rules.add_perm("parties.renew_qualification", keeps_register)
rules.add_perm("parties.remove_qualification", keeps_register)
