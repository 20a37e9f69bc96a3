"""Whom a person acts for: the questions that every stage's permissions ask."""

from typing import Any

from .models import Membership, Organisation, TechnologyManager, User

WRITERS = (Membership.Role.ADMIN, Membership.Role.OFFICER)
DRAFTERS = (*WRITERS, Membership.Role.INVENTOR)
BYSTANDERS = (Organisation.Kind.GUARANTOR, Organisation.Kind.AUTHORITY)


def is_platform_staff(user: Any) -> bool:
    """The platform's own reviewers and administrators."""
    return bool(user.is_authenticated and user.is_active and (user.is_staff or user.is_superuser))


def roles(user: Any) -> dict[int, str]:
    """The person's live roles by organisation id. Asked of the database once per user object."""
    return {row.organisation_id: row.role for row in memberships(user)}


def own(user: Any) -> list[Organisation]:
    """The organisations the person belongs to now, as rows: they came with the roles."""
    return [row.organisation for row in memberships(user)]


def memberships(user: Any) -> list[Membership]:
    if not user.is_authenticated:
        return []
    if "_memberships" not in user.__dict__:
        rows = Membership.objects.live().filter(user_id=user.pk).select_related("organisation")
        user.__dict__["_memberships"] = list(rows)
    return user.__dict__["_memberships"]


def organisation_ids(user: Any) -> list[int]:
    """Ids of the organisations the person belongs to now."""
    return list(roles(user))


def left_ids(user: Any) -> list[int]:
    """Ids of the organisations that the person belonged to and left."""
    rows = Membership.objects.filter(user_id=user.pk, ended_on__isnull=False)
    return list(rows.exclude(organisation_id__in=organisation_ids(user)).values_list("organisation_id", flat=True))


def organisations(user: Any) -> Any:
    """The organisations the person belongs to now."""
    return Organisation.objects.filter(pk__in=organisation_ids(user))


def may_decide_for(user: Any, organisation_id: int | None) -> bool:
    """Administrators and officers act in the organisation's name."""
    return roles(user).get(organisation_id or 0) in WRITERS


def may_draft_for(user: Any, organisation_id: int | None) -> bool:
    """Inventors may also prepare drafts."""
    return roles(user).get(organisation_id or 0) in DRAFTERS


def deciders(organisation_id: int) -> Any:
    """The administrators and officers of an organisation."""
    rows = Membership.objects.live().filter(organisation_id=organisation_id, role__in=WRITERS)
    return User.objects.filter(pk__in=rows.values("user_id")).order_by("pk")


def decides(user: Any) -> bool:
    """For any organisation."""
    return any(role in WRITERS for role in roles(user).values())


def drafts(user: Any) -> bool:
    """For any organisation."""
    return any(role in DRAFTERS for role in roles(user).values())


def trades(user: Any) -> bool:
    """Whether an organisation of the person offers or looks for technology. A guarantor or an authority does not."""
    return any(row.kind not in BYSTANDERS for row in own(user))


def stands_good(user: Any) -> bool:
    """Whether an organisation of the person gives guarantees."""
    return any(row.kind == Organisation.Kind.GUARANTOR for row in own(user))


def is_office(user: Any) -> bool:
    """Whether an organisation of the person is an authority."""
    return any(row.kind == Organisation.Kind.AUTHORITY for row in own(user))


def administers(user: Any) -> bool:
    """Any organisation."""
    return Membership.Role.ADMIN in roles(user).values()


def qualification(user: Any) -> TechnologyManager | None:
    """The person's entry in the register of technology managers, in whatever state. Asked once per user object."""
    if "_qualification" not in user.__dict__:
        user.__dict__["_qualification"] = TechnologyManager.objects.filter(user_id=user.pk).first()
    return user.__dict__["_qualification"]


def keeps_register(user: Any) -> bool:
    """Decides who is entered in the registers: platform staff, and those who decide for a verified authority."""
    if is_platform_staff(user):
        return True
    return bool(user.is_active) and any(
        row.role in WRITERS and row.organisation.kind == Organisation.Kind.AUTHORITY and row.organisation.is_verified
        for row in memberships(user)
    )


def is_technology_manager(user: Any) -> bool:
    """Registered as a technology manager, and valid today."""
    if not user.is_authenticated or not user.is_active:
        return False
    held = qualification(user)
    return held is not None and held.is_valid


def has_workspace(user: Any) -> bool:
    """May enter the web admin: platform staff, members of an organisation, whoever has an entry as technology manager.

    Whose application waits or whose term is over has no market to work in, but papers to supply and commissions to see.
    """
    return bool(
        user.is_authenticated
        and user.is_active
        and (is_platform_staff(user) or roles(user) or qualification(user) is not None)
    )
