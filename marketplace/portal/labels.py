"""What codes are called, for one page: each list is read once, however many rows the page shows."""

from typing import Any

from marketplace.law import codes
from marketplace.law.codes import Item

EVERY_LIST = (
    "technical_field",
    "province",
    "achievement_stage",
    "trl9",
    "licensing_mode",
    "ip_status",
    "org_type",
    "tech_manager_level",
)


class Labels:
    """Names of codes in the reader's language. A code that no list knows stands for itself."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, Item]] = {}

    def _list(self, name: str) -> dict[str, Item]:
        if name not in self._items:
            self._items[name] = {item.code: item for item in codes.items(name)}
        return self._items[name]

    def label(self, name: str, code: Any) -> str:
        found = self._list(name).get(str(code))
        return found.label if found else str(code)

    def explanation(self, name: str, code: Any) -> str:
        found = self._list(name).get(str(code))
        return found.explanation if found else ""

    def choices(self, name: str, empty: Any = None) -> list[tuple[str, Any]]:
        """Choices for a form field, after the choice of none where `empty` names it."""
        pairs: list[tuple[str, Any]] = [(code, item.label) for code, item in self._list(name).items()]
        return pairs if empty is None else [("", empty), *pairs]
