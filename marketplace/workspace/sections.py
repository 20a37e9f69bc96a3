"""What the front page is made of: things of one kind that wait, each a line with where it is done."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Button
from marketplace.core.workspace.work import MOST, Found

__all__ = ["MOST", "Line", "Section", "section_of"]


@dataclass(slots=True)
class Line:
    """One thing to do, and where."""

    title: Any
    url: str
    note: Any = ""
    side: Any = ""
    score: Any = ""
    why: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Section:
    """Things of one kind that wait, `count` of them in all. `empty` says what to do when nothing does."""

    title: Any
    lines: list[Line]
    order: int
    count: int = 0
    empty: Any = ""
    more: str = ""
    is_wide: bool = False
    start: tuple[Any, str] | None = None
    also: tuple[Any, str] | None = None


def section_of(found: Found, user: Any) -> Section:
    """A kind of work as a section: rows put into words."""
    work = found.work
    return Section(
        title=work.title,
        lines=[
            Line(row.title or _("no longer on the market"), row.url, work.note(row), work.side(row))
            for row in found.rows
        ],
        order=work.order,
        count=found.count,
        empty=work.empty,
        more=work.more() if work.more else "",
        start=work.start(user) if work.start else None,
    )
