"""What the law asks of an entry today: requirements and term of a level, the days of the procedure."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone

from marketplace.law import book
from marketplace.law.book import Book, Provision
from marketplace.parties.models import Agency, TechnologyManager

from .models import RegisterLine
from .models.holder import Holder, kind_of
from .rules import Requirement, requirements


class Asked(NamedTuple):
    """What a level asks for, for how many months it holds, and which rule says so."""

    requirements: tuple[Requirement, ...]
    months: int
    provision: Provision


def place_of(holder: Holder) -> str:
    """Where an entry is kept: at the seat of the agency; China for a manager without one."""
    agency = holder if isinstance(holder, Agency) else holder.agency
    return agency.organisation.region if agency is not None else "CN"


def book_of(holder: Holder, day: date | None = None) -> Book:
    return book.on(day or timezone.localdate(), place_of(holder))


def asked_of(holder: Holder, level: str = "") -> Asked:
    """What the law asks for today; `level` is a manager's, empty for an agency."""
    return asked_at(place_of(holder), "agency" if isinstance(holder, Agency) else "manager", level)


def asked_at(place: str, kind: str, level: str = "") -> Asked:
    """The same before there is an entry."""
    found = book.on(timezone.localdate(), place)
    rule = found.entry(f"register.{kind}.requirements")
    rows = found.table(rule.key)
    return Asked(requirements(rows[level] if level else rows), int(found.number(f"register.{kind}.months")), rule)


def days(holder: Holder, name: str) -> int:
    """Calendar days of the procedure: "decide", "reply", "renew" or "remind"."""
    return int(book_of(holder).table("register.clock")[name])


def entered_on(holder: Holder) -> date | None:
    """The day of the first line of an entry; None when it has none."""
    return RegisterLine.objects.of(holder).order_by("on", "id").values_list("on", flat=True).first()


def write_line(holder: Holder, kind: str, *, ground: str = "", rule: str = "", on: date | None = None) -> RegisterLine:
    """Add to the history what just became of an entry."""
    line = RegisterLine(
        **{kind_of(holder): holder},
        kind=kind,
        on=on or timezone.localdate(),
        level=holder.level if isinstance(holder, TechnologyManager) else "",
        number=holder.register_number,
        valid_until=holder.valid_until,
        ground=ground,
        rule=rule,
    )
    line.save(force_insert=True)
    return line
