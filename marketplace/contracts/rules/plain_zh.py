"""Rules of licence terms: the price of a sheet as one plain sentence in Chinese.

2026年12月31日前免费使用；首次销售时付3万元，此后按净销售额的2%提成，累计不超过50万元。
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from .gist import Gist, Moment, Opening, follows_first_sale, gist, moment
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

WAN, YI = Decimal(10_000), Decimal(100_000_000)

EVENTS = {
    TriggerKind.SIGNATURE: "签约",
    Anchor.DELIVERY: "资料交付",
    Anchor.TRIAL_END: "试用结束",
    TriggerKind.TRIAL_KEPT: "决定继续使用",
    TriggerKind.FIRST_SALE: "首次销售",
    TriggerKind.FINANCING: "公司完成融资",
    TriggerKind.GRANT: "专利授权",
    TriggerKind.CHANGE_OF_CONTROL: "公司控制权变更",
}
EVERY = {Period.MONTH: "每月", Period.QUARTER: "每季度", Period.HALF_YEAR: "每半年", Period.YEAR: "每年"}
BASES = {Base.NET_SALES: "净销售额", Base.UNITS: "销量", Base.GROSS_MARGIN: "毛利"}
OPENINGS = {
    Opening.ANYBODY: "任何单位书面通知后都可按同样的条件使用",
    Opening.NO_CASH: "不付现金",
    Opening.NOTHING_FIRST: "开始使用时不用付钱",
    Opening.USE_NOW: "现在先用",
    Opening.ONLY_IF: "先使用，约定的条件达到了才付钱",
    Opening.NO_FIXED: "没有固定费用",
    Opening.NOTHING: "没有约定任何付款",
}
MARKS = {
    Opening.IN_PARTS: "：",
    Opening.ONLY_IF: "：",
    Opening.ANYBODY: "：",
    Opening.NO_FIXED: "，",
    Opening.NO_CASH: "，",
    Opening.USE_NOW: "，",
}
NUMBERED = re.compile(r"里程碑 ?[0-9一二三四五六七八九十]+")
AT_END = {
    AtEnd.STOP: "试用期满没有表态的，按停止使用处理。",
    AtEnd.KEEP: "试用期满没有表态的，按继续使用处理。",
}


def sentence(sheet: Sheet, *, free_until: date | None = None) -> str:
    """The price in words. What the sentence has no room for stands in a second one."""
    said = gist(sheet, free_until=free_until)
    head = "；".join(_openings(said))
    payments = "，".join([*_payments(sheet, said), *_limits(said)])
    mark = MARKS.get(said.openings[-1], "；") if said.openings else ""
    main = mark.join(part for part in (head, payments) if part)
    return "".join([f"{main}。", *_further(said)])


def yuan(amount: Decimal) -> str:
    """3万元, 1.5万元, 2亿元, 8,000元; small parts of a 万 are written out in yuan."""
    for unit, name in ((YI, "亿元"), (WAN, "万元")):
        if amount >= unit and not (amount / unit * 100) % 1:
            return f"{_number(amount / unit)}{name}"
    return f"{_number(amount)}元"


def percent(rate: Decimal) -> str:
    return f"{_number(rate * 100)}%"


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _count(units: Decimal) -> str:
    in_wan = units >= WAN and not (units / WAN * 100) % 1
    return f"{_number(units / WAN)}万件" if in_wan else f"{_number(units)}件"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _length(months: int, days: int = 0) -> str:
    years = months and months % 12 == 0 and months > 12
    first = [f"{months // 12}年" if years else f"{months}个月"] if months else []
    return "零".join([*first, *([f"{days}天"] if days else [])])


def _openings(said: Gist) -> list[str]:
    return [_opening(each, said) for each in said.openings]


def _opening(opening: Opening, said: Gist) -> str:
    if opening is Opening.TRIAL:
        return f"{_day(said.free_until)}前免费使用" if said.free_until else f"前{said.trial_months}个月免费使用"
    if opening is Opening.IN_PARTS:
        return f"总价{yuan(said.total)}，分{len(said.fixed)}次付清"
    return OPENINGS[opening]


def _payments(sheet: Sheet, said: Gist) -> list[str]:
    fixed = [_fixed(sheet, each) for each in said.fixed]
    if said.is_final:
        fixed = [f"{_when(moment(sheet, said.fixed[0]))}一次付清{yuan(said.total)}，以后不再付费"]
    yearly = [_maintenance(each) for each in said.maintenance]
    shares = [_equity(sheet, each) for each in said.equity]
    royalties = [_royalty(each, _before(sheet, said), is_one=len(said.royalties) == 1) for each in said.royalties]
    return [*fixed, *yearly, *shares, *royalties]


def _before(sheet: Sheet, said: Gist) -> str:
    """How a royalty is joined to what was said before it."""
    if follows_first_sale(sheet, said.fixed):
        return "此后"
    return "另" if said.fixed or said.maintenance or said.equity else ""


def _fixed(sheet: Sheet, term: Fixed) -> str:
    found = moment(sheet, term)
    name = f"（{term.label_zh}）" if found and _is_named_after(found, term) else ""
    return f"{_when(found)}付{yuan(term.amount)}{name}"


def _is_named_after(found: Moment, term: Fixed) -> bool:
    """Whether the amount is told from other milestones by its own name, because the milestone's is no number."""
    is_milestone = found.event == TriggerKind.MILESTONE and not found.is_later
    return is_milestone and bool(term.label_zh) and not NUMBERED.fullmatch(term.label_zh)


def _when(found: Moment | None) -> str:
    if found is None:
        return "（付款时间未约定）"
    event = _event(found)
    if found.event == TriggerKind.DATE:
        return f"{event}起满{_length(found.months, found.days)}时" if found.is_later else event
    if found.event == TriggerKind.PERIOD_END:
        return f"{event}之后{_length(found.months, found.days)}" if found.is_later else event
    return f"{event}满{_length(found.months, found.days)}时" if found.is_later else f"{event}时"


def _event(found: Moment) -> str:
    match found.event:
        case TriggerKind.DATE if found.day:
            return _day(found.day)
        case TriggerKind.REVENUE if found.at_least:
            return f"累计净销售额达到{yuan(found.at_least)}"
        case TriggerKind.UNITS if found.at_least:
            return f"累计销量达到{_count(found.at_least)}"
        case TriggerKind.MILESTONE:
            return f"达到{found.zh}" if NUMBERED.fullmatch(found.zh) else "达到约定的里程碑"
        case TriggerKind.PERIOD_END if found.every:
            return f"{EVERY[found.every]}末"
    return EVENTS[TriggerKind(found.event) if found.event in TriggerKind.__members__ else Anchor(found.event)]


def _maintenance(term: Maintenance) -> str:
    until = "首次销售之前" if term.until is MaintenanceEnd.FIRST_SALE else ""
    return f"{until}每年付{yuan(term.amount)}维持费"


def _equity(sheet: Sheet, term: Equity) -> str:
    return f"{_when(moment(sheet, term))}给许可方{percent(term.percent)}的公司股权（技术作价{yuan(term.valuation)}）"


def _royalty(term: Royalty, before: str, *, is_one: bool) -> str:
    name = "" if is_one else f"（{term.label_zh or term.id}）"
    caps = [
        f"每年至少付{yuan(term.minimum_yearly)}" if term.minimum_yearly else "",
        f"{EVERY[term.period]}提成不超过{yuan(term.period_cap)}" if term.period_cap else "",
        f"提成累计不超过{yuan(term.lifetime_cap)}" if term.lifetime_cap else "",
    ]
    if term.minimum_yearly and term.minimum_from_year > 1:
        caps[0] = f"从第{term.minimum_from_year}年起{caps[0]}"
    return "，".join([f"{before}{_share(term)}{name}", *filter(None, caps)])


def _share(term: Royalty) -> str:
    if not term.tiers:
        return "提成比例未约定"
    rates = [_rate(term, each.rate) for each in term.tiers]
    if len(rates) == 1:
        return f"按每件{rates[0]}提成" if term.base is Base.UNITS else f"按{BASES[term.base]}的{rates[0]}提成"
    counted = {Counted.CUMULATIVE: "累计", Counted.YEAR: "全年", Counted.PERIOD: f"{EVERY[term.period]}"}[term.counted]
    starts = [_amount(term, each.start) for each in term.tiers]
    steps = _cliff(starts, rates) if term.tiering is Tiering.CLIFF else _slices(starts, rates)
    return f"按{counted}{BASES[term.base]}分档提成（{steps}）"


def _rate(term: Royalty, rate: Decimal) -> str:
    return yuan(rate) if term.base is Base.UNITS else percent(rate)


def _amount(term: Royalty, start: Decimal) -> str:
    return _count(start) if term.base is Base.UNITS else yuan(start)


def _slices(starts: Sequence[str], rates: Sequence[str]) -> str:
    middle = [
        f"{start}至{end}的部分{rate}" for start, end, rate in zip(starts[1:], starts[2:], rates[1:], strict=False)
    ]
    return "，".join([f"{starts[1]}以内{rates[0]}", *middle, f"超过{starts[-1]}的部分{rates[-1]}"])


def _cliff(starts: Sequence[str], rates: Sequence[str]) -> str:
    reached = [f"达到{start}起当期全部按{rate}" for start, rate in zip(starts[1:], rates[1:], strict=True)]
    return "，".join([f"不到{starts[1]}按{rates[0]}", *reached])


def _limits(said: Gist) -> list[str]:
    return [f"累计不超过{yuan(said.total_cap)}"] if said.total_cap else []


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
    names = "、".join(each.label_zh or yuan(each.amount) for each in said.credited)
    return [f"已付的{names}可以抵减以后的提成。"]


def _reductions(term: Royalty) -> list[str]:
    found = []
    if term.combination_factor != 1:
        found.append(f"提成只按{BASES[term.base]}的{percent(term.combination_factor)}计算。")
    if term.stacking:
        floor = (
            f"每件{yuan(term.stacking.floor_rate)}" if term.base is Base.UNITS else percent(term.stacking.floor_rate)
        )
        share = percent(term.stacking.share)
        found.append(f"另向第三方付的提成可扣减{share}，但提成不低于{floor}。")
    if term.sublicence:
        upfront, running = percent(term.sublicence.upfront_rate), percent(term.sublicence.royalty_rate)
        found.append(f"再许可给别人的，所收入门费的{upfront}、所收提成的{running}归许可方。")
    return found


def _option(option: Buyout | None) -> list[str]:
    if option is None:
        return []
    until = f"签约后{_length(option.until_months)}内" if option.until_months else "随时"
    until = f"{_day(option.until_day)}前" if option.until_day else until
    whole = option.credit_paid == 1
    credit = f"（以前付的{'全部' if whole else percent(option.credit_paid)}可以抵减）" if option.credit_paid else ""
    return [f"{until}可以一次付{yuan(option.price)}买断{credit}，此后不再付费。"]
