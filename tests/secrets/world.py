"""A market in which every model with something confidential has rows: a university licenses to a firm that defaults.

Amounts are odd, so that each is recognised wherever it is shown; a twin world has others.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.documents import services as documents
from marketplace.listings import services as listings
from marketplace.notices import services as notices
from marketplace.parties.models import TechnologyManager
from marketplace.settlement import services as settlement
from marketplace.settlement.models import Obligation, PayoutLine
from marketplace.settlement.rules.invoicing import Facts
from marketplace.settlement.services.invoices import Paper
from tests import factories
from tests.contracts import making
from tests.contracts.living import ENTRY, ROYALTY, Licence
from tests.rows import reread
from tests.settlement.claiming import DEFAULTED, DEMANDED, Defaulted
from tests.settlement.owning import Owning
from tests.settlement.sharing import Sharing

from .rooms import PILOT, enter_registers, have_registered, make_portfolio, meet_under_agreement, refuse_milestone

SIGNED, RECEIVED = date(2027, 1, 4), date(2027, 2, 1)
PUSHED = date(2027, 4, 30)
SIGNATURE = {"kind": "SIGNATURE"}
NOTE = {"public_note_zh": "细节见面谈。"}
NDA = dict.fromkeys(("summary", "description", "advantage", "economics", "price"), "nda")
NDA_OF_DEMAND = dict.fromkeys(("summary", "description", "target", "acceptance", "price"), "nda")


@dataclass
class World:
    """The people by their roles, how amounts are made, and whether the rows of rooms.py are in it too.

    A twin has `more` in the amounts and rows that are `others`.
    """

    go: Callable[[date], None]
    more: Decimal = Decimal(0)
    is_whole: bool = False
    others: Collection[str] = ()
    people: dict[str, Any] = field(default_factory=dict)
    here: Any = None

    def amount(self, number: str) -> Decimal:
        return Decimal(number) + (self.more if number in self.others else 0)


def build(world: World) -> World:
    world.go(SIGNED)
    here = SimpleNamespace(world=world)
    enter_the_cast(here)
    list_things(here)
    bring_together(here)
    negotiate(here)
    if world.is_whole:
        meet_under_agreement(here)
        enter_registers(here)
    license_and_share(here)
    license_and_default(here)
    if world.is_whole:
        make_portfolio(here)
    world.here = here
    world.people = {
        name: type(row)._base_manager.get(pk=row.pk) for name, row in vars(here).items() if name in ROLES
    } | {"visitor": None}
    return world


PARTIES = (
    "officer", "approver", "inventor", "reader", "buyer", "buyers_reader", "seeker", "broker", "agent", "guarantor",
    "applicant", "filer", "registrar",
)  # fmt: skip
STRANGERS = (
    "outsider", "other_university", "other_inventor", "other_broker", "other_agent", "other_guarantor", "authority",
    "newcomer",
)  # fmt: skip
ROLES = (*PARTIES, *STRANGERS, "staff")
UNREAD = ("visitor", *STRANGERS)
"""Those who may read nothing of what is confidential here but what they said themselves."""


def enter_the_cast(here: Any) -> None:
    make, member = factories.make_organisation, factories.make_member
    here.university, here.firm = make("UNIVERSITY", name_zh="江澜大学"), make("FIRM", name_zh="晨辉机电有限公司")
    here.hidden = make("UNIVERSITY", name_zh="无名山大学")
    here.licensee = making.make_small_firm(name_zh="远帆轻工有限公司")
    here.officer = member(here.university, name="顾岚")
    here.approver = member(here.university, "admin", name="陆行")
    here.office = make("AUTHORITY", name_zh="江澜市技术合同登记处")
    here.registrar = member(here.office, name="简正")
    here.reader = member(here.university, "reader", name="何晓")
    here.inventor = member(here.university, "inventor", name="季明")
    member(here.hidden)
    here.seeker = member(here.firm, name="周工")
    here.buyer, here.buyers_reader = member(here.licensee, name="方铭"), member(here.licensee, "reader", name="戴青")
    here.broker = factories.make_technology_manager(name="苏桥")
    here.agency = factories.make_agency()
    TechnologyManager.objects.filter(user=here.broker).update(agency=here.agency)
    here.agent = member(here.agency.organisation, "admin", name="谭远")
    here.guarantor_firm = make("GUARANTOR")
    here.guarantor = member(here.guarantor_firm, name="方稳")
    here.outsider = member(make("FIRM"), name="外人")
    elsewhere = make("UNIVERSITY")
    here.other_university = member(elsewhere, name="外校人")
    here.other_inventor = member(elsewhere, "inventor", name="外校发明人")
    here.other_broker = factories.make_technology_manager(name="罗衡")
    here.other_agent = member(factories.make_agency().organisation, "admin", name="别家机构")
    here.other_guarantor = member(make("GUARANTOR"), name="别家担保")
    here.authority = member(make("AUTHORITY"), name="程平")
    here.newcomer = factories.make_user(name="新人")
    here.applicant = factories.make_user(name="申请人")
    here.staff = factories.make_user(name="沈予", is_staff=True)


def list_things(here: Any) -> None:
    amount = here.world.amount
    price = {"mode": "ENTRY_ROYALTY", "price_low": amount("213457.61"), "price_high": amount("487653.29"),
             "note": "可谈到这个数。"}  # fmt: skip
    right = listings.add_right({"kind": "01", "title_zh": "烧结诀窍"}, owner=here.university, by=here.officer)
    secret = factories.make_achievement(
        here.university, title_zh="低温烧结工艺", offers=(price,), tiers=NDA, **NOTE, is_anonymous=True,
        economics_en="Cheaper by half.", advantage_en="Harder.",
    )  # fmt: skip
    listings.edit(secret, {}, rights=[right], by=here.officer)
    here.secret = factories.publish(secret).projection
    here.open = factories.make_published_achievement(here.university, title_zh="公开的涂层技术")
    factories.make_published_achievement(here.hidden, title_zh="匿名的涂层技术", is_anonymous=True)
    here.draft = factories.make_achievement(here.university, title_zh="还在写的成果", tiers=NDA, **NOTE)
    waiting = listings.submit(
        factories.make_achievement(here.university, title_zh="要改的成果", tiers=NDA, **NOTE), by=here.officer
    )
    listings.return_for_correction(waiting, "NO_FIGURES", "请补充数据。", by=here.staff)
    budget = {"budget_low": amount("123457.61"), "budget_high": amount("387653.29")}
    here.need = factories.make_published_demand(here.firm, title_zh="支架起泡", tiers=NDA_OF_DEMAND, **NOTE, **budget)
    here.open_need = factories.make_published_demand(here.firm, title_zh="公开的支架难题")
    factories.make_demand(here.firm, title_zh="还在写的需求", tiers=NDA_OF_DEMAND, **NOTE)
    discovery.sweep()


def bring_together(here: Any) -> None:
    """Matches judged, a lead answered, mandates, an introduction, what the broker disclosed, a service ordered."""
    match = Match.objects.get(achievement=here.open, demand=here.open_need)
    discovery.dismiss(match, "TOO_EARLY", by=here.seeker, organisation=here.firm, note="等中试结果。")
    discovery.dismiss(match, "TOO_EARLY", by=here.other_broker, note="别家的看法。")
    discovery.save_search("竞品动向", "achievement", {"q": "烧结"}, by=here.seeker)
    lead = brokerage.express_interest(
        here.open, sender=here.firm, pitch="我们做支架。", why_fit="盐雾相符。", question="能否试样？", by=here.seeker
    )
    brokerage.accept(lead, text="可以试样。", by=here.officer)
    rate = [{"from": "0", "rate": "0.05"}]
    terms = {
        "principal": here.university, "manager": here.broker, "agency": here.agency, "agency_share": Decimal("0.4"),
        "side": "SUPPLY", "fields": ["*"], "tiers": rate, "tail_months": 12, "note": "负责寻找受让方。",
        "floor": here.world.amount("3217.43"), "cap": here.world.amount("98731.57"),
        "ends_on": timezone.localdate() + timedelta(days=365),
    }  # fmt: skip
    mandate = brokerage.draft_mandate(terms, by=here.officer)
    brokerage.sign_mandate(mandate, by=here.officer)
    brokerage.sign_mandate(mandate, by=here.agent)
    given = terms | {"principal": here.firm, "agency": None, "agency_share": Decimal(0), "side": "DEMAND"}
    demand_side = brokerage.draft_mandate(given, by=here.seeker)
    brokerage.sign_mandate(demand_side, by=here.seeker)
    brokerage.sign_mandate(demand_side, by=here.broker)
    tie = {"manager": here.broker, "organisation": here.firm, "kind": "ADVICE", "note": "曾任顾问。"}
    brokerage.declare_interest(tie, by=here.broker)
    told = brokerage.disclose(here.open, here.open_need, note="两边都委托了我。", by=here.broker)
    for row in told:
        by = here.officer if row.party == here.university else here.seeker
        brokerage.acknowledge(row, "知悉。", by=by)
    brokerage.log_introduction(here.open, here.licensee, note="带客户看样机。", by=here.broker)
    order = brokerage.order_service(
        here.draft, provider=here.agency, kind="VALUATION", brief="评估底价。", price=here.world.amount("21347.61"),
        due_on=timezone.localdate() + timedelta(days=90), by=here.officer,
    )  # fmt: skip
    brokerage.take_order(order, text="两周。", by=here.agent)
    brokerage.deliver_order(order, "估值结论。", by=here.agent)
    brokerage.complain(order, "缺依据。", by=here.officer)


def negotiate(here: Any) -> None:
    """A deal with offers on the table, a notice with objections, clearances and a valuation."""
    deal = brokerage.open_deal(
        Match.objects.get(achievement=here.open, demand=here.open_need), note="双方都急。", by=here.broker
    )
    for verb in (brokerage.join, brokerage.waive_nda):
        deal = verb(verb(deal, side="supplier", by=here.officer), side="seeker", by=here.seeker)
    here.deal = deal
    contract = contracts.draft_from_deal(deal, mode="ENTRY_ROYALTY", particulars=making.LICENCE, by=here.broker)
    for side, number, by in (("SELLER", "61937.43", here.officer), ("BUYER", "43719.61", here.seeker)):
        contracts.propose(reread(contract), sheet(here, number), side=side, note="这是底线。", by=by)
    contracts.ask_clearance(contract, "CO_OWNER", party="共有单位", note="私下已沟通。", by=here.officer)
    contracts.record_valuation(
        contract, appraiser="某评估公司", method="收益法", low=here.world.amount("51937.13"),
        high=here.world.amount("71937.13"), valued_on=timezone.localdate(), by=here.officer,
    )  # fmt: skip
    open_notice(here)
    contracts.apply(here.secret, buyer=here.licensee, mode="ENTRY_ROYALTY", message="想先小试。", by=here.buyer)


def open_notice(here: Any) -> None:
    notice = notices.open_notice(
        here.university, content={"name": "涂层", "price": "10万元"}, place="CN", title_zh="关于涂层价格的公示",
        fingerprint="f" * 64, is_on_market=True, by=here.approver,
    )  # fmt: skip
    said = {"name": "钱某人", "contact": "13912345678", "organisation": "某单位", "text": "与我重复。"}
    answered = notices.object_to(notice, **said, by=AnonymousUser())
    notices.dismiss(answered, "保护范围不同。", by=here.officer)
    notices.object_to(notice, **said, by=here.inventor)


def sheet(here: Any, number: str, *more: dict[str, Any]) -> dict[str, Any]:
    first = ENTRY["terms"][0] | {"amount": str(here.world.amount(number))}
    return ENTRY | {"terms": [first, ROYALTY, *([PILOT] if here.world.is_whole else []), *more]}


def shares_of(here: Any) -> dict[str, Any]:
    """A part of the firm beside the fee."""
    value = str(here.world.amount("913571.39"))
    return {"id": "shares", "kind": "EQUITY", "percent": "0.137913", "valuation": value, "trigger": SIGNATURE}


def signed(here: Any, number: str, *more: dict[str, Any]) -> Licence:
    """A licence of the university to the small firm; the broker looks after it."""
    row = making.make_signed_contract(
        sheet=sheet(here, number, *more), seller=here.university, buyer=here.licensee, achievement=here.open.achievement
    )
    Contract.objects.filter(pk=row.pk).update(manager=here.broker)
    return Licence(reread(row), here.officer, here.buyer, here.world.go)


def license_and_share(here: Any) -> None:
    """A licence whose receipts are shared: one paid and reversed, one paid with a set-off, one proposed."""
    licence, amount = signed(here, "57319.43", shares_of(here)), here.world.amount
    here.running = licence
    sharing = Sharing(licence, here.approver)
    contracts.deliver(licence.contract, by=here.buyer)
    here.world.go(RECEIVED)
    if here.world.is_whole:
        refuse_milestone(here, licence.contract)
    payee = settlement.keep_payee(here.university, {"name": "季明", "user": here.inventor}, by=here.officer)
    account = {"holder": "季明", "bank": "某银行某支行", "account_number": "6222021234567890123"}
    sharing.people = [settlement.keep_account(payee, **account, by=here.inventor)]
    sharing.rule("0.6")
    sharing.plan("100%")
    sharing.cost(str(amount("137.61")))
    take_statement(here, licence, amount("10317.29"))
    receipt = licence.row.payments.get()
    row = sharing.approved(sharing.propose(receipt))
    sharing.paid()
    settlement.reverse_distribution(reread(row), "重算。", by=here.officer)
    row = sharing.noticed(sharing.propose(sharing.receive(str(amount("20391.47")), reference="RX20391")))
    hold = settlement.dispute(row.shares.get(), "先核对。", by=here.inventor)
    settlement.resolve_hold(hold, "已核对。", by=here.approver)
    settlement.approve(row, by=here.approver)
    sharing.paid()
    settlement.return_transfer(PayoutLine.objects.latest("id"), "户名不符。", by=here.officer)
    sharing.propose(sharing.receive(str(amount("11973.61")), reference="RX11973"))
    hold_shares(here, sharing)
    if here.world.is_whole:
        have_registered(here, licence.contract)
    keep_invoice(here, licence)
    contracts.announce_audit(
        licence.contract, starts_on=timezone.localdate() + timedelta(days=60), reason="怀疑漏报。", by=here.officer
    )
    licence.row.sales_reports.create(
        royalty="royalty",
        first=SIGNED,
        last=date(2027, 3, 31),
        due_on=PUSHED,
        gross=amount("91733.57"),
        note="含样品。",
    )


def hold_shares(here: Any, sharing: Sharing) -> None:
    """What the university received of the firm: divided, earned over time; the inventor left, and it was sold."""
    owning = Owning(sharing)
    stake = owning.record(percent_reason="")
    owning.plan(stake, "100%")
    row = owning.allot(stake)
    settlement.withdraw_allotment(row, "比例有误。", by=here.officer)
    row = owning.allot(stake)
    owning.earns(row.holdings.get(payee=sharing.people[0]))
    person = owning.head(owning.approve(row).holdings.get(payee=sharing.people[0]))
    owning.entrust(person)
    owning.unwind(person)
    owning.leave(person)
    sharing.people[0].refresh_from_db()
    type(person.payee).objects.filter(pk=person.payee_id).update(office="NONE", office_from=None)
    given = {"ending": "SOLD", "on": timezone.localdate(), "proceeds": here.world.amount("817351.97")}
    settlement.end_stake(stake, reason="协议转让。", **given, by=here.officer)


def take_statement(here: Any, licence: Licence, amount: Decimal) -> None:
    """The firm's transfer is found by the contract's number; another line waits, and a third is ignored."""
    names = "交易日期,贷方发生额（元）,对方户名,附言,交易流水号"
    purpose = f"合同{licence.row.public_id.upper()}"
    rows = [f"20270201,{amount},{here.licensee.name_zh},{purpose},SN77310317",
            f"20270201,{here.world.amount('7317.93')},不相识的公司,来路不明,SN77310318",
            f"20270201,{here.world.amount('317.93')},税务局,退税,SN77310319"]  # fmt: skip
    content = "\r\n".join([names, *rows]).encode()
    settlement.import_statement(here.university, content, "对账单.csv", by=here.officer)
    line = here.university.bank_lines.get(reference="SN77310319")
    settlement.ignore_line(line, "不是许可费。", by=here.officer)


def keep_invoice(here: Any, licence: Licence) -> None:
    net = here.world.amount("1037.31")
    tax = (net * Decimal("0.06")).quantize(Decimal("0.01"))
    facts = Facts(
        kind="DIGITAL_SPECIAL", number="27332000000012345678", on=timezone.localdate(), net=net, rate=Decimal("0.06"),
        tax=tax,
    )  # fmt: skip
    paper = Paper("发票.pdf", making.PDF)
    obligation = Obligation.objects.filter(contract=licence.row, kind="FIXED").first()
    settlement.record_invoice(licence.contract, facts, paper=paper, obligation=obligation, by=here.officer)


def license_and_default(here: Any) -> None:
    """A guaranteed licence that is not paid: claimed, compensated, partly recovered, put on record."""
    world = here.world
    world.go(SIGNED)
    licence = signed(here, "50317.29")
    contracts.keep_standing(
        here.guarantor_firm, net_assets=world.amount("9317351.47"), serves_small_firms=True, proved_on=SIGNED, by=SYSTEM
    )
    terms = {"cover_amount": world.amount("40719.31"), "cover_share": Decimal("0.8"), "liability": "JOINT",
             "period_months": 6, "fee": world.amount("2317.31"), "conditions": "限于首期。"}  # fmt: skip
    guarantee = contracts.propose_guarantee(licence.contract, "COMPANY", here.guarantor_firm, terms, by=here.officer)
    guarantee = contracts.issue(guarantee, number="DB-2027-7731", by=here.guarantor)
    contracts.deliver(licence.contract, by=here.buyer)
    found = Defaulted(licence, guarantee, here.guarantor)
    world.go(DEMANDED)
    settlement.bill(licence.contract, by=SYSTEM)
    contracts.demand(licence.contract, note="请付款。", by=here.officer)
    licence.tick(DEFAULTED)
    claim = found.file(note="多次催告。")
    settlement.ask_about_claim(claim, "补充送达回证。", by=here.guarantor)
    settlement.supply_claim(reread(claim), "已补充。", by=here.officer)
    found.accept(amount=world.amount("39317.43"), reasons="扣除争议部分。")
    found.compensate(str(world.amount("39317.43")), reference="GX39317")
    recovery = found.recover(str(world.amount("4817.93")), costs=str(world.amount("213.47")), reference="RC48179")
    found.pass_on(recovery, reference="PC48179")
    settlement.answer_recourse(found.recourse, "分期还。", by=here.buyer)
    put_on_record(here, found)


def put_on_record(here: Any, found: Defaulted) -> None:
    contracts.terminate(found.contract, "逾期不付。", by=here.officer)
    notice = settlement.announce_credit(found.contract, here.guarantor_firm, "代偿后仍未偿还。", by=here.guarantor)
    settlement.answer_credit(notice, "正在筹款。", by=here.buyer)
    here.world.go(PUSHED)
    settlement.push_credit(notice, answer="已超期。", by=here.guarantor)
    documents.keep_document(
        making.PDF, filename="内部纪要.pdf", title="内部纪要", readers=[here.university], by=here.officer
    )
