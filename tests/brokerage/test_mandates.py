"""Mandates: who drafts and signs them, what excludes what, and how they end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Mandate, MandateScope
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Letter
from marketplace.parties import services as parties
from marketplace.parties.models import Membership
from tests import factories
from tests.contracts.making import decider_of
from tests.rows import reread

from .mandating import make_manager_of, make_mandate, make_signed_mandate, sign_both

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    agency = factories.make_agency()
    factories.make_member(agency.organisation, "admin")
    return agency


def refused(code, call):
    with pytest.raises(Conflict) as fault:
        call()
    assert fault.value.code == code
    return fault.value


# Drafting and signing


def test_a_mandate_holds_when_both_have_signed(university, university_officer, broker):
    mandate = make_mandate(university, manager=broker)
    first = services.sign_mandate(mandate, by=university_officer)
    assert (first.state, first.scopes.count()) == ("draft", 0)
    second = services.sign_mandate(mandate, by=broker)
    assert second.state == "active"
    assert second.scopes.count() == 1


def test_a_mandate_of_a_later_day_is_signed_and_begins_on_it(university, broker):
    start = timezone.localdate() + timedelta(days=10)
    mandate = make_signed_mandate(university, manager=broker, starts_on=start)
    assert mandate.state == "signed"
    assert services.turn_mandates(start - timedelta(days=1)) == 0
    assert services.turn_mandates(start) == 1
    assert reread(mandate).state == "active"
    assert services.turn_mandates(start) == 0


def test_a_mandate_holds_at_the_earliest_from_its_second_signature(university, broker):
    mandate = make_mandate(university, manager=broker, starts_on=timezone.localdate() - timedelta(days=30))
    assert sign_both(mandate).starts_on == timezone.localdate()


def test_each_side_signs_once(university, university_officer, broker):
    mandate = make_mandate(university, manager=broker)
    services.sign_mandate(mandate, by=university_officer)
    refused("signed", lambda: services.sign_mandate(mandate, by=factories.make_member(university)))


def test_an_agency_signs_by_its_deciders_and_not_by_its_manager(university, agency):
    manager = make_manager_of(agency)
    mandate = make_mandate(university, agency=agency, manager=manager)
    with pytest.raises(Forbidden):
        services.sign_mandate(mandate, by=manager)
    assert sign_both(mandate).state == "active"
    assert mandate.agency_share == Decimal("0.5")


def test_who_decides_for_both_signs_for_one(university, agency, university_officer):
    Membership.objects.create(user=university_officer, organisation=agency.organisation, role="officer")
    mandate = make_mandate(university, agency=agency)
    services.sign_mandate(mandate, by=university_officer)
    refused("E_INTEREST_CONFLICT", lambda: services.sign_mandate(mandate, by=university_officer))


def test_a_change_takes_signatures_back(university, university_officer, broker):
    mandate = services.sign_mandate(make_mandate(university, manager=broker), by=university_officer)
    changed = services.edit_mandate(mandate, {"tail_months": 6}, by=broker, version=mandate.version)
    assert changed.principal_signed_at is None
    with pytest.raises(Stale):
        services.sign_mandate(mandate, by=broker, version=mandate.version)


def test_a_signed_mandate_is_not_changed(university, broker):
    mandate = make_signed_mandate(university, manager=broker)
    refused("not_editable", lambda: services.edit_mandate(mandate, {"tail_months": 0}, by=broker))


def test_strangers_and_readers_neither_draft_nor_sign(university, broker, outsider):
    mandate = make_mandate(university, manager=broker)
    for person in (outsider, factories.make_member(university, "reader"), factories.make_user(is_staff=True)):
        with pytest.raises(Forbidden):
            services.sign_mandate(mandate, by=person)
        with pytest.raises(Forbidden):
            services.draft_mandate(
                {"principal": university, "manager": broker, "side": "SUPPLY", "fields": ["*"],
                 "ends_on": timezone.localdate()}, by=person,
            )  # fmt: skip


def test_a_broker_drafts_for_its_principal_to_sign(university, university_officer, broker):
    mandate = services.draft_mandate(
        {"principal": university, "manager": broker, "side": "SUPPLY", "fields": ["05"],
         "ends_on": timezone.localdate()}, by=broker,
    )  # fmt: skip
    services.sign_mandate(mandate, by=broker)
    assert Letter.objects.filter(user=university_officer, key__startswith="mandate-offered").count() == 1


# Terms


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"fields": []}, "fields"),
        ({"fields": ["99"]}, "fields"),
        ({"territory": []}, "territory"),
        ({"territory": ["somewhere"]}, "territory"),
        ({"tiers": []}, "tiers"),
        ({"tiers": [{"from": "0", "rate": "5"}]}, "tiers"),
        ({"tail_months": 37}, "tail_months"),
        ({"base": "CONTRACT"}, "base"),
        ({"side": "BOTH"}, "side"),
        ({"floor": Decimal(9), "cap": Decimal(8)}, ""),
        ({"starts_on": date(2027, 2, 1), "ends_on": date(2027, 1, 1)}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(university, values, field):
    with pytest.raises(Invalid) as fault:
        make_mandate(university, **values)
    assert field in fault.value.fields


def test_rates_that_cannot_be_computed_have_a_code(university):
    with pytest.raises(Invalid) as fault:
        make_mandate(university, tiers="5 %")
    assert fault.value.code == "E_COMMISSION_BASE"


def test_the_listings_are_the_principals_own_and_of_its_task(university):
    foreign = factories.make_published_achievement()
    for wrong in (foreign, factories.make_published_demand(university)):
        with pytest.raises(Invalid):
            make_mandate(university, listings=[wrong])
    own = factories.make_published_achievement(university)
    assert list(make_mandate(university, listings=[own]).listings.all()) == [own]
    with pytest.raises(Invalid):
        make_mandate(university, listings=[own], fields=["05"])


# Who may be named


def test_who_is_not_registered_is_mandated_with_nothing(university, broker):
    mandate = make_mandate(university, manager=broker)
    parties.remove_qualification(broker.technology_manager, reason="违规", by=factories.make_user(is_staff=True))
    refused("E_NOT_REGISTERED", lambda: services.sign_mandate(mandate, by=decider_of(university)))
    refused("E_NOT_REGISTERED", lambda: make_mandate(university, manager=factories.make_user()))


def test_a_manager_works_for_the_agency_that_is_named(university, agency, broker):
    with pytest.raises(Invalid):
        make_mandate(university, agency=agency, manager=broker)


def test_the_principals_own_staff_get_no_commission(university, broker):
    Membership.objects.create(user=broker, organisation=university, role="officer")
    refused("E_INTEREST_CONFLICT", lambda: make_mandate(university, manager=broker))


def test_an_agency_is_not_mandated_by_itself(agency):
    refused("E_INTEREST_CONFLICT", lambda: make_mandate(agency.organisation, agency=agency))


# Exclusive


def pairs(university):
    one, other = (factories.make_published_achievement(university) for _ in range(2))
    return [
        ({"is_exclusive": True}, {}, True),
        ({}, {"is_exclusive": True}, True),
        ({}, {}, False),
        ({"is_exclusive": True, "fields": ["05"]}, {"fields": ["07"]}, False),
        ({"is_exclusive": True, "fields": ["05"]}, {"listings": [one]}, True),
        ({"is_exclusive": True, "listings": [one]}, {"listings": [other]}, False),
        ({"is_exclusive": True, "listings": [one]}, {"listings": [one, other]}, True),
        ({"is_exclusive": True, "territory": ["110000"]}, {"territory": ["CN"]}, True),
        ({"is_exclusive": True, "territory": ["110000"]}, {"territory": ["310000", "440100"]}, False),
        ({"is_exclusive": True}, {"side": "DEMAND"}, False),
    ]


@pytest.mark.parametrize("number", range(10))
def test_an_exclusive_mandate_excludes_all_others_on_the_same(university, number):
    first, second, is_refused = pairs(university)[number]
    make_signed_mandate(university, **first)
    rival = make_mandate(university, **second)
    if not is_refused:
        assert sign_both(rival).state == "active"
        return
    refused("E_EXCLUSIVE_MANDATE", lambda: sign_both(rival))
    assert (reread(rival).state, rival.scopes.count()) == ("draft", 0)


def test_exclusive_mandates_of_other_days_or_principals_stand_side_by_side(university, firm):
    today = timezone.localdate()
    make_signed_mandate(university, is_exclusive=True, ends_on=today + timedelta(days=9))
    later = {"starts_on": today + timedelta(days=10), "ends_on": today + timedelta(days=20)}
    assert make_signed_mandate(university, is_exclusive=True, **later).state == "signed"
    assert make_signed_mandate(firm, is_exclusive=True).state == "active"


def test_what_ended_excludes_nobody(university):
    mandate = make_signed_mandate(university, is_exclusive=True)
    services.terminate_mandate(mandate, "不再需要。", by=decider_of(university))
    assert make_signed_mandate(university, is_exclusive=True).state == "active"


# Ending


def test_both_sides_end_it_together(university, broker):
    mandate = make_signed_mandate(university, manager=broker)
    asked = services.end_mandate(mandate, "任务已完成。", by=broker)
    assert (asked.state, asked.end_asked_by) == ("active", "broker")
    services.end_mandate(mandate, by=broker)  # asking twice ends nothing
    ended = services.end_mandate(mandate, by=decider_of(university))
    assert (ended.state, ended.ended_on, ended.end_note) == ("ended", timezone.localdate(), "任务已完成。")


def test_one_side_terminates_it_with_a_reason(university, broker):
    mandate = make_signed_mandate(university, manager=broker)
    with pytest.raises(Invalid):
        services.terminate_mandate(mandate, " ", by=broker)
    assert services.terminate_mandate(mandate, "无法继续。", by=broker).state == "terminated"
    assert not MandateScope.objects.filter(is_live=True).exists()


def test_it_expires_after_its_last_day_and_is_told_before(university, broker, go):
    go(date(2027, 1, 4))
    mandate = make_signed_mandate(university, manager=broker, ends_on=date(2027, 3, 31))
    services.turn_mandates(date(2027, 3, 2))
    services.turn_mandates(date(2027, 3, 3))
    assert Letter.objects.filter(user=broker, key__startswith="mandate-ending").count() == 1
    assert services.turn_mandates(date(2027, 3, 31)) == 0
    assert services.turn_mandates(date(2027, 4, 1)) == 1
    assert (reread(mandate).state, reread(mandate).ended_on) == ("expired", date(2027, 3, 31))


def test_a_draft_is_withdrawn_and_never_signed(university, broker):
    mandate = services.withdraw_mandate(make_mandate(university, manager=broker), by=broker)
    assert mandate.state == "withdrawn"
    with pytest.raises(Conflict):
        services.sign_mandate(mandate, by=broker)


# Who sees it, and what the database holds


def test_only_its_people_and_staff_see_a_mandate(university, university_officer, agency, broker, outsider, staff, sme):
    make_mandate(university, agency=agency)
    people = (university_officer, decider_of(agency.organisation), staff, broker, outsider, sme)
    seen = [Mandate.objects.visible_to(each).count() for each in people]
    assert seen == [1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    "values",
    [
        {"agency_share": "1.1"},
        {"agency_share": "0.5"},
        {"manager": None},
        {"state": "active"},
        {"state": "terminated", "ended_on": date(2027, 1, 1)},
        {"floor": 2, "cap": 1},
        {"ends_on": date(2000, 1, 1)},
    ],
)
def test_the_database_refuses_what_a_mandate_cannot_be(university, values):
    mandate = make_mandate(university)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(**values)
