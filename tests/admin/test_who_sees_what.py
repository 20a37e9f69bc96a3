"""Who enters, which rows exist for whom, and that a stranger's row is not there on any page."""

import pytest
from django.contrib import admin
from django.urls import reverse

from marketplace.core.models import Entry
from marketplace.core.workspace import list_url, moves_of, page_url
from marketplace.discovery.models import Match
from marketplace.listings.models import Achievement, Demand, Projection, Right
from marketplace.parties import services as parties
from tests import factories

pytestmark = pytest.mark.django_db


def url(row, page):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def rows_of(client, model, **query):
    return set(client.get(list_url(model), query).context["cl"].queryset)


def test_a_visitor_is_sent_to_the_login_and_back(client):
    answer = client.get(list_url(Demand), follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next=%2Fworkspace%2Flistings%2Fdemand%2F"


def test_a_person_without_an_organisation_is_shown_the_ways_in(enter):
    client = enter(factories.make_user())
    answer = client.get("/workspace/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("portal:start")


def test_logging_out_ends_the_session(enter, sme):
    client = enter(sme)
    client.post(reverse("admin:logout"))
    assert client.get("/workspace/").status_code == 302


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("staff", {"Achievements", "Organisations", "Users", "Expressions of interest"}, {"My organisation"}),
        ("university_officer", {"Achievements", "My organisation", "Members", "Deals"}, {"Users", "Organisations"}),
        ("broker", {"Matches", "Deals", "Public listings"}, {"Achievements", "Members", "Users"}),
    ],
)
def test_the_menu_holds_what_the_person_may_use(role, shown, hidden, people, enter):
    groups = enter(people[role]).get("/workspace/").context["sidebar_navigation"]
    titles = {str(item["title"]) for group in groups for item in group["items"]}
    assert shown <= titles
    assert not hidden & titles


def test_an_officer_lists_the_own_organisation_alone(market, enter, university_officer, sme, outsider):
    own = {market.supply.achievement, market.waiting, market.draft}
    assert rows_of(enter(university_officer), Achievement) == own
    assert rows_of(enter(sme), Achievement) == set()
    assert rows_of(enter(outsider), Right) == set()


def test_staff_list_every_working_copy(market, enter, staff):
    assert rows_of(enter(staff), Achievement) == {market.supply.achievement, market.waiting, market.draft}


def test_a_technology_manager_reads_no_working_copy(market, enter, broker):
    client = enter(broker)
    assert client.get(list_url(Achievement)).status_code == 403
    assert client.get(page_url(market.draft)).status_code == 404


def test_a_technology_manager_sees_the_matches_of_all_and_a_stranger_none(market, enter, broker, outsider):
    assert len(rows_of(enter(broker), Match)) == 2
    assert rows_of(enter(outsider), Match) == set()


@pytest.mark.parametrize("name", ["draft", "waiting", "right", "lead", "deal", "match", "document"])
def test_a_strangers_row_is_as_missing_as_one_that_never_was(name, market, enter, outsider):
    client, row = enter(outsider), getattr(market, name)
    moves = [f"{page_url(row).removesuffix('change/')}do/{move.name}/" for move in moves_of(type(row))]
    for address in (page_url(row), url(row, "history"), *moves):
        missing = address.replace(f"/{row.pk}/", "/999999/")
        for method in (client.get, client.post):
            assert method(address).status_code == 404, address
            assert method(missing).status_code == 404, missing


def test_a_strangers_organisation_is_not_there(market, enter, outsider, university):
    client = enter(outsider)
    assert client.get(page_url(university)).status_code == 404
    assert client.post(page_url(university), {"name_zh": "x"}).status_code == 404


def test_autocomplete_offers_the_own_rights_alone(market, enter, sme, university_officer):
    query = {"app_label": "listings", "model_name": "achievement", "field_name": "rights", "term": ""}
    own = enter(university_officer).get(reverse("admin:autocomplete"), query).json()["results"]
    assert [each["id"] for each in own] == [str(market.right.pk)]
    assert enter(sme).get(reverse("admin:autocomplete"), query).json()["results"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"owner_key": "x"},
        {"achievement__description_zh__icontains": "x"},
        {"achievement__owner__name_zh": "x"},
        {"texts__icontains": "x"},
    ],
)
def test_a_column_without_a_filter_cannot_be_guessed_by_one(query, market, enter, outsider):
    assert enter(outsider).get(list_url(Projection), query).status_code == 400


def test_the_anonymous_owner_is_named_nowhere_on_the_market(enter, outsider, broker):
    owner = factories.make_organisation("UNIVERSITY", name_zh="无名山大学", name_en="Nameless Mountain")
    row = factories.make_published_achievement(owner, is_anonymous=True)
    for client in (enter(outsider), enter(broker)):
        for address in (list_url(Projection), page_url(row)):
            text = client.get(address).content.decode()
            assert "无名山" not in text
            assert "Nameless" not in text


def test_the_sender_learns_an_anonymous_owners_name_when_the_lead_is_accepted(enter, sme, firm):
    owner = factories.make_organisation("UNIVERSITY", name_en="Nameless Mountain")
    officer = factories.make_member(owner)
    row = factories.make_published_achievement(owner, is_anonymous=True)
    client = enter(sme)
    form = {"sender": firm.public_id, "own_listing": "", "pitch": "We coat.", "why_fit": "It fits."}
    client.post(f"{page_url(row).removesuffix('change/')}do/express-interest/", form)
    lead = row.leads.get()
    assert "Nameless" not in client.get(page_url(lead)).content.decode()
    enter(officer).post(f"{page_url(lead).removesuffix('change/')}do/accept/", {"text": "Yes."})
    assert "Nameless" in client.get(page_url(lead)).content.decode()


def test_a_journal_names_nobody_of_another_side(market, enter, university_officer, sme):
    market.lead.sent_by.name = "Secret Sender"
    sme.name = "Secret Sender"
    type(sme).objects.filter(pk=sme.pk).update(name="Secret Sender")
    page = enter(university_officer).get(url(market.lead, "history")).content.decode()
    assert "expressed interest" in page
    assert "Secret Sender" not in page


def test_everybody_reads_the_journal_of_the_own_objects(market, enter, outsider, university_officer, staff):
    own = {entry.subject_type for entry in rows_of(enter(university_officer), Entry)}
    assert own >= {"listings.achievement", "brokerage.lead", "brokerage.deal"}
    assert "listings.demand" not in own
    theirs = {entry.subject_type for entry in rows_of(enter(outsider), Entry)}
    assert theirs <= {"parties.organisation", "parties.membership"}
    assert len(rows_of(enter(staff), Entry)) > len(own)


def test_a_role_that_ended_closes_the_workspace_at_once(market, enter, sme, staff):
    client = enter(sme)
    assert client.get("/workspace/").status_code == 200
    parties.end_membership(sme.memberships.get(), by=staff)
    assert client.get("/workspace/").status_code == 302


def test_nothing_can_be_deleted(people, market, enter):
    for model, page in admin.site._registry.items():
        for user in people.values():
            request = enter(user).get("/workspace/").wsgi_request
            assert not page.has_delete_permission(request), model
