"""Ways to pay, worked out for one firm: from a few answers a sheet of each mode, and what it costs year by year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.contracts.rules.forecast import Case, forecast
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.plan import Plan, PlannedYear
from marketplace.contracts.rules.sheet import Mode, Sheet
from marketplace.contracts.rules.totals import certain

WAN = Decimal(10_000)
SHOWN = 5  # years side by side
LICENCE_YEARS = 10
ENTRY_SHARE = Decimal("0.2")  # of the price, where a share of sales follows
STEP_SHARES = (Decimal("0.1"), Decimal("0.2"))  # of the price, at the two milestones
DEFERRAL_MONTHS = 24
USUAL_TRIAL = 6  # months, for the mode that is nothing without a trial
SLOWEST = 3  # months to the first milestone at the earliest

LATER = (Mode.ZERO_UPFRONT, Mode.TRIAL_TRANSFER, Mode.CONDITIONAL, Mode.DEFERRED, Mode.ROYALTY)
SOONER = (Mode.ENTRY_ROYALTY, Mode.INSTALMENTS, Mode.BUYOUT, Mode.OPEN)
ELSE = (Mode.EQUITY,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a firm says of its plan and of what the owner asks. Amounts are yuan, `share` a ratio of net sales."""

    sales: Decimal
    first_sale_month: int
    price: Decimal
    share: Decimal
    trial_months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One mode with what it costs. Rows are yuan for the years 1 to SHOWN; `all` is the whole licence."""

    mode: Mode
    sheet: Sheet
    expected: tuple[Decimal, ...]
    bad: tuple[Decimal, ...]
    expected_all: Decimal
    bad_all: Decimal
    certain: Decimal

    @property
    def is_cash(self) -> bool:
        return bool(self.expected_all or self.bad_all or self.certain)


def ways(answers: Answers, modes: Iterable[Mode], *, signed_on: date) -> list[Way]:
    """Each mode under one plan. `signed_on` is a first of January, so that years of the licence are calendar years."""
    plan = plan_of(answers, signed_on)
    return [_way(build(mode, figures(answers, mode)), plan) for mode in modes]


def figures(answers: Answers, mode: Mode) -> Figures:
    """The numbers that a mode starts from, in proportion to the price that the owner names."""
    trial = answers.trial_months or (USUAL_TRIAL if mode is Mode.TRIAL_TRANSFER else 0)
    return Figures(
        price=answers.price,
        upfront=_round(answers.price * ENTRY_SHARE),
        milestones=tuple(_round(answers.price * share) for share in STEP_SHARES),
        rate=answers.share,
        trial_months=trial,
        deferral_months=DEFERRAL_MONTHS,
        equity_valuation=answers.price,
        term_months=12 * LICENCE_YEARS,
    )


def _round(amount: Decimal) -> Decimal:
    """To the hundred yuan, and never nothing: these are proposals."""
    return max(amount.quantize(Decimal("1E2")) + 0, Decimal(100))


def plan_of(answers: Answers, signed_on: date) -> Plan:
    """Steady yearly sales from the first sale on; the milestones are reached on the way there."""
    first = answers.first_sale_month
    steps = {"m1": max(first - 6, SLOWEST), "m2": max(first, SLOWEST + 1), "passed": max(first - 3, SLOWEST)}
    years = [PlannedYear(year=year, net_sales=_sold(answers, year)) for year in range(1, LICENCE_YEARS + 1)]
    return Plan(signed_on=signed_on, years=tuple(years), first_sale_month=first, milestones=steps)


def _sold(answers: Answers, year: int) -> Decimal:
    """A year's sales, for the months in which something is sold."""
    months = min(max(12 * year - answers.first_sale_month, 0), 12)
    return (answers.sales * months / 12).quantize(Decimal("0.01"))


def _way(sheet: Sheet, plan: Plan) -> Way:
    known = {each.trigger.milestone for each in sheet.terms if getattr(each, "trigger", None)}  # type: ignore[union-attr]
    milestones = {name: month for name, month in plan.milestones.items() if name in known}
    outlook = forecast(sheet, replace(plan, milestones=milestones))
    expected, bad = outlook.case("expected"), outlook.case("bad")
    return Way(
        mode=sheet.mode,
        sheet=sheet,
        expected=_years(expected),
        bad=_years(bad),
        expected_all=expected.totals.total,
        bad_all=bad.totals.total,
        certain=certain(sheet),
    )


def _years(case: Case) -> tuple[Decimal, ...]:
    paid = [row.total for row in case.rows[:SHOWN]]
    return (*paid, *[Decimal(0)] * (SHOWN - len(paid)))


def from_offers(offers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What an achievement's indicative offers say of the price (the middle of the band), the share, the trial."""
    offers = list(offers)
    lows = [Decimal(each["price_low"]) for each in offers if each.get("price_low")]
    highs = [Decimal(each["price_high"]) for each in offers if each.get("price_high")]
    shares = [Decimal(each["royalty_percent"]) for each in offers if each.get("royalty_percent")]
    frees = [each["free_months"] for each in offers if each.get("free_months")]
    return {
        **({"price": (min(lows or highs) + max(highs or lows)) / 2} if lows or highs else {}),
        **({"share": min(shares)} if shares else {}),
        **({"trial": max(frees)} if frees else {}),
    }
