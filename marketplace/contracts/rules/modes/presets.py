"""Rules of licence terms: the sheet that choosing a mode starts from. Everything in it may be edited afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from marketplace.core.money import split, to_fen

from ..sheet import (
    Anchor,
    AnyTerm,
    AtEnd,
    Base,
    Buyout,
    Cover,
    Deduction,
    Equity,
    Fixed,
    LateInterest,
    Mode,
    Period,
    Royalty,
    Sheet,
    Side,
    Tier,
    Trial,
    Trigger,
    TriggerKind,
)

REPORT = "双方签字的验收报告 / acceptance report signed by both sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The few numbers that people name first; each mode takes those it needs. Amounts are yuan, rates ratios.

    `rate` is yuan a unit when the base is UNITS. Zero `trial_months` means no free phase where the mode can do
    without one; zero `buyout_price` means no option. With a `cover_amount` a guarantee company stands in for the
    whole of each loss, up to it in all.
    """

    price: Decimal = Decimal(300_000)
    upfront: Decimal = Decimal(50_000)
    is_upfront_creditable: bool = False
    milestones: tuple[Decimal, ...] = (Decimal(30_000), Decimal(60_000))
    base: Base = Base.NET_SALES
    rate: Decimal = Decimal("0.03")
    deduction_cap: Decimal = Decimal("0.05")
    period: Period = Period.QUARTER
    instalments: int = 3
    instalment_months: int = 6
    deferral_months: int = 12
    milestone_months: int = 12
    trial_months: int = 12
    extension_months: int = 6
    equity_percent: Decimal = Decimal("0.05")
    equity_valuation: Decimal = Decimal(1_000_000)
    buyout_price: Decimal = Decimal(0)
    buyout_months: int = 36
    total_cap: Decimal | None = None
    cover_amount: Decimal | None = None
    late_rate: Decimal | None = None
    term_months: int = 120
    sell_off_months: int = 6
    pay_days: int = 30


def build(mode: Mode, figures: Figures | None = None) -> Sheet:
    """A valid sheet of the mode with these figures, ready to be edited."""
    figures = figures or Figures()
    terms, has_trial = PRESETS[mode]
    return Sheet(
        mode=mode,
        terms=tuple(terms(figures)),
        term_months=figures.term_months,
        sell_off_months=figures.sell_off_months,
        trial=_trial(figures) if has_trial(figures) else None,
        late_interest=None if figures.late_rate is None else LateInterest(yearly_rate=figures.late_rate),
        total_cap=None if figures.total_cap is None else to_fen(figures.total_cap),
        guarantees=_covers(figures),
    )


def _covers(figures: Figures) -> tuple[Cover, ...]:
    if not figures.cover_amount:
        return ()
    return (Cover(kind="COMPANY", cover_amount=to_fen(figures.cover_amount), cover_share=Decimal(1)),)


Terms = Callable[[Figures], list[AnyTerm]]


def _buyout(figures: Figures) -> list[AnyTerm]:
    return [_price(figures, Trigger(kind=TriggerKind.SIGNATURE))]


def _instalments(figures: Figures) -> list[AnyTerm]:
    parts = split(to_fen(figures.price), [1] * figures.instalments)
    return [_instalment(figures, place, part) for place, part in enumerate(parts)]


def _entry_royalty(figures: Figures) -> list[AnyTerm]:
    entry = Fixed(
        id="entry",
        label_zh="入门费",
        label_en="Entry fee",
        amount=to_fen(figures.upfront),
        trigger=Trigger(kind=TriggerKind.SIGNATURE),
        pay_days=figures.pay_days,
        creditable=figures.is_upfront_creditable,
    )
    return [entry, _royalty(figures, *(["entry"] if figures.is_upfront_creditable else [])), *_option(figures)]


def _zero_upfront(figures: Figures) -> list[AnyTerm]:
    steps = [_milestone(figures, number, amount) for number, amount in enumerate(figures.milestones, 1)]
    return [*steps, _royalty(figures), *_option(figures)]


def _deferred(figures: Figures) -> list[AnyTerm]:
    later = Trigger(kind=TriggerKind.AFTER, event=Anchor.SIGNATURE, months=figures.deferral_months)
    return [_price(figures, later)]


def _conditional(figures: Figures) -> list[AnyTerm]:
    return [_price(figures, _reached("passed", figures.milestone_months))]


def _royalty_only(figures: Figures) -> list[AnyTerm]:
    return [_royalty(figures), *_option(figures)]


def _trial_transfer(figures: Figures) -> list[AnyTerm]:
    return [_price(figures, Trigger(kind=TriggerKind.TRIAL_KEPT))]


def _equity(figures: Figures) -> list[AnyTerm]:
    return [
        Equity(
            id="shares",
            label_zh="作价入股",
            label_en="Shares",
            percent=figures.equity_percent,
            valuation=to_fen(figures.equity_valuation),
            trigger=Trigger(kind=TriggerKind.SIGNATURE),
            pay_days=figures.pay_days,
        )
    ]


def _price(figures: Figures, trigger: Trigger) -> Fixed:
    return Fixed(
        id="price",
        label_zh="许可费",
        label_en="Licence fee",
        amount=to_fen(figures.price),
        trigger=trigger,
        pay_days=figures.pay_days,
    )


def _instalment(figures: Figures, place: int, part: Decimal) -> Fixed:
    months = place * figures.instalment_months
    later = Trigger(kind=TriggerKind.AFTER, event=Anchor.SIGNATURE, months=months)
    return Fixed(
        id=f"part-{place + 1}",
        label_zh=f"第{place + 1}期",
        label_en=f"Part {place + 1}",
        amount=part,
        trigger=later if months else Trigger(kind=TriggerKind.SIGNATURE),
        pay_days=figures.pay_days,
    )


def _milestone(figures: Figures, number: int, amount: Decimal) -> Fixed:
    return Fixed(
        id=f"milestone-{number}",
        label_zh=f"里程碑{number}",
        label_en=f"Milestone {number}",
        amount=to_fen(amount),
        trigger=_reached(f"m{number}", number * figures.milestone_months),
        pay_days=figures.pay_days,
    )


def _reached(milestone: str, months: int) -> Trigger:
    """A milestone that the buyer declares and the seller confirms, in the time that is usual to answer."""
    return Trigger(
        kind=TriggerKind.MILESTONE,
        milestone=milestone,
        due_after=Anchor.SIGNATURE,
        due_months=months,
        evidence=REPORT,
        declared_by=Side.BUYER,
        confirmed_by=Side.SELLER,
        silent_days=15,
    )


def _royalty(figures: Figures, *credits: str) -> Royalty:
    sells = figures.base is Base.NET_SALES
    return Royalty(
        id="royalty",
        label_zh="提成",
        label_en="Royalty",
        base=figures.base,
        tiers=(Tier(Decimal(0), figures.rate),),
        period=figures.period,
        deductions=tuple(Deduction) if sells else (),
        deduction_cap=figures.deduction_cap if sells else None,
        credits=credits,
        pay_days=figures.pay_days,
    )


def _option(figures: Figures) -> list[AnyTerm]:
    if not figures.buyout_price:
        return []
    return [
        Buyout(
            id="buyout",
            label_zh="买断选择权",
            label_en="Option to buy out",
            price=to_fen(figures.buyout_price),
            until_months=figures.buyout_months,
            pay_days=figures.pay_days,
        )
    ]


def _trial(figures: Figures) -> Trial:
    """Whoever says nothing at the end stops: nobody owes a price by forgetting a day."""
    longer = figures.extension_months
    months = max(figures.trial_months, 1)
    return Trial(months=months, at_end=AtEnd.STOP, extensions=1 if longer else 0, extension_months=longer)


def _never(figures: Figures) -> bool:
    return False


def _always(figures: Figures) -> bool:
    return True


def _if_wished(figures: Figures) -> bool:
    return bool(figures.trial_months)


PRESETS: Mapping[Mode, tuple[Terms, Callable[[Figures], bool]]] = {
    Mode.BUYOUT: (_buyout, _never),
    Mode.INSTALMENTS: (_instalments, _never),
    Mode.ENTRY_ROYALTY: (_entry_royalty, _never),
    Mode.ZERO_UPFRONT: (_zero_upfront, _if_wished),
    Mode.DEFERRED: (_deferred, _never),
    Mode.CONDITIONAL: (_conditional, _never),
    Mode.ROYALTY: (_royalty_only, _never),
    Mode.TRIAL_TRANSFER: (_trial_transfer, _always),
    Mode.EQUITY: (_equity, _never),
    Mode.OPEN: (_buyout, _never),
}
