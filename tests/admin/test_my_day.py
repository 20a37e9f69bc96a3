"""My day: a full one asks the database no more than a light one, and twelve times at most."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage.models import Deal, Lead
from marketplace.core.workspace import Waits, Work, add_work, page_url
from marketplace.core.workspace import work as kinds
from marketplace.discovery.models import Match
from marketplace.listings.models import Projection
from marketplace.parties.models import Membership, Organisation
from tests import factories
from tests.admin.asking import work
from tests.admin.licences import signed
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def copies(row, count, **columns):
    """As many rows like this one, each with what tells it apart."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for name in ("id", "public_id"):
        values.pop(name)
    made = [type(row)(**values | {name: given[place] for name, given in columns.items()}) for place in range(count)]
    return type(row).objects.bulk_create(made)


def fill(university, firm, broker, sme, *, matches, leads, deals):
    """A day of a manager who is an officer of the university too."""
    supply = factories.make_published_achievement(university)
    need = factories.make_published_demand(firm)
    listings = copies(need.demand, matches, source_id=[f"{need.pk}-{n}" for n in range(matches)])
    needs = copies(need, matches, demand_id=[each.pk for each in listings])
    said = {"score": 0.5, "components": {}, "model_version": "test", "rank": 1}
    Match.objects.bulk_create(Match(achievement=supply, demand=each, **said) for each in needs)
    senders = copies(firm, leads, credit_code=[factories.make_credit_code() for _ in range(leads)])
    until = timezone.localdate() + timedelta(days=7)
    written = {"pitch": "We coat.", "why_fit": "It fits.", "receiver": university, "sent_by": sme, "answer_by": until}
    Lead.objects.bulk_create(Lead(listing=supply, sender=each, **written) for each in senders)
    achievements = copies(supply.achievement, deals, source_id=[f"{supply.pk}-{n}" for n in range(deals)])
    supplies = copies(supply, deals, achievement_id=[each.pk for each in achievements])
    sides = {"demand": need, "supplier": university, "seeker": firm, "manager": broker}
    Deal.objects.bulk_create(Deal(achievement=each, **sides) for each in supplies)
    Deal.objects.filter(pk__gt=deals // 2).update(moved_on=timezone.localdate() - timedelta(days=30))


def asked(client):
    assert client.get("/workspace/").status_code == 200
    return queries_of(lambda: client.get("/workspace/"))


@pytest.fixture
def everything(broker, university):
    """A technology manager who is staff, too, and an officer of the university: every kind of work is theirs."""
    Membership.objects.create(user=broker, organisation=university, role="officer")
    type(broker).objects.filter(pk=broker.pk).update(is_staff=True)
    return broker


@pytest.mark.slow
def test_a_full_day_opens_with_twelve_queries_as_a_light_one_does(enter, everything, university, firm, sme):
    client = enter(everything)
    fill(university, firm, everything, sme, matches=50, leads=8, deals=4)
    light = asked(client)
    fill(university, firm, everything, sme, matches=450, leads=72, deals=36)
    full = asked(client)
    assert (Match.objects.count(), Lead.objects.count(), Deal.objects.count()) == (500, 80, 40)
    assert len(full) == len(light)
    assert len(full) <= MOST_QUERIES, "\n".join(full)


@pytest.mark.parametrize("role", ["staff", "university_officer", "inventor", "reader", "sme", "broker", "outsider"])
def test_nobodys_day_asks_more(role, people, market, enter, university, firm):
    signed(university, firm)
    found = asked(enter(people[role]))
    assert len(found) <= MOST_QUERIES, "\n".join(each[:300] for each in found)


def test_a_section_says_how_many_there_are_and_shows_the_most_pressing(enter, broker, university, firm, sme):
    Membership.objects.create(user=broker, organisation=university, role="officer")
    fill(university, firm, broker, sme, matches=12, leads=11, deals=10)
    shown = {str(each.title): each for each in enter(broker).get("/workspace/").context["sections"]}
    assert (shown["Today's best matches"].count, len(shown["Today's best matches"].lines)) == (12, 8)
    assert (shown["Waiting for your answer"].count, len(shown["Waiting for your answer"].lines)) == (11, 8)


def test_a_deal_stalls_once_the_day_of_who_must_act_is_over(market, enter, broker):
    assert "Deals that stall" not in work(enter(broker))
    Deal.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert work(enter(broker))["Deals that stall"] == [page_url(market.deal)]


def test_a_stage_adds_its_kind_of_work_in_one_place(monkeypatch, market, enter, staff, outsider):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    firms = Waits(Organisation, lambda user: Organisation.objects.filter(kind="FIRM") if user.is_staff else None,
                  by=("-id",), title=("name_zh", "name_en"), about="credit_code")  # fmt: skip
    add_work(Work(name="firms", title="Firms", order=1, of=(firms,)))
    newest = Organisation.objects.filter(kind="FIRM").latest("id")
    assert work(enter(staff))["Firms"][0] == page_url(newest)
    assert "Firms" not in work(enter(outsider))


def test_a_listing_that_left_the_market_keeps_its_place_with_a_sentence(market, enter, university_officer):
    Projection.objects.filter(pk=market.supply.pk).update(title_zh="", title_en="", is_live=False)
    assert "no longer on the market" in enter(university_officer).get("/workspace/").content.decode()
