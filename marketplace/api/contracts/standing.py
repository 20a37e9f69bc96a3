"""Standing: what is owed on a day, the days ahead, and everything that has happened, each in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.contracts.models import Contract, Fact, Signature
from marketplace.contracts.reading import statement_of
from marketplace.contracts.rules.events import Kind
from marketplace.contracts.rules.statement import Statement
from marketplace.contracts.services.schedule import WATCHED, Matter, matters
from marketplace.contracts.telling import sentence
from marketplace.contracts.wording import EVENTS

from ..fields import CURRENCY

State = Contract.State
SELLER, BUYER = Signature.Side.SELLER.value, Signature.Side.BUYER.value
AMOUNTS = ("owed", "paid", "overdue", "interest", "credit")


@dataclass(frozen=True, slots=True)
class Moment:
    """One day of a contract. `tone` is past, ahead, or late for what should have been done."""

    on: date
    matter: str
    text: str
    about: str = ""
    sides: tuple[str, ...] = ()
    tone: str = "ahead"


def today_of(contract: Contract) -> Statement | None:
    """What is owed today; None before the signature."""
    return statement_of(contract, timezone.localdate()) if contract.is_signed else None


def of(contract: Contract) -> dict[str, Any]:
    """Totals of today, and the nearest day on which something waits."""
    statement = today_of(contract)
    amounts = {name: f"{getattr(statement, name):.2f}" if statement else None for name in AMOUNTS}
    return {
        "as_of": timezone.localdate(),
        "phase": statement.phase.value if statement else None,
        **amounts,
        "currency": CURRENCY,
        "next_day": min(ahead(contract, statement), key=lambda each: each.on, default=None),
    }


def timeline(contract: Contract) -> list[Moment]:
    """Every day of the contract, the earliest first."""
    return sorted([*behind(contract), *ahead(contract, today_of(contract))], key=lambda each: each.on)


def ahead(contract: Contract, statement: Statement | None) -> Iterator[Moment]:
    """What waits, each with its day; days that have passed with something undone are late."""
    if contract.state == State.SCREENING and contract.answer_by:
        yield coming(contract.answer_by, "answer", _("The application waits for its answer"), sides=(SELLER,))
    if contract.notice and contract.notice.is_running:
        yield coming(contract.notice.ends_on, "notice", _("The public notice ends"))
    if statement is not None and contract.state in WATCHED:
        yield from (told(each) for each in matters(contract, statement))


def told(matter: Matter) -> Moment:
    """A matter that people are reminded of, in the words of the reminder."""
    what, _colon, about = matter.about.partition(":")
    step = 1 if matter.due_on < timezone.localdate() else -1
    text = str(sentence(matter.about, step)) % {"day": matter.due_on.isoformat()}
    return coming(matter.due_on, what, text, about=about, sides=tuple(str(each) for each in matter.sides))


def coming(on: date, matter: str, text: str, **more: Any) -> Moment:
    return Moment(on, matter, text, tone="late" if on < timezone.localdate() else "ahead", **more)


def behind(contract: Contract) -> Iterator[Moment]:
    """What has happened."""
    yield past(timezone.localdate(contract.created_at), "begun", _("Applied for, or drawn up"))
    if contract.law_on:
        yield past(contract.law_on, "terms-agreed", _("The terms were agreed"))
    for fact in contract.facts.standing().order_by("on", "id"):
        yield past(fact.on, matter_of(fact), str(EVENTS[Kind(fact.kind)]), about=fact.key)
    if contract.demanded_on:
        yield past(contract.demanded_on, "demanded", _("What is overdue was demanded"))
    if contract.ended_on:
        yield past(contract.ended_on, "ended", str(contract.get_state_display()))


def matter_of(fact: Fact) -> str:
    return fact.kind.lower().replace("_", "-")


def past(on: date, matter: str, text: str, *, about: str = "") -> Moment:
    return Moment(on, matter, text, about=about, tone="past")
