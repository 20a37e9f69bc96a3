"""Rules of licence terms: how a free phase goes: when it ends, and what the buyer then is taken to have chosen.

It begins with the delivery of the documents. Where nobody elects by its last day the agreed default speaks on the day
after, so that free use never goes on in silence (DOMAIN 3.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.law.rules.days import add_months

from .days import ONE_DAY
from .events import Event, Extended, Kind
from .faults import Fault
from .sheet import AtEnd, Trial

DEFAULTS = {AtEnd.KEEP: Kind.KEPT, AtEnd.STOP: Kind.STOPPED}


@dataclass(slots=True)
class Course:
    """How a trial has gone. `free_until` is its last day; `over_on` the first day on which it shelters no more."""

    trial: Trial | None
    delivered_on: date | None = None
    extended: list[int] = field(default_factory=list)
    free_until: date | None = None
    elected: Event | None = None
    kept_on: date | None = None
    stopped_on: date | None = None
    over_on: date | None = None
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, event: Event, code: str, **inputs: Any) -> None:
        self.faults.append(Fault(code, f"/events/{event.id}", inputs))

    @property
    def ends_on(self) -> date | None:
        """The day on which the trial ended or will end."""
        if self.free_until and self.elected:
            return min(self.free_until, self.elected.on)
        return self.free_until


def walk(trial: Trial | None, events: Iterable[Event], *, hard_end: date, as_of: date) -> Course:
    """The course of a trial from its own events in order; `hard_end` is the licence's last day whatever they say."""
    course = Course(trial)
    for event in events:
        if event.on > hard_end:
            course.refuse(event, "E_AFTER_END", kind=event.kind.value, end=hard_end.isoformat())
        elif event.kind is Kind.DELIVERED:
            _deliver(course, event)
        elif trial is None:
            course.refuse(event, "E_NO_TRIAL", kind=event.kind.value)
        elif course.free_until is None:
            course.refuse(event, "E_TRIAL_NOT_BEGUN", kind=event.kind.value)
        elif isinstance(event, Extended):
            _extend(course, event, trial, course.free_until)
        else:
            _elect(course, event, trial, course.free_until)
    if trial and course.free_until:
        _conclude(course, trial, course.free_until, hard_end=hard_end, as_of=as_of)
    return course


def _deliver(course: Course, event: Event) -> None:
    if course.delivered_on:
        course.refuse(event, "E_EVENT_REPEATED", kind=event.kind.value)
        return
    course.delivered_on = event.on
    if course.trial:
        course.free_until = add_months(event.on, course.trial.months)


def _extend(course: Course, event: Extended, trial: Trial, free_until: date) -> None:
    """Every month counts from the delivery, so that a month's end stays one."""
    is_over = course.elected is not None or event.on > free_until
    if is_over or len(course.extended) >= trial.extensions or not 0 < event.months <= trial.extension_months:
        agreed = {"extensions": trial.extensions, "extension_months": trial.extension_months}
        course.refuse(event, "E_EXTENSION", months=event.months, **agreed)
        return
    course.extended.append(event.months)
    assert course.delivered_on is not None
    course.free_until = add_months(course.delivered_on, trial.months + sum(course.extended))


def _elect(course: Course, event: Event, trial: Trial, free_until: date) -> None:
    """The first election stands. One after the trial's end counts only where no default was agreed."""
    default = DEFAULTS[trial.at_end] if trial.at_end else None
    if course.elected and course.elected.kind is not event.kind:
        course.refuse(event, "E_ELECTION_CONTRADICTS", first=f"/events/{course.elected.id}")
    elif course.elected:
        course.refuse(event, "E_EVENT_REPEATED", kind=event.kind.value)
    elif event.on <= free_until or default is None:
        course.elected = event
    elif default is not event.kind:
        course.refuse(event, "E_ELECTION_LATE", free_until=free_until.isoformat())


def _conclude(course: Course, trial: Trial, free_until: date, *, hard_end: date, as_of: date) -> None:
    after = free_until + ONE_DAY
    if course.elected:
        _choose(course, course.elected.kind, on=course.elected.on)
        course.over_on = course.elected.on
    elif hard_end < after:
        course.over_on = hard_end if as_of >= hard_end else None
    elif as_of >= after:
        course.over_on = after
        if trial.at_end:
            _choose(course, DEFAULTS[trial.at_end], on=after if trial.at_end is AtEnd.KEEP else free_until)


def _choose(course: Course, election: Kind, *, on: date) -> None:
    if election is Kind.KEPT:
        course.kept_on = on
    else:
        course.stopped_on = on
