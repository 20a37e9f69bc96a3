"""Strategies: what may happen under a sheet, in any order of arrival. Tests take it as `sheets.histories`."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, islice

from hypothesis import strategies as st

from marketplace.contracts.rules.days import periods
from marketplace.contracts.rules.events import Event, Extended, Kind, MilestoneReached, Paid, Sales, Terminated
from marketplace.contracts.rules.history import History, digest
from marketplace.contracts.rules.sheet import Base, Buyout, Equity, Fixed, Period, Royalty, Sheet, Trial, TriggerKind
from marketplace.law.rules.days import add_months

SIGNED = st.dates(date(2020, 1, 1), date(2030, 12, 31))
LATEST = date(2199, 12, 31)
SPAN_DAYS = 5 * 365  # what is told of a licence


class Story:
    """A history that grows; ids are given out in the order of telling."""

    def __init__(self, sheet: Sheet, signed_on: date) -> None:
        self.sheet = sheet
        self.signed_on = signed_on
        self.events: list[Event] = []
        self._numbers = count(1)

    def tell(self, kind: Kind, on: date, make: type[Event] = Event, **given: object) -> Event:
        event = make(id=f"e{next(self._numbers)}", kind=kind, on=on, **given)
        self.events.append(event)
        return event

    def so_far(self) -> History:
        return digest(self.sheet, self.events, LATEST)


@st.composite
def histories(draw: st.DrawFn, sheet: Sheet) -> tuple[Event, ...]:
    """Any valid history: trial, facts, reports with corrections, payments, an option taken, an early end."""
    story = Story(sheet, draw(SIGNED))
    story.tell(Kind.SIGNED, story.signed_on)
    if draw(st.integers(0, 5)):
        draw(trials(story))
    draw(early_ends(story))
    draw(facts(story))
    for term in sheet.terms:
        draw(reports(story, term) if isinstance(term, Royalty) else threshold_reports(story, term))
    for _ in range(draw(st.integers(0, 4))):
        story.tell(Kind.PAID, draw(days(story)), Paid, amount=Decimal(draw(st.integers(1, 10_000_000))) / 100)
    return tuple(draw(st.permutations(story.events)))


def days(story: Story, *, last: date | None = None) -> st.SearchStrategy[date]:
    """A day between the signature and the last one."""
    most = min(story.signed_on + timedelta(days=SPAN_DAYS), last or date.max)
    return st.dates(story.signed_on, max(most, story.signed_on))


@st.composite
def trials(draw: st.DrawFn, story: Story) -> None:
    """Delivery and, where there is a free phase, its extensions and perhaps an election."""
    day = story.signed_on + timedelta(days=draw(st.integers(0, 60)))
    story.tell(Kind.DELIVERED, day)
    trial = story.sheet.trial
    if trial is None:
        return
    given = draw(extensions(trial))
    for place, months in enumerate(given):
        end = add_months(story.events[1].on, trial.months + sum(given[:place]))
        day = draw(st.dates(day, end))
        story.tell(Kind.EXTENDED, day, Extended, months=months)
    if draw(st.integers(0, 3)):
        end = add_months(story.events[1].on, trial.months + sum(given))
        story.tell(draw(st.sampled_from([Kind.KEPT, Kind.KEPT, Kind.STOPPED])), draw(st.dates(day, end)))


def extensions(trial: Trial) -> st.SearchStrategy[list[int]]:
    most = trial.extensions if trial.extension_months else 0
    return st.lists(st.integers(1, max(trial.extension_months, 1)), max_size=most)


@st.composite
def early_ends(draw: st.DrawFn, story: Story) -> None:
    """Perhaps the option is taken, a right lost or the contract terminated; a dispute may come and go."""
    told = max(each.on for each in story.events)
    last = story.so_far().last_day
    option = next((each for each in story.sheet.terms if isinstance(each, Buyout)), None)
    if option and draw(st.integers(0, 3)) == 0:
        expiry = option.until_day or add_months(story.signed_on, option.until_months)
        if (until := min(last, expiry)) >= told:
            story.tell(Kind.BUYOUT_EXERCISED, draw(days(story, last=until).filter(lambda day: day >= told)))
            return
    if draw(st.integers(0, 4)) == 0 and last >= told:
        day = told + timedelta(days=draw(st.integers(0, 1500)))
        kind = draw(st.sampled_from([Kind.TERMINATED, Kind.INVALIDATED, Kind.EXPIRED]))
        story.tell(kind, day, Terminated if kind is Kind.TERMINATED else Event)
    if draw(st.integers(0, 4)) == 0:
        first = draw(days(story))
        story.tell(Kind.SUSPENDED, first)
        story.tell(Kind.RESUMED, first + timedelta(days=draw(st.integers(0, 200))))


@st.composite
def facts(draw: st.DrawFn, story: Story) -> None:
    """First sale, finance, grant, change of control and milestones: each may happen, once."""
    for kind in (Kind.FIRST_SALE, Kind.FINANCING, Kind.GRANTED, Kind.CHANGE_OF_CONTROL):
        if draw(st.booleans()):
            story.tell(kind, draw(days(story)))
    for milestone in milestones(story.sheet):
        if draw(st.integers(0, 2)):
            story.tell(Kind.MILESTONE, draw(days(story)), MilestoneReached, milestone=milestone)


def milestones(sheet: Sheet) -> list[str]:
    triggers = [each.trigger for each in sheet.terms if isinstance(each, Fixed | Equity)]
    return sorted({trigger.milestone for trigger in triggers if trigger and trigger.milestone})


def spans(story: Story, every: Period) -> Iterator[tuple[date, date]]:
    """The first periods of the schedule; none where nothing bears royalties."""
    history = story.so_far()
    start = history.royalties_from
    if start is not None:
        tiles = periods(start, min(history.selling_until, LATEST), every)
        yield from ((span.first, span.last) for span in islice(tiles, 8))


@st.composite
def reports(draw: st.DrawFn, story: Story, royalty: Royalty) -> None:
    """Reports of some periods, nil or not, a few of them corrected once or twice."""
    for first, last in spans(story, royalty.period):
        if not draw(st.integers(0, 2)):
            continue
        day, corrected = last, ""
        for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
            day += timedelta(days=draw(st.integers(0, 60)))
            given = draw(figures_of(royalty))
            period = {"royalty": royalty.id, "first": first, "last": last, "corrects": corrected}
            corrected = story.tell(Kind.SALES, day, Sales, **period, **given).id


@st.composite
def figures_of(draw: st.DrawFn, royalty: Royalty) -> dict[str, object]:
    """What a report states; nothing in a nil report. Deductions never exceed the gross."""
    if draw(st.integers(0, 3)) == 0:
        return {}
    gross = Decimal(draw(st.integers(0, 200_000_000))) / 100
    deductions = {code: draw(taken_off(gross)) for code in royalty.deductions}
    gross += sum(deductions.values())
    third = Decimal(draw(st.integers(0, 1_000_000))) / 100
    return {
        "gross": gross,
        "deductions": deductions,
        "units": Decimal(draw(st.integers(0, 10_000))) if royalty.base is Base.UNITS else Decimal(0),
        "gross_margin": gross // 2 if royalty.base is Base.GROSS_MARGIN else Decimal(0),
        "third_party_royalties": third if royalty.stacking else Decimal(0),
        "sublicence_upfront": third if royalty.sublicence else Decimal(0),
    }


def taken_off(gross: Decimal) -> st.SearchStrategy[Decimal]:
    """Up to a tenth of what is left when it is taken off."""
    return st.integers(0, 10).map(lambda share: (gross * share / 100).quantize(Decimal("0.01")))


@st.composite
def threshold_reports(draw: st.DrawFn, story: Story, term: object) -> None:
    """A payment at so much revenue or so many units is reported under its own id."""
    trigger = term.trigger if isinstance(term, Fixed | Equity) else None
    if trigger is None or trigger.kind not in (TriggerKind.REVENUE, TriggerKind.UNITS):
        return
    for first, last in spans(story, Period.HALF_YEAR):
        if draw(st.booleans()):
            figures = {"gross": Decimal(draw(st.integers(0, 1_000_000))), "units": Decimal(draw(st.integers(0, 5000)))}
            story.tell(Kind.SALES, last, Sales, royalty=term.id, first=first, last=last, **figures)
