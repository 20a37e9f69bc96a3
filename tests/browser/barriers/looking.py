"""What axe-core and a ruler say of a page that is open, at both widths."""

import json
from functools import cache

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.steps import too_wide

DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SERIOUS = ("serious", "critical")
SETTLED = "!document.querySelector('html[x-cloak]') && document.fonts.status === 'loaded'"

SHOWN = 4
"""So many places of a fault are told; there is one cause as a rule."""


@cache
def question() -> str:
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    return f"() => axe.run(document, {json.dumps(options)}).then(found => found.violations)"


def settle(page: Page) -> None:
    """Wait until scripts have shown what they hid; nothing moves in these tests, so nothing else is waited for."""
    page.wait_for_function(SETTLED)


def faults_of(page: Page) -> list[str]:
    """Serious faults of the page as it is shown now: the rule and where."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{rule['id']}: {told(node)}"
        for rule in page.evaluate(question())
        if rule["impact"] in SERIOUS
        for node in rule["nodes"][:SHOWN]
    ]


def told(node: dict) -> str:
    said = next((each["message"] for kind in ("any", "all", "none") for each in node[kind]), "")
    return f"{' '.join(map(str, node['target']))} {said}"


def look(page: Page) -> list[str]:
    """At a desk, then on a telephone."""
    found = []
    for window in (DESK, TELEPHONE):
        page.set_viewport_size(window)
        if more := too_wide(page):
            found.append(f"{window['width']}: {more} pixels too wide")
        found += [f"{window['width']}: {fault}" for fault in faults_of(page)]
    return found
