"""What waits for a person: each kind of work is named once, and one query finds all of it, however much waits.

A stage adds its kinds in its admin room, as it adds moves and panels:

    add_work(Work("nda-to-sign", title=_("NDAs to sign"), order=25, of=(Waits(NDA, nda_to_sign, day="sign_by"),)))

What a line shows is selected from the database as expressions, so no row is loaded one by one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import CharField, Count, DateField, DecimalField, F, IntegerField, Value, Window
from django.db.models.functions import Cast, RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from ..showing import by_when

MOST = 8
"""Lines of one kind that are shown; the rest is counted."""
WORDS = CharField()
Expression = str | Any
"""The name of a column, or an expression of the database."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row that waits, as selected."""

    kind: str
    model: type[models.Model]
    pk: int
    title: str
    about: str
    state: str
    day: date | None
    amount: Decimal | None

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_change", args=[self.pk])


@dataclass(frozen=True, slots=True)
class Waits:
    """Rows of one model that wait. `rows(user)` is a queryset of what this person may see and has to do, or None.

    `title` and `about` are a column, or two: Chinese and English.
    """

    model: type[models.Model]
    rows: Callable[[Any], Any]
    by: tuple[Any, ...] = ("id",)
    title: Expression | tuple[Expression, Expression] = ""
    about: Expression | tuple[Expression, Expression] = ""
    state: Expression = ""
    day: Expression = ""
    amount: Expression = ""


def about(row: Waiting) -> Any:
    return row.about


def until(row: Waiting) -> Any:
    """The day by which it is to be done, and how long that is."""
    return by_when(row.day, timezone.localdate()) if row.day else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A kind of work. Smaller `order` stands earlier on the page; with an `empty` sentence it stands there always.

    With `of_trade` its empty sentence is only for people whose organisations offer or look for technology.
    `note` and `side` put a row into words; `more` and `start` are asked with the person when the page is drawn.
    """

    name: str
    title: Any
    order: int
    of: tuple[Waits, ...]
    note: Callable[[Waiting], Any] = about
    side: Callable[[Waiting], Any] = until
    sort: Callable[[Waiting], Any] | None = None
    more: Callable[[], str] | None = None
    empty: Any = ""
    of_trade: bool = False
    start: Callable[[Any], tuple[Any, str]] | None = None


@dataclass(slots=True)
class Found:
    """What of one kind waits for a person: the first rows, and how many there are in all."""

    work: Work
    rows: list[Waiting] = field(default_factory=list)
    count: int = 0


_kinds: dict[str, Work] = {}


def add_work(*kinds: Work) -> None:
    """Let kinds of work stand on the front page; one of the same name takes the place of the earlier one."""
    _kinds.update({each.name: each for each in kinds})


def waiting(user: Any) -> list[Found]:
    """Every kind of work that can be this person's, in the order of the page. One query."""
    sources = [
        (f"{work.name}:{place}", each, rows)
        for work in _kinds.values()
        for place, each in enumerate(work.of)
        if (rows := each.rows(user)) is not None
    ]
    asked = {name.rpartition(":")[0] for name, _each, _rows in sources}
    found = {name: Found(work) for name, work in _kinds.items() if name in asked}
    for row, count in fetched(sources):
        here = found[row.kind]
        here.rows.append(row)
        here.count += count
    for each in found.values():
        each.rows.sort(key=each.work.sort or (lambda _row: 0))
        del each.rows[MOST:]
    return sorted(found.values(), key=lambda each: each.work.order)


def fetched(sources: list[tuple[str, Waits, Any]]) -> Iterator[tuple[Waiting, int]]:
    """The first rows of each source, and with the first of them how many there are."""
    if not sources:
        return
    models_of = {name: each.model for name, each, _rows in sources}
    parts = [selected(name, each, rows) for name, each, rows in sources]
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    is_english = (get_language() or "").startswith("en")
    for kind, pk, zh, en, about_zh, about_en, state, day, amount, place, count in sorted(whole, key=in_place):
        title, said = ((en or zh), (about_en or about_zh)) if is_english else ((zh or en), (about_zh or about_en))
        name = kind.rpartition(":")[0]
        row = Waiting(name, models_of[kind], pk, title or "", said or "", state or "", day, amount)
        yield row, count if place == 1 else 0


def in_place(row: tuple[Any, ...]) -> tuple[str, int]:
    return row[0], row[9]


def selected(name: str, source: Waits, rows: Any) -> Any:
    """The first rows of a source with what a line shows of them; the columns are the same for every source."""
    title_zh, title_en = pair(source.title)
    about_zh, about_en = pair(source.about)
    columns = {
        "w_kind": Value(name, output_field=WORDS),
        "w_id": F("pk"),
        "w_title_zh": words(title_zh),
        "w_title_en": words(title_en),
        "w_about_zh": words(about_zh),
        "w_about_en": words(about_en),
        "w_state": words(source.state),
        "w_day": of_type(source.day, DateField()),
        "w_amount": of_type(source.amount, DecimalField(max_digits=16, decimal_places=2)),
        "w_place": Window(RowNumber(), order_by=list(source.by)),
        "w_count": Window(Count("*"), output_field=IntegerField()),
    }
    return rows.order_by().annotate(**columns).filter(w_place__lte=MOST).values_list(*columns)


def pair(given: Expression | tuple[Expression, Expression]) -> tuple[Expression, Expression]:
    return given if isinstance(given, tuple) else (given, given)


def words(given: Expression) -> Any:
    return Value("", output_field=WORDS) if given == "" else Cast(column(given), WORDS)


def of_type(given: Expression, kind: Any) -> Any:
    return Cast(Value(None), kind) if given == "" else Cast(column(given), kind)


def column(given: Expression) -> Any:
    return F(given) if isinstance(given, str) else given
