"""Whom a person acts for: the questions that every stage's permissions ask."""

from typing import Any

from django.utils import timezone

from .models import Membership, Organisation, TechnologyManager

WRITERS = (Membership.Role.ADMIN, Membership.Role.OFFICER)
DRAFTERS = (*WRITERS, Membership.Role.INVENTOR)


def is_platform_staff(user: Any) -> bool:
    """The platform's own reviewers and administrators."""
    return bool(user.is_authenticated and user.is_active and (user.is_staff or user.is_superuser))


def roles(user: Any) -> dict[int, str]:
    """The person's live roles by organisation id. Asked of the database once per user object."""
    if not user.is_authenticated:
        return {}
    if "_roles" not in user.__dict__:
        rows = Membership.objects.live().filter(user_id=user.pk).values_list("organisation_id", "role")
        user.__dict__["_roles"] = dict(rows)
    return user.__dict__["_roles"]


def organisation_ids(user: Any) -> list[int]:
    """Ids of the organisations the person belongs to now."""
    return list(roles(user))


def organisations(user: Any) -> Any:
    """The organisations the person belongs to now."""
    return Organisation.objects.filter(pk__in=organisation_ids(user))


def may_decide_for(user: Any, organisation_id: int | None) -> bool:
    """Administrators and officers act in the organisation's name."""
    return roles(user).get(organisation_id or 0) in WRITERS


def may_draft_for(user: Any, organisation_id: int | None) -> bool:
    """Inventors may also prepare drafts."""
    return roles(user).get(organisation_id or 0) in DRAFTERS


def is_technology_manager(user: Any) -> bool:
    """Registered as a technology manager, and valid today."""
    if not user.is_authenticated or not user.is_active:
        return False
    if "_is_manager" not in user.__dict__:
        user.__dict__["_is_manager"] = TechnologyManager.objects.filter(
            user_id=user.pk, state=TechnologyManager.State.REGISTERED, valid_until__gte=timezone.localdate()
        ).exists()
    return user.__dict__["_is_manager"]


def has_workspace(user: Any) -> bool:
    """May enter the web admin: platform staff, members of an organisation, technology managers."""
    return bool(
        user.is_authenticated
        and user.is_active
        and (is_platform_staff(user) or roles(user) or is_technology_manager(user))
    )
