"""A manager judges a pile of matches without a mouse, takes one back, and a browser without scripts does it too."""

import pytest

from marketplace.discovery import services as discovery
from marketplace.discovery.models import Judgement
from tests import factories
from tests.browser.steps import enter, press, too_wide

PAGE = "/workspace/discovery/match/judge/"


@pytest.fixture
def pile(university, firm):
    factories.make_published_achievement(university)
    for number in range(4):
        factories.make_published_demand(firm, title_zh=f"铝合金支架耐磨防腐陶瓷涂层（{number}号线）")
    discovery.sweep()


def verdicts():
    return list(Judgement.objects.order_by("id").values_list("verdict", "reason_code"))


def judged(page, count):
    page.wait_for_function("count => document.querySelectorAll('[data-verdict]').length === count", arg=count)


def test_by_keys_alone(browser_page, live_server, pile, broker, screenshot):
    page = browser_page
    enter(page, broker, live_server.url)
    page.goto(PAGE)
    screenshot(page, "before")
    page.keyboard.press("s")
    judged(page, 1)
    page.keyboard.press("d")
    screenshot(page, "reasons")
    page.keyboard.press("3")
    judged(page, 2)
    assert verdicts() == [("shortlisted", ""), ("dismissed", "TOO_EARLY")]
    assert "2" in page.locator("#ws-said").inner_text()
    page.keyboard.press("u")
    judged(page, 1)
    assert verdicts() == [("shortlisted", "")]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    judged(page, 2)
    screenshot(page, "after")
    assert [verdict for verdict, _ in verdicts()] == ["shortlisted", "shortlisted"]


def test_a_refusal_is_said_and_nothing_is_lost(browser_page, live_server, pile, broker):
    enter(browser_page, broker, live_server.url)
    browser_page.goto(PAGE)
    browser_page.context.set_offline(True)
    browser_page.keyboard.press("s")
    browser_page.wait_for_function("document.getElementById('ws-said').textContent !== ''")
    assert browser_page.locator("[data-verdict]").count() == 0
    browser_page.context.set_offline(False)
    browser_page.keyboard.press("s")
    judged(browser_page, 1)


def test_without_scripts_the_buttons_do_it(chromium, live_server, pile, broker):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    enter(page, broker, live_server.url)
    page.goto(PAGE)
    press(page, page.locator("[data-verb=shortlist] button").first)
    page.locator("summary").first.click()
    press(page, page.locator("[value=WORDS_ONLY]").first)
    context.close()
    assert verdicts() == [("shortlisted", ""), ("dismissed", "WORDS_ONLY")]


def test_it_fits_a_telephone(browser_page, live_server, pile, broker, screenshot):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    enter(browser_page, broker, live_server.url)
    browser_page.goto(PAGE)
    browser_page.locator("summary").nth(0).click()
    screenshot(browser_page, "390")
    assert too_wide(browser_page) == 0
