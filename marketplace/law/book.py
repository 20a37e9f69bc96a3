"""The book of law: which legal value holds at a place on a day, and which text says so.

    book = law.on(day, "330106")  # a district of Hangzhou: its rules, then the city's, Zhejiang's, China's
    book.percent("reward.floor.equity")  # Decimal("0.70")
    book.citation("reward.floor.equity")

Opening a book asks the database one small question at most once a second (has anything been published?); reading
it asks none.
Hold the book while you work with it. Drafts are never in a book.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from time import monotonic
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import get_language

from .errors import NoSuchRule, UnknownPlace, WrongRuleKind
from .rules.periods import Period
from .rules.places import NATION, chain
from .rules.values import Value, parse

REFERENCE = re.compile(r"(?P<key>[^@]+)@(?P<place>[^/]+)/(?P<day>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Provision:
    """One rule as it stands in the book; cannot be changed."""

    key: str
    place: str
    kind: str
    value: Value
    unit: str
    effective_from: date
    effective_to: date | None
    title_zh: str
    title_en: str
    law_zh: str
    law_en: str
    article: str
    issue: str
    confidence: str
    verification: str
    note_zh: str
    note_en: str

    @property
    def is_verified(self) -> bool:
        """Value and starting day were read in the text; otherwise show "please check"."""
        return self.verification == "VERIFIED"

    @property
    def reference(self) -> str:
        """What a record keeps to say which rule it was decided under."""
        return f"{self.key}@{self.place}/{self.effective_from:%Y-%m-%d}"

    @property
    def title(self) -> str:
        return self.title_en if _reads_english() else self.title_zh

    @property
    def note(self) -> str:
        return self.note_en if _reads_english() else self.note_zh

    @property
    def citation(self) -> str:
        """Law, article and issue number in the reader's language."""
        if _reads_english():
            parts = [self.law_en or self.law_zh, f"art. {self.article}" if self.article else "", self.issue]
            return ", ".join(part for part in parts if part)
        return f"《{self.law_zh}》" + (f"第{self.article}条" if self.article else "") + self._issue_zh()

    def _issue_zh(self) -> str:
        return f"({self.issue})" if self.issue else ""


class Book:
    """The rules in force at one place on one day; immutable. Getters raise NoSuchRule for a missing key."""

    __slots__ = ("_provisions", "day", "place")

    def __init__(self, day: date, place: str, provisions: Mapping[str, Provision]) -> None:
        object.__setattr__(self, "day", day)
        object.__setattr__(self, "place", place)
        object.__setattr__(self, "_provisions", MappingProxyType(dict(provisions)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A book is not written in: publish a rule.")

    day: date
    place: str
    _provisions: Mapping[str, Provision]

    def __contains__(self, key: object) -> bool:
        return key in self._provisions

    def entry(self, key: str) -> Provision:
        """The whole rule."""
        if key not in self._provisions:
            raise NoSuchRule(key, self.place, self.day)
        return self._provisions[key]

    def entries(self, prefix: str = "") -> list[Provision]:
        """Rules whose keys begin with `prefix`, by key."""
        return [self._provisions[key] for key in sorted(self._provisions) if key.startswith(prefix)]

    def citation(self, key: str) -> str:
        return self.entry(key).citation

    def value(self, key: str) -> Value:
        """The value of whatever kind."""
        return self.entry(key).value

    def percent(self, key: str) -> Decimal:
        """A ratio: 0.70 for 70 %."""
        return self._of_kind(key, "percent")

    def days(self, key: str) -> int:
        """A number of days; the entry's unit says calendar_days or working_days."""
        return self._of_kind(key, "days")

    def money(self, key: str) -> Decimal:
        """Yuan, two places."""
        return self._of_kind(key, "money")

    def number(self, key: str) -> Decimal:
        """A plain number; the entry's unit says of what (months, years)."""
        return self._of_kind(key, "number")

    def text(self, key: str) -> str:
        return self._of_kind(key, "text")

    def table(self, key: str) -> Any:
        """A tuple or a read-only mapping."""
        return self._of_kind(key, "table")

    def is_true(self, key: str) -> bool:
        return self._of_kind(key, "bool")

    def _of_kind(self, key: str, kind: str) -> Any:
        provision = self.entry(key)
        if provision.kind != kind:
            raise WrongRuleKind(key, provision.kind, kind)
        return provision.value


def cited(reference: str) -> Provision | None:
    """The rule that a record names by its `reference`; None where no book has it any more."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        return None
    try:
        book = on(date.fromisoformat(found["day"]), found["place"])
    except (UnknownPlace, ValueError):
        return None
    entry = book.entry(found["key"]) if found["key"] in book else None
    return entry if entry is not None and entry.reference == reference else None


def on(day: date, place: str = NATION) -> Book:
    """Open the book of `place` (CN or a region code) as it stood on `day`.

    Raises UnknownPlace; TypeError when `day` is a time rather than a day.
    """
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError("The law knows days: pass a date, not a time.")
    return _book(edition(), day, place or NATION)


class _Memory:
    """The edition as last asked. Another process's publication is seen within a second, one's own at once."""

    token = ""
    until = 0.0


def edition() -> str:
    """The token of the last publication; it changes whenever a rule or a code changes."""
    if monotonic() < _Memory.until:
        return _Memory.token
    token = apps.get_model("law", "Edition").objects.filter(pk=1).values_list("token", flat=True).first() or ""
    if not _has_unsettled_publication():
        _Memory.token, _Memory.until = token, monotonic() + 1
    return token


def _has_unsettled_publication() -> bool:
    """Whether this transaction published and may still be undone: then nothing is remembered."""
    return any(forget_edition in hook for hook in connection.run_on_commit)


def forget_edition() -> None:
    """Ask the database again at the next reading."""
    _Memory.until = 0.0


@lru_cache(maxsize=1024)
def _book(token: str, day: date, place: str) -> Book:
    try:
        widest_first = tuple(reversed(chain(place)))
    except ValueError as fault:
        raise UnknownPlace(place) from fault
    shelves = _shelves(token)
    found = {p.key: p for near in widest_first for p in shelves.get(near, ()) if _holds(p, day)}
    return Book(day, place, found)


@lru_cache(maxsize=2)
def _shelves(token: str) -> Mapping[str, tuple[Provision, ...]]:
    """Every rule that is no draft by its place, earlier ones first, so the latest one wins."""
    model = apps.get_model("law", "Rule")
    names = list(Provision.__slots__)
    by_place: dict[str, list[Provision]] = defaultdict(list)
    for row in model.objects.exclude(verification="DRAFT").order_by("effective_from").values(*names):
        by_place[row["place"]].append(Provision(**{**row, "value": parse(row["kind"], row["value"])}))
    return MappingProxyType({place: tuple(rows) for place, rows in by_place.items()})


def _holds(provision: Provision, day: date) -> bool:
    return Period(provision.effective_from, provision.effective_to).holds_on(day)


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")
