"""How tests look at a row as it stands in the database. Protected state fields cannot be refreshed in place."""

from typing import Any


def reread(row: Any) -> Any:
    """The row as it is now."""
    return type(row)._base_manager.get(pk=row.pk)


def values(row: Any) -> dict[str, Any]:
    """Every stored value of the row as it is now, by column."""
    return type(row)._base_manager.filter(pk=row.pk).values().get()
