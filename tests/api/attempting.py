"""Tables of addresses: their names, paths filled with the ids of a world, and attempts that leave no trace."""

from typing import Any

from django.db import transaction

METHODS = ("get", "post", "patch")


def names(rows: Any) -> list[str]:
    """Method and route of each row, which stand side by side in it, the route first."""
    places = [next(place for place, cell in enumerate(row) if cell in METHODS) for row in rows]
    return [f"{row[place]} {row[place - 1]}" for row, place in zip(rows, places, strict=True)]


def filled(template: Any, world: Any) -> Any:
    """A path or a body with the ids of this world; texts of the world are taken as they are."""
    if isinstance(template, dict):
        return {name: filled(value, world) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, world) for value in template]
    if not isinstance(template, str) or "{" not in template:
        return template
    rows = vars(world)
    return template.format_map(
        {name: row if isinstance(row, str) else getattr(row, "public_id", "") for name, row in rows.items()}
    )


def attempt(call: Any, user: Any, method: str, path: str, body: Any) -> Any:
    """Call, and undo what it did."""
    with transaction.atomic():
        answer = call(user, method, path, body, **{"If-Match": "*"})
        transaction.set_rollback(True)
    return answer
