"""A university, a firm, a technology manager and a guarantor, each at a browser, go from a match to a signed contract.

The owner is public, so the shortest legal way takes a collective decision and fifteen days of public notice; the
calendar is turned, nothing else is. Everything is done by clicks and keys on the pages.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page

from marketplace.brokerage.models import Deal
from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.notices import services as notices
from marketplace.parties.models import Organisation
from tests import factories
from tests.browser.steps import answer, button, give_password, log_in, path_of, press, sign_in, too_wide

TELEPHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
DECISION = {
    "meeting": "校长办公会",
    "attendees": "林校长，周处长，陈教授",
    "votes_for": "3",
    "resolution": "同意按第3版条款许可，零门槛费，由担保公司担保。",
}
CLEAR = "已核实，无此情形。"


class Table:
    """Four people at four browsers, and the pictures of what they see."""

    def __init__(self, people: dict[str, Any], pages: dict[str, Page], take: Any) -> None:
        self.people, self.pages, self.take, self.count = people, pages, take, 0

    def look(self, name: str, *roles: str) -> None:
        self.count += 1
        for role in roles or self.pages:
            self.take(self.pages[role], f"{self.count:02}-{name}-{role}")

    def work(self, role: str) -> Page:
        """The front page of this person, who logs in again when that is asked."""
        page = self.pages[role]
        page.goto("/workspace/")
        if path_of(page) != "/workspace/":
            sign_in(page, self.people[role])
        return page

    def open_from_work(self, role: str, row: Any) -> Page:
        """From the front page, by the link of the work that waits."""
        page = self.work(role)
        press(page, waiting(page, row))
        return page


def waiting(page: Page, row: Any) -> Locator:
    return page.locator(f'.ws-card a[href*="/{row._meta.model_name}/{row.pk}/"]').first


def next_step(page: Page) -> str:
    """What the page says first: where it stands, and what its reader does next."""
    return page.locator(".ws-banner").first.inner_text()


@pytest.fixture
def world(university, firm):
    today = timezone.localdate()
    proof = {"size": "SMALL", "size_proof": "2025年度财务报表", "size_proved_on": today - timedelta(days=30)}
    Organisation.objects.filter(pk=firm.pk).update(**proof)
    guarantee_firm = factories.make_organisation(
        "GUARANTOR", name_zh="丰桥融资担保有限公司", name_en="Fengqiao Guarantee"
    )
    shown = {"net_assets": Decimal(20_000_000), "serves_small_firms": True, "proved_on": today}
    contracts.keep_standing(guarantee_firm, **shown, by=SYSTEM)
    supply = factories.make_published_achievement(university, title_zh="铝合金等离子体电解氧化陶瓷涂层技术")
    need = factories.make_published_demand(firm, title_zh="铝合金支架耐磨防腐涂层")
    discovery.sweep()
    people = {
        "university": factories.make_member(university, name="顾岚"),
        "firm": factories.make_member(firm, name="周工"),
        "manager": factories.make_technology_manager(name="苏桥"),
        "guarantor": factories.make_member(guarantee_firm, name="方稳"),
    }
    match = Match.objects.get(achievement=supply, demand=need)
    return SimpleNamespace(people=people, match=match, guarantee_firm=guarantee_firm)


@pytest.fixture
def table(world, open_page, screenshot):
    give_password(*world.people.values())
    pages = {role: open_page() for role in world.people}
    for role, page in pages.items():
        log_in(page, world.people[role])
    return Table(world.people, pages, screenshot)


# From the match to the talks


def open_a_deal(table: Table, match: Match) -> Deal:
    """Two clicks: open a deal, yes."""
    page = table.pages["manager"]
    table.look("my-day", "manager")
    line = page.locator(".ws-line", has=page.locator(f'a[href*="/match/{match.pk}/"]'))
    assert line.locator(".ws-why li").count() >= 2
    press(page, button(line, "open-deal"))
    press(page, page.locator(".ws-ask button[type=submit]"))
    table.look("deal-is-open", "manager")
    return Deal.objects.get()


def say_yes(table: Table, deal: Deal, verb: str) -> None:
    """Each side from its front page: open the deal, press, confirm."""
    for role in ("university", "firm"):
        page = table.open_from_work(role, deal)
        table.look(f"before-{verb}", role)
        press(page, button(page, verb))
        answer(page)
        table.look(f"after-{verb}", role)


def draw_up(table: Table, deal: Deal) -> Contract:
    page = table.open_from_work("manager", deal)
    table.look("talks-begin", "manager")
    press(page, button(page, "draw-up"))
    answer(page, mode="ZERO_UPFRONT")
    press(page, button(page, "particulars"))
    answer(page, territory=["CN"], fields_of_use=["05"])
    table.look("drawn-up", "manager")
    return Contract.objects.get()


# Offers and counter-offers


def begin_offer(table: Table, role: str, contract: Contract, way: str) -> Page:
    page = table.open_from_work(role, contract)
    press(page, button(page, "propose"))
    press(page, page.locator(f'a[href$="{way}"]').first)
    return page


def propose(page: Page, note: str, **figures: str) -> None:
    for name, value in figures.items():
        page.locator(f"[name={name}]").fill(value)
    press(page, page.locator("button[name=step][value=compare]:not(.ws-default-step)"))
    page.locator("textarea[name=note]").fill(note)
    press(page, page.locator("button[name=step][value=propose]"))


def offer_and_counter(table: Table, contract: Contract) -> None:
    page = begin_offer(table, "firm", contract, "way=ZERO_UPFRONT")
    table.look("offer-form", "firm")
    propose(page, "按我们的用量测算。", milestones="30000 60000", rate="3", cover_amount="50000")
    table.look("offered", "firm")
    page = begin_offer(table, "university", contract, "way=ZERO_UPFRONT")
    propose(page, "提成请按4%。", rate="4")
    table.look("countered", "university")


def answer_at_once(table: Table, contract: Contract) -> None:
    """The firm is about to accept when the university offers something else: it is told what, and accepts that."""
    firm = table.open_from_work("firm", contract)
    assert "3% → 4%" in firm.locator("#ws-terms").locator("xpath=..").inner_text()
    table.look("sees-the-difference", "firm")
    press(firm, button(firm, "accept-terms"))
    propose(begin_again(table, contract), "折中为3.5%。", rate="3.5")
    accept(firm)
    table.look("told-what-came", "firm")
    assert "4% → 3.5%" in firm.locator("[role=alert]").inner_text()
    assert contract.sheets.count() == 3
    accept(firm)
    table.look("agreed", "firm")


def begin_again(table: Table, contract: Contract) -> Page:
    """From the page of the contract, which the university has open."""
    page = table.pages["university"]
    press(page, button(page, "propose"))
    press(page, page.locator('a[href$="way=ZERO_UPFRONT"]').first)
    return page


def accept(page: Page) -> None:
    page.locator("[name=agrees]").check()
    press(page, page.locator(".ws-ask button[type=submit]"))


# Guarantee, decision, notice, text


def guarantee(table: Table, contract: Contract, guarantor: Organisation) -> None:
    page = table.open_from_work("university", contract)
    table.look("agreed", "university")
    press(page, button(page, "propose-guarantee"))
    table.look("ask-a-guarantor", "university")
    answer(page, guarantor=str(guarantor.pk))
    asked = contract.guarantees.get()
    page = table.open_from_work("guarantor", asked)
    table.look("is-asked", "guarantor")
    press(page, button(page, "issue"))
    answer(page, number="保函2026-001")
    table.look("stands-in", "guarantor")


def prepare(table: Table, contract: Contract) -> None:
    """Everything that a public owner sees to, from the links of what is still missing."""
    page = table.open_from_work("university", contract)
    table.look("what-is-missing", "university")
    mend(page, "record-decision")
    answer(page, **DECISION, held_on=timezone.localdate().isoformat())
    mend(page, "open-notice")
    answer(page)
    mend(page, "record-clearances")
    table.look("clearances", "university")
    kinds = page.locator("select[name$=-answer]").evaluate_all("all => all.map(each => each.name.split('-')[0])")
    fields = {f"{kind}-{name}": value for kind in kinds for name, value in (("answer", "NOT_NEEDED"), ("note", CLEAR))}
    answer(page, **fields)
    mend(page, "make-text")
    answer(page)
    table.look("notice-runs", "university")


def mend(page: Page, verb: str) -> None:
    press(page, page.locator(f'.ws-todo a[href*="/do/{verb}/"], .ws-todo-one a[href*="/do/{verb}/"]').first)


def sign(table: Table, role: str, contract: Contract) -> None:
    page = table.open_from_work(role, contract)
    press(page, button(page, "sign"))
    assert Contract.objects.get(pk=contract.pk).document.sha256 in page.locator(".ws-hash").inner_text()
    table.look("text-to-sign", role)
    accept(page)
    table.look("signed", role)


def test_four_people_make_a_contract(table, world, time_machine):
    deal = open_a_deal(table, world.match)
    say_yes(table, deal, "join")
    say_yes(table, deal, "waive-nda")
    contract = draw_up(table, deal)
    offer_and_counter(table, contract)
    answer_at_once(table, contract)
    guarantee(table, contract, world.guarantee_firm)
    prepare(table, contract)
    wait_for_the_notice(time_machine, contract)
    sign(table, "university", contract)
    sign(table, "firm", contract)
    assert Contract.objects.get(pk=contract.pk).state == "signed"
    everybody_sees_it(table, contract)


def wait_for_the_notice(time_machine: Any, contract: Contract) -> None:
    """The days pass, and the clock of notices runs as it does at night."""
    over = Contract.objects.get(pk=contract.pk).notice.ends_on + timedelta(days=1)
    time_machine.move_to(datetime.combine(over, time(9), tzinfo=ZoneInfo("Asia/Shanghai")))
    notices.close_due(over)


def everybody_sees_it(table: Table, contract: Contract) -> None:
    """Signed, with what is owed and when, in each of the four accounts, on a telephone too."""
    for role in table.pages:
        page = table.work(role)
        page.goto(f"/workspace/contracts/contract/{contract.pk}/change/")
        words = page.locator("#content, main").first.inner_text()
        assert "已签署" in words
        assert "30,000" in words or "3万元" in words
        table.look("in-the-end", role)
        page.set_viewport_size(TELEPHONE)
        table.look("in-the-end-390", role)
        assert too_wide(page) == 0
        page.set_viewport_size(DESK)
