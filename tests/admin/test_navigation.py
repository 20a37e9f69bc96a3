"""The menu at the side offers what its reader may open, and marks one place at a time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.brokerage.models import Deal, Lead, Mandate
from marketplace.contracts.models import Contract, Guarantee
from marketplace.core.workspace import list_url, page_url
from marketplace.discovery.models import Match
from marketplace.listings.models import Achievement, Demand
from marketplace.parties.models import TechnologyManager
from marketplace.register.models import Application
from marketplace.settlement.models import Claim, Commission, Journal, Obligation, Share
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


@pytest.fixture
def others(guarantor, authority):
    """A guarantor, an authority, somebody whose application waits, and a manager whose term is over."""
    applicant, lapsed = factories.make_user(), factories.make_technology_manager()
    TechnologyManager.objects.create(user=applicant, fields=["01"], languages=["zh"])
    TechnologyManager.objects.filter(user=lapsed).update(valid_until=timezone.localdate() - timedelta(days=1))
    return {"guarantor": guarantor, "authority": authority, "applicant": applicant, "lapsed": lapsed}


@pytest.mark.parametrize("role", ROLES)
def test_whatever_the_menu_offers_opens(role, people, market, enter):
    client = enter(people[role])
    assert {link: client.get(link).status_code for link in offered(client)} == dict.fromkeys(offered(client), 200)


@pytest.mark.parametrize("role", ["guarantor", "authority", "applicant", "lapsed"])
def test_whatever_the_menu_offers_to_others_opens(role, others, market, enter):
    client = enter(others[role])
    assert {link: client.get(link).status_code for link in offered(client)} == dict.fromkeys(offered(client), 200)


def test_bystanders_are_offered_no_trade(others, market, enter):
    guarantor, authority = (offered(enter(others[role])) for role in ("guarantor", "authority"))
    trade = {list_url(model) for model in (Achievement, Demand, Match, Lead, Deal, Mandate, Share)}
    assert (guarantor | authority) & {*trade, IMPORT} == set()
    assert {list_url(model) for model in (Contract, Guarantee, Claim, Journal)} <= guarantor
    assert {list_url(model) for model in (Contract, Obligation)} & authority == set()
    assert list_url(Application) in authority


def test_a_manager_whose_term_is_over_is_offered_commissions_and_no_market(others, market, enter):
    lapsed = offered(enter(others["lapsed"]))
    assert list_url(Commission) in lapsed
    assert {list_url(model) for model in (Match, Deal, Contract, Mandate)} & lapsed == set()


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
