"""The royalties of a history, as plainly as DOMAIN 5.3 says them: slow, in fractions, sharing no code with the engine.

Everything is calculated anew for every report. The history must be a valid one. Lines of other kinds are given, since
they may be set off and fill the cap of the sheet.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from marketplace.contracts.rules.events import Event, Extended, Sales
from marketplace.contracts.rules.sheet import Royalty, Sheet

BLOCKS = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
DAY = timedelta(days=1)


def rounded(amount: Fraction) -> Fraction:
    """Half up, away from zero."""
    fen = floor(abs(amount) * 100 + Fraction(1, 2))
    return Fraction(fen if amount >= 0 else -fen, 100)


def plus_months(day: date, months: int) -> date:
    year, month = day.year, day.month + months
    while month > 12:
        year, month = year + 1, month - 12
    for number in (day.day, 30, 29, 28):
        if number <= day.day:
            try:
                return date(year, month, number)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def block(day: date, every: str) -> tuple[int, int]:
    return day.year, (day.month - 1) // BLOCKS[every]


def label(day: date, every: str) -> str:
    year, number = block(day, every)
    if every == "MONTH":
        return f"{year}-{number + 1:02}"
    return {"QUARTER": f"{year}-Q{number + 1}", "HALF_YEAR": f"{year}-H{number + 1}"}.get(every, str(year))


@dataclass
class Days:
    """The days of a licence that its royalties depend on."""

    signed: date
    start: date | None
    kept: date | None
    over: date | None
    last: date
    selling: date


def days_of_licence(sheet: Sheet, events: list[Event], as_of: date) -> Days:
    on = {str(each.kind): each.on for each in sorted(events, key=lambda each: each.on, reverse=True)}  # the first ones
    signed = on["SIGNED"]
    agreed = sheet.ends_on or plus_months(signed, sheet.term_months)
    lost = min((on[kind] for kind in ("INVALIDATED", "EXPIRED") if kind in on), default=date.max)
    hard = min(agreed, lost, on.get("TERMINATED", date.max))
    kept = stopped = over = None
    start: date | None = signed
    if sheet.trial:
        start = on.get("DELIVERED")
    if sheet.trial and start:
        extended = sum(each.months for each in events if isinstance(each, Extended))
        free_until = plus_months(start, sheet.trial.months + extended)
        kept, stopped = on.get("KEPT"), on.get("STOPPED")
        over = kept or stopped
        if over is None and hard <= free_until:
            over = hard if as_of >= hard else None
        elif over is None and as_of > free_until:
            over = free_until + DAY
            kept = over if sheet.trial.at_end == "KEEP" else None
            stopped = free_until if sheet.trial.at_end == "STOP" else None
    last = selling = on.get("BUYOUT_EXERCISED") or min(hard, stopped or date.max)
    if "BUYOUT_EXERCISED" not in on and last < lost:
        selling = min(plus_months(last, sheet.sell_off_months), lost)
    return Days(signed, start, kept, over, last, selling)


def earned(royalty: Royalty, sales: Sales, before: Fraction) -> tuple[Fraction, Fraction]:
    """Steps 1 to 4 and the sub-licences' share: the adjusted base, and what it earns."""
    if royalty.base == "UNITS":
        base = Fraction(sales.units)
    elif royalty.base == "GROSS_MARGIN":
        base = Fraction(sales.gross_margin)
    else:
        deducted = sum(map(Fraction, sales.deductions.values()), Fraction(0))
        if royalty.deduction_cap is not None:
            deducted = min(deducted, Fraction(royalty.deduction_cap) * Fraction(sales.gross))
        base = Fraction(sales.gross) - deducted
    adjusted = base * Fraction(royalty.combination_factor)
    starts = [Fraction(tier.start) for tier in royalty.tiers]
    rates = [Fraction(tier.rate) for tier in royalty.tiers]
    if royalty.tiering == "CLIFF":
        rate = [rate for start, rate in zip(starts, rates, strict=True) if start <= before + adjusted][-1]
        amount = rate * adjusted
    else:
        ends = [*starts[1:], before + adjusted + 1]
        amount = sum(
            (
                rate * max(min(end, before + adjusted) - max(start, before), Fraction(0))
                for start, end, rate in zip(starts, ends, rates, strict=True)
            ),
            Fraction(0),
        )
    if royalty.stacking:
        offset = Fraction(royalty.stacking.share) * Fraction(sales.third_party_royalties)
        if royalty.stacking.cap is not None:
            offset = min(offset, Fraction(royalty.stacking.cap) * amount)
        amount = max(amount - offset, min(amount, Fraction(royalty.stacking.floor_rate) * adjusted))
    if royalty.sublicence:
        amount += Fraction(royalty.sublicence.upfront_rate) * Fraction(sales.sublicence_upfront)
        amount += Fraction(royalty.sublicence.royalty_rate) * Fraction(sales.sublicence_royalty)
    return adjusted, amount


@dataclass
class Stream:
    """What has been told and charged under one royalty, in order."""

    royalty: Royalty
    items: list[dict[str, Any]] = field(default_factory=list)
    used: Fraction = Fraction(0)
    charged: Fraction = Fraction(0)
    taken: dict[str, Fraction] = field(default_factory=dict)

    def play(self) -> tuple[list[Fraction], Fraction]:
        """The amount of every item, and what they set off in all."""
        royalty, amounts, used = self.royalty, list[Fraction](), Fraction(0)
        counters: dict[Any, Fraction] = {}
        years: dict[int, Fraction] = {}
        made_up: dict[int, Fraction] = {}
        for item in self.items:
            year = item["year"]
            room = Fraction(royalty.lifetime_cap) - sum(amounts) if royalty.lifetime_cap is not None else None
            if item["sales"] is None:
                amount = max(item["minimum"] - years.get(year, Fraction(0)), Fraction(0))
                amount = amount if room is None else min(amount, room)
                made_up[year] = amount
                amounts.append(amount)
                continue
            counter = {"CUMULATIVE": "all", "YEAR": year, "PERIOD": len(amounts)}[str(royalty.counted)]
            adjusted, amount = earned(royalty, item["sales"], counters.get(counter, Fraction(0)))
            counters[counter] = counters.get(counter, Fraction(0)) + adjusted
            set_off = max(min(amount, item["settable"] - used), Fraction(0))
            used += set_off
            amount -= set_off
            if royalty.period_cap is not None:
                amount = min(amount, Fraction(royalty.period_cap))
            covered = min(amount, made_up.get(year, Fraction(0)))
            made_up[year] = made_up.get(year, Fraction(0)) - covered
            amount -= covered
            amount = rounded(amount if room is None else min(amount, room))
            years[year] = years.get(year, Fraction(0)) + amount
            amounts.append(amount)
        return amounts, used


def first_days(start: date, last: date, every: str) -> list[date]:
    """The first day of each period, found by walking day by day."""
    found, day = [], start
    while day <= last:
        if not found or block(day, every) != block(day - DAY, every):
            found.append(day)
        day += DAY
    return found


def year_ends(
    royalty: Royalty, days: Days, paying: date | None, reports: list[Sales], as_of: date
) -> list[dict[str, Any]]:
    """When each year with a minimum closes, and for what part of it the minimum holds."""
    if royalty.minimum_yearly is None or paying is None or days.start is None:
        return []
    holds = paying
    if royalty.minimum_from_year > 1:
        holds = max(paying, plus_months(days.signed, 12 * (royalty.minimum_from_year - 1)) + DAY)
    told: dict[date, date] = {}
    for each in reports:
        if each.royalty == royalty.id:
            told[each.first] = min(each.on, told.get(each.first, date.max))
    found = []
    for year in range(days.start.year, min(as_of.year, days.last.year) + 1):
        new_year, silvester = date(year, 1, 1), date(year, 12, 31)
        counted = (min(silvester, days.last) - max(new_year, holds)).days + 1
        if counted <= 0:
            continue
        last = min(silvester, days.selling)
        closes = last + timedelta(days=royalty.report_days + royalty.answer_days)
        periods = first_days(max(new_year, days.start), last, str(royalty.period))
        if all(first in told for first in periods):
            closes = min(closes, max(told[first] for first in periods))
        closes = max(closes, last + DAY)
        minimum = rounded(Fraction(royalty.minimum_yearly) * counted / ((date(year + 1, 1, 1) - new_year).days))
        if closes <= as_of:
            found.append({"on": closes, "year": year, "minimum": minimum})
    return found


def in_order(reports: list[Sales]) -> list[Sales]:
    """As accepted; on one day by period, and a correction after what it corrects."""
    by_id = {each.id: each for each in reports}

    def depth(sales: Sales) -> int:
        return 1 + depth(by_id[sales.corrects]) if sales.corrects in by_id else 0

    return sorted(reports, key=lambda each: (each.on, each.first, depth(each), each.id))


def royalty_lines(sheet: Sheet, events: list[Event], as_of: date, others: list[dict[str, Any]]) -> dict[str, Fraction]:
    """The amount of every line of every royalty, by key.

    `others` are the other lines as {"on", "rank", "place", "term", "amount", "creditable"}, before the sheet's cap.
    """
    events = [each for each in events if each.on <= as_of]
    if not any(each.kind == "SIGNED" for each in events):
        return {}
    days = days_of_licence(sheet, events, as_of)
    paying = days.kept if sheet.trial else days.signed
    streams = {each.id: Stream(each) for each in sheet.terms if isinstance(each, Royalty)}
    reports = in_order([each for each in events if isinstance(each, Sales) and each.royalty in streams])
    moments = list(others)
    for place, sales in enumerate(reports):
        if not sheet.trial or days.over:
            moments.append({"on": max(sales.on, days.over or sales.on), "rank": 2, "place": place, "sales": sales})
    for place, term in enumerate(sheet.terms):
        if isinstance(term, Royalty):
            ends = year_ends(term, days, paying, reports, as_of)
            moments += [{**end, "rank": 3, "place": place, "royalty": term.id} for end in ends]
    lines: dict[str, Fraction] = {}
    left: dict[str, Fraction] = {}
    room = Fraction(sheet.total_cap) if sheet.total_cap is not None else None

    def take(amount: Fraction) -> Fraction:
        nonlocal room
        if room is not None:
            amount = min(amount, room)
            room -= amount
        return amount

    for moment in sorted(moments, key=lambda each: (each["on"], each["rank"], each["place"])):
        if "amount" in moment:
            charged = take(moment["amount"])
            if moment["creditable"]:
                left[moment["term"]] = left.get(moment["term"], Fraction(0)) + charged
            continue
        sales = moment.get("sales")
        stream = streams[sales.royalty if sales else moment["royalty"]]
        rest = sum((left.get(id, Fraction(0)) for id in stream.royalty.credits), Fraction(0))
        key = f"{stream.royalty.id}:{moment.get('year')}:true-up"
        is_correction = False
        if sales:
            key = f"{sales.royalty}:{label(sales.first, str(stream.royalty.period))}"
            told = [item for item in stream.items if item["sales"] and item["sales"].first == sales.first]
            is_correction = bool(told)
            if told:
                told[0]["sales"] = sales
                for item in stream.items:  # what another royalty has set off meanwhile is gone
                    item["settable"] = min(item["settable"], stream.used + rest)
                key += f":adj-{sales.id}"
            else:
                item = {"year": sales.first.year, "sales": sales, "settable": stream.used + rest}
                stream.items.append(item)
        else:
            stream.items.append({"year": moment["year"], "sales": None, "settable": 0, "minimum": moment["minimum"]})
        amounts, used = stream.play()
        amount = take(sum(amounts) - stream.charged if is_correction else amounts[-1])
        change(left, stream, used - stream.used)
        stream.used = used
        stream.charged += amount
        if sales or amounts[-1]:
            lines[key] = amount
    return lines


def change(left: dict[str, Fraction], stream: Stream, amount: Fraction) -> None:
    """Take what was set off from the balances, the first ones first, or give it back to the last ones first."""
    none = Fraction(0)
    for id in stream.royalty.credits if amount > 0 else reversed(stream.royalty.credits):
        part = min(amount, left.get(id, none)) if amount > 0 else max(amount, -stream.taken.get(id, none))
        left[id] = left.get(id, none) - part
        stream.taken[id] = stream.taken.get(id, none) + part
        amount -= part
