"""However many rows a page has, it takes the same queries."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from marketplace.brokerage import services as brokerage
from marketplace.contracts import services as contracts
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.documents import services as documents
from marketplace.listings import services as listings
from marketplace.notices import services as notices
from tests import factories
from tests.contracts import making
from tests.counting import queries_of

from .conftest import PDF, make_match, make_notice
from .contracting import make, make_audit, make_clearance, make_guarantee, make_report, make_table

pytestmark = pytest.mark.django_db
LISTS = ["achievements/", "demands/", "technology-managers/", "agencies/", "organisations/", "memberships/",
         "my-achievements/", "my-demands/", "rights/", "matches/", "matches/?verdict=shortlisted", "leads/", "deals/",
         "notices/", "objections/", "documents/", "notifications/", "saved-searches/", "service-orders/",
         "register-applications/", "yearly-filings/", "removals/",
         "law/", "codes/"]  # fmt: skip

OF_CONTRACTS = ["contracts/", "contracts/?role=buyer", "contracts/?role=third", "clearances/", "guarantees/",
                "milestones/", "sales-reports/", "audits/"]  # fmt: skip


def grow(university, firm, sme, broker):
    """One more of everything."""
    right = listings.add_right({"kind": "01", "title_zh": "诀窍"}, owner=university, by=SYSTEM)
    draft = factories.make_achievement(university)
    listings.edit(draft, {}, rights=[right], by=SYSTEM)
    achievement = factories.publish(draft).projection
    demand = factories.make_published_demand(firm)
    match = make_match(achievement, demand)
    discovery.shortlist(match, by=broker)
    discovery.shortlist(match, by=sme, organisation=firm)
    brokerage.express_interest(achievement, sender=firm, pitch="我们。", why_fit="相符。", own_listing=demand, by=sme)
    brokerage.open_deal(match, by=broker)
    documents.keep_document(PDF, filename="a", title="检测报告", readers=[university, firm], by=sme)
    notices.object_to(
        make_notice(university), name="钱某", contact="139", text="重复。", by=factories.make_member(university)
    )
    factories.make_technology_manager()
    brokerage.order_service(
        draft, provider=factories.make_agency(), kind="LEGAL", brief="审查。", price=1, due_on=date(2099, 1, 1),
        by=factories.make_member(university),
    )  # fmt: skip
    return achievement


def queries(user, path):
    """How many the answer itself asks."""
    client, answers = APIClient(), []
    client.force_login(user)
    found = queries_of(lambda: answers.append(client.get(f"/api/v1/{path}")))
    assert answers[0].status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["staff", "sme", "broker"])
def test_a_page_of_four_takes_the_queries_of_a_page_of_two(university, firm, sme, broker, staff, who):
    user = {"staff": staff, "sme": sme, "broker": broker}[who]
    for _ in range(2):
        grow(university, firm, sme, broker)
    for path in LISTS:
        queries(user, path)  # code lists are read once a process
    before = {path: queries(user, path) for path in LISTS}
    for _ in range(2):
        grow(university, firm, sme, broker)
    assert {path: queries(user, path) for path in LISTS} == before
    assert max(before.values()) <= 10


@pytest.fixture
def table(broker, outsider, staff):
    return make_table(broker, outsider, staff)


def grow_contracts(table):
    """One contract more at four stages, and one more of everything below them."""
    hidden = factories.make_published_achievement(table.seller_firm, is_anonymous=True)
    contracts.apply(hidden, buyer=table.buyer_firm, mode=hidden.modes[0], message="试用。", by=table.buyer)
    open_one = make(table, "negotiating")
    make_clearance(open_one, table)
    make_guarantee(open_one, table)
    make(table, "agreed")
    signed = make(table, "staged", making.ZERO_UPFRONT)
    make_report(signed)
    make_audit(signed, table)


@pytest.mark.parametrize("who", ["staff", "buyer", "seller", "manager"])
def test_a_page_of_many_contracts_takes_the_queries_of_a_page_of_few(table, who):
    user = getattr(table, who)
    for _ in range(2):
        grow_contracts(table)
    for path in OF_CONTRACTS:
        queries(user, path)
    before = {path: queries(user, path) for path in OF_CONTRACTS}
    grow_contracts(table)
    assert {path: queries(user, path) for path in OF_CONTRACTS} == before
    assert max(before.values()) <= 10


def test_more_versions_of_the_terms_and_more_facts_take_no_more_queries(table):
    contract = make(table, "negotiating", making.ZERO_UPFRONT)
    paths = [f"contracts/{contract.public_id}/{what}/" for what in ("sheets", "facts")]
    for _ in range(2):
        contracts.propose(contract, making.ZERO_UPFRONT, side="SELLER", by=table.seller)
    before = [queries(table.buyer, path) for path in paths]
    for _ in range(3):
        contracts.propose(contract, making.ENTRY_ROYALTY, side="SELLER", by=table.seller)
    assert [queries(table.buyer, path) for path in paths] == before
