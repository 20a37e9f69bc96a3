"""A firm signs up, is verified and posts a demand; review returns it once; its matches appear and say why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.listings import services as listings
from marketplace.listings.models import Demand
from marketplace.parties.models import Organisation, User
from tests import factories
from tests.browser.steps import answer, button, give_password, log_in, path_of, press

TEXTS = ("title_zh", "summary_zh", "description_zh", "target_zh", "acceptance_zh", "budget_low", "budget_high")
CHOICES = ("field", "region", "secrecy_level")


@pytest.fixture
def staff_page(open_page, staff):
    give_password(staff)
    page = open_page()
    log_in(page, staff)
    return page


@pytest.fixture
def firm_page(open_page, sme):
    give_password(sme)
    page = open_page()
    log_in(page, sme)
    return page


@pytest.fixture
def waiting(firm, sme, university):
    """A demand that waits for review, and an achievement on the market that answers it."""
    factories.make_published_achievement(university)
    return listings.submit(factories.make_demand(firm), by=sme)


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def sign_up(page):
    page.goto("/")
    press(page, page.locator('a[href="/accounts/signup/"]').first)
    secret = factories.PASSWORD
    fill(page, name="周宁", email="zhou@firm.example.org", password1=secret, password2=secret)
    page.locator("main [name=password2]").press("Enter")
    page.wait_for_url("**/start/")


def apply_for_the_firm(page):
    press(page, page.locator('main a[href="/apply/"]'))
    fill(page, name_zh="晨辉机电有限公司", credit_code=factories.make_credit_code("FIRM"))
    page.locator("[name=kind]").select_option("FIRM")
    page.locator("[name=region]").select_option("440000")
    page.locator("main [name=name_zh]").press("Enter")
    page.wait_for_url("**/start/")


def write_the_demand(page):
    for name in TEXTS:
        page.locator(f"[name={name}]").fill(factories.DEMAND[name])
    for name in CHOICES:
        page.locator(f"[name={name}]").select_option(factories.DEMAND[name])
    page.locator("[name=trl_min]").select_option("6")
    page.locator("[name=deadline]").fill((timezone.localdate() + timedelta(days=180)).isoformat())
    page.locator("[name=technology_keywords_zh]").fill("铝合金，陶瓷涂层")
    page.locator("[name=is_secrecy_checked]").check()
    press(page, page.locator("[name=_save]").first)


def test_a_firm_signs_up_and_posts_its_first_demand_once_it_is_verified(browser_page, staff_page, screenshot):
    sign_up(browser_page)
    screenshot(browser_page, "ways-in")
    apply_for_the_firm(browser_page)
    screenshot(browser_page, "waiting")
    verify_the_firm(staff_page, screenshot)
    browser_page.goto("/start/")
    assert path_of(browser_page) == "/workspace/"
    press(browser_page, browser_page.locator('main a[href$="/demand/add/"], #content a[href$="/demand/add/"]').first)
    write_the_demand(browser_page)
    screenshot(browser_page, "written")
    press(browser_page, button(browser_page, "submit"))
    screenshot(browser_page, "submitted")
    assert Demand.objects.get().state == "submitted"


def verify_the_firm(page, screenshot):
    firm = Organisation.objects.get(name_zh="晨辉机电有限公司")
    page.goto("/workspace/")
    press(page, page.locator(f'.ws-card a[href*="/organisation/{firm.pk}/"]'))
    screenshot(page, "staff-verifies")
    press(page, button(page, "verify"))
    answer(page)
    assert Organisation.objects.get(pk=firm.pk).is_verified
    assert User.objects.get(email="zhou@firm.example.org").name == "周宁"


def test_a_demand_is_returned_with_a_reason_corrected_and_published_with_its_matches(
    firm_page, staff_page, waiting, screenshot
):
    send_back(staff_page, waiting, screenshot)
    correct(firm_page, waiting, screenshot)
    staff_page.goto("/workspace/")
    press(staff_page, staff_page.locator(f'.ws-card a[href*="/demand/{waiting.pk}/"]'))
    press(staff_page, button(staff_page, "publish"))
    screenshot(staff_page, "published")
    assert Demand.objects.get(pk=waiting.pk).state == "published"
    firm_page.goto(f"/workspace/listings/demand/{waiting.pk}/change/")
    screenshot(firm_page, "matches")
    assert "陶瓷涂层" in firm_page.locator(".ws-match .ws-why").first.inner_text()


def send_back(page, demand, screenshot):
    page.goto("/workspace/")
    press(page, page.locator(f'.ws-card a[href*="/demand/{demand.pk}/"]'))
    screenshot(page, "review")
    press(page, button(page, "return"))
    screenshot(page, "asks-why")
    answer(page, return_code="NO_FIGURES", return_note="请写明每月用量。")


def correct(page, demand, screenshot):
    page.goto("/workspace/")
    screenshot(page, "returned")
    line = page.locator(".ws-line", has=page.locator(f'a[href*="/demand/{demand.pk}/"]'))
    assert "请写明每月用量。" in line.inner_text()
    press(page, line.locator("a").first)
    assert "请写明每月用量。" in page.locator("[role=note]").first.inner_text()
    page.locator("[name=target_zh]").fill("每月2000件；中性盐雾不少于1000小时，硬度不低于1000 HV。")
    press(page, page.locator("[name=_continue], [name=_save]").first)
    page.goto(f"/workspace/listings/demand/{demand.pk}/change/")
    press(page, button(page, "submit"))
