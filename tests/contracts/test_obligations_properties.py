"""Whatever the sheet and whatever happened: the promises of `obligations`, and an independent model that agrees.

Drawing a story costs more than stating it, so one test holds a statement against all promises that need no second one.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.rules.days import periods
from marketplace.contracts.rules.events import Event, Kind, Paid, Sales
from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.sheet import (
    AnyTerm,
    Base,
    Counted,
    Fixed,
    Mode,
    Period,
    Royalty,
    Sheet,
    Stacking,
    Tier,
    Tiering,
    Trigger,
    TriggerKind,
)
from marketplace.contracts.rules.statement import LineState, Obligation, Phase, Statement, Step
from marketplace.law.rules.days import add_months
from tests.contracts.sheets import histories, sheets
from tests.contracts.simple_model import royalty_lines

RATES = (Decimal("0.0465"), Decimal("0.0435"))
FEN = Decimal("0.01")
ROYALTY_KINDS = {"ROYALTY", "MINIMUM"}
ROYALTY_MODES = (Mode.ENTRY_ROYALTY, Mode.ZERO_UPFRONT, Mode.CONDITIONAL, Mode.ROYALTY, Mode.TRIAL_TRANSFER, Mode.OPEN)
WITHOUT_USE = {"SIGNATURE", "DATE", "AFTER", "SALES", "CORRECTION"}  # what may be owed before a trial is kept


def rate_of(day: date) -> Decimal:
    """The law has another rate every half year."""
    return RATES[day.month > 6]


@dataclass(frozen=True)
class Story:
    """A sheet, what happened under it, and a day to ask for."""

    sheet: Sheet
    events: tuple[Event, ...]
    as_of: date

    def state(self, *, later: int = 0) -> Statement:
        return obligations(self.sheet, self.events, self.as_of + timedelta(days=later), legal_late_rate=rate_of)

    @cached_property
    def statement(self) -> Statement:
        return self.state()

    @cached_property
    def cash(self) -> list[Obligation]:
        return [line for line in self.statement.lines if line.kind != "EQUITY"]

    @property
    def royalties(self) -> list[Royalty]:
        return [each for each in self.sheet.terms if isinstance(each, Royalty)]


@st.composite
def stories(draw: st.DrawFn, *modes: Mode) -> Story:
    sheet = draw(sheets(*modes))
    events = draw(histories(sheet))
    signed_on = next(each.on for each in events if each.kind is Kind.SIGNED)
    return Story(sheet, events, signed_on + timedelta(days=draw(st.integers(-30, 4000))))


# Promises of one statement


def history_is_without_fault(story):
    assert story.statement.faults == ()


def no_key_is_given_twice(story):
    assert [key for key, count in Counter(line.key for line in story.statement.lines).items() if count > 1] == []


def all_money_is_paid_or_credit(story):
    money = [each.amount for each in story.events if isinstance(each, Paid) and each.on <= story.as_of]
    assert story.statement.paid + story.statement.credit == sum(money, Decimal(0))


def sums_are_exact_to_the_fen(story):
    assert story.statement.owed == sum((line.amount for line in story.cash), Decimal(0))
    assert story.statement.interest == sum((line.interest for line in story.cash), Decimal(0))
    figures = [each for line in story.cash for each in (line.amount, line.paid, line.interest, line.interest_paid)]
    assert all(figure == figure.quantize(FEN) for figure in figures)


def no_line_is_paid_more_than_it_asks(story):
    for line in story.cash:
        assert min(line.amount, 0) <= line.paid <= max(line.amount, 0)
        assert 0 <= line.interest_paid <= line.interest


def credit_waits_only_where_nothing_is_open(story):
    if story.statement.credit and not any(isinstance(each, Paid) and each.obligation for each in story.events):
        assert all(line.state is LineState.PAID for line in story.cash if line.amount > 0)


def what_is_carried_forward_waits_only_where_nothing_is_open(story):
    waiting = {line.term for line in story.cash if line.amount < line.paid <= 0}
    assert not any(line.term in waiting and line.unpaid for line in story.cash if line.amount > 0)


def only_royalties_on_earlier_sales_arise_after_the_end(story):
    end = story.statement.ends_on
    assert {line.kind for line in story.statement.lines if end and line.arose_on > end} <= ROYALTY_KINDS


def trial_shelters_from_what_use_brings(story):
    if story.statement.phase in (Phase.TRIAL, Phase.SIGNED, Phase.ELECTION_DUE):
        assert {line.cause for line in story.statement.lines} <= WITHOUT_USE
    if story.statement.phase in (Phase.TRIAL, Phase.SIGNED):
        assert not {line.kind for line in story.statement.lines} & ROYALTY_KINDS


def no_cap_is_passed(story):
    assert story.sheet.total_cap is None or story.statement.owed <= story.sheet.total_cap
    for royalty in story.royalties:
        lines = [line for line in story.cash if line.term == royalty.id]
        charged = sum((line.amount for line in lines), Decimal(0))
        assert royalty.lifetime_cap is None or charged <= royalty.lifetime_cap
        sold = [line.amount for line in lines if line.cause == "SALES"]
        assert royalty.period_cap is None or all(amount <= royalty.period_cap for amount in sold)


def made_up_year_reaches_its_minimum(story):
    free = {each.id for each in story.royalties if each.lifetime_cap is None}
    for line in story.cash if story.sheet.total_cap is None else ():
        if line.kind == "MINIMUM" and line.term in free:
            minimum, short, *_ = line.steps
            assert short.inputs["booked"] + line.amount == minimum.value


def last_step_before_interest_is_the_amount(story):
    assert all(to_the_amount(line)[-1].value == line.amount for line in story.statement.lines)


def next_day_lies_ahead(story):
    assert story.statement.next_day is None or story.statement.next_day > story.as_of


def unsigned_sheet_owes_nothing(story):
    if story.statement.signed_on is None:
        assert (story.statement.phase, story.statement.lines) == (Phase.UNSIGNED, ())


PROMISES: tuple[Callable[[Story], None], ...] = (
    history_is_without_fault,
    no_key_is_given_twice,
    all_money_is_paid_or_credit,
    sums_are_exact_to_the_fen,
    no_line_is_paid_more_than_it_asks,
    credit_waits_only_where_nothing_is_open,
    what_is_carried_forward_waits_only_where_nothing_is_open,
    only_royalties_on_earlier_sales_arise_after_the_end,
    trial_shelters_from_what_use_brings,
    no_cap_is_passed,
    made_up_year_reaches_its_minimum,
    last_step_before_interest_is_the_amount,
    next_day_lies_ahead,
    unsigned_sheet_owes_nothing,
)


@given(stories())
def test_every_statement_keeps_its_promises(story):
    for promise in PROMISES:
        promise(story)


# Promises of two statements


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(story, chance):
    shuffled = chance.sample(story.events, len(story.events))
    assert Story(story.sheet, tuple(shuffled), story.as_of).statement == story.statement


@given(stories(), st.integers(1, 1500))
def test_a_line_once_made_never_changes(story, days):
    """What later days add are lines, payments and interest; what was asked for stays asked for."""
    later = {line.key: line for line in story.state(later=days).lines}
    for line in story.statement.lines:
        same = later[line.key]
        assert (same.arose_on, same.due_on, same.amount) == (line.arose_on, line.due_on, line.amount)
        assert to_the_amount(same) == to_the_amount(line)


def to_the_amount(line: Obligation) -> list[Step]:
    """The steps without that of the interest, which grows by the day."""
    return [step for step in line.steps if step.name != "interest"]


@given(stories())
def test_interest_names_its_rate_and_the_day_of_it(story):
    """The day after the line was due, where nothing is agreed."""
    agreed = story.sheet.late_interest
    for line in [each for each in story.cash if each.interest]:
        step, late_on = line.steps[-1], line.due_on + timedelta(days=1)
        expected = (agreed.yearly_rate, "AGREED") if agreed else (rate_of(late_on), late_on.isoformat())
        assert (step.value, step.inputs["yearly_rate"], step.inputs["rate_of"]) == (line.interest, *expected)


@given(stories(), st.integers(0, 800))
def test_nothing_changes_by_itself_before_the_next_day(story, days):
    known = Story(story.sheet, tuple(each for each in story.events if each.on <= story.as_of), story.as_of)
    if known.statement.next_day:
        days = min(days, (known.statement.next_day - story.as_of).days - 1)
    assert without_interest(known.state(later=days)) == without_interest(known.statement)


def without_interest(statement: Statement) -> dict[str, Any]:
    """A statement without what grows by the day."""
    fields = ("phase", "owed", "paid", "overdue", "credit", "ends_on", "sell_off_until", "next_day", "reports_due")
    lines = [(line.key, line.amount, line.paid, line.state) for line in statement.lines]
    return {name: getattr(statement, name) for name in fields} | {"lines": lines}


# The independent model

RANKS = {"FIXED": 0, "MAINTENANCE": 1, "BUYOUT": 4}
UNCAPPED = ("amount", "pro_rata", "credited")  # the last of these steps is what a line asks for before the sheet's cap


def other_lines(story: Story) -> list[dict[str, Any]]:
    places = {term.id: place for place, term in enumerate(story.sheet.terms)}
    return [
        {
            "on": line.arose_on,
            "rank": RANKS[line.kind],
            "place": places[line.term],
            "term": line.term,
            "amount": Fraction([step.value for step in line.steps if step.name in UNCAPPED][-1]),
            "creditable": is_creditable(story.sheet.term(line.term)),
        }
        for line in story.statement.lines
        if line.kind in RANKS
    ]


def is_creditable(term: AnyTerm | None) -> bool:
    return isinstance(term, Fixed) and term.creditable


@st.composite
def tight_stories(draw: st.DrawFn) -> Story:
    """Few and round figures, so that thresholds, caps, minimums and balances are met and reports come late."""
    sums = st.sampled_from([100, 250, 1000, 5000]).map(Decimal)
    fees = tuple(
        Fixed(id=f"fee-{day.year}", amount=draw(sums), trigger=Trigger(kind=TriggerKind.DATE, day=day), creditable=True)
        for day in (date(2026, 1, 15), date(2027, 1, 15))
    )
    shares = tuple(draw(tight_royalties(f"share-{number}")) for number in range(draw(st.integers(1, 2))))
    sheet = Sheet(
        mode=Mode.ENTRY_ROYALTY,
        terms=(*fees, *shares),
        term_months=draw(st.sampled_from([14, 30])),
        sell_off_months=draw(st.sampled_from([0, 4])),
        total_cap=draw(st.none() | sums.map(lambda amount: amount * 3)),
    )
    events: list[Event] = [Event(id="signed", kind=Kind.SIGNED, on=date(2025, 12, 31))]
    ends_on = add_months(date(2025, 12, 31), sheet.term_months)
    for share in shares:
        events += draw(tight_reports(share.id, until=add_months(ends_on, sheet.sell_off_months)))
    return Story(sheet, tuple(events), date(2026, 6, 30) + timedelta(days=draw(st.integers(0, 1500))))


def tight_royalties(id: str) -> st.SearchStrategy[Royalty]:
    rates = st.sampled_from([Decimal("0.05"), Decimal("0.1"), Decimal("0.033333")])
    caps = st.none() | st.sampled_from([50, 200, 500]).map(Decimal)
    return st.builds(
        Royalty,
        id=st.just(id),
        base=st.just(Base.NET_SALES),
        tiers=st.tuples(*(st.builds(Tier, st.just(Decimal(start)), rates) for start in (0, 1000, 5000))),
        tiering=st.sampled_from(Tiering),
        counted=st.sampled_from(Counted),
        period=st.just(Period.QUARTER),
        combination_factor=st.sampled_from([Decimal(1), Decimal("0.333333")]),
        stacking=st.none()
        | st.builds(Stacking, st.just(Decimal("0.5")), rates, caps.map(lambda cap: cap and cap / 500)),
        minimum_yearly=st.none() | st.sampled_from([100, 365]).map(Decimal),
        minimum_from_year=st.integers(1, 2),
        period_cap=caps,
        lifetime_cap=caps,
        credits=st.lists(st.sampled_from(["fee-2026", "fee-2027"]), unique=True, max_size=2).map(tuple),
        report_days=st.sampled_from([0, 30]),
        answer_days=st.just(15),
    )


@st.composite
def tight_reports(draw: st.DrawFn, royalty: str, *, until: date) -> list[Event]:
    """Some quarters, reported in time or long after, and corrected."""
    found: list[Event] = []
    for span in islice(periods(date(2026, 1, 1), until, Period.QUARTER), draw(st.integers(1, 8))):
        day, corrects = span.last, ""
        for _ in range(draw(st.integers(0, 2))):
            day += timedelta(days=draw(st.sampled_from([0, 10, 40, 300])))
            id = f"{royalty}-{len(found)}"
            gross, third = (Decimal(draw(st.sampled_from([0, 100, 1000, 4000, 5001]))) for _ in range(2))
            given = {"gross": gross, "third_party_royalties": third / 10, "corrects": corrects}
            place = {"royalty": royalty, "first": span.first, "last": span.last}
            found.append(Sales(id=id, kind=Kind.SALES, on=day, **place, **given))
            corrects = id
    return found


@given(tight_stories())
def test_promises_hold_where_caps_and_minimums_are_met(story):
    for promise in PROMISES:
        promise(story)


@given(stories(*ROYALTY_MODES) | tight_stories())
def test_an_independent_model_agrees_on_every_royalty(story):
    lines = {line.key: Fraction(line.amount) for line in story.cash if line.kind in ROYALTY_KINDS}
    assert lines == royalty_lines(story.sheet, list(story.events), story.as_of, other_lines(story))
