"""Rules of licence terms: what a history comes to: when the licence began, how its trial ended, when it ended.

Only what happened by the day asked for counts. What contradicts the terms or an earlier event is named as a fault and
left out; what arrived in which order never matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.law.rules.days import add_months

from .days import FAR, later
from .events import Event, Kind, MilestoneReached, Paid, Sales
from .faults import Fault
from .sheet import Buyout, Equity, Fixed, Sheet
from .statement import Phase
from .trial import Course, walk

RANK = {kind: rank for rank, kind in enumerate(Kind)}
ONCE = (Kind.SIGNED, Kind.FIRST_SALE, Kind.BUYOUT_EXERCISED)
FIRSTS = (Kind.FIRST_SALE, Kind.FINANCING, Kind.GRANTED, Kind.CHANGE_OF_CONTROL)
LOSSES = (Kind.INVALIDATED, Kind.EXPIRED)
OF_TRIAL = (Kind.DELIVERED, Kind.EXTENDED, Kind.KEPT, Kind.STOPPED)


@dataclass(slots=True)
class History:
    """What the events come to. Days are None for what has not happened.

    `course` is how the trial went, `last_day` the last on which anything accrues, `selling_until` the last whose sales
    bear royalties.
    """

    sheet: Sheet
    as_of: date
    signed_on: date | None = None
    course: Course = field(default_factory=lambda: Course(None))
    bought_on: date | None = None
    last_day: date = FAR
    selling_until: date = FAR
    end: Phase = Phase.ENDED
    is_suspended: bool = False
    first_sale_on: date | None = None
    firsts: dict[Kind, date] = field(default_factory=dict)
    milestones: dict[str, date] = field(default_factory=dict)
    sales: list[Sales] = field(default_factory=list)
    payments: list[Paid] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, event: Event, code: str, **inputs: Any) -> None:
        """Leave an event out, saying why."""
        self.faults.append(Fault(code, f"/events/{event.id}", inputs))

    @property
    def has_ended(self) -> bool:
        """Whether nothing accrues any more: an early end holds on its own day, the agreed one after it."""
        agreed = agreed_end(self.sheet, self.signed_on) if self.signed_on else FAR
        return self.as_of > self.last_day or (self.last_day < agreed and self.as_of >= self.last_day)

    @property
    def royalties_from(self) -> date | None:
        """The first day whose sales bear royalties: the signature, or the delivery that begins a trial."""
        return self.course.delivered_on if self.sheet.trial else self.signed_on

    def payable_on(self, day: date) -> date | None:
        """When something that happened on a day makes money due: a trial shelters from it until it is kept."""
        if not self.sheet.trial:
            return day
        return max(day, self.course.kept_on) if self.course.kept_on else None


def digest(sheet: Sheet, events: Iterable[Event], as_of: date) -> History:
    """What happened under a sheet by the end of a day."""
    history = History(sheet, as_of)
    groups = _grouped(history, _in_order(history, [each for each in events if each.on <= as_of]))
    history.payments = [each for each in groups.get(Kind.PAID, ()) if isinstance(each, Paid)]
    if history.signed_on is None:
        return history
    _read_facts(history, groups)
    hard = _hard_end(sheet, groups, history.signed_on)
    of_trial = sorted((each for kind in OF_TRIAL for each in groups.get(kind, ())), key=lambda each: each.on)
    history.course = walk(sheet.trial, of_trial, hard_end=hard, as_of=as_of)
    history.faults += history.course.faults
    _read_end(history, groups, hard)
    _read_dispute(history, groups)
    return history


def agreed_end(sheet: Sheet, signed_on: date) -> date:
    """The last day of the licence as agreed."""
    if sheet.ends_on:
        return sheet.ends_on
    return add_months(signed_on, sheet.term_months) if sheet.term_months else FAR


def _in_order(history: History, events: list[Event]) -> list[Event]:
    """By day, then kind, then id. Reports of one day go by period, a correction after what it corrects."""
    corrects = {each.id: each.corrects for each in events if isinstance(each, Sales) and each.corrects}
    if len({each.id for each in events}) < len(events):
        events = _without_doubles(history, events)

    def place(event: Event) -> tuple[Any, ...]:
        if isinstance(event, Sales):
            return event.on, RANK[event.kind], event.first, _depth(event.id, corrects), event.id
        return event.on, RANK[event.kind], date.min, 0, event.id

    return sorted(events, key=place)


def _depth(id: str, corrects: Mapping[str, str]) -> int:
    depth = 0
    while id in corrects and depth <= len(corrects):
        id, depth = corrects[id], depth + 1
    return depth


def _without_doubles(history: History, events: list[Event]) -> list[Event]:
    kept: dict[str, Event] = {}
    for event in sorted(events, key=lambda each: (each.on, RANK[each.kind], each.id, repr(each))):
        if event.id in kept:
            history.refuse(event, "E_DUPLICATE_ID", id=event.id)
        kept.setdefault(event.id, event)
    return list(kept.values())


def _grouped(history: History, events: list[Event]) -> dict[Kind, list[Event]]:
    """Events by kind, without those that may happen once and did before, or came before the signature."""
    groups: dict[Kind, list[Event]] = {}
    history.signed_on = next((each.on for each in events if each.kind is Kind.SIGNED), None)
    for event in events:
        if event.kind in ONCE and event.kind in groups:
            history.refuse(event, "E_EVENT_REPEATED", kind=event.kind.value)
        elif event.kind is not Kind.PAID and (history.signed_on is None or event.on < history.signed_on):
            history.refuse(event, "E_BEFORE_SIGNATURE", kind=event.kind.value)
        elif isinstance(event, Paid) and event.amount <= 0:
            history.refuse(event, "E_AMOUNT", found=str(event.amount))
        else:
            groups.setdefault(event.kind, []).append(event)
    return groups


def _read_facts(history: History, groups: Mapping[Kind, list[Event]]) -> None:
    history.firsts = {kind: groups[kind][0].on for kind in FIRSTS if kind in groups}
    history.first_sale_on = history.firsts.get(Kind.FIRST_SALE)
    history.sales = [each for each in groups.get(Kind.SALES, ()) if isinstance(each, Sales)]
    reached = [each for each in groups.get(Kind.MILESTONE, ()) if isinstance(each, MilestoneReached)]
    known = _milestones(history.sheet) if reached else frozenset()
    for event in reached:
        if event.milestone not in known:
            history.refuse(event, "E_MILESTONE_UNKNOWN", milestone=event.milestone)
        elif event.milestone in history.milestones:
            history.refuse(event, "E_EVENT_REPEATED", kind=event.kind.value, milestone=event.milestone)
        else:
            history.milestones[event.milestone] = event.on


def _milestones(sheet: Sheet) -> frozenset[str]:
    triggers = [each.trigger for each in sheet.terms if isinstance(each, Fixed | Equity) and each.trigger]
    return frozenset(name for each in triggers for name in (each.milestone, each.due_after) if name)


def _hard_end(sheet: Sheet, groups: Mapping[Kind, list[Event]], signed_on: date) -> date:
    """The last day whatever the trial comes to: rights lost, contract terminated, or term over."""
    early = [groups[kind][0].on for kind in (*LOSSES, Kind.TERMINATED) if kind in groups]
    return min([agreed_end(sheet, signed_on), *early])


def _read_end(history: History, groups: Mapping[Kind, list[Event]], hard: date) -> None:
    """The earliest end stands. Stock may be sold off after it unless the right itself is gone or was bought."""
    lost = min((groups[kind][0].on for kind in LOSSES if kind in groups), default=FAR)
    history.last_day, stopped_on = hard, history.course.stopped_on
    if stopped_on and stopped_on <= hard:
        history.last_day, history.end = stopped_on, Phase.STOPPED
    _buy_out(history, groups.get(Kind.BUYOUT_EXERCISED, []))
    history.selling_until = history.last_day
    if history.bought_on is None and history.last_day < lost:
        history.selling_until = min(later(history.last_day, months=history.sheet.sell_off_months), lost)


def _buy_out(history: History, events: list[Event]) -> None:
    if not events:
        return
    event, option = events[0], next((each for each in history.sheet.terms if isinstance(each, Buyout)), None)
    if event.on > history.last_day:
        history.refuse(event, "E_AFTER_END", kind=event.kind.value, end=history.last_day.isoformat())
    elif option is None:
        history.refuse(event, "E_NO_BUYOUT")
    elif event.on > _expiry(option, history.signed_on):
        history.refuse(event, "E_BUYOUT_EXPIRY", until=_expiry(option, history.signed_on).isoformat())
    else:
        history.bought_on = history.last_day = event.on
        history.end = Phase.BOUGHT_OUT


def _expiry(option: Buyout, signed_on: date | None) -> date:
    if option.until_day:
        return option.until_day
    return later(signed_on, months=option.until_months) if signed_on and option.until_months else FAR


def _read_dispute(history: History, groups: Mapping[Kind, list[Event]]) -> None:
    events = [*groups.get(Kind.SUSPENDED, ()), *groups.get(Kind.RESUMED, ())]
    for event in sorted(events, key=lambda each: (each.on, RANK[each.kind], each.id)):
        if (event.kind is Kind.SUSPENDED) == history.is_suspended:
            history.refuse(event, "E_DISPUTE_ORDER", kind=event.kind.value)
        else:
            history.is_suspended = event.kind is Kind.SUSPENDED
