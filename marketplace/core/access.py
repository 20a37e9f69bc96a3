"""Who acts, and may they: the one check that every service makes."""

from typing import Any

from .errors import Forbidden


class System:
    """The machine itself, when a task acts: it holds every permission and is named in the journal as nobody."""

    pk = None
    is_active = True
    is_authenticated = True

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        return True

    def __str__(self) -> str:
        return "system"


SYSTEM = System()


def require(permission: str, by: Any, obj: Any = None) -> None:
    """Raise Forbidden unless `by` is active and holds `permission` (of the `rules` library) on `obj`."""
    if not (by.is_active and by.has_perm(permission, obj)):
        raise Forbidden
