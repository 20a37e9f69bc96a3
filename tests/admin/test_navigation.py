"""The menu at the side offers what its reader may open, and marks one place at a time."""

import pytest
from django.urls import reverse

from marketplace.core.workspace import page_url
from tests import factories
from tests.admin.conftest import ROLES

pytestmark = pytest.mark.django_db
IMPORT = "/workspace/listings/achievement/import/"


def marked(client, address):
    """The links that the menu shows as the present place."""
    groups = client.get(address).context["sidebar_navigation"]
    return [str(item["link"]) for group in groups for item in group["items"] if item["active"]]


def offered(client):
    groups = client.get(reverse("admin:index")).context["sidebar_navigation"]
    return {str(item["link"]) for group in groups for item in group["items"]}


@pytest.mark.parametrize("role", ROLES)
def test_whatever_the_menu_offers_opens(role, people, market, enter):
    client = enter(people[role])
    assert {link: client.get(link).status_code for link in offered(client)} == dict.fromkeys(offered(client), 200)


def test_the_import_is_offered_to_those_who_may_draft(people, market, enter):
    assert {role for role in ROLES if IMPORT in offered(enter(people[role]))} == {
        "university_officer",
        "inventor",
        "sme",
        "outsider",
    }


def test_the_import_and_the_achievements_are_two_places(people, market, enter):
    client = enter(people["university_officer"])
    assert marked(client, IMPORT) == [IMPORT]
    assert marked(client, "/workspace/listings/achievement/") == ["/workspace/listings/achievement/"]


def test_the_path_above_a_page_keeps_a_title_as_it_was_written(people, university, enter):
    draft = factories.make_achievement(university, title_zh="ta-C涂层骨钻头")
    page = enter(people["university_officer"], "zh-hans").get(page_url(draft)).content.decode()
    path = page[page.index("<h1") : page.index("</h1>")]
    assert "ta-C涂层骨钻头" in path
