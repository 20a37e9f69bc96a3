"""Code lists: what a code is called, which codes may be chosen today, which were in use on another day.

Retired codes stay readable (`label`), but are refused for new records (`check`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.errors import Invalid

from .book import edition
from .errors import RetiredCode, UnknownCode, UnknownList, WrongParent
from .models import Code, CodeList
from .rules.periods import Period
from .rules.values import frozen


@dataclass(frozen=True, slots=True)
class Item:
    """One code as read; cannot be changed. `parent` is the parent's code or empty."""

    list: str
    code: str
    zh: str
    en: str
    parent: str
    extra: Mapping[str, Any]
    period: Period

    @property
    def label(self) -> str:
        return self.label_in(get_language() or "")

    @property
    def explanation(self) -> str:
        """One plain sentence where the list has them, else empty."""
        english = (get_language() or "").startswith("en")
        return str(self.extra.get("explain_en" if english else "explain_zh", ""))

    def label_in(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


class Choices(BaseChoiceIterator):
    """Choices of a list as pairs of code and label, read anew in the reader's language at each use.

    For forms, filters and serializers. Not for model fields: start-up must ask no database.
    """

    def __init__(self, list_name: str) -> None:
        self.list_name = list_name

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for item in items(self.list_name, on=timezone.localdate()):
            yield item.code, item.label


def label(list_name: str, code: str, language: str | None = None) -> str:
    """The code's name in `language`, or in the reader's. Raises UnknownList, UnknownCode."""
    found = item(list_name, code)
    return found.label if language is None else found.label_in(language)


def explanation(list_name: str, code: str) -> str:
    """One plain sentence about the code, or empty. Raises UnknownList, UnknownCode."""
    return item(list_name, code).explanation


def title(list_name: str) -> str:
    """The list's own name in the reader's language. Raises UnknownList."""
    zh, en = _titles(edition(), list_name)
    return en if (get_language() or "").startswith("en") else zh


def choices(list_name: str) -> Choices:
    """Lazy choices of what may be chosen today."""
    return Choices(list_name)


def items(list_name: str, on: date | None = None) -> tuple[Item, ...]:
    """The list's codes in their order: those in use on a day, or all that ever were. Raises UnknownList."""
    every = tuple(_items(edition(), list_name).values())
    return every if on is None else tuple(found for found in every if found.period.holds_on(on))


def item(list_name: str, code: str) -> Item:
    """One code, retired or not. Raises UnknownList, UnknownCode."""
    found = _items(edition(), list_name).get(code)
    if found is None:
        raise UnknownCode(list_name, code)
    return found


def values(list_name: str, on: date | None = None) -> frozenset[str]:
    """The codes in use on a day, today unless told. Raises UnknownList."""
    return frozenset(found.code for found in items(list_name, on=on or timezone.localdate()))


def check(list_name: str, code: str, *, on: date | None = None, parent: str | None = None) -> Item:
    """The code, if it may be chosen on that day (today unless told) under `parent`.

    Raises UnknownList, UnknownCode, RetiredCode, WrongParent.
    """
    found = item(list_name, code)
    if not found.period.holds_on(on or timezone.localdate()):
        raise RetiredCode(list_name, code)
    if parent is not None and found.parent != parent:
        raise WrongParent(list_name, code)
    return found


def check_reason(list_name: str, code: str, text: str, *, code_field: str, text_field: str) -> None:
    """Raise Invalid, by field, unless the code may be chosen today and says enough: "other" asks for words."""
    if code not in values(list_name):
        raise Invalid(fields={code_field: [str(_("Choose a reason."))]})
    if item(list_name, code).extra.get("needs_text") and not text.strip():
        raise Invalid(fields={text_field: [str(_("Please write a few words."))]})


@lru_cache(maxsize=256)
def _items(token: str, list_name: str) -> Mapping[str, Item]:
    _titles(token, list_name)
    rows = Code.objects.filter(list__name=list_name).select_related("parent").order_by("order", "code")
    return MappingProxyType({row.code: _item(list_name, row) for row in rows})


@lru_cache(maxsize=256)
def _titles(token: str, list_name: str) -> tuple[str, str]:
    found = CodeList.objects.filter(name=list_name).values_list("title_zh", "title_en").first()
    if found is None:
        raise UnknownList(list_name)
    return found


def _item(list_name: str, row: Code) -> Item:
    parent = row.parent.code if row.parent else ""
    period = Period(row.effective_from, row.effective_to)
    return Item(list_name, row.code, row.zh, row.en, parent, frozen(row.extra or {}), period)
