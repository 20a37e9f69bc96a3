"""Introductions: written by a deal or by hand, confirmed, disputed or standing; and what must be disclosed first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.brokerage import names, services
from marketplace.brokerage.models import Deal, Disclosure, Interest, Introduction
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.parties.models import Membership
from tests import factories
from tests.contracts.making import decider_of
from tests.rows import reread

from .mandating import make_manager_of, make_signed_mandate, match_of

pytestmark = pytest.mark.django_db


def log(listing, other, by, **values):
    return services.log_introduction(listing, other, by=by, **values)


def refused(code, call):
    with pytest.raises(Conflict) as fault:
        call()
    assert fault.value.code == code


# Written down


def test_a_deal_on_a_match_writes_an_introduction(match, broker, university, firm):
    deal = services.open_deal(match, note="双方都在等。", by=broker)
    row = Introduction.objects.get()
    assert (row.supplier, row.seeker, row.manager, row.note) == (university, firm, broker, deal.note)
    assert (row.achievement, row.demand, row.how) == (match.achievement, match.demand, "PLATFORM")
    assert (row.state, row.supply_mandate) == ("logged", None)


def test_a_deal_opened_again_is_introduced_once(match, broker):
    deal = services.open_deal(match, by=broker)
    services.lose(deal, "CAPACITY", by=broker)
    services.open_deal(match, by=broker)
    assert Introduction.objects.count() == 1


def test_it_names_the_mandates_of_either_side(match, broker, university, firm):
    mandate = make_signed_mandate(university, manager=broker)
    services.open_deal(match, by=broker)
    assert Introduction.objects.get().supply_mandate == mandate
    assert Introduction.objects.get().demand_mandate is None


@pytest.mark.parametrize(
    ("values", "is_under"),
    [
        ({"fields": ["05"]}, True),
        ({"fields": ["07"]}, False),
        ({"territory": ["110000"]}, True),
        ({"territory": ["310000"]}, False),
        ({"side": "DEMAND"}, False),
    ],
)
def test_a_mandate_counts_for_its_scope_and_territory(achievement, firm, broker, university, values, is_under):
    make_signed_mandate(university, manager=broker, **values)
    row = log(achievement, firm, broker)
    assert (row.supply_mandate is not None) is is_under


def test_a_manager_acts_under_the_mandate_of_the_own_agency(achievement, firm, university):
    agency = factories.make_agency()
    factories.make_member(agency.organisation, "admin")
    mandate = make_signed_mandate(university, agency=agency)
    assert log(achievement, firm, make_manager_of(agency)).supply_mandate == mandate


def test_one_by_hand_names_the_other_side_with_or_without_a_listing(achievement, demand, firm, university, broker):
    row = log(demand, university, broker, how="CALL", on=timezone.localdate() - timedelta(days=3))
    assert (row.supplier, row.seeker, row.achievement, row.how) == (university, firm, None, "CALL")
    both = log(achievement, firm, broker, others_listing=demand)
    assert (both.achievement, both.demand) == (achievement, demand)
    refused("introduced", lambda: log(demand, university, broker))


def test_what_is_no_introduction_is_refused(achievement, demand, firm, university, broker, sme):
    for wrong in (
        lambda: log(achievement, university, broker),
        lambda: log(achievement, firm, broker, on=timezone.localdate() + timedelta(days=1)),
        lambda: log(achievement, firm, broker, others_listing=achievement),
        lambda: log(achievement, firm, broker, how="TELEPATHY"),
    ):
        with pytest.raises(Invalid):
            wrong()
    with pytest.raises(Forbidden):
        log(achievement, factories.make_organisation(), sme)


# Answered


@pytest.fixture
def row(achievement, firm, broker):
    return log(achievement, firm, broker)


def test_both_sides_are_asked_and_confirm(university_officer, sme, row):
    assert Letter.objects.filter(key__startswith="introduction-logged").count() == 2
    assert services.confirm_introduction(row, by=sme).state == "logged"
    refused("confirmed", lambda: services.confirm_introduction(row, by=sme))
    assert services.confirm_introduction(row, by=university_officer).state == "confirmed"


def test_a_side_disputes_it_with_a_reason_and_may_take_that_back(row, university_officer, sme):
    with pytest.raises(Invalid):
        services.dispute_introduction(row, "", by=sme)
    disputed = services.dispute_introduction(row, "去年展会上已认识。", by=sme)
    assert (disputed.state, disputed.disputed_by) == ("disputed", "seeker")
    services.confirm_introduction(row, by=university_officer)
    assert reread(row).state == "disputed"
    assert services.confirm_introduction(row, by=sme).state == "confirmed"


def test_what_nobody_disputes_in_time_stands(row, sme):
    last = row.confirm_by
    assert services.let_introductions_stand(last) == 0
    assert services.let_introductions_stand(last + timedelta(days=1)) == 1
    assert reread(row).state == "standing"
    with pytest.raises(Conflict):
        services.dispute_introduction(row, "不是。", by=sme)


def test_nobody_else_answers(row, broker, outsider, staff, university):
    for person in (broker, outsider, staff, factories.make_member(university, "reader")):
        with pytest.raises(Forbidden):
            services.confirm_introduction(row, by=person)
        with pytest.raises(Forbidden):
            services.dispute_introduction(row, "不是。", by=person)


def test_only_those_concerned_see_it(row, broker, outsider, staff, university_officer, sme):
    other = factories.make_technology_manager()
    people = (broker, university_officer, sme, staff, outsider, other)
    assert [Introduction.objects.visible_to(each).count() for each in people] == [1, 1, 1, 1, 0, 0]


def test_an_anonymous_side_is_named_to_the_other_once_it_confirms(firm, sme, broker):
    owner = factories.make_organisation("UNIVERSITY")
    officer = factories.make_member(owner)
    row = log(factories.make_published_achievement(owner, is_anonymous=True), firm, broker)
    assert names.known_sides(sme, row) == {"supplier": None, "seeker": firm}
    assert names.known_sides(broker, row)["supplier"] == owner
    row = services.confirm_introduction(row, by=officer)
    assert names.known_sides(sme, row)["supplier"] == owner


# Conflicts of interest


def test_a_broker_of_both_sides_discloses_it_first(match, broker, university, firm, university_officer, sme):
    make_signed_mandate(university, manager=broker)
    make_signed_mandate(firm, manager=broker, side="DEMAND")
    refused("E_DUAL_AGENCY_UNDISCLOSED", lambda: services.open_deal(match, by=broker))
    rows = services.disclose(match.achievement, match.demand, note="双方都委托了我。", by=broker)
    assert {row.party for row in rows} == {university, firm}
    services.acknowledge(next(row for row in rows if row.party == firm), by=sme)
    refused("E_DUAL_AGENCY_UNDISCLOSED", lambda: services.open_deal(match, by=broker))
    services.acknowledge(next(row for row in rows if row.party == university), "同意。", by=university_officer)
    services.open_deal(match, by=broker)
    row = Introduction.objects.get()
    assert row.supply_mandate is not None
    assert row.demand_mandate is not None


def test_an_acknowledgement_that_is_taken_back_stops_the_broker(match, broker, university, firm):
    make_signed_mandate(university, manager=broker)
    make_signed_mandate(firm, manager=broker, side="DEMAND")
    for row in services.disclose(match.achievement, match.demand, by=broker):
        services.acknowledge(row, by=decider_of(row.party))
    services.refuse(Disclosure.objects.get(party=firm), "不同意。", by=decider_of(firm))
    refused("E_DUAL_AGENCY_UNDISCLOSED", lambda: services.open_deal(match, by=broker))


def test_two_managers_of_one_agency_act_for_both_sides_too(match, university, firm):
    agency = factories.make_agency()
    factories.make_member(agency.organisation, "admin")
    manager = make_manager_of(agency)
    make_signed_mandate(university, agency=agency)
    make_signed_mandate(firm, manager=manager, agency=agency, side="DEMAND")
    refused("E_DUAL_AGENCY_UNDISCLOSED", lambda: services.open_deal(match, by=make_manager_of(agency)))


def test_a_declared_interest_is_disclosed_and_acknowledged(match, broker, university, firm):
    services.declare_interest({"manager": broker, "organisation": firm, "kind": "SHARES", "note": "持股3%"}, by=broker)
    refused("E_INTEREST_CONFLICT", lambda: services.open_deal(match, by=broker))
    for row in services.disclose(match.achievement, match.demand, by=broker):
        services.acknowledge(row, by=decider_of(row.party))
    assert services.open_deal(match, by=broker).manager == broker


def test_an_interest_of_the_agency_counts_for_its_managers_until_it_ends(match, university, firm):
    agency = factories.make_agency()
    admin = factories.make_member(agency.organisation, "admin")
    interest = services.declare_interest({"agency": agency, "organisation": university, "kind": "GROUP"}, by=admin)
    manager = make_manager_of(agency)
    refused("E_INTEREST_CONFLICT", lambda: services.open_deal(match, by=manager))
    services.end_interest(interest, by=admin)
    assert services.open_deal(match, by=manager)
    with pytest.raises(Conflict):
        services.end_interest(interest, by=admin)


def test_a_sides_own_staff_and_agency_bring_it_to_nobody(match, university, broker, firm):
    Membership.objects.create(user=broker, organisation=firm, role="reader")
    with pytest.raises(Forbidden):
        services.open_deal(match, by=broker)
    agency = factories.make_agency()
    own = factories.make_published_demand(agency.organisation)
    refused(
        "E_INTEREST_CONFLICT", lambda: services.open_deal(match_of(match.achievement, own), by=make_manager_of(agency))
    )


def test_an_exclusive_mandate_of_another_keeps_a_broker_out(match, broker, university):
    rival = factories.make_technology_manager()
    make_signed_mandate(university, manager=rival, is_exclusive=True)
    refused("E_EXCLUSIVE_MANDATE", lambda: services.open_deal(match, by=broker))
    assert services.open_deal(match, by=rival)


def test_there_is_nothing_to_disclose_without_a_tie(match, broker):
    refused("nothing_to_disclose", lambda: services.disclose(match.achievement, match.demand, by=broker))


def test_an_interest_is_declared_once_and_by_its_holder(broker, firm, outsider):
    values = {"manager": broker, "organisation": firm, "kind": "SHARES"}
    services.declare_interest(values, by=broker)
    refused("declared", lambda: services.declare_interest(values, by=broker))
    with pytest.raises(Forbidden):
        services.declare_interest(values | {"kind": "OFFICE"}, by=outsider)
    assert [Interest.objects.visible_to(each).count() for each in (broker, outsider, decider_of(firm))] == [1, 0, 0]


def test_a_disclosure_is_answered_by_its_party_alone(match, broker, university, firm, sme, outsider):
    make_signed_mandate(university, manager=broker)
    make_signed_mandate(firm, manager=broker, side="DEMAND")
    row = next(row for row in services.disclose(match.achievement, match.demand, by=broker) if row.party == university)
    for person in (sme, outsider, broker):
        with pytest.raises(Forbidden):
            services.acknowledge(row, by=person)
    assert Disclosure.objects.visible_to(sme).count() == 1  # the one that was told to the firm
    again = services.disclose(match.achievement, match.demand, by=broker)
    assert len(again) == Disclosure.objects.count() == 2


# What the database holds


@pytest.mark.parametrize(
    "values",
    [{"state": "confirmed"}, {"state": "disputed"}, {"achievement": None}, {"seeker": "supplier"}],
)
def test_the_database_refuses_what_an_introduction_cannot_be(row, values):
    values = {name: row.supplier if each == "supplier" else each for name, each in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=row.pk).update(**values)


def test_a_lost_deal_leaves_its_introduction(match, broker):
    services.lose(services.open_deal(match, by=broker), "CAPACITY", by=broker)
    assert (Deal.objects.get().state, Introduction.objects.get().state) == ("lost", "logged")
