"""Nobody is kept out: every page by its keys, at a desk and on a telephone, and axe-core finds no serious fault."""

import pytest
from django.template.loader import render_to_string

from marketplace.brokerage.models import Deal
from marketplace.contracts.models import Contract
from marketplace.core.workspace.moves import page_url
from marketplace.listings.models import Achievement, Projection
from marketplace.notices.models import Notice
from tests.browser.barriers.keys import walk
from tests.browser.barriers.looking import DESK, look, settle
from tests.browser.barriers.market import Market, build_market
from tests.browser.steps import enter

pytestmark = [pytest.mark.slow, pytest.mark.any_database]


@pytest.fixture
def market(live_server, go) -> Market:
    return build_market(go)


def main_pages() -> list[tuple[str, str]]:
    """The pages that people open most, and who opens them."""
    supply, deal = Projection.objects.filter(kind="achievement").earliest("pk"), Deal.objects.earliest("pk")
    return [
        ("/", "visitor"),
        ("/achievements/", "visitor"),
        (f"/achievements/{supply.public_id}/", "visitor"),
        (f"/notices/{Notice.objects.earliest('pk').public_id}/", "visitor"),
        ("/ways-to-pay/", "visitor"),
        ("/law/", "visitor"),
        ("/accounts/login/", "visitor"),
        ("/accounts/signup/", "visitor"),
        ("/technology-managers/", "officer"),
        ("/account/mail/", "officer"),
        ("/workspace/", "officer"),
        ("/workspace/listings/achievement/", "officer"),
        ("/workspace/listings/achievement/add/", "officer"),
        (page_url(Achievement.objects.earliest("pk")), "officer"),
        (page_url(Contract.objects.earliest("pk")), "officer"),
        ("/workspace/settlement/obligation/receivables/", "officer"),
        ("/workspace/", "broker"),
        ("/workspace/discovery/match/judge/", "broker"),
        ("/workspace/brokerage/deal/pipeline/", "broker"),
        (f"/workspace/brokerage/deal/{deal.pk}/room/", "broker"),
        ("/workspace/notifications/", "broker"),
        ("/workspace/core/entry/", "staff"),
    ]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_main_pages_keep_nobody_out(open_page, live_server, market, locale):
    pages, found = {}, {}
    for address, role in main_pages():
        page = pages.get(role) or open_page(locale=locale)
        if role not in pages and market.people[role] is not None:
            enter(page, market.people[role], live_server.url)
        pages[role] = page
        page.set_viewport_size(DESK)
        assert page.goto(address).status == 200
        settle(page)
        if faults := walk(page) + look(page):
            found[f"{address} as {role}"] = faults
    assert found == {}


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_a_page_that_tells_a_fault_keeps_nobody_out(browser_page, name):
    browser_page.goto("/robots.txt")
    browser_page.set_content(render_to_string(name))
    assert walk(browser_page) + look(browser_page) == []


def test_a_menu_that_opens_is_closed_by_escape(browser_page, live_server, market):
    """On a telephone: the menu takes the focus and gives it back; so do the filters of a list."""
    enter(browser_page, market.people["officer"], live_server.url)
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto("/workspace/listings/achievement/")
    settle(browser_page)
    for opener, inside in (("#ws-menu", "#nav-sidebar"), ("#ws-filters", "#changelist-filter")):
        browser_page.focus(opener)
        browser_page.keyboard.press("Enter")
        browser_page.wait_for_function(f"document.activeElement.closest('{inside}')")
        browser_page.keyboard.press("Escape")
        browser_page.wait_for_selector(inside, state="hidden")
        assert browser_page.evaluate(f"document.activeElement.matches('{opener}')")


def test_the_first_stop_leads_past_the_menu(browser_page, live_server, market):
    enter(browser_page, market.people["officer"], live_server.url)
    browser_page.goto("/workspace/")
    settle(browser_page)
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("!!document.activeElement.closest('#content')")
