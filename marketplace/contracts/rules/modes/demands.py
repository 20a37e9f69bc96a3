"""Rules of licence terms: what each mode demands and forbids, as one table that a lawyer can read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..faults import Fault
from ..limits import Limits
from ..origins import DATED, OUTCOMES, Origin, origin, payments
from ..sheet import (
    Anchor,
    Base,
    Buyout,
    Equity,
    Fixed,
    Maintenance,
    Mode,
    Royalty,
    Sheet,
    Term,
    TriggerKind,
)
from ..totals import certain_and_repeated

BrokenAt = Callable[[Sheet, Limits], Iterator[str]]
Says = Callable[[Origin, Fixed | Equity, Limits], bool]


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule of a mode: its stable name, and the pointers at which a sheet breaks it."""

    rule: str
    broken_at: BrokenAt


def has_none(*kinds: type[Term]) -> BrokenAt:
    def broken_at(sheet: Sheet, limits: Limits) -> Iterator[str]:
        yield from (f"/terms/{place}" for place, term in enumerate(sheet.terms) if isinstance(term, kinds))

    return broken_at


def has_some(kind: type[Fixed | Equity], says: Says, *, at_least: int = 1) -> BrokenAt:
    """At least so many payments of the kind of which `says` is true."""

    def broken_at(sheet: Sheet, limits: Limits) -> Iterator[str]:
        found = [term for _, term, cause in _caused(sheet) if isinstance(term, kind) and says(cause, term, limits)]
        if len(found) < at_least:
            yield "/terms"

    return broken_at


def every_payment(says: Says) -> BrokenAt:
    """Of every payment `says` is true; those without any trigger are another fault."""

    def broken_at(sheet: Sheet, limits: Limits) -> Iterator[str]:
        for place, term, cause in _caused(sheet):
            if not says(cause, term, limits):
                yield f"/terms/{place}/trigger"

    return broken_at


def _caused(sheet: Sheet) -> Iterator[tuple[int, Fixed | Equity, Origin]]:
    for place, term in payments(sheet):
        cause = origin(sheet, term.trigger)
        if cause is not None:
            yield place, term, cause


# What may be said of a payment


def whatever(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    return True


def at_once(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    starts = cause.cause in (TriggerKind.SIGNATURE, Anchor.DELIVERY) and not cause.months
    return starts and cause.days + term.pay_days <= limits.prompt_days


def deferred(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    """On an agreed later date, or long enough after the start. Longer payment days alone defer nothing."""
    if cause.cause is TriggerKind.DATE:
        return True
    starts = cause.cause in (TriggerKind.SIGNATURE, Anchor.DELIVERY)
    return starts and cause.months + cause.days // 30 >= limits.least_deferral_months


def dated(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    return cause.cause in DATED


def standing(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    """Equally due from everybody: it hangs on nothing in which one licensee differs from another."""
    return cause.cause in DATED or cause.cause is TriggerKind.PERIOD_END


def on_outcome(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    return cause.cause in OUTCOMES


def on_milestone(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    return cause.cause is TriggerKind.MILESTONE


def on_keeping(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    return cause.cause is TriggerKind.TRIAL_KEPT or cause.cause is Anchor.TRIAL_KEPT


def after_keeping(cause: Origin, term: Fixed | Equity, limits: Limits) -> bool:
    """What the buyer achieves in a trial makes nothing due before it is kept."""
    return on_keeping(cause, term, limits) or on_outcome(cause, term, limits)


# What may be said of a whole sheet


def _royalties(sheet: Sheet) -> Iterator[tuple[int, Royalty]]:
    yield from ((place, term) for place, term in enumerate(sheet.terms) if isinstance(term, Royalty))


def has_royalty(sheet: Sheet, limits: Limits) -> Iterator[str]:
    if not any(tier.rate for _, term in _royalties(sheet) for tier in term.tiers):
        yield "/terms"


def has_price(sheet: Sheet, limits: Limits) -> Iterator[str]:
    if not any(isinstance(term, Fixed) for term in sheet.terms):
        yield from has_royalty(sheet, limits)


def one_payment(sheet: Sheet, limits: Limits) -> Iterator[str]:
    places = [place for place, term in payments(sheet) if isinstance(term, Fixed)]
    yield from (f"/terms/{place}" for place in places[1:]) if places else ("/terms",)


def on_different_days(sheet: Sheet, limits: Limits) -> Iterator[str]:
    days = [(cause, term.pay_days) for _, term, cause in _caused(sheet) if isinstance(term, Fixed)]
    if len(days) > 1 and len(set(days)) == 1:
        yield "/terms"


def no_minimum(sheet: Sheet, limits: Limits) -> Iterator[str]:
    yield from (f"/terms/{at}/minimum_yearly" for at, term in _royalties(sheet) if term.minimum_yearly)


def no_minimum_in_first_year(sheet: Sheet, limits: Limits) -> Iterator[str]:
    for place, term in _royalties(sheet):
        if term.minimum_yearly and term.minimum_from_year == 1:
            yield f"/terms/{place}/minimum_from_year"


def no_minimum_in_trial(sheet: Sheet, limits: Limits) -> Iterator[str]:
    free = sheet.trial.months if sheet.trial else 0
    for place, term in _royalties(sheet):
        if term.minimum_yearly and (term.minimum_from_year - 1) * 12 < free:
            yield f"/terms/{place}/minimum_from_year"


def has_trial(sheet: Sheet, limits: Limits) -> Iterator[str]:
    if sheet.trial is None:
        yield "/trial"


def no_trial(sheet: Sheet, limits: Limits) -> Iterator[str]:
    if sheet.trial is not None:
        yield "/trial"


def fixed_within_cap(sheet: Sheet, limits: Limits) -> Iterator[str]:
    if certain_and_repeated(sheet) > limits.open_fixed_cap:
        yield "/terms"


def rates_within_cap(sheet: Sheet, limits: Limits) -> Iterator[str]:
    caps = {Base.NET_SALES: limits.open_royalty_cap_sales, Base.GROSS_MARGIN: limits.open_royalty_cap_profit}
    for place, term in _royalties(sheet):
        for step, tier in enumerate(term.tiers):
            if term.base in caps and tier.rate > caps[term.base]:
                yield f"/terms/{place}/tiers/{step}/rate"


DEMANDS: Mapping[Mode, tuple[Demand, ...]] = {
    # The whole price once, and nothing more falls due
    Mode.BUYOUT: (
        Demand("one_payment", one_payment),
        Demand("paid_at_once", every_payment(at_once)),
        Demand("nothing_after", has_none(Royalty, Maintenance, Buyout, Equity)),
        Demand("no_trial", no_trial),
    ),
    # A total that is known, in parts on agreed days
    Mode.INSTALMENTS: (
        Demand("two_payments", has_some(Fixed, whatever, at_least=2)),
        Demand("agreed_dates", every_payment(dated)),
        Demand("different_days", on_different_days),
        Demand("fixed_total", has_none(Royalty, Maintenance, Equity)),
        Demand("no_trial", no_trial),
    ),
    # A fee to start, then a share
    Mode.ENTRY_ROYALTY: (
        Demand("entry_fee", has_some(Fixed, at_once)),
        Demand("royalty", has_royalty),
    ),
    # Nothing until something was achieved, then a sum for each step and a share
    Mode.ZERO_UPFRONT: (
        Demand("milestone_payment", has_some(Fixed, on_milestone)),
        Demand("royalty", has_royalty),
        Demand("nothing_before_success", every_payment(on_outcome)),
        Demand("no_yearly_fee", has_none(Maintenance)),
        Demand("no_minimum_in_first_year", no_minimum_in_first_year),
    ),
    # Use now, a known sum later
    Mode.DEFERRED: (
        Demand("deferred_payment", has_some(Fixed, deferred)),
        Demand("nothing_early", every_payment(deferred)),
        Demand("no_running_fees", has_none(Royalty, Maintenance)),
    ),
    # Whoever does not meet the condition never pays
    Mode.CONDITIONAL: (
        Demand("conditional_payment", has_some(Fixed, on_outcome)),
        Demand("only_conditional", every_payment(on_outcome)),
        Demand("no_yearly_fee", has_none(Maintenance)),
        Demand("no_minimum", no_minimum),
    ),
    # Who sells nothing pays nothing: a minimum would be a fixed fee under another name
    Mode.ROYALTY: (
        Demand("royalty", has_royalty),
        Demand("no_fixed_fee", has_none(Fixed, Maintenance, Equity)),
        Demand("no_minimum", no_minimum),
    ),
    # Try, then take it at the price written down before
    Mode.TRIAL_TRANSFER: (
        Demand("trial", has_trial),
        Demand("price_on_keeping", has_some(Fixed, on_keeping)),
        Demand("nothing_unless_kept", every_payment(after_keeping)),
        Demand("no_minimum_in_trial", no_minimum_in_trial),
    ),
    # Shares in place of cash
    Mode.EQUITY: (
        Demand("shares", has_some(Equity, whatever)),
        Demand("no_cash", has_none(Fixed, Royalty, Maintenance, Buyout)),
    ),
    # A published price, the same for everybody, within the caps (Patent Law 50-51; CNIPA guidance)
    Mode.OPEN: (
        Demand("published_price", has_price),
        Demand("same_for_all", every_payment(standing)),
        Demand("cash_alone", has_none(Equity, Buyout)),
        Demand("no_trial", no_trial),
        Demand("fixed_cap", fixed_within_cap),
        Demand("rate_cap", rates_within_cap),
    ),
}


def mode_faults(sheet: Sheet, *, limits: Limits, mode: Mode | None = None) -> tuple[Fault, ...]:
    """E_MODE with `mode` and `rule` wherever the sheet breaks what its mode (or the one given) promises."""
    mode = mode or sheet.mode
    return tuple(
        Fault("E_MODE", pointer, {"mode": mode.value, "rule": demand.rule})
        for demand in DEMANDS[mode]
        for pointer in demand.broken_at(sheet, limits)
    )


def modes_of(sheet: Sheet, *, limits: Limits) -> tuple[Mode, ...]:
    """The modes that the terms could honestly be called."""
    return tuple(mode for mode in Mode if not mode_faults(sheet, limits=limits, mode=mode))
