"""A price as one plain sentence: a table in both languages, and for everything the nouns allow, a sentence at all."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from itertools import product
from typing import Any

import pytest

from marketplace.contracts.rules import plain_en, plain_zh
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import (
    Anchor,
    AtEnd,
    Base,
    Buyout,
    Counted,
    Equity,
    Fixed,
    Maintenance,
    MaintenanceEnd,
    Mode,
    Period,
    Royalty,
    Sheet,
    Stacking,
    Sublicence,
    Tier,
    Tiering,
    Trial,
    Trigger,
    TriggerKind,
)

WORD = {"DATE": {"day": date(2027, 6, 30)}, "REVENUE": {"at_least": D(1_000_000)}, "UNITS": {"at_least": D(10_000)}}
WORD |= {"MILESTONE": {"milestone": "m1"}, "PERIOD_END": {"every": Period.YEAR}, "AFTER": {"event": "SIGNATURE"}}
STEPS = (("0", "0.05"), ("10000000", "0.04"), ("30000000", "0.03"))


def sheet(*terms: Any, mode: str = "ENTRY_ROYALTY", **values: Any) -> Sheet:
    return Sheet(mode=Mode(mode), terms=terms, term_months=120, **values)


def fixed(kind: str = "SIGNATURE", *, id: str = "a", amount: str = "30000", zh="", en="", **values: Any) -> Fixed:
    trigger = Trigger(kind=TriggerKind(kind), **WORD.get(kind, {}) | values)
    return Fixed(id=id, amount=D(amount), trigger=trigger, label_zh=zh, label_en=en)


def royalty(base: str = "NET_SALES", tiers=(("0", "0.02"),), **values: Any) -> Royalty:
    steps = tuple(Tier(D(start), D(rate)) for start, rate in tiers)
    return Royalty(**{"id": "r", "base": Base(base), "tiers": steps, "period": Period.QUARTER} | values)


def after(months: int = 0, days: int = 0, *, id: str = "b", **what: str) -> Fixed:
    trigger = Trigger(kind=TriggerKind.AFTER, months=months, days=days, **what)
    return Fixed(id=id, amount=D(30_000), trigger=trigger)


YEAR, HALF = Trial(months=12, at_end=None), Trial(months=6, at_end=AtEnd.KEEP)
ISSUE = sheet(fixed("FIRST_SALE"), royalty(), mode="ZERO_UPFRONT", trial=YEAR, total_cap=D(500_000))

TABLE = [
    (
        ISSUE,
        "前12个月免费使用；首次销售时付3万元，此后按净销售额的2%提成，累计不超过50万元。",
        "Use free for the first 12 months; then CNY 30,000 at first sale and 2 % of net sales, at most CNY 500,000.",
    ),
    (
        build(Mode.BUYOUT, Figures(price=D("128000.5"))),
        "签约时一次付清128,000.5元，以后不再付费。",
        "Pay CNY 128,000.50 once, on signature, and nothing more.",
    ),
    (
        build(Mode.INSTALMENTS, Figures(price=D(300_000), instalments=2, instalment_months=24)),
        "总价30万元，分2次付清：签约时付15万元，签约满2年时付15万元。",
        "Pay CNY 300,000 in 2 parts: CNY 150,000 on signature and CNY 150,000 due 2 years after signature.",
    ),
    (
        build(Mode.ENTRY_ROYALTY, Figures(is_upfront_creditable=True)),
        "签约时付5万元，另按净销售额的3%提成。已付的入门费可以抵减以后的提成。",
        "Pay CNY 50,000 on signature and 3 % of net sales. "
        "What was paid before (Entry fee) is set off against later royalties.",
    ),
    (
        build(Mode.ZERO_UPFRONT, Figures(trial_months=0, total_cap=D(500_000))),
        "开始使用时不用付钱；达到里程碑1时付3万元，达到里程碑2时付6万元，另按净销售额的3%提成，累计不超过50万元。",
        "Pay nothing to start; then CNY 30,000 at milestone 1, CNY 60,000 at milestone 2 and 3 % of net sales, "
        "at most CNY 500,000.",
    ),
    (
        build(Mode.DEFERRED),
        "现在先用，签约满12个月时付30万元。",
        "Use it now; then CNY 300,000 due 12 months after signature.",
    ),
    (
        build(Mode.CONDITIONAL),
        "先使用，约定的条件达到了才付钱：达到约定的里程碑时付30万元（许可费）。",
        "Use it first and pay only if the agreed condition is met: CNY 300,000 at the agreed milestone (Licence fee).",
    ),
    (
        build(Mode.ROYALTY, Figures(buyout_price=D(800_000))),
        "没有固定费用，按净销售额的3%提成。签约后3年内可以一次付80万元买断，此后不再付费。",
        "No fixed fee; 3 % of net sales. "
        "Within 3 years of signature CNY 800,000 buys it out, and nothing more falls due.",
    ),
    (
        build(Mode.TRIAL_TRANSFER),
        "前12个月免费使用；决定继续使用时付30万元。试用期满没有表态的，按停止使用处理。",
        "Use free for the first 12 months; then CNY 300,000 on deciding to keep it. "
        "If nobody says otherwise when the trial ends, it stops.",
    ),
    (
        build(Mode.EQUITY),
        "不付现金，签约时给许可方5%的公司股权（技术作价100万元）。",
        "No cash; 5 % of the firm's shares on signature, valued at CNY 1,000,000.",
    ),
    (
        build(Mode.OPEN),
        "任何单位书面通知后都可按同样的条件使用：签约时付30万元。",
        "Open to anybody who gives written notice, on the same terms: CNY 300,000 on signature.",
    ),
    (
        sheet(fixed("DATE"), royalty("UNITS", (("0", "0.5"),))),
        "2027年6月30日付3万元，另按每件0.5元提成。",
        "Pay CNY 30,000 on 2027-06-30 and CNY 0.50 for each unit sold.",
    ),
    (
        sheet(fixed("REVENUE"), fixed("UNITS", id="b"), royalty("GROSS_MARGIN", lifetime_cap=D(200_000))),
        "开始使用时不用付钱；累计净销售额达到100万元时付3万元，累计销量达到1万件时付3万元，"
        "另按毛利的2%提成，提成累计不超过20万元。",
        "Pay nothing to start; then CNY 30,000 once net sales reach CNY 1,000,000 in all, CNY 30,000 once 10,000 units "
        "are sold and 2 % of gross margin (at most CNY 200,000 in royalties).",
    ),
    (
        sheet(fixed("FIRST_SALE"), after(6, term="a"), after(0, 45, term="b", id="c")),
        "开始使用时不用付钱；首次销售时付3万元，首次销售满6个月时付3万元，首次销售满6个月零45天时付3万元。",
        "Pay nothing to start; then CNY 30,000 at first sale, CNY 30,000 due 6 months after the first sale and "
        "CNY 30,000 due 6 months and 45 days after the first sale.",
    ),
    (
        sheet(fixed("FINANCING"), fixed("GRANT", id="b"), fixed("CHANGE_OF_CONTROL", id="c")),
        "开始使用时不用付钱；公司完成融资时付3万元，专利授权时付3万元，公司控制权变更时付3万元。",
        "Pay nothing to start; then CNY 30,000 when the firm closes a financing round, CNY 30,000 when the patent is "
        "granted and CNY 30,000 when control of the firm changes.",
    ),
    (
        sheet(fixed("MILESTONE", zh="中试合格", en="Pilot run passed"), mode="CONDITIONAL"),
        "先使用，约定的条件达到了才付钱：达到约定的里程碑时付3万元（中试合格）。",
        "Use it first and pay only if the agreed condition is met: "
        "CNY 30,000 at the agreed milestone (Pilot run passed).",
    ),
    (
        sheet(after(event="TRIAL_END"), after(0, 10, id="c", event="DELIVERY"), mode="TRIAL_TRANSFER", trial=HALF),
        "前6个月免费使用；试用结束时付3万元，资料交付满10天时付3万元。试用期满没有表态的，按继续使用处理。",
        "Use free for the first 6 months; then CNY 30,000 at the end of the trial and CNY 30,000 due 10 days after "
        "delivery of the documents. If nobody says otherwise when the trial ends, it is kept.",
    ),
    (
        sheet(royalty(tiers=STEPS), mode="ROYALTY"),
        "没有固定费用，按累计净销售额分档提成（1,000万元以内5%，1,000万元至3,000万元的部分4%，超过3,000万元的部分3%）。",
        "No fixed fee; a share of all net sales so far in steps: 5 % up to CNY 10,000,000, 4 % up to CNY 30,000,000, "
        "3 % of what is above.",
    ),
    (
        sheet(royalty(tiers=STEPS, tiering=Tiering.CLIFF, counted=Counted.YEAR), mode="ROYALTY"),
        "没有固定费用，按全年净销售额分档提成"
        "（不到1,000万元按5%，达到1,000万元起当期全部按4%，达到3,000万元起当期全部按3%）。",
        "No fixed fee; a share of the year's net sales in steps: 5 % below CNY 10,000,000, 4 % of everything in the "
        "period from CNY 10,000,000 on, 3 % of everything in the period from CNY 30,000,000 on.",
    ),
    (
        sheet(fixed(), royalty(minimum_yearly=D(50_000), minimum_from_year=3, period_cap=D(100_000))),
        "签约时付3万元，另按净销售额的2%提成，从第3年起每年至少付5万元，每季度提成不超过10万元。",
        "Pay CNY 30,000 on signature and 2 % of net sales (at least CNY 50,000 a year from year 3 on, "
        "at most CNY 100,000 a quarter).",
    ),
    (
        sheet(royalty(stacking=Stacking(D("0.5"), D("0.01")), combination_factor=D("0.6")), mode="ROYALTY"),
        "没有固定费用，按净销售额的2%提成。提成只按净销售额的60%计算。另向第三方付的提成可扣减50%，但提成不低于1%。",
        "No fixed fee; 2 % of net sales. Only 60 % of net sales count for the royalty. "
        "50 % of royalties paid to others are taken off, down to 1 %.",
    ),
    (
        sheet(royalty(sublicence=Sublicence(D("0.1"), D("0.2"))), mode="ROYALTY"),
        "没有固定费用，按净销售额的2%提成。再许可给别人的，所收入门费的10%、所收提成的20%归许可方。",
        "No fixed fee; 2 % of net sales. "
        "Of what sub-licensees pay, 10 % of their entry fees and 20 % of their royalties are passed on.",
    ),
    (
        sheet(fixed(), Maintenance(id="m", amount=D(10_000)), royalty()),
        "签约时付3万元，首次销售之前每年付1万元维持费，另按净销售额的2%提成。",
        "Pay CNY 30,000 on signature, CNY 10,000 a year to keep the licence until the first sale and 2 % of net sales.",
    ),
    (
        sheet(fixed(), Buyout(id="x", price=D(100_000_000), until_day=date(2029, 1, 1), credit_paid=D(1))),
        "签约时付3万元。2029年1月1日前可以一次付1亿元买断（以前付的全部可以抵减），此后不再付费。",
        "Pay CNY 30,000 on signature. "
        "Until 2029-01-01 CNY 100,000,000, less all of what was paid before, buys it out, and nothing more falls due.",
    ),
    (
        sheet(fixed(), royalty(), royalty("UNITS", (("0", "2.5"),), id="r2", label_zh="产品乙", label_en="Product B")),
        "签约时付3万元，另按净销售额的2%提成（r），另按每件2.5元提成（产品乙）。",
        "Pay CNY 30,000 on signature, 2 % of net sales (r) and CNY 2.50 for each unit sold (Product B).",
    ),
    (sheet(), "没有约定任何付款。", "No payment is agreed."),
    (
        sheet(replace(fixed(), trigger=None)),
        "（付款时间未约定）付3万元。",
        "Pay CNY 30,000 (when is not agreed).",
    ),
]


@pytest.mark.parametrize(("price", "zh", "en"), TABLE)
def test_a_price_reads_as_one_plain_sentence(price, zh, en):
    assert plain_zh.sentence(price) == zh
    assert plain_en.sentence(price) == en


def test_once_the_trial_has_begun_its_last_day_is_named():
    end = date(2026, 12, 31)
    assert plain_zh.sentence(ISSUE, free_until=end).startswith("2026年12月31日前免费使用；首次销售时付3万元，")
    assert plain_en.sentence(ISSUE, free_until=end).startswith("Use free until 2026-12-31; then CNY 30,000 at first")


def every_sheet():
    """Every mode with every term and trigger, alone and beside a royalty, with and without a free phase."""
    triggers = [fixed(kind) for kind in TriggerKind]
    triggers += [after(months, id="a", event=anchor.value) for anchor in Anchor for months in (0, 7)]
    triggers += [Equity(id="a", percent=D("0.1"), valuation=D(9), trigger=each.trigger) for each in triggers]
    triggers += [Maintenance(id="a", amount=D(1), until=until) for until in MaintenanceEnd]
    shares = [(), *((royalty(base, tiers, id="z", tiering=tiering),) for base, tiers, tiering in
                    product(Base, (STEPS[:1], STEPS), Tiering))]  # fmt: skip
    for mode, term, share, trial in product(Mode, triggers, shares, (None, YEAR)):
        yield sheet(term, *share, mode=mode, trial=trial)


def test_whatever_is_agreed_can_be_said_in_both_languages():
    for price in every_sheet():
        zh, en = plain_zh.sentence(price), plain_en.sentence(price)
        assert not re.search(r"[A-Za-z_]|None|[；，。：]{2}", zh), zh
        assert not re.search(r"[一-鿿]|None|_|  |[;,.:]{2}|[A-Z]{4}", en), en
        assert zh.endswith("。")
        assert en.endswith(".")


def test_a_circle_of_triggers_has_a_sentence_too():
    circle = sheet(after(1, term="c"), after(1, id="c", term="b"))
    assert "付款时间未约定" in plain_zh.sentence(circle)


def test_nothing_to_start_is_said_only_where_nothing_may_be_due_at_the_start():
    assert "不用付钱" not in plain_zh.sentence(sheet(fixed("SIGNATURE"), mode="CONDITIONAL"))
    assert "先用" not in plain_zh.sentence(sheet(fixed("SIGNATURE"), mode="DEFERRED"))
