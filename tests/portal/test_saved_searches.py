"""A search is saved where one looks, and its letters are switched in the account; in the workspace likewise."""

import pytest

from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.discovery import services
from marketplace.discovery.models import SavedSearch
from tests.admin.conftest import enter  # noqa: F401  the same way to log in

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(sme):
    return services.save_search("涂层", "achievement", {"q": "涂层"}, by=sme)


def test_a_narrowed_list_offers_to_be_saved(enter, sme, client):  # noqa: F811
    assert "/demands/save/" not in enter(sme).get("/demands/").content.decode()
    assert 'name="trl" value="6"' in enter(sme).get("/demands/?trl=6").content.decode()
    assert "/demands/save/" not in client.get("/demands/?trl=6").content.decode()


def test_what_is_saved_is_what_was_looked_for(enter, sme):  # noqa: F811
    answer = enter(sme).post("/demands/save/", {"q": "涂层", "trl": "6", "name": "", "order": "newest"}, follow=True)
    row = SavedSearch.objects.get()
    assert (row.user, row.kind, row.criteria) == (sme, "demand", {"q": "涂层", "trl": "6"})
    assert row.name in answer.content.decode()


def test_nonsense_is_said_and_not_saved(enter, sme):  # noqa: F811
    answer = enter(sme).post("/demands/save/", {"field": "zz"}, follow=True)
    assert "Choose from the list." in answer.content.decode()
    assert not SavedSearch.objects.exists()


def test_the_account_switches_and_removes(enter, sme, search):  # noqa: F811
    client, address = enter(sme), f"/account/searches/{search.public_id}/"
    client.post(address, {"do": "off"})
    assert not SavedSearch.objects.get().is_on
    client.post(address, {"do": "on"})
    assert SavedSearch.objects.get().is_on
    client.post(address, {"do": "remove"})
    assert not SavedSearch.objects.exists()


def test_somebody_elses_is_not_there(enter, broker, staff, search):  # noqa: F811
    for person in (broker, staff):
        assert enter(person).post(f"/account/searches/{search.public_id}/", {"do": "remove"}).status_code == 404
        assert enter(person).get(page_url(search)).status_code == 404
    assert SavedSearch.objects.count() == 1


def test_the_workspace_saves_from_its_list(enter, broker):  # noqa: F811
    client = enter(broker)
    listed = client.get("/workspace/listings/projection/?kind__exact=demand&field=05&q=涂层").content.decode()
    assert "/workspace/discovery/savedsearch/add/?kind__exact=demand&amp;field=05" in listed
    form = (
        client.get("/workspace/discovery/savedsearch/add/?kind__exact=demand&field=05&q=涂层").context["adminform"].form
    )
    assert {name: form.initial[name] for name in ("kind", "field", "q")} == {
        "kind": "demand",
        "field": "05",
        "q": "涂层",
    }
    client.post(
        "/workspace/discovery/savedsearch/add/", {"name": "新材料", "kind": "demand", "field": "05", "q": "涂层"}
    )
    assert SavedSearch.objects.get().criteria == {"field": "05", "q": "涂层"}


def test_the_workspace_edits_switches_and_removes(enter, sme, search):  # noqa: F811
    client = enter(sme)
    client.post(page_url(search), {"name": "涂层", "q": "陶瓷", "seen_version": "1"})
    assert SavedSearch.objects.get().criteria == {"q": "陶瓷"}
    client.post(move_url(search, "switch-off"))
    assert not SavedSearch.objects.get().is_on
    assert client.post(move_url(search, "remove"), follow=True).redirect_chain[-1][0] == list_url(SavedSearch)
    assert not SavedSearch.objects.exists()
