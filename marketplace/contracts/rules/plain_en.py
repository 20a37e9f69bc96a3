"""Rules of licence terms: the price of a sheet as one plain sentence in English.

Use free until 2026-12-31; then CNY 30,000 at first sale and 2 % of net sales, at most CNY 500,000.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from .gist import Gist, Moment, Opening, gist, moment
from .sheet import (
    Anchor,
    AtEnd,
    Base,
    Buyout,
    Counted,
    Equity,
    Fixed,
    Maintenance,
    MaintenanceEnd,
    Period,
    Royalty,
    Sheet,
    Tiering,
    TriggerKind,
)

AT = {
    TriggerKind.SIGNATURE: "on signature",
    Anchor.DELIVERY: "on delivery of the documents",
    Anchor.TRIAL_END: "at the end of the trial",
    TriggerKind.TRIAL_KEPT: "on deciding to keep it",
    TriggerKind.FIRST_SALE: "at first sale",
    TriggerKind.FINANCING: "when the firm closes a financing round",
    TriggerKind.GRANT: "when the patent is granted",
    TriggerKind.CHANGE_OF_CONTROL: "when control of the firm changes",
}
AFTER = {
    TriggerKind.SIGNATURE: "signature",
    Anchor.DELIVERY: "delivery of the documents",
    Anchor.TRIAL_END: "the end of the trial",
    TriggerKind.TRIAL_KEPT: "deciding to keep it",
    TriggerKind.FIRST_SALE: "the first sale",
    TriggerKind.FINANCING: "a financing round",
    TriggerKind.GRANT: "the grant of the patent",
    TriggerKind.CHANGE_OF_CONTROL: "a change of control",
}
EVERY = {Period.MONTH: "month", Period.QUARTER: "quarter", Period.HALF_YEAR: "half-year", Period.YEAR: "year"}
BASES = {Base.NET_SALES: "net sales", Base.UNITS: "units", Base.GROSS_MARGIN: "gross margin"}
OPENINGS = {
    Opening.ANYBODY: "Open to anybody who gives written notice, on the same terms",
    Opening.NO_CASH: "No cash",
    Opening.NOTHING_FIRST: "Pay nothing to start",
    Opening.USE_NOW: "Use it now",
    Opening.ONLY_IF: "Use it first and pay only if the agreed condition is met",
    Opening.NO_FIXED: "No fixed fee",
    Opening.NOTHING: "No payment is agreed",
}
THEN = {Opening.TRIAL, Opening.NOTHING_FIRST, Opening.USE_NOW}  # openings after which the payments come later
LISTS = {Opening.IN_PARTS, Opening.ONLY_IF, Opening.ANYBODY}  # openings that the payments spell out
NUMBERED = re.compile(r"milestone \w{1,3}", re.IGNORECASE)
AT_END = {
    AtEnd.STOP: "If nobody says otherwise when the trial ends, it stops.",
    AtEnd.KEEP: "If nobody says otherwise when the trial ends, it is kept.",
}


def sentence(sheet: Sheet, *, free_until: date | None = None) -> str:
    """The price in words. What the sentence has no room for stands in a second one."""
    said = gist(sheet, free_until=free_until)
    head = "; ".join(_openings(said))
    payments = ", ".join([_listed(_payments(sheet, said)), *_limits(said)])
    main = _joined(said, head, payments)
    return " ".join([f"{main}.", *_further(said)])


def yuan(amount: Decimal) -> str:
    """CNY 30,000; fen only where there are some."""
    text = f"{amount:,f}"
    return f"CNY {amount:,.2f}" if amount % 1 and (amount * 100) % 1 == 0 else f"CNY {_trimmed(text)}"


def percent(rate: Decimal) -> str:
    return f"{_trimmed(f'{rate * 100:,f}')} %"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _length(months: int, days: int = 0) -> str:
    years = months and months % 12 == 0 and months > 12
    first = [_many(months // 12, "year") if years else _many(months, "month")] if months else []
    return " and ".join([*first, *([_many(days, "day")] if days else [])])


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _joined(said: Gist, head: str, payments: str) -> str:
    if not payments:
        return head
    if not head:
        return f"Pay {payments}"
    last = said.openings[-1]
    return f"{head}{': ' if last in LISTS else '; '}{'then ' if last in THEN else ''}{payments}"


def _openings(said: Gist) -> list[str]:
    found = [_opening(each, said) for each in said.openings]
    return [text if place == 0 else text[0].lower() + text[1:] for place, text in enumerate(found)]


def _opening(opening: Opening, said: Gist) -> str:
    if opening is Opening.TRIAL:
        until = f"until {said.free_until}" if said.free_until else f"for the first {_length(said.trial_months)}"
        return f"Use free {until}"
    if opening is Opening.IN_PARTS:
        return f"Pay {yuan(said.total)} in {len(said.fixed)} parts"
    return OPENINGS[opening]


def _payments(sheet: Sheet, said: Gist) -> list[str]:
    fixed = [_fixed(sheet, each) for each in said.fixed]
    if said.is_final:
        fixed = [f"{yuan(said.total)} once, {_when(moment(sheet, said.fixed[0]))}, and nothing more"]
    yearly = [_maintenance(each) for each in said.maintenance]
    shares = [_equity(sheet, each) for each in said.equity]
    return [*fixed, *yearly, *shares, *(_royalty(each, is_one=len(said.royalties) == 1) for each in said.royalties)]


def _fixed(sheet: Sheet, term: Fixed) -> str:
    found = moment(sheet, term)
    label = term.label_en or term.label_zh
    is_milestone = found is not None and found.event == TriggerKind.MILESTONE and not found.is_later
    name = f" ({label})" if is_milestone and label and not NUMBERED.fullmatch(label) else ""
    return f"{yuan(term.amount)} {_when(found)}{name}"


def _when(found: Moment | None) -> str:
    if found is None:
        return "(when is not agreed)"
    cause = TriggerKind(found.event) if found.event in TriggerKind.__members__ else Anchor(found.event)
    at, after = _spoken(found)
    if found.is_later:
        return f"due {_length(found.months, found.days)} after {after or AFTER[cause]}"
    return at or AT[cause]


def _spoken(found: Moment) -> tuple[str, str]:
    """What is said of an event with figures of its own: at it, and after it."""
    match found.event:
        case TriggerKind.DATE:
            return f"on {found.day}", f"{found.day}"
        case TriggerKind.REVENUE if found.at_least:
            reached = f"net sales reach {yuan(found.at_least)} in all"
            return f"once {reached}", reached
        case TriggerKind.UNITS if found.at_least:
            sold = f"{_trimmed(f'{found.at_least:,f}')} units are sold"
            return f"once {sold}", sold
        case TriggerKind.MILESTONE:
            name = found.en[0].lower() + found.en[1:] if NUMBERED.fullmatch(found.en) else "the agreed milestone"
            return f"at {name}", name
        case TriggerKind.PERIOD_END if found.every:
            return f"at the end of every {EVERY[found.every]}", f"the end of every {EVERY[found.every]}"
    return "", ""


def _maintenance(term: Maintenance) -> str:
    until = " until the first sale" if term.until is MaintenanceEnd.FIRST_SALE else ""
    return f"{yuan(term.amount)} a year to keep the licence{until}"


def _equity(sheet: Sheet, term: Equity) -> str:
    shares = f"{percent(term.percent)} of the firm's shares"
    return f"{shares} {_when(moment(sheet, term))}, valued at {yuan(term.valuation)}"


def _royalty(term: Royalty, *, is_one: bool) -> str:
    name = "" if is_one else f" ({term.label_en or term.label_zh or term.id})"
    starting = f" from year {term.minimum_from_year} on" if term.minimum_from_year > 1 else ""
    caps = [
        f"at least {yuan(term.minimum_yearly)} a year{starting}" if term.minimum_yearly else "",
        f"at most {yuan(term.period_cap)} a {EVERY[term.period]}" if term.period_cap else "",
        f"at most {yuan(term.lifetime_cap)} in royalties" if term.lifetime_cap else "",
    ]
    bounds = ", ".join(filter(None, caps))
    return f"{_share(term)}{name}" + (f" ({bounds})" if bounds else "")


def _share(term: Royalty) -> str:
    if not term.tiers:
        return "a royalty whose rate is not agreed"
    rates = [_rate(term, each.rate) for each in term.tiers]
    if len(rates) == 1:
        return f"{rates[0]} for each unit sold" if term.base is Base.UNITS else f"{rates[0]} of {BASES[term.base]}"
    starts = [_amount(term, each.start) for each in term.tiers]
    steps = _cliff(starts, rates) if term.tiering is Tiering.CLIFF else _slices(starts, rates)
    return f"a share of {_counted(term)} in steps: {steps}"


def _counted(term: Royalty) -> str:
    base = BASES[term.base]
    said = {Counted.CUMULATIVE: f"all {base} so far", Counted.YEAR: f"the year's {base}"}
    return said.get(term.counted, f"the {EVERY[term.period]}'s {base}")


def _rate(term: Royalty, rate: Decimal) -> str:
    return yuan(rate) if term.base is Base.UNITS else percent(rate)


def _amount(term: Royalty, start: Decimal) -> str:
    return f"{_trimmed(f'{start:,f}')} units" if term.base is Base.UNITS else yuan(start)


def _slices(starts: Sequence[str], rates: Sequence[str]) -> str:
    ends = [f"up to {end}" for end in starts[1:]]
    steps = [f"{rate} {end}" for rate, end in zip(rates, ends, strict=False)]
    return ", ".join([*steps, f"{rates[-1]} of what is above"])


def _cliff(starts: Sequence[str], rates: Sequence[str]) -> str:
    steps = [
        f"{rate} of everything in the period from {start} on" for start, rate in zip(starts[1:], rates[1:], strict=True)
    ]
    return ", ".join([f"{rates[0]} below {starts[1]}", *steps])


def _limits(said: Gist) -> list[str]:
    return [f"at most {yuan(said.total_cap)}"] if said.total_cap else []


def _further(said: Gist) -> list[str]:
    """What stands after the sentence: set-offs, the option to buy out, the end of the trial."""
    rules = [AT_END[said.at_end]] if said.at_end else []
    return [
        *_credits(said),
        *(text for each in said.royalties for text in _reductions(each)),
        *_option(said.option),
        *rules,
    ]


def _credits(said: Gist) -> list[str]:
    if not said.credited:
        return []
    names = _listed([each.label_en or each.label_zh or yuan(each.amount) for each in said.credited])
    return [f"What was paid before ({names}) is set off against later royalties."]


def _reductions(term: Royalty) -> list[str]:
    found = []
    if term.combination_factor != 1:
        found.append(f"Only {percent(term.combination_factor)} of {BASES[term.base]} count for the royalty.")
    if term.stacking:
        floor = _rate(term, term.stacking.floor_rate) + (" a unit" if term.base is Base.UNITS else "")
        share = percent(term.stacking.share)
        found.append(f"{share} of royalties paid to others are taken off, down to {floor}.")
    if term.sublicence:
        upfront, running = percent(term.sublicence.upfront_rate), percent(term.sublicence.royalty_rate)
        found.append(
            f"Of what sub-licensees pay, {upfront} of their entry fees and {running} of their royalties are passed on."
        )
    return found


def _option(option: Buyout | None) -> list[str]:
    if option is None:
        return []
    until = f"Within {_length(option.until_months)} of signature" if option.until_months else "At any time"
    until = f"Until {option.until_day}" if option.until_day else until
    part = "all" if option.credit_paid == 1 else percent(option.credit_paid)
    credit = f", less {part} of what was paid before," if option.credit_paid else ""
    return [f"{until} {yuan(option.price)}{credit} buys it out, and nothing more falls due."]
