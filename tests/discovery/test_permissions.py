"""Who judges a match: a technology manager for herself, those who decide for one of its two sides."""

import pytest

from marketplace.discovery.models import Judgement, Match
from tests import factories
from tests.tables import holders, people_around


@pytest.fixture
def people(university, firm):
    return people_around(university, firm)


@pytest.fixture
def match(university, firm):
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    return Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)


def test_the_owners_side_is_judged_by_those_who_decide_for_it(match, people, university):
    judgement = Judgement(match=match, by=people["officer"], organisation=university)
    assert holders(people, "discovery.judge", judgement) == {"admin", "officer"}


def test_the_seekers_side_is_judged_by_those_who_decide_for_it(match, people, firm):
    assert holders(people, "discovery.judge", Judgement(match=match, by=people["sme"], organisation=firm)) == {"sme"}


def test_an_organisation_that_is_no_side_judges_nothing(match, people):
    other = people["outsider"].memberships.get().organisation
    judgement = Judgement(match=match, by=people["outsider"], organisation=other)
    assert holders(people, "discovery.judge", judgement) == set()


def test_a_technology_manager_judges_for_herself(match, people):
    assert holders(people, "discovery.judge", Judgement(match=match, by=people["broker"])) == {"broker"}


@pytest.mark.parametrize("name", ["admin", "officer", "sme", "staff", "outsider"])
def test_without_registration_nobody_judges_for_themselves(match, people, name):
    assert holders(people, "discovery.judge", Judgement(match=match, by=people[name])) == set()


def test_who_sees_a_match(match, people):
    seen = {name for name, person in people.items() if match in Match.objects.visible_to(person)}
    members = {"admin", "officer", "inventor", "reader"}
    assert seen == {*members, "sme", "broker", "staff", "staff who is a member"}


def test_a_judgement_is_seen_by_its_own_side_and_staff(match, people, university):
    Judgement.objects.create(match=match, by=people["officer"], organisation=university, verdict="shortlisted")
    seen = {name for name, person in people.items() if Judgement.objects.visible_to(person).exists()}
    assert seen == {"admin", "officer", "inventor", "reader", "staff", "staff who is a member"}


def test_a_managers_judgement_is_her_own_and_staffs(match, people):
    Judgement.objects.create(match=match, by=people["broker"], verdict="shortlisted")
    seen = {name for name, person in people.items() if Judgement.objects.visible_to(person).exists()}
    assert seen == {"broker", "staff", "staff who is a member"}
