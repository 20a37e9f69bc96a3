"""What a journey opened stays closed to others: a stranger finds nothing there, a visitor is asked to log in."""

from types import SimpleNamespace

import pytest

from marketplace.brokerage import services as brokerage
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from tests import factories
from tests.browser.steps import enter, path_of


@pytest.fixture
def addresses(university, firm, sme, broker):
    """The pages that belong to the two sides and to their manager."""
    supply, need = factories.make_published_achievement(university), factories.make_published_demand(firm)
    discovery.sweep()
    match = Match.objects.get(achievement=supply, demand=need)
    lead = brokerage.express_interest(supply, sender=firm, pitch="支架", why_fit="盐雾", by=sme)
    made = SimpleNamespace(lead=lead, deal=brokerage.open_deal(match, by=broker))
    return [
        f"/workspace/listings/achievement/{supply.achievement_id}/change/",
        f"/workspace/listings/achievement/{supply.achievement_id}/do/withdraw/",
        f"/workspace/listings/demand/{need.demand_id}/change/",
        f"/workspace/discovery/match/{match.pk}/change/",
        f"/workspace/discovery/match/{match.pk}/do/open-deal/",
        f"/workspace/brokerage/lead/{made.lead.pk}/change/",
        f"/workspace/brokerage/lead/{made.lead.pk}/do/accept/",
        f"/workspace/brokerage/deal/{made.deal.pk}/change/",
        f"/workspace/parties/organisation/{firm.pk}/change/",
    ]


def test_a_stranger_finds_nothing_at_the_addresses_of_others(
    browser_page, live_server, addresses, outsider, screenshot
):
    enter(browser_page, outsider, live_server.url)
    found = {address: browser_page.goto(address).status for address in addresses}
    screenshot(browser_page, "not-found")
    assert found == dict.fromkeys(addresses, 404)


def test_a_visitor_is_asked_to_log_in_and_then_brought_there(browser_page, addresses, screenshot):
    for address in addresses:
        assert browser_page.goto(address).status == 200
        assert path_of(browser_page) == "/accounts/login/"
        assert browser_page.locator("main [name=next]").input_value() == address
    screenshot(browser_page, "login")


def test_a_wrong_password_is_said_and_lets_nobody_in(browser_page, outsider, screenshot):
    browser_page.goto("/accounts/login/")
    browser_page.locator("[name=login]").fill(outsider.email)
    browser_page.locator("[name=password]").fill("not the password")
    with browser_page.expect_navigation():
        browser_page.locator("[name=password]").press("Enter")
    screenshot(browser_page, "refused")
    assert browser_page.locator("main [role=alert]").inner_text().strip()
    assert browser_page.goto("/workspace/").url.count("/accounts/login/")
