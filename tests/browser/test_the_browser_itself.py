"""The ground that the browser tests stand on: a real page, in the reader's language and time."""

from django.contrib.contenttypes.models import ContentType


def test_a_page_of_the_market_opens(browser_page):
    answer = browser_page.goto("/healthz")
    assert answer.status == 200


def test_the_reader_is_chinese_and_in_shanghai(browser_page):
    assert browser_page.evaluate("navigator.language") == "zh-CN"
    assert browser_page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"
    assert browser_page.viewport_size == {"width": 1280, "height": 900}


def test_two_people_share_no_cookie(open_page, live_server):
    one, other = open_page(), open_page(locale="en-GB")
    one.context.add_cookies([{"name": "who", "value": "one", "url": live_server.url}])
    assert other.context.cookies() == []
    assert other.evaluate("navigator.language") == "en-GB"


def test_the_database_can_be_read_beside_the_browser(browser_page):
    assert ContentType.objects.count() > 0


def test_a_picture_shows_chinese_letters(browser_page, screenshot):
    browser_page.set_content("<h1 id=a style='display:inline'>技</h1><h1 id=b style='display:inline'>木</h1>")
    pictures = [browser_page.locator(place).screenshot() for place in ("#a", "#b")]
    assert pictures[0] != pictures[1], "without a Chinese font every letter is the same empty box"
    assert screenshot(browser_page, "letters").stat().st_size > 0
