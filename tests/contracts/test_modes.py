"""The modes: every preset is a valid start, and no sheet keeps a mode's name when it breaks the mode's promise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.rules.checking import check
from marketplace.contracts.rules.events import Event, Kind
from marketplace.contracts.rules.modes import DEMANDS, Figures, build, mode_faults, modes_of
from marketplace.contracts.rules.obligations import obligations
from marketplace.contracts.rules.reading import read_sheet
from marketplace.contracts.rules.sheet import (
    Anchor,
    AnyTerm,
    AtEnd,
    Base,
    Buyout,
    Equity,
    Fixed,
    Maintenance,
    Mode,
    Period,
    Royalty,
    Sheet,
    Tier,
    Trial,
    Trigger,
    TriggerKind,
)
from marketplace.contracts.rules.writing import write_sheet
from tests.contracts.sheets import LIMITS, few, figures, many, sheets

Change = Callable[[Sheet], Sheet]

SIGNATURE = Trigger(kind=TriggerKind.SIGNATURE)
DATE = Trigger(kind=TriggerKind.DATE, day=date(2027, 1, 1))
FIRST_SALE = Trigger(kind=TriggerKind.FIRST_SALE)
FINANCING = Trigger(kind=TriggerKind.FINANCING)
KEPT = Trigger(kind=TriggerKind.TRIAL_KEPT)
MONTHLY = Trigger(kind=TriggerKind.PERIOD_END, every=Period.MONTH)


def later(months: int, days: int = 0, event: Anchor = Anchor.SIGNATURE) -> Trigger:
    return Trigger(kind=TriggerKind.AFTER, event=event, months=months, days=days)


def fixed(trigger: Trigger, *, id: str = "more", amount: int = 1000, pay_days: int = 30) -> Fixed:
    return Fixed(id=id, amount=Decimal(amount), trigger=trigger, pay_days=pay_days)


ROYALTY = Royalty(id="more", base=Base.NET_SALES, tiers=(Tier(Decimal(0), Decimal("0.05")),), period=Period.YEAR)
FREE = replace(ROYALTY, tiers=(Tier(Decimal(0), Decimal(0)),))
UPKEEP = Maintenance(id="more", amount=Decimal(1000))
OPTION = Buyout(id="more", price=Decimal(1000), until_months=12)
SHARES = Equity(id="more", percent=Decimal("0.1"), valuation=Decimal(1000), trigger=SIGNATURE)
TRIAL = Trial(months=12, at_end=AtEnd.STOP)


def add(*terms: AnyTerm) -> Change:
    return lambda sheet: replace(sheet, terms=(*sheet.terms, *terms))


def only(*terms: AnyTerm) -> Change:
    return lambda sheet: replace(sheet, terms=terms)


def drop(*kinds: type) -> Change:
    return lambda sheet: replace(sheet, terms=tuple(each for each in sheet.terms if not isinstance(each, kinds)))


def try_out(sheet: Sheet) -> Sheet:
    return replace(sheet, trial=TRIAL)


def untried(sheet: Sheet) -> Sheet:
    return replace(sheet, trial=None)


def minimum_from(year: int) -> Change:
    return lambda sheet: add(replace(ROYALTY, minimum_yearly=Decimal(100), minimum_from_year=year))(sheet)


def dear(sheet: Sheet) -> Sheet:
    return only(fixed(SIGNATURE, amount=20_000_001))(sheet)


BREAKS: list[tuple[Mode, str, Change]] = [
    (Mode.BUYOUT, "one_payment", add(fixed(SIGNATURE))),
    (Mode.BUYOUT, "one_payment", only()),
    (Mode.BUYOUT, "paid_at_once", only(fixed(DATE))),
    (Mode.BUYOUT, "paid_at_once", only(fixed(FIRST_SALE))),
    (Mode.BUYOUT, "paid_at_once", only(fixed(later(1)))),
    (Mode.BUYOUT, "paid_at_once", only(fixed(SIGNATURE, pay_days=91))),
    (Mode.BUYOUT, "paid_at_once", only(fixed(later(0, 61, Anchor.DELIVERY)))),
    *((Mode.BUYOUT, "nothing_after", add(term)) for term in (ROYALTY, UPKEEP, OPTION, SHARES)),
    (Mode.BUYOUT, "no_trial", try_out),
    (Mode.INSTALMENTS, "two_payments", only(fixed(SIGNATURE))),
    (Mode.INSTALMENTS, "agreed_dates", add(fixed(FIRST_SALE))),
    (Mode.INSTALMENTS, "agreed_dates", add(fixed(MONTHLY))),
    (Mode.INSTALMENTS, "different_days", only(fixed(SIGNATURE), fixed(SIGNATURE, id="last"))),
    *((Mode.INSTALMENTS, "fixed_total", add(term)) for term in (ROYALTY, UPKEEP, SHARES)),
    (Mode.INSTALMENTS, "no_trial", try_out),
    (Mode.ENTRY_ROYALTY, "entry_fee", drop(Fixed)),
    (Mode.ENTRY_ROYALTY, "entry_fee", only(fixed(DATE), ROYALTY)),
    (Mode.ENTRY_ROYALTY, "royalty", drop(Royalty)),
    (Mode.ENTRY_ROYALTY, "royalty", only(fixed(SIGNATURE), FREE)),
    (Mode.ZERO_UPFRONT, "milestone_payment", drop(Fixed)),
    (Mode.ZERO_UPFRONT, "milestone_payment", only(fixed(FIRST_SALE), ROYALTY)),
    (Mode.ZERO_UPFRONT, "royalty", drop(Royalty)),
    *(
        (Mode.ZERO_UPFRONT, "nothing_before_success", add(fixed(trigger)))
        for trigger in (SIGNATURE, DATE, MONTHLY, KEPT, later(0, 0, Anchor.DELIVERY), later(60))
    ),
    (Mode.ZERO_UPFRONT, "nothing_before_success", add(SHARES)),
    (Mode.ZERO_UPFRONT, "no_yearly_fee", add(UPKEEP)),
    (Mode.ZERO_UPFRONT, "no_minimum_in_first_year", minimum_from(1)),
    (Mode.DEFERRED, "deferred_payment", only()),
    (Mode.DEFERRED, "deferred_payment", only(fixed(SIGNATURE))),
    (Mode.DEFERRED, "nothing_early", add(fixed(SIGNATURE))),
    (Mode.DEFERRED, "nothing_early", add(fixed(SIGNATURE, pay_days=365))),
    (Mode.DEFERRED, "nothing_early", add(fixed(later(5)))),
    (Mode.DEFERRED, "nothing_early", add(fixed(FIRST_SALE))),
    (Mode.DEFERRED, "nothing_early", add(SHARES)),
    *((Mode.DEFERRED, "no_running_fees", add(term)) for term in (ROYALTY, UPKEEP)),
    (Mode.CONDITIONAL, "conditional_payment", only(ROYALTY)),
    (Mode.CONDITIONAL, "only_conditional", add(fixed(DATE))),
    (Mode.CONDITIONAL, "only_conditional", add(fixed(KEPT))),
    (Mode.CONDITIONAL, "no_yearly_fee", add(UPKEEP)),
    (Mode.CONDITIONAL, "no_minimum", minimum_from(5)),
    (Mode.ROYALTY, "royalty", only(FREE)),
    *((Mode.ROYALTY, "no_fixed_fee", add(term)) for term in (fixed(FIRST_SALE), UPKEEP, SHARES)),
    (Mode.ROYALTY, "no_minimum", minimum_from(5)),
    (Mode.TRIAL_TRANSFER, "trial", untried),
    (Mode.TRIAL_TRANSFER, "price_on_keeping", only(fixed(FIRST_SALE))),
    *(
        (Mode.TRIAL_TRANSFER, "nothing_unless_kept", add(fixed(trigger)))
        for trigger in (SIGNATURE, DATE, MONTHLY, later(24), later(0, 0, Anchor.TRIAL_END))
    ),
    (Mode.TRIAL_TRANSFER, "no_minimum_in_trial", minimum_from(1)),
    (Mode.EQUITY, "shares", only()),
    *((Mode.EQUITY, "no_cash", add(term)) for term in (fixed(FIRST_SALE), ROYALTY, UPKEEP, OPTION)),
    (Mode.OPEN, "published_price", only()),
    (Mode.OPEN, "published_price", only(FREE)),
    *((Mode.OPEN, "same_for_all", add(fixed(trigger))) for trigger in (FIRST_SALE, FINANCING)),
    *((Mode.OPEN, "cash_alone", add(term)) for term in (SHARES, OPTION)),
    (Mode.OPEN, "no_trial", try_out),
    (Mode.OPEN, "fixed_cap", dear),
    (Mode.OPEN, "fixed_cap", only(fixed(MONTHLY, amount=400_000))),
    (Mode.OPEN, "fixed_cap", add(replace(UPKEEP, amount=Decimal(20_000_000)))),
    (Mode.OPEN, "rate_cap", add(replace(ROYALTY, tiers=(Tier(Decimal(0), Decimal("0.21")),)))),
]

KEEPS: list[tuple[Mode, Change]] = [
    (Mode.BUYOUT, only(fixed(later(0, 60, Anchor.DELIVERY)))),
    (Mode.INSTALMENTS, add(fixed(DATE))),
    (Mode.INSTALMENTS, add(fixed(Trigger(kind=TriggerKind.AFTER, term="part-1", months=9)))),
    (Mode.ENTRY_ROYALTY, add(fixed(FIRST_SALE), replace(UPKEEP, id="a"), replace(OPTION, id="b"))),
    (Mode.ENTRY_ROYALTY, minimum_from(1)),
    (Mode.ZERO_UPFRONT, minimum_from(2)),
    (Mode.ZERO_UPFRONT, untried),
    (Mode.ZERO_UPFRONT, add(fixed(Trigger(kind=TriggerKind.AFTER, term="milestone-1", months=1)))),
    (Mode.DEFERRED, only(fixed(DATE))),
    (Mode.DEFERRED, only(fixed(later(6, event=Anchor.DELIVERY)))),
    (Mode.DEFERRED, only(fixed(later(0, 180)))),
    (Mode.CONDITIONAL, add(ROYALTY)),
    (Mode.ROYALTY, add(OPTION)),
    (Mode.TRIAL_TRANSFER, add(fixed(later(6, event=Anchor.TRIAL_KEPT)))),
    (Mode.TRIAL_TRANSFER, add(fixed(FIRST_SALE))),
    (Mode.TRIAL_TRANSFER, minimum_from(2)),
    (Mode.OPEN, only(ROYALTY)),
    (Mode.OPEN, only(fixed(MONTHLY, amount=100_000))),
    (Mode.OPEN, only(replace(ROYALTY, base=Base.GROSS_MARGIN, tiers=(Tier(Decimal(0), Decimal("0.4")),)))),
]


def rules_broken(sheet: Sheet) -> set[str]:
    return {fault.inputs["rule"] for fault in mode_faults(sheet, limits=LIMITS)}


@pytest.mark.parametrize("mode", Mode)
def test_choosing_a_mode_builds_a_sheet_without_a_fault(mode):
    assert check(build(mode), limits=LIMITS) == ()
    assert mode in modes_of(build(mode), limits=LIMITS)


@many
@given(st.sampled_from(Mode), figures())
def test_a_preset_with_any_figures_is_valid_and_reads_back(mode, chosen):
    sheet = build(mode, chosen)
    assert check(sheet, limits=LIMITS) == ()
    assert read_sheet(write_sheet(sheet)) == sheet


@many
@given(figures())
def test_instalments_add_up_to_the_price(chosen):
    terms = build(Mode.INSTALMENTS, chosen).terms
    assert sum(each.amount for each in terms) == chosen.price
    assert len(terms) == chosen.instalments


def test_a_creditable_entry_fee_is_set_off():
    _, royalty = build(Mode.ENTRY_ROYALTY, Figures(is_upfront_creditable=True)).terms
    assert royalty.credits == ("entry",)


@pytest.mark.parametrize(("mode", "rule", "change"), BREAKS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_sheet_that_breaks_the_promise_of_its_mode_is_told_so(mode, rule, change):
    assert rule in rules_broken(change(build(mode)))


@many
@given(st.sampled_from(BREAKS), figures())
def test_no_figures_hide_a_broken_promise(broken, chosen):
    mode, rule, change = broken
    assert rule in rules_broken(change(replace(build(mode, chosen), term_months=120)))


@pytest.mark.parametrize(("mode", "change"), KEEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_sheet_may_say_more_as_long_as_the_promise_holds(mode, change):
    assert rules_broken(change(build(mode))) == set()


def test_every_rule_is_broken_by_some_sheet():
    assert {(mode, demand.rule) for mode, demands in DEMANDS.items() for demand in demands} == {
        (mode, rule) for mode, rule, _ in BREAKS
    }


def test_a_broken_promise_points_at_the_term_and_names_mode_and_rule():
    sheet = add(UPKEEP)(build(Mode.BUYOUT))
    (fault,) = check(sheet, limits=LIMITS)
    assert (fault.code, fault.pointer) == ("E_MODE", "/terms/1")
    assert fault.inputs == {"mode": "BUYOUT", "rule": "nothing_after"}


def test_an_amount_without_a_trigger_is_not_also_a_broken_promise():
    sheet = build(Mode.INSTALMENTS)
    sheet = add(Fixed(id="more", amount=Decimal(1), trigger=None))(sheet)
    assert [fault.code for fault in check(sheet, limits=LIMITS)] == ["E_NO_TRIGGER"]


def test_terms_may_honestly_bear_several_names():
    assert set(modes_of(build(Mode.BUYOUT), limits=LIMITS)) == {Mode.BUYOUT, Mode.OPEN}
    assert set(modes_of(build(Mode.ZERO_UPFRONT), limits=LIMITS)) == {Mode.ZERO_UPFRONT, Mode.CONDITIONAL}


# What a name promises is what the engine bills


def billed(sheet: Sheet, *kinds: Kind, until: date) -> Decimal:
    """What is owed when only this happens, a day apart from the first of 2026 on."""
    events = [Event(id=f"e{day}", kind=kind, on=date(2026, 1, day)) for day, kind in enumerate(kinds, 1)]
    return obligations(sheet, events, until).owed


@few
@given(sheets(Mode.CONDITIONAL, Mode.ROYALTY, Mode.EQUITY))
def test_who_achieves_nothing_pays_nothing(sheet):
    assert billed(sheet, Kind.SIGNED, Kind.DELIVERED, until=date(2035, 1, 1)) == 0


@few
@given(sheets(Mode.ZERO_UPFRONT))
def test_who_starts_with_no_entry_fee_pays_nothing_in_the_first_year(sheet):
    assert billed(sheet, Kind.SIGNED, Kind.DELIVERED, until=date(2026, 12, 31)) == 0


@few
@given(sheets(Mode.DEFERRED))
def test_who_defers_owes_nothing_for_half_a_year(sheet):
    sheet = replace(sheet, terms=tuple(each for each in sheet.terms if each.trigger.kind is not TriggerKind.DATE))
    assert billed(sheet, Kind.SIGNED, Kind.DELIVERED, until=date(2026, 6, 29)) == 0


@few
@given(sheets(Mode.TRIAL_TRANSFER))
def test_who_tries_and_stops_pays_nothing(sheet):
    assert billed(sheet, Kind.SIGNED, Kind.DELIVERED, Kind.STOPPED, until=date(2035, 1, 1)) == 0


@few
@given(sheets(Mode.BUYOUT))
def test_who_bought_out_never_owes_more_than_the_price(sheet):
    most = sum(each.amount for each in sheet.terms)
    assert billed(sheet, Kind.SIGNED, Kind.DELIVERED, Kind.FIRST_SALE, until=date(2060, 1, 1)) == most


@few
@given(sheets(Mode.INSTALMENTS))
def test_instalments_come_to_the_total_that_was_fixed(sheet):
    most = sum(each.amount for each in sheet.terms)
    assert billed(sheet, Kind.SIGNED, Kind.DELIVERED, until=date(2060, 1, 1)) <= most
