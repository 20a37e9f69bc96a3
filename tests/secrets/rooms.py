"""What else the world holds: a deal under an agreement with its room, a milestone refused, entries of the register."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.contracts import services as contracts
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.documents import services as documents
from marketplace.parties.models import TechnologyManager
from marketplace.register import services as register
from marketplace.registration import services as registration
from tests import factories
from tests.contracts.making import MILESTONE, PDF
from tests.papers import make_pdf
from tests.register.registering import apply_as_manager
from tests.registration.registering import FILLED
from tests.rows import reread

PILOT = MILESTONE | {"trigger": MILESTONE["trigger"] | {"evidence": "第三方检测报告"}}
SIDES = ("supplier", "seeker")


def meet_under_agreement(here: Any) -> None:
    """The first agreement is ended, the second holds; both sides hand in files and write, to all and to their own."""
    for row in brokerage.disclose(here.secret, here.need, note="两边又都委托了我。", by=here.broker):
        brokerage.acknowledge(row, "知悉。", by=here.officer if row.party == here.university else here.seeker)
    match = Match.objects.get(achievement=here.secret, demand=here.need)
    deal = brokerage.open_deal(match, note="只谈小试。", by=here.broker)
    for side, by in zip(SIDES, (here.officer, here.seeker), strict=True):
        deal = brokerage.join(deal, side=side, by=by)
    ended = sign_nda(here, deal)
    brokerage.terminate_nda(ended, note="条款要改。", side="seeker", by=here.seeker)
    here.nda, here.room = sign_nda(here, deal), reread(deal)
    for audience in ("own", "nda", "both"):
        brokerage.add_file(
            reread(deal), file_of(here, audience), filename=f"{audience}.pdf", title=f"小试记录 {audience}",
            audience=audience, side="supplier", by=here.officer,
        )  # fmt: skip
    for audience, by in (("all", here.broker), *zip(SIDES, (here.officer, here.seeker), strict=True)):
        write_in_room(deal, audience, by)


def file_of(here: Any, audience: str) -> bytes:
    """In a twin world another content of another length."""
    return make_pdf() + b"% " + audience.encode() + b" twin" * ("files" in here.world.others) + b"\n"


def sign_nda(here: Any, deal: Any) -> Any:
    last = timezone.localdate() + timedelta(days=400)
    nda = brokerage.draft_nda(reread(deal), ends_on=last, purpose="评估样品。", by=here.broker)
    for side, by in zip(SIDES, (here.officer, here.seeker), strict=True):
        nda = brokerage.sign_nda(nda, sha256=nda.document.sha256, side=side, by=by)
    return nda


def write_in_room(deal: Any, audience: str, by: Any) -> None:
    taken_back = brokerage.post_message(reread(deal), "发错了。", audience=audience, by=by)
    brokerage.withdraw_message(taken_back, "发错了群。", by=by)
    brokerage.post_message(reread(deal), "样品下周寄出。", audience=audience, by=by)
    values = {"title": "电话会", "held_on": timezone.localdate(), "guests": "检测中心来宾"}
    brokerage.write_meeting(reread(deal), values, "约定寄样。", audience=audience, by=by)
    for title in ("寄样品", "约检测"):
        key = "manager" if by == deal.manager else by.memberships.get().public_id
        given = {"title": title, "note": "两件。", "due_on": timezone.localdate() + timedelta(days=9)}
        task = brokerage.add_task(reread(deal), given, audience=audience, assignee=key, by=by)
    brokerage.drop_task(task, "改为现场检测。", by=by)


def refuse_milestone(here: Any, contract: Any) -> None:
    milestone = contract.milestones.get(slug="pilot")
    contracts.claim(milestone, reached_on=timezone.localdate(), note="检测合格。", by=here.buyer)
    contracts.reject(reread(milestone), "缺检测报告。", by=here.officer)


def have_registered(here: Any, contract: Any) -> None:
    """Refused, checked again, registered, and a change of its amount waits.

    The form says by the seller's own choice how it is paid; here without the amounts of the terms.
    """
    amount = here.world.amount
    row = registration.draft(
        contract, **FILLED, name="涂层技术许可登记", payment_note="按净销售额提成。", office=here.office,
        total_amount=amount("71931.17"), expected_output=amount("83917.31"), expected_investment=amount("31719.83"),
        by=here.officer,
    )  # fmt: skip
    registration.put_costs(row, [{"kind": "PART", "what": "夹具", "amount": amount("1931.71")}], by=here.officer)
    paper = registration.hand_in_paper(row, PDF, filename="附件.pdf", title="附件", by=here.officer)
    row = registration.accept(registration.submit(reread(row), by=here.officer), by=here.registrar)
    registration.refuse(row, "材料不符。", by=here.registrar)
    row = registration.contest(reread(row), "材料相符。", by=here.officer)
    row = registration.register(row, number="1101012027731931", by=factories.make_member(here.office))
    given = {"total_amount": amount("79317.53"), "reason": "提成结算。", "paper": paper, "by": here.officer}
    registration.ask_change(row, **given)


def enter_registers(here: Any) -> None:
    """Somebody is entered after papers were missing, and nearly removed; another files a year that does not add up."""
    application = apply_as_manager(here.applicant, statement="从业六年。")
    register.send_back(application, "缺培训证明。", by=here.authority)
    register.supplement(reread(application), statement="已补充。", by=here.applicant)
    register.grant(reread(application), number="JSJL-90001", reason="条件齐备。", by=here.authority)
    entry = TechnologyManager.objects.get(user=here.applicant)
    removal = register.announce_removal(entry, ground="FALSE_INFORMATION", reason="证书存疑。", by=here.authority)
    register.reply(removal, "证书可核验。", by=here.applicant)
    register.drop(reread(removal), "已核验。", by=here.authority)
    old = TechnologyManager.objects.create(user=factories.make_user(name="旧册人"), fields=["05"], languages=["zh"])
    term = timezone.localdate() + timedelta(days=365)
    held = register.take_over(old, number="JSJL-90002", entered_on=date(2026, 1, 9), valid_until=term, by=SYSTEM)
    figures = {"contract_sum": here.world.amount("733217.51"), "income": here.world.amount("31973.57")}
    filing = register.file_year(held, 2026, figures | {"deals": 3, "note": "含往年。"}, by=old.user)
    register.return_filing(filing, "合同数不符。", by=here.authority)
    here.filer = old.user


def make_portfolio(here: Any) -> None:
    manager = TechnologyManager.objects.get(user=here.broker)
    register.make_portfolio(manager, [here.running.row.public_id], by=here.broker)


def hide_more(here: Any) -> None:
    """In a twin world each side has more that nobody else knows of; last of all, so that other rows keep their ids."""
    if "rows of the university" in here.world.others:
        factories.make_achievement(here.university, title_zh="另一项没写完的成果")
        documents.keep_document(
            make_pdf(), filename="备忘.pdf", title="备忘", readers=[here.university], by=here.officer
        )
    if "rows of the firm" in here.world.others:
        factories.make_demand(here.firm, title_zh="另一项没写完的需求")
        discovery.save_search("另一项动向", "achievement", {"q": "涂层"}, by=here.seeker)
    for side, by in zip(SIDES, (here.officer, here.seeker), strict=True):
        if f"talk of the {side}" in here.world.others:
            brokerage.post_message(reread(here.room), "再等等。", audience=side, by=by)
