"""The language, the keyboard alone, a narrow telephone: nobody is kept out by how they read or press."""

import pytest
from playwright.sync_api import Page

from marketplace.discovery import services as discovery
from marketplace.listings import services as listings
from marketplace.listings.models import Demand
from tests import factories
from tests.browser.steps import enter, give_password, path_of, press, too_wide

TELEPHONE = {"width": 390, "height": 844}
TABS = 90  # more stops than any of these pages needs


@pytest.fixture
def market(university, firm, sme):
    supply, need = factories.make_published_achievement(university), factories.make_published_demand(firm)
    discovery.sweep()
    waiting = listings.submit(factories.make_demand(firm), by=sme)
    return {"supply": supply, "need": need, "waiting": waiting}


def tab_to(page: Page, selector: str) -> None:
    """Go on with the Tab key until the focus is where it is wanted."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"The Tab key does not come to {selector}")


def has_visible_focus(page: Page) -> bool:
    look = "getComputedStyle(document.activeElement)"
    return page.evaluate(f"{look}.outlineStyle !== 'none' || {look}.boxShadow !== 'none'")


def test_a_visitor_switches_to_english_and_back(browser_page, market, screenshot):
    browser_page.goto("/achievements/")
    assert browser_page.locator("html").get_attribute("lang") == "zh-Hans"
    press(browser_page, browser_page.locator("button[name=language]"))
    screenshot(browser_page, "english")
    assert (path_of(browser_page), browser_page.locator("html").get_attribute("lang")) == ("/achievements/", "en")
    assert "Plasma electrolytic oxidation" in browser_page.locator("main").inner_text()
    press(browser_page, browser_page.locator("button[name=language]"))
    assert browser_page.locator("html").get_attribute("lang") == "zh-Hans"


def test_a_manager_works_in_english_too(open_page, live_server, market, broker, screenshot):
    page = open_page(locale="en-GB")
    enter(page, broker, live_server.url)
    page.goto("/workspace/")
    screenshot(page, "my-work")
    assert page.locator("html").get_attribute("lang").startswith("en")
    assert "Plasma electrolytic oxidation" in page.locator(".ws-line").first.inner_text()


def test_a_reviewer_logs_in_and_publishes_with_the_keyboard_alone(browser_page, market, staff, screenshot):
    give_password(staff)
    browser_page.goto("/workspace/")
    tab_to(browser_page, "[name=login]")
    browser_page.keyboard.type(staff.email)
    tab_to(browser_page, "[name=password]")
    browser_page.keyboard.type(factories.PASSWORD)
    enter_key(browser_page)
    tab_to(browser_page, f'a[href*="/demand/{market["waiting"].pk}/"]')
    enter_key(browser_page)
    tab_to(browser_page, '[formaction*="/do/publish/"]')
    assert has_visible_focus(browser_page)
    screenshot(browser_page, "focus")
    enter_key(browser_page)
    assert Demand.objects.get(pk=market["waiting"].pk).state == "published"


def enter_key(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_public_pages_fit_a_telephone(browser_page, market, screenshot):
    browser_page.set_viewport_size(TELEPHONE)
    listing = f"/achievements/{market['supply'].public_id}/"
    pages = ["/", "/achievements/", listing, "/demands/", "/ways-to-pay/", "/law/", "/accounts/signup/"]
    pages += ["/technology-managers/"]
    assert too_wide_of(browser_page, pages, screenshot) == {}


def test_the_workspace_of_a_firm_fits_a_telephone(browser_page, live_server, market, sme, screenshot):
    browser_page.set_viewport_size(TELEPHONE)
    enter(browser_page, sme, live_server.url)
    demand = f"/workspace/listings/demand/{market['need'].demand_id}/change/"
    pages = ["/workspace/", "/workspace/listings/demand/", demand, "/workspace/listings/demand/add/"]
    assert too_wide_of(browser_page, pages, screenshot) == {}


def test_the_workspace_of_a_manager_fits_a_telephone(browser_page, live_server, market, broker, screenshot):
    browser_page.set_viewport_size(TELEPHONE)
    enter(browser_page, broker, live_server.url)
    assert too_wide_of(browser_page, ["/workspace/", "/workspace/discovery/match/"], screenshot) == {}


def too_wide_of(page: Page, addresses: list[str], screenshot) -> dict[str, int]:
    found = {}
    for address in addresses:
        assert page.goto(address).status == 200
        screenshot(page, f"390{address}")
        if more := too_wide(page):
            found[address] = more
    return found
