"""Strategies: any valid sheet of any mode, and any valid history under a sheet.

Valid means that `check` finds no error and the engine names no fault; `read(write(…))` gives them back.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from marketplace.contracts.rules.checking import Limits
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import (
    Anchor,
    AnyTerm,
    Base,
    Buyout,
    Counted,
    Cover,
    Deduction,
    Equity,
    Fixed,
    LateInterest,
    Maintenance,
    MaintenanceEnd,
    Mode,
    Period,
    Royalty,
    Sheet,
    Side,
    Stacking,
    Sublicence,
    Tier,
    Tiering,
    Trigger,
    TriggerKind,
)
from marketplace.contracts.rules.totals import certain
from tests.contracts.happenings import histories

__all__ = ["LIMITS", "amounts", "few", "figures", "histories", "many", "royalties", "sheets"]

many = settings(max_examples=100, deadline=None)  # no deadline: a busy machine is no fault
few = settings(max_examples=40, deadline=None)

LIMITS = Limits(
    open_fixed_cap=Decimal(20_000_000),
    open_royalty_cap_sales=Decimal("0.20"),
    open_royalty_cap_profit=Decimal("0.40"),
    income_tax_licence_years=5,
)
SHORTEST_TERM = 60  # months: no trial is longer, and nothing warns
OUTCOMES = ("FIRST_SALE", "REVENUE", "UNITS", "MILESTONE", "FINANCING", "GRANT", "CHANGE_OF_CONTROL")
DATED = ("DATE", "SIGNATURE", "LATER")

# What may be added to the preset of a mode without breaking its promise: causes of further payments, kinds of terms
FURTHER: dict[Mode, tuple[tuple[str, ...], tuple[type, ...]]] = {
    Mode.BUYOUT: ((), ()),
    Mode.INSTALMENTS: (DATED, ()),
    Mode.ENTRY_ROYALTY: ((*DATED, *OUTCOMES, "PERIOD_END"), (Royalty, Maintenance, Buyout, Equity)),
    Mode.ZERO_UPFRONT: (OUTCOMES, (Royalty, Buyout, Equity)),
    Mode.DEFERRED: (("DATE", "MUCH_LATER"), ()),
    Mode.CONDITIONAL: (OUTCOMES, (Royalty, Buyout, Equity)),
    Mode.ROYALTY: ((), (Royalty, Buyout)),
    Mode.TRIAL_TRANSFER: (("KEPT", "TRIAL_KEPT", *OUTCOMES), (Royalty, Maintenance, Buyout, Equity)),
    Mode.EQUITY: ((), ()),
    Mode.OPEN: ((*DATED, "PERIOD_END"), (Royalty, Maintenance)),
}
LEAST_MINIMUM_YEAR = {Mode.ENTRY_ROYALTY: 1, Mode.ZERO_UPFRONT: 2, Mode.TRIAL_TRANSFER: 5, Mode.OPEN: 1}


def amounts(least: int = 1, most: int = 100_000) -> st.SearchStrategy[Decimal]:
    """Yuan with two places."""
    return st.integers(least * 100, most * 100).map(lambda fen: Decimal(fen) / 100)


def ratios(least: int = 0, most: int = 1000) -> st.SearchStrategy[Decimal]:
    """Thousandths: from 0 to 1."""
    return st.integers(least, most).map(lambda share: Decimal(share) / 1000)


def figures() -> st.SearchStrategy[Figures]:
    """Numbers that any mode can start from."""
    return st.builds(
        Figures,
        price=amounts(),
        upfront=amounts(),
        is_upfront_creditable=st.booleans(),
        milestones=st.lists(amounts(), min_size=1, max_size=3).map(tuple),
        base=st.sampled_from(Base),
        rate=ratios(1, 200),
        deduction_cap=ratios(0, 300),
        period=st.sampled_from(Period),
        instalments=st.integers(2, 6),
        instalment_months=st.integers(1, 6),
        deferral_months=st.integers(6, 36),
        milestone_months=st.integers(1, 24),
        trial_months=st.integers(0, 24),
        extension_months=st.integers(0, 12),
        equity_percent=ratios(1, 300),
        equity_valuation=amounts(),
        buyout_price=st.just(Decimal(0)) | amounts(),
        buyout_months=st.integers(1, SHORTEST_TERM),
        late_rate=st.none() | ratios(0, 240),
        term_months=st.integers(SHORTEST_TERM, 240),
        sell_off_months=st.integers(0, 12),
        pay_days=st.integers(0, 90),
    )


@st.composite
def sheets(draw: st.DrawFn, *modes: Mode) -> Sheet:
    """Any valid sheet of these modes, or of any, from the bare preset to one with terms of every kind."""
    sheet = build(draw(st.sampled_from(modes or tuple(Mode))), draw(figures()))
    causes, kinds = FURTHER[sheet.mode]
    terms = [*sheet.terms]
    for number in range(draw(st.integers(0, 3)) if causes else 0):
        terms.append(draw(payments(f"more-{number}", causes, terms, shares=Equity in kinds)))
    if Royalty in kinds:
        terms = [draw(royalties(sheet.mode, each.id, terms)) if isinstance(each, Royalty) else each for each in terms]
        terms += [draw(royalties(sheet.mode, "share-2", terms))] if draw(st.booleans()) else []
    if Maintenance in kinds and draw(st.booleans()):
        terms.append(draw(maintenances()))
    if Buyout in kinds and draw(st.booleans()):
        terms = [*(each for each in terms if not isinstance(each, Buyout)), draw(buyouts())]
    return draw(wholes(replace(sheet, terms=tuple(terms))))


@st.composite
def wholes(draw: st.DrawFn, sheet: Sheet) -> Sheet:
    """The same terms under any agreed end, cap, interest and guarantees."""
    minimums = [each.minimum_yearly or 0 for each in sheet.terms if isinstance(each, Royalty)]
    least = int(max(certain(sheet), *minimums, 0)) + 1
    interest = st.builds(LateInterest, yearly_rate=ratios(0, 240), grace_days=st.integers(0, 30))
    ends_on = draw(st.none() | st.dates(date(2045, 1, 1), date(2060, 12, 31)))
    return replace(
        sheet,
        term_months=0 if ends_on else sheet.term_months,
        ends_on=ends_on,
        total_cap=draw(st.none() | amounts(least, least + 500_000)),
        late_interest=draw(st.none() | interest),
        guarantees=tuple(draw(st.lists(covers(), max_size=2))),
    )


@st.composite
def payments(draw: st.DrawFn, id: str, causes: tuple[str, ...], before: list[AnyTerm], *, shares: bool) -> AnyTerm:
    """A fixed amount or, where shares may be given, perhaps those."""
    trigger = draw(triggers(draw(st.sampled_from(causes)), f"{id}-reached"))
    earlier = [each.id for each in before if isinstance(each, Fixed) and not _repeats(each)]
    if earlier and draw(st.integers(0, 3)) == 0:
        trigger = Trigger(kind=TriggerKind.AFTER, term=draw(st.sampled_from(earlier)), **draw(spans()))
    pay_days = draw(st.integers(0, 90))
    if shares and draw(st.integers(0, 4)) == 0:
        percent, valuation = draw(ratios(1, 100)), draw(amounts())
        return Equity(id=id, percent=percent, valuation=valuation, trigger=trigger, pay_days=pay_days)
    most = 50_000 if trigger.every else 100_000
    return Fixed(
        id=id, amount=draw(amounts(1, most)), trigger=trigger, pay_days=pay_days, creditable=draw(st.booleans())
    )


def _repeats(term: Fixed) -> bool:
    return term.trigger is not None and term.trigger.kind is TriggerKind.PERIOD_END


def spans() -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries({"days": st.integers(0, 60), "months": st.integers(0, 6)})


@st.composite
def triggers(draw: st.DrawFn, cause: str, milestone: str) -> Trigger:
    """A trigger of the cause: a kind, or one of the ways to come after something."""
    if cause in ("LATER", "MUCH_LATER", "KEPT"):
        event = Anchor.TRIAL_KEPT if cause == "KEPT" else draw(st.sampled_from([Anchor.SIGNATURE, Anchor.DELIVERY]))
        months = draw(st.integers(6 if cause == "MUCH_LATER" else 0, 36))
        return Trigger(kind=TriggerKind.AFTER, event=event, months=months, days=draw(st.integers(0, 90)))
    own: dict[str, Any] = {
        "DATE": {"day": st.dates(date(2020, 1, 1), date(2035, 12, 31))},
        "REVENUE": {"at_least": amounts(1, 1_000_000)},
        "UNITS": {"at_least": st.integers(1, 10_000).map(Decimal)},
        "MILESTONE": {"milestone": st.just(milestone), "due_after": st.just("SIGNATURE"), "due_months": st.just(9)},
        "PERIOD_END": {"every": st.sampled_from(Period)},
    }.get(cause, {})
    given = {name: draw(strategy) for name, strategy in own.items()}
    return Trigger(kind=TriggerKind(cause), **given, **(draw(witnesses()) if cause in OUTCOMES else {}))


@st.composite
def witnesses(draw: st.DrawFn) -> dict[str, Any]:
    declares = draw(st.sampled_from(Side))
    confirms = Side.SELLER if declares is Side.BUYER else Side.BUYER
    silent_days = draw(st.integers(0, 60))
    return {"evidence": "发票", "declared_by": declares, "confirmed_by": confirms, "silent_days": silent_days}


@st.composite
def royalties(draw: st.DrawFn, mode: Mode, id: str, terms: list[AnyTerm]) -> Royalty:
    """Any royalty that the mode allows, with rates that open licences may have."""
    base = draw(st.sampled_from(Base))
    starts = sorted(draw(st.sets(st.integers(1, 1_000_000), max_size=3)))
    tiers = tuple(Tier(Decimal(start), draw(ratios(1, 200))) for start in (0, *starts))
    deductions = tuple(draw(st.sets(st.sampled_from(Deduction)))) if base is Base.NET_SALES else ()
    credits = [each.id for each in terms if isinstance(each, Fixed) and each.creditable and not _repeats(each)]
    minimum = draw(st.none() | amounts(1, 20_000)) if mode in LEAST_MINIMUM_YEAR else None
    return Royalty(
        id=id,
        base=base,
        tiers=tiers,
        period=draw(st.sampled_from(Period)),
        tiering=draw(st.sampled_from(Tiering)),
        counted=draw(st.sampled_from(Counted)),
        deductions=deductions,
        deduction_cap=draw(st.none() | ratios(0, 300)) if deductions else None,
        combination_factor=draw(st.just(Decimal(1)) | ratios(100)),
        stacking=draw(st.none() | stackings(min(tier.rate for tier in tiers))),
        minimum_yearly=minimum,
        minimum_from_year=draw(st.integers(LEAST_MINIMUM_YEAR.get(mode, 1), 6)),
        period_cap=draw(st.none() | amounts(20_000, 100_000)),
        lifetime_cap=draw(st.none() | amounts(20_000, 500_000)),
        credits=tuple(draw(st.sets(st.sampled_from(credits)))) if credits else (),
        sublicence=draw(st.none() | st.builds(Sublicence, ratios(), ratios())),
        report_days=draw(st.integers(0, 60)),
        pay_days=draw(st.integers(0, 60)),
        answer_days=draw(st.integers(0, 30)),
    )


def stackings(rate: Decimal) -> st.SearchStrategy[Stacking]:
    return st.builds(Stacking, ratios(), ratios(0, int(rate * 1000)), st.none() | ratios())


def maintenances() -> st.SearchStrategy[Maintenance]:
    return st.builds(
        Maintenance,
        id=st.just("upkeep"),
        amount=amounts(1, 20_000),
        until=st.sampled_from(MaintenanceEnd),
        pay_days=st.integers(0, 90),
    )


@st.composite
def buyouts(draw: st.DrawFn) -> Buyout:
    months = draw(st.integers(0, SHORTEST_TERM))
    return Buyout(
        id="option",
        price=draw(amounts()),
        until_months=months,
        until_day=None if months else draw(st.dates(date(2030, 1, 1), date(2039, 12, 31))),
        credit_paid=draw(ratios()),
        pay_days=draw(st.integers(0, 90)),
    )


def covers() -> st.SearchStrategy[Cover]:
    return st.builds(
        Cover,
        kind=st.sampled_from(["COMPANY", "DEPOSIT", "RISK_POOL"]),
        cover_amount=amounts(),
        cover_share=ratios(1),
        liability=st.sampled_from(["JOINT", "GENERAL"]),
        period_months=st.none() | st.integers(1, 24),
        waiting_days=st.integers(0, 60),
        fee=amounts(0, 5000),
    )
