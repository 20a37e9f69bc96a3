"""Who may open, answer, void and close; who reads a notice, and who reads an objection."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.notices import services
from marketplace.notices.models import Notice, Objection
from tests.notices.conftest import SOMEBODY
from tests.tables import holders, people_around

OF_THE_UNIVERSITY = {"admin", "officer", "inventor", "reader", "staff who is a member", "opener"}
DECIDERS = {"admin", "officer", "opener"}


@pytest.fixture
def people(university, firm, opener):
    return people_around(university, firm) | {"opener": opener}


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("notices.open", DECIDERS),
        ("notices.void", DECIDERS),
        ("notices.close", DECIDERS),
        ("notices.follow", set()),
    ],
)
def test_who_holds_it_on_a_notice_of_the_university(permission, allowed, people, notice):
    assert holders(people, permission, notice) == allowed


def test_nobody_answers_an_objection_to_a_notice_of_their_own(people, objection):
    assert holders(people, "notices.answer", objection) == {"admin", "officer"}


def test_nobody_answers_an_objection_of_their_own(people, notice):
    filed = services.object_to(notice, **SOMEBODY, by=people["officer"])
    assert holders(people, "notices.answer", filed) == {"admin"}


def test_a_notice_within_the_university_is_read_by_its_people_and_staff(people, notice):
    seen = {name for name, person in people.items() if notice in Notice.objects.visible_to(person)}
    assert seen == {*OF_THE_UNIVERSITY, "staff"}


def test_a_notice_on_the_market_is_read_by_everybody(people, market_notice):
    assert all(market_notice in Notice.objects.visible_to(person) for person in people.values())
    assert market_notice in Notice.objects.visible_to(AnonymousUser())


def test_an_objection_is_read_by_deciders_staff_and_who_filed_it(people, objection, inventor):
    people["who filed it"] = inventor
    seen = {name for name, person in people.items() if objection in Objection.objects.visible_to(person)}
    assert seen == {*DECIDERS, "staff", "staff who is a member", "who filed it"}
