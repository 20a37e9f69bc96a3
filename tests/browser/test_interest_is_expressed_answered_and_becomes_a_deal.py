"""A firm asks from a match and from the market, the university answers from its work, a manager opens a deal."""

from types import SimpleNamespace

import pytest

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal, Lead
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from tests import factories
from tests.browser.steps import answer, button, give_password, log_in, press, sign_in

WORDS = {"pitch": "我们做沿海用的支架，三十人。", "why_fit": "盐雾1000小时正是所需。", "question": "能否先寄样？"}


@pytest.fixture
def pair(university, firm):
    """An achievement and a demand on the market that fit."""
    supply, need = factories.make_published_achievement(university), factories.make_published_demand(firm)
    discovery.sweep()
    return SimpleNamespace(supply=supply, need=need, match=Match.objects.get(achievement=supply, demand=need))


@pytest.fixture
def page_of(open_page):
    """Log somebody in: `page_of(sme)` is a browser that shows their work."""

    def make(person, to="/workspace/"):
        give_password(person)
        page = open_page()
        log_in(page, person, to=to)
        return page

    return make


def test_a_firm_expresses_interest_from_a_match_of_its_demand(page_of, pair, sme, screenshot):
    page = page_of(sme, f"/workspace/listings/demand/{pair.need.demand_id}/change/")
    press(page, button(page.locator(".ws-match").first, "express-interest"))
    screenshot(page, "asks")
    answer(page, **WORDS)
    screenshot(page, "sent")
    lead = Lead.objects.get()
    assert (lead.sender, lead.listing, lead.own_listing) == (pair.need.demand.owner, pair.supply, pair.need)
    assert (lead.state, lead.question) == ("opened", WORDS["question"])


def test_a_visitor_finds_an_achievement_logs_in_and_expresses_interest(browser_page, pair, sme, screenshot):
    page = browser_page
    give_password(sme)
    page.goto("/achievements/?q=铝合金")
    press(page, page.locator(f'main a[href="/achievements/{pair.supply.public_id}/"]').first)
    screenshot(page, "listing")
    press(page, page.locator(".act a.button:not(.second)"))
    sign_in(page, sme)
    for name, value in WORDS.items():
        page.locator(f"[name={name}]").fill(value)
    screenshot(page, "form")
    press(page, page.locator("form.sheet button.button"))
    screenshot(page, "sent")
    assert Lead.objects.get().listing == pair.supply
    assert page.locator(".messages .success").is_visible()


def test_an_officer_answers_from_my_work(page_of, pair, firm, sme, university_officer, screenshot):
    lead = brokerage.express_interest(pair.supply, own_listing=pair.need, sender=firm, by=sme, **WORDS)
    page = page_of(university_officer)
    screenshot(page, "my-work")
    press(page, page.locator(f'.ws-card a[href*="/lead/{lead.pk}/"]'))
    screenshot(page, "lead")
    assert all(words in page.locator("#content, main").first.inner_text() for words in WORDS.values())
    press(page, button(page, "accept"))
    answer(page, text="欢迎寄样，先试十件。")
    screenshot(page, "answered")
    assert Lead.objects.get().state == "accepted"


def test_a_manager_opens_a_deal_in_two_clicks(page_of, pair, broker, screenshot):
    page = page_of(broker)
    screenshot(page, "my-work")
    line = page.locator(".ws-line", has=page.locator(f'a[href*="/match/{pair.match.pk}/"]'))
    assert line.locator(".ws-why li").count() >= 2
    clicks = [button(line, "open-deal"), page.locator(".ws-ask button[type=submit]")]
    for number, click in enumerate(clicks, 1):
        press(page, click)
        screenshot(page, f"click-{number}")
    assert len(clicks) == 2
    deal = Deal.objects.get()
    assert (deal.state, deal.manager, deal.achievement) == ("introduced", broker, pair.supply)
    page.goto("/workspace/")
    assert page.locator(f'.ws-card a[href*="/deal/{deal.pk}/"]').is_visible()


def test_a_manager_dismisses_a_match_with_a_reason_and_sees_it_no_more(page_of, pair, broker, screenshot):
    page = page_of(broker)
    press(page, button(page, "dismiss"))
    screenshot(page, "asks-why")
    page.locator(".ws-ask select").first.select_option(index=1)
    press(page, page.locator(".ws-ask button[type=submit]"))
    assert page.locator(f'.ws-card a[href*="/match/{pair.match.pk}/"]').count() == 0
    assert not Deal.objects.exists()
