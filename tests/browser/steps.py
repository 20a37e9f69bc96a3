"""The steps that journeys share, as a person makes them: log in, press the button of a verb, pass the page that asks.

Things are found by address, field or role and never by a sentence, so a better wording breaks no journey.
"""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Locator, Page

from marketplace.parties.models import User
from tests.factories import PASSWORD

SESSION = "sessionid"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def give_password(*people: User) -> None:
    for person in people:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])


def log_in(page: Page, person: User, *, to: str = "/workspace/") -> None:
    """By the login page, as everybody does, on the way to a page of the workspace."""
    page.goto(to)
    sign_in(page, person)
    page.wait_for_url(lambda url: urlsplit(url).path == to)


def sign_in(page: Page, person: User) -> None:
    """On the login page, wherever it leads then."""
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")


def enter(page: Page, person: User, base_url: str) -> None:
    """Without the login page, where logging in is not what is told."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    page.context.add_cookies([{"name": SESSION, "value": client.cookies[SESSION].value, "url": base_url}])


def button(place: Page | Locator, verb: str) -> Locator:
    """The button of a move: a link where something is asked first, else it posts at once."""
    return place.locator(f'a[href*="/do/{verb}/"], button[formaction*="/do/{verb}/"]').first


def press(page: Page, what: Locator) -> None:
    """Press what leads to another page, and wait until that is there."""
    with page.expect_navigation():
        what.click()


def answer(page: Page, **fields: Any) -> None:
    """Fill what a move asks, say yes, and see that nothing was refused."""
    asking = path_of(page)
    for name, value in fields.items():
        field = page.locator(f"#content [name={name}], main [name={name}]").first
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    press(page, page.locator(".ws-ask button[type=submit]"))
    assert path_of(page) != asking, page.locator("#content, main").first.inner_text()


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
