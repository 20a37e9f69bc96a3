"""A message mentions somebody: after an @ the names of who reads it are offered, by keys alone, and nobody else's."""

import pytest
from playwright.sync_api import expect

from marketplace.brokerage import services
from marketplace.brokerage.models import Message
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from tests import factories
from tests.browser.steps import enter, too_wide


@pytest.fixture
def deal(university, firm, university_officer, sme, broker):
    for person, name in ((university_officer, "转化专员 顾岚"), (sme, "周工"), (broker, "技术经理人 苏桥")):
        person.name = name
        person.save()
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    discovery.sweep()
    deal = services.open_deal(Match.objects.get(achievement=achievement, demand=demand), by=broker)
    for person in (university_officer, sme):
        deal = services.join(deal, by=person)
    services.post_message(deal, "样件周五寄出。", audience="all", by=university_officer)
    services.post_message(deal, "我方底价八万。", audience="supplier", by=university_officer)
    return deal


def open_room(page, person, live_server, deal):
    enter(page, person, live_server.url)
    page.goto(f"/workspace/brokerage/deal/{deal.pk}/room/")
    return page.locator(".ws-write textarea")


def offers(page, *names):
    """Wait until exactly these names are offered."""
    expect(page.locator(".ws-mentions:visible [role=option]")).to_have_text(list(names))


def test_by_keys_alone(browser_page, live_server, deal, broker, sme, screenshot):
    page = browser_page
    field = open_room(page, broker, live_server, deal)
    field.focus()
    page.keyboard.type("请 @")
    offers(page, "转化专员 顾岚", "周工")
    page.keyboard.type("周")
    offers(page, "周工")
    screenshot(page, "offered")
    page.keyboard.press("Enter")
    assert field.input_value() == "请 @周工 "
    offers(page)
    page.keyboard.type("确认。")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.locator(".ws-write button").click()
    assert list(Message.objects.latest("id").mentions.all()) == [sme]


def test_a_side_thread_offers_that_side_alone_and_escape_closes(browser_page, live_server, deal, broker, screenshot):
    page = browser_page
    field = open_room(page, broker, live_server, deal)
    page.locator(".ws-write [name=audience]").select_option("supplier")
    field.focus()
    page.keyboard.type("@")
    offers(page, "转化专员 顾岚")
    page.keyboard.press("Escape")
    offers(page)
    assert field.input_value() == "@"
    page.locator("article", has_text="底价").locator("summary").click()
    page.locator("article", has_text="底价").locator("textarea").focus()
    page.keyboard.type("收到 @")
    offers(page, "转化专员 顾岚")
    page.set_viewport_size({"width": 390, "height": 844})
    screenshot(page, "narrow")
    assert not too_wide(page)


def test_what_looks_like_an_address_offers_nothing(browser_page, live_server, deal, broker):
    field = open_room(browser_page, broker, live_server, deal)
    field.focus()
    browser_page.keyboard.type("lab@")
    offers(browser_page)
