"""Which rules a sheet breaks: each rule by a sheet that just breaks it, and none by a sheet that just does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from marketplace.contracts.rules.checking import check
from marketplace.contracts.rules.modes import build
from marketplace.contracts.rules.sheet import (
    Anchor,
    AtEnd,
    Base,
    Buyout,
    Cover,
    Deduction,
    Equity,
    Fixed,
    Mode,
    Period,
    Royalty,
    Sheet,
    Side,
    Stacking,
    Tier,
    Trial,
    Trigger,
    TriggerKind,
)
from tests.contracts.sheets import LIMITS, many, sheets

WITNESS = {"evidence": "发票", "declared_by": Side.BUYER, "confirmed_by": Side.SELLER, "silent_days": 15}
SIGNATURE = Trigger(kind=TriggerKind.SIGNATURE)
KEPT = Trigger(kind=TriggerKind.TRIAL_KEPT)
YEARLY = Trigger(kind=TriggerKind.PERIOD_END, every=Period.YEAR)
ENTRY = Fixed(id="entry", amount=Decimal(1000), trigger=SIGNATURE, creditable=True)
RATE = (Tier(Decimal(0), Decimal("0.05")),)
SHARE = Royalty(id="share", base=Base.NET_SALES, tiers=RATE, period=Period.QUARTER, credits=("entry",))
COVER = Cover(kind="DEPOSIT", cover_amount=Decimal(1), cover_share=Decimal(1))
GOOD = Sheet(mode=Mode.ENTRY_ROYALTY, terms=(ENTRY, SHARE), term_months=120)


def codes(sheet: Sheet) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in check(sheet, limits=LIMITS)]


def inputs(sheet: Sheet) -> dict[str, Any]:
    return dict(check(sheet, limits=LIMITS)[0].inputs)


def with_more(*terms: Any, **more: Any) -> Sheet:
    return replace(GOOD, terms=(*GOOD.terms, *terms), **more)


def with_share(**changes: Any) -> Sheet:
    return replace(GOOD, terms=(ENTRY, replace(SHARE, **changes)))


def fixed(trigger: Trigger | None, id: str = "more") -> Fixed:
    return Fixed(id=id, amount=Decimal(1000), trigger=trigger)


def after(term: str) -> Trigger:
    return Trigger(kind=TriggerKind.AFTER, term=term, days=1)


def later(*, months: int, days: int = 0) -> Trigger:
    return Trigger(kind=TriggerKind.AFTER, event=Anchor.SIGNATURE, months=months, days=days)


def milestone(name: str, due_after: str = "SIGNATURE", **changes: Any) -> Trigger:
    given = {**WITNESS, **changes}
    return Trigger(kind=TriggerKind.MILESTONE, milestone=name, due_after=due_after, due_months=6, **given)


def test_a_good_sheet_breaks_nothing():
    assert codes(GOOD) == []


@many
@given(sheets())
def test_a_valid_sheet_breaks_nothing(sheet):
    assert [fault for fault in check(sheet, limits=LIMITS) if not fault.is_warning] == []


@pytest.mark.parametrize(
    ("sheet", "fault"),
    [
        (replace(GOOD, term_months=0), ("E_NO_TERM", "/term")),
        (replace(GOOD, trial=Trial(months=6, at_end=None)), ("E_NO_END_RULE", "/trial/at_end")),
        (replace(GOOD, trial=Trial(months=120, at_end=AtEnd.STOP)), ("E_NO_END_RULE", "/trial/months")),
        (
            replace(GOOD, trial=Trial(months=60, at_end=AtEnd.STOP, extensions=5, extension_months=12)),
            ("E_NO_END_RULE", "/trial/months"),
        ),
        (
            replace(GOOD, trial=Trial(months=6, at_end=AtEnd.KEEP, extensions=1)),
            ("E_NO_END_RULE", "/trial/extension_months"),
        ),
        (replace(GOOD, total_cap=Decimal("999.99")), ("E_FLOOR_GT_CAP", "/total_cap")),
        (with_more(Buyout(id="b", price=Decimal(1))), ("E_BUYOUT_EXPIRY", "/terms/2/until")),
        (with_more(Buyout(id="b", price=Decimal(1), until_months=121)), ("E_BUYOUT_EXPIRY", "/terms/2/until")),
        (
            with_more(Equity(id="s", percent=Decimal("1.01"), valuation=Decimal(1), trigger=SIGNATURE)),
            ("E_RATE_RANGE", "/terms/2/percent"),
        ),
        (
            replace(GOOD, guarantees=(COVER, replace(COVER, period_months=0))),
            ("E_GUARANTEE_PERIOD_INVALID", "/guarantees/1/period_months"),
        ),
        (with_more(fixed(None)), ("E_NO_TRIGGER", "/terms/2/trigger")),
        (with_more(fixed(KEPT)), ("E_NO_TRIGGER", "/terms/2/trigger")),
        (
            with_more(fixed(Trigger(kind=TriggerKind.AFTER, event=Anchor.TRIAL_END))),
            ("E_NO_TRIGGER", "/terms/2/trigger"),
        ),
        (with_more(fixed(later(months=121))), ("E_NO_TRIGGER", "/terms/2/trigger")),
        (with_more(fixed(later(months=120, days=1))), ("E_NO_TRIGGER", "/terms/2/trigger")),
        (with_more(fixed(later(months=119, days=32))), ("E_NO_TRIGGER", "/terms/2/trigger")),
        (with_more(fixed(after("nobody"))), ("E_NO_TRIGGER", "/terms/2/trigger/term")),
        (with_more(fixed(after("share"))), ("E_NO_TRIGGER", "/terms/2/trigger/term")),
        (with_more(fixed(YEARLY), fixed(after("more"), "last")), ("E_NO_TRIGGER", "/terms/3/trigger/term")),
        (with_more(fixed(milestone("m1", "m2"))), ("E_NO_TRIGGER", "/terms/2/trigger/due/after")),
        (with_more(fixed(after("more"))), ("E_TRIGGER_CIRCULAR", "/terms/2/trigger/term")),
        (with_more(fixed(milestone("m1", "m1"))), ("E_TRIGGER_CIRCULAR", "/terms/2/trigger/due/after")),
        (with_more(fixed(milestone("m1", evidence=" "))), ("E_TRIGGER_EVIDENCE", "/terms/2/trigger")),
        (with_more(fixed(milestone("m1", declared_by=None))), ("E_TRIGGER_EVIDENCE", "/terms/2/trigger")),
        (with_more(fixed(milestone("m1", confirmed_by=None))), ("E_TRIGGER_EVIDENCE", "/terms/2/trigger")),
        (with_more(fixed(milestone("m1", silent_days=None))), ("E_TRIGGER_EVIDENCE", "/terms/2/trigger")),
        (
            with_more(fixed(milestone("m1", confirmed_by=Side.BUYER))),
            ("E_TRIGGER_EVIDENCE", "/terms/2/trigger/confirmed_by"),
        ),
        (
            with_more(fixed(Trigger(kind=TriggerKind.AFTER, event=Anchor.FIRST_SALE))),
            ("E_TRIGGER_EVIDENCE", "/terms/2/trigger"),
        ),
        (with_share(tiers=(Tier(Decimal(1), Decimal("0.05")),)), ("E_TIER_ORDER", "/terms/1/tiers/0/from")),
        (
            with_share(tiers=(Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(0), Decimal("0.04")))),
            ("E_TIER_ORDER", "/terms/1/tiers/1/from"),
        ),
        (
            with_share(stacking=Stacking(Decimal("0.5"), Decimal("0.051"))),
            ("E_FLOOR_GT_CAP", "/terms/1/stacking/floor_rate"),
        ),
        (
            with_share(minimum_yearly=Decimal(401), period_cap=Decimal(100)),
            ("E_MINIMUM_GT_CAP", "/terms/1/minimum_yearly"),
        ),
        (
            with_share(minimum_yearly=Decimal(401), lifetime_cap=Decimal(400)),
            ("E_MINIMUM_GT_CAP", "/terms/1/minimum_yearly"),
        ),
        (
            replace(with_share(minimum_yearly=Decimal(5001)), total_cap=Decimal(5000)),
            ("E_MINIMUM_GT_CAP", "/terms/1/minimum_yearly"),
        ),
        (
            with_share(base=Base.GROSS_MARGIN, deductions=(Deduction.TAXES,)),
            ("E_DEDUCTION_NOT_ALLOWED", "/terms/1/deductions"),
        ),
        (with_share(deduction_cap=Decimal("0.05")), ("E_DEDUCTION_CAP", "/terms/1/deduction_cap")),
        (with_share(credits=("entry", "nobody")), ("E_CREDIT_UNKNOWN", "/terms/1/credits/1")),
        (with_share(credits=("share",)), ("E_CREDIT_UNKNOWN", "/terms/1/credits/0")),
        (replace(GOOD, terms=(replace(ENTRY, creditable=False), SHARE)), ("E_CREDIT_UNKNOWN", "/terms/1/credits/0")),
        (
            with_share(tiers=(Tier(Decimal(0), Decimal("0.2001")),)),
            ("W_RATE_ABOVE_OPEN_LICENCE_CAP", "/terms/1/tiers/0/rate"),
        ),
        (replace(GOOD, term_months=59), ("W_LICENCE_LT_5Y", "/term/months")),
    ],
    ids=lambda value: f"{value[0]} {value[1]}" if isinstance(value, tuple) else "",
)
def test_a_sheet_that_breaks_one_rule_is_told_which_and_where(sheet, fault):
    assert codes(sheet) == [fault]


@pytest.mark.parametrize(
    "sheet",
    [
        replace(GOOD, term_months=60),
        replace(GOOD, term_months=0, ends_on=date(2040, 1, 1)),
        replace(GOOD, trial=Trial(months=119, at_end=AtEnd.KEEP)),
        replace(GOOD, total_cap=Decimal(1000)),
        with_more(Buyout(id="b", price=Decimal(1), until_months=120)),
        with_more(Equity(id="s", percent=Decimal(1), valuation=Decimal(1), trigger=SIGNATURE)),
        with_more(fixed(KEPT), trial=Trial(months=6, at_end=AtEnd.STOP)),
        with_more(fixed(after("entry")), fixed(after("more"), "last")),
        with_more(fixed(later(months=120))),
        with_more(fixed(milestone("m1")), fixed(milestone("m2", "m1"), "last")),
        with_more(fixed(Trigger(kind=TriggerKind.REVENUE, at_least=Decimal(1), **WITNESS))),
        with_share(stacking=Stacking(Decimal(1), Decimal("0.05"))),
        with_share(minimum_yearly=Decimal(400), period_cap=Decimal(100), lifetime_cap=Decimal(400)),
        with_share(deductions=(Deduction.TAXES,), deduction_cap=Decimal("0.05")),
        with_share(tiers=(Tier(Decimal(0), Decimal("0.2")),)),
        with_share(base=Base.GROSS_MARGIN, tiers=(Tier(Decimal(0), Decimal("0.4")),)),
        with_share(base=Base.UNITS, tiers=(Tier(Decimal(0), Decimal(12)),)),
    ],
)
def test_a_sheet_that_just_keeps_a_rule_passes(sheet):
    assert codes(sheet) == []


def test_an_option_after_the_last_day_of_the_licence_is_no_option():
    option = Buyout(id="b", price=Decimal(1), until_day=date(2030, 1, 2))
    assert codes(with_more(option, term_months=0, ends_on=date(2030, 1, 2))) == []
    assert codes(with_more(option, term_months=0, ends_on=date(2030, 1, 1))) == [("E_BUYOUT_EXPIRY", "/terms/2/until")]


def test_a_day_after_the_last_of_the_licence_is_no_trigger():
    on_a_day = Trigger(kind=TriggerKind.DATE, day=date(2030, 1, 2))
    sheet = with_more(fixed(on_a_day), fixed(after("more"), "last"), term_months=0, ends_on=date(2030, 1, 2))
    assert [(fault.pointer, fault.inputs) for fault in check(sheet, limits=LIMITS)] == [
        ("/terms/3/trigger", {"reason": "after_end"})
    ]


def test_an_empty_table_of_rates_is_in_no_order():
    assert ("E_TIER_ORDER", "/terms/1/tiers") in codes(with_share(tiers=()))


def test_a_circle_is_named_once_with_all_who_stand_in_it():
    sheet = with_more(fixed(after("c"), "a"), fixed(after("a"), "b"), fixed(after("b"), "c"), fixed(after("a"), "d"))
    assert [fault.inputs["circle"] for fault in check(sheet, limits=LIMITS)] == [("a", "c", "b", "a")]


def test_what_is_missing_of_the_evidence_is_named():
    assert inputs(with_more(fixed(Trigger(kind=TriggerKind.GRANT, silent_days=0)))) == {
        "missing": ("evidence", "declared_by", "confirmed_by")
    }


def test_conditional_amounts_may_exceed_the_total_cap():
    assert codes(with_more(fixed(milestone("m1")), total_cap=Decimal(1500))) == []


def test_everything_that_is_wrong_is_found_at_once():
    sheet = replace(
        with_share(tiers=(Tier(Decimal(5), Decimal("0.3")),), credits=("nobody",)),
        term_months=0,
        trial=Trial(months=6, at_end=None),
    )
    found = {code for code, _ in codes(sheet)}
    assert found == {"E_NO_TERM", "E_NO_END_RULE", "E_TIER_ORDER", "E_CREDIT_UNKNOWN", "W_RATE_ABOVE_OPEN_LICENCE_CAP"}


def test_faults_point_into_the_document_that_holds_the_sheet():
    sheet = replace(build(Mode.BUYOUT), term_months=0)
    assert [fault.pointer for fault in check(sheet, limits=LIMITS, pointer="/sheet")] == ["/sheet/term"]


def test_a_warning_is_no_error():
    fault = check(replace(GOOD, term_months=12), limits=LIMITS)[0]
    assert fault.is_warning
    assert fault.inputs == {"months": 12, "years": 5}
