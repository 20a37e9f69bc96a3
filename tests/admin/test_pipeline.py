"""Pipeline and funnel: each sees what is theirs, an anonymous side stays so, the shares are right, questions few."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal
from marketplace.contracts.models import Contract
from marketplace.core.models import Entry
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.parties.models import Membership, TechnologyManager
from marketplace.settlement import services as settlement
from tests import factories
from tests.admin.asking import queries
from tests.admin.licences import signed
from tests.contracts import living

pytestmark = pytest.mark.django_db
BOARD, FUNNEL = "/workspace/brokerage/deal/pipeline/", "/workspace/brokerage/deal/funnel/"
HIDDEN = "Nameless Mountain"


@pytest.fixture
def agency(broker):
    """The agency that the cast's broker works for, and its head."""
    row = factories.make_agency()
    TechnologyManager.objects.filter(user=broker).update(agency=row)
    return factories.make_member(row.organisation, "admin", name="head of the agency")


def cards(client):
    return [(card["title"], bool(card["url"])) for card in client.get(BOARD).context["cards"]]


def counts(client, **query):
    """The counts of all together, by step."""
    every = client.get(FUNNEL, query).context["every"]
    return {step: number for step, number in every.counts.items() if number}


def make_deal(achievement, demand, broker):
    match, _new = Match.objects.get_or_create(
        achievement=achievement, demand=demand, defaults={"score": 0.5, "model_version": "1", "rank": 1}
    )
    return brokerage.open_deal(match, by=broker)


def test_each_role_sees_the_deals_that_are_theirs(market, people, agency, enter):
    seen = {role: len(cards(enter(person))) for role, person in (people | {"agency": agency}).items()}
    assert seen == {
        "staff": 1, "university_officer": 1, "inventor": 1, "reader": 1, "sme": 1, "broker": 1, "agency": 1,
        "outsider": 0,
    }  # fmt: skip


def test_an_agency_sees_that_a_deal_is_there_and_cannot_open_it(market, agency, broker, enter):
    assert [is_open for _title, is_open in cards(enter(agency))] == [False]
    assert [is_open for _title, is_open in cards(enter(broker))] == [True]
    Membership.objects.filter(user=agency).update(role="reader")
    assert cards(enter(agency)) == []


@pytest.mark.parametrize("view", ["board", "table"])
def test_an_anonymous_side_is_named_to_no_other(view, agency, broker, firm, sme, enter):
    owner = factories.make_organisation("UNIVERSITY", name_zh=HIDDEN, name_en=HIDDEN)
    supply = factories.make_published_achievement(owner, is_anonymous=True)
    make_deal(supply, factories.make_published_demand(firm), broker)
    pages = {who: enter(who).get(BOARD, {"view": view}).content.decode() for who in (agency, sme, broker)}
    assert [HIDDEN in page for page in pages.values()] == [False, False, True]


def test_a_deal_that_stands_still_is_marked_and_comes_first(market, broker, firm, enter):
    make_deal(market.supply, factories.make_published_demand(firm), broker)
    Deal.objects.filter(pk=market.deal.pk).update(answer_by=timezone.localdate() - timedelta(days=20))
    first, second = enter(broker).get(BOARD).context["columns"][0]["cards"]
    assert (first["stalls"], second["stalls"]) == (True, False)
    assert "20 days ago" in str(first["clock"])


def test_the_funnel_is_for_managers_their_agency_and_staff(market, people, agency, enter):
    statuses = {role: enter(person).get(FUNNEL).status_code for role, person in (people | {"a": agency}).items()}
    assert {role for role, status in statuses.items() if status == 200} == {"staff", "broker", "a"}


def test_a_manager_counts_what_they_did_and_an_agency_what_its_managers_did(market, broker, agency, staff, enter):
    other = factories.make_technology_manager()
    discovery.dismiss(market.match, "TOO_EARLY", by=other)
    assert counts(enter(broker)) == counts(enter(agency)) == {"found": 1, "kept": 1, "deals": 1}
    assert counts(enter(other)) == {"found": 1}
    assert counts(enter(staff)) == {"found": 2, "kept": 1, "deals": 1, "leads": 1}


def test_a_lost_deal_keeps_the_steps_that_it_had_come_to(market, broker, enter):
    brokerage.lose(market.deal, "TOO_EARLY", by=broker)
    assert counts(enter(broker)) == {"found": 1, "kept": 1, "deals": 1}
    came = {"subject_type": "brokerage.deal", "subject_id": market.deal.pk, "to_state": "negotiating"}
    Entry.objects.create(verb="brokerage.begin_talks", **came)
    assert counts(enter(broker))["talks"] == 1


def test_a_signed_contract_and_its_first_payment_count_for_the_deal(go, market, university, firm, broker, enter):
    contract = signed(university, firm, living.ENTRY)
    Contract.objects.filter(pk=contract.pk).update(deal=market.deal)
    assert counts(enter(broker)) == {"found": 1, "kept": 1, "deals": 1, "signed": 1}
    officer = factories.make_member(university)
    settlement.record(contract, Decimal(100), on=timezone.localdate(), reference="A1", by=officer)
    assert counts(enter(broker))["cash"] == 1


def test_shares_are_of_the_step_before(market, broker, university_officer, enter):
    discovery.dismiss(market.match, "TOO_EARLY", by=broker)
    shown = enter(broker).get(FUNNEL).context
    assert shown["every"].cells()[:3] == [(2, ""), (1, "50 %"), (1, "100 %")]
    by_manager = shown["tables"][1][2]
    assert [(row.name, row.cells()[:3]) for row in by_manager] == [("broker", [(2, ""), (1, "50 %"), (1, "100 %")])]


def test_a_span_leaves_out_what_is_older(market, broker, enter):
    long_ago = timezone.now() - timedelta(days=200)
    Deal.objects.update(created_at=long_ago)
    Match.objects.update(found_at=long_ago)
    assert counts(enter(broker), span="90") == {}
    assert counts(enter(broker), span="365") == counts(enter(broker), span="all") == {"found": 1, "kept": 1, "deals": 1}
    assert enter(broker).get(FUNNEL, {"span": "nonsense"}).context["span"] == "365"


@pytest.mark.parametrize("address", [BOARD, f"{BOARD}?view=table", FUNNEL])
@pytest.mark.parametrize("role", ["staff", "broker"])
def test_more_deals_cost_no_more_questions(address, role, market, people, broker, firm, enter):
    client = enter(people[role])
    before = queries(client, address)
    for _ in range(3):
        make_deal(market.supply, factories.make_published_demand(firm), broker)
    assert queries(client, address) <= before <= 12
