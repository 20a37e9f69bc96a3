"""Tables of who may do what in which state: the people of one organisation and of others, and what an act came to."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from marketplace.core.access import require
from marketplace.core.errors import DomainError, Forbidden
from marketplace.parties.models import Membership, Organisation
from tests import factories
from tests.rows import reread, values

FORBIDDEN, CONFLICT = "forbidden", "conflict"
ROLES = ("admin", "officer", "inventor", "reader")


def people_around(organisation: Organisation, other: Organisation) -> dict[str, Any]:
    """Everybody who might try: four roles of `organisation`, an officer of `other`, and strangers of every kind."""
    people = {role: factories.make_member(organisation, role) for role in ROLES}
    people["sme"] = factories.make_member(other)
    people["broker"] = factories.make_technology_manager()
    people["staff"] = factories.make_user(is_staff=True)
    people["staff who is a member"] = factories.make_member(organisation, "reader", is_staff=True)
    people["outsider"] = factories.make_member()
    people["visitor"] = AnonymousUser()
    people["suspended"] = factories.make_member(organisation, "admin", is_active=False)
    people["former"] = factories.make_member(organisation, "admin")
    Membership.objects.filter(user=people["former"]).update(ended_on=timezone.localdate())
    return people


def may(person: Any, permission: str, row: Any) -> bool:
    try:
        require(permission, person, row)
    except Forbidden:
        return False
    return True


def holders(people: dict[str, Any], permission: str, row: Any) -> set[str]:
    """The names of those who hold the permission on the row."""
    return {name for name, person in people.items() if may(person, permission, row)}


class Undo(Exception):
    """Takes a successful attempt back, so that the next one finds the row as it was."""


def attempt(row: Any, call: Callable[[Any], Any]) -> str:
    """Try an act and take it back; return the state it led to, or the name of the error.

    A refused act must have left every stored value as it was.
    """
    before = values(row)
    state = ""
    try:
        with transaction.atomic():
            call(reread(row))
            state = reread(row).state
            raise Undo
    except Undo:
        return state
    except DomainError as fault:
        assert values(row) == before
        return fault.code if fault.code in (FORBIDDEN, "not_found", "invalid") else CONFLICT


def outcomes(
    row: Any, people: dict[str, Any], acts: dict[str, Callable[[Any, Any], Any]]
) -> dict[tuple[str, str], str]:
    """What each act by each person comes to, on the row as it is."""
    return {
        (act, name): attempt(row, lambda fresh, call=call, person=person: call(fresh, person))
        for act, call in acts.items()
        for name, person in people.items()
    }


def expected(
    state: str, people: Iterable[str], allowed: dict[str, set[str]], moves: dict[str, dict[str, str]]
) -> dict[tuple[str, str], str]:
    """The declared outcome of each cell: first the permission, then the state machine."""
    return {
        (act, name): moves[act].get(state, CONFLICT) if name in allowed[act] else FORBIDDEN
        for act in moves
        for name in people
    }
