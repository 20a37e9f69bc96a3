"""A real Chromium for tests: pages as a person in China sees them, and pictures of them.

Without Chromium the tests skip with the reason; with REQUIRE_SERVICES=1 its absence is an error instead.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

QUIET = (
    "--no-sandbox",  # containers and root have no user namespaces to build one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    reason = "Chromium is not installed (on Debian: apt-get install chromium fonts-noto-cjk)"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for the tests of a file.

    Playwright keeps an event loop running in this thread, in which Django refuses its synchronous database
    calls unless told that it is safe. It is told so for exactly as long as the loop runs.
    """
    path = chromium_path()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open pages of different people: each call is a browser of its own, without cookies.

    `open_page(locale="en-GB")` changes the language; addresses are relative to the running market.
    """
    contexts = []

    def open_one(*, locale: str = "zh-CN") -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """A Chinese reader's page; `browser_page.goto("/admin/")` opens the running market."""
    return open_page()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Keep a picture of the whole page as var/screenshots/<test>-<name>.png, to be looked at."""
    folder = Path(settings.BASE_DIR) / "var/screenshots"

    def take(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / (re.sub(r"\W+", "-", f"{request.node.name}-{name}") + ".png")
        page.screenshot(path=file, full_page=True)
        return file

    return take
