"""Who may send, answer and withdraw leads, who opens and closes deals, who sees them."""

import pytest

from marketplace.brokerage.models import Deal, Lead, Meeting, MeetingNotes, Message, Task, Tick
from marketplace.parties.models import Membership
from tests import factories
from tests.tables import holders, people_around

OF_THE_UNIVERSITY = {"admin", "officer", "inventor", "reader", "staff who is a member"}


@pytest.fixture
def people(university, firm):
    return people_around(university, firm)


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("brokerage.answer", {"admin", "officer"}),  # the university received it
        ("brokerage.express_interest", {"sme"}),  # the firm sent it
        ("brokerage.withdraw_lead", {"sme"}),
        ("brokerage.lapse", set()),
    ],
)
def test_who_holds_it_on_a_lead_from_the_firm_to_the_university(permission, allowed, people, lead):
    assert holders(people, permission, lead) == allowed


def test_only_the_two_sides_and_staff_see_a_lead(people, lead):
    seen = {name for name, person in people.items() if lead in Lead.objects.visible_to(person)}
    assert seen == {*OF_THE_UNIVERSITY, "sme", "staff"}


def deal_of(people, name, university, firm):
    return Deal(manager=people[name], supplier=university, seeker=firm)


@pytest.mark.parametrize("name", ["admin", "officer", "sme", "staff", "outsider", "suspended", "former"])
def test_without_registration_nobody_opens_a_deal(name, people, university, firm):
    deal = deal_of(people, name, university, firm)
    assert holders(people, "brokerage.open_deal", deal) == set()


def test_a_technology_manager_opens_deals_for_herself_alone(people, university, firm):
    deal = deal_of(people, "broker", university, firm)
    assert holders(people, "brokerage.open_deal", deal) == {"broker"}


@pytest.mark.parametrize("side", ["university", "firm"])
@pytest.mark.parametrize("role", ["admin", "officer", "inventor", "reader"])
def test_a_manager_who_belongs_to_a_side_opens_no_deal(side, role, people, university, firm):
    organisation = {"university": university, "firm": firm}[side]
    Membership.objects.create(user=people["broker"], organisation=organisation, role=role)
    assert holders(people, "brokerage.open_deal", deal_of(people, "broker", university, firm)) == set()


DECIDERS = {"admin", "officer", "sme"}


@pytest.mark.parametrize("verb", ["join", "waive_nda"])
def test_who_decides_for_a_side_speaks_for_it(verb, people, deal, broker):
    people |= {"its manager": broker}
    assert holders(people, f"brokerage.{verb}", deal) == DECIDERS


@pytest.mark.parametrize("verb", ["begin_talks", "follow_offer", "agree", "reopen_talks", "lose_contract"])
def test_what_the_contract_says_nobody_else_says(verb, people, deal, broker):
    people |= {"its manager": broker}
    assert holders(people, f"brokerage.{verb}", deal) == set()


def test_only_its_manager_gives_time(people, deal, broker):
    people |= {"its manager": broker, "another manager": factories.make_technology_manager()}
    assert holders(people, "brokerage.give_time", deal) == {"its manager"}


def test_a_deal_is_lost_by_its_manager_and_by_either_side(people, deal, broker):
    colleague = factories.make_technology_manager()
    people |= {"its manager": broker, "another manager": colleague}
    assert holders(people, "brokerage.lose", deal) == {"its manager", *DECIDERS}


def test_a_lost_deal_is_taken_up_by_its_manager_and_by_either_side(people, deal, broker):
    colleague = factories.make_technology_manager()
    people |= {"its manager": broker, "another manager": colleague}
    assert holders(people, "brokerage.take_up", deal) == {"its manager", *DECIDERS}


def test_only_the_two_sides_the_manager_and_staff_see_a_deal(people, deal, broker):
    people["its manager"] = broker
    seen = {name for name, person in people.items() if deal in Deal.objects.visible_to(person)}
    assert seen == {*OF_THE_UNIVERSITY, "sme", "staff", "its manager"}


# The room of a deal

WRITERS = {"admin", "officer", "inventor"}


@pytest.mark.parametrize(
    ("audience", "allowed"),
    [
        ("all", {*WRITERS, "sme", "its manager"}),
        ("supplier", {*WRITERS, "its manager"}),
        ("seeker", {"sme", "its manager"}),
    ],
)
def test_the_room_is_written_in_by_its_own_side_and_by_the_manager(audience, allowed, people, deal, broker):
    people["its manager"] = broker
    row = Message(deal=deal, audience=audience, author=broker)
    assert holders(people, "brokerage.post_message", row) == allowed


@pytest.mark.parametrize("verb", ["correct_message", "withdraw_message"])
@pytest.mark.parametrize("author", ["officer", "reader", "former", "outsider"])
def test_what_somebody_said_only_they_take_back_while_they_may_write(verb, author, people, deal):
    row = Message(deal=deal, audience="supplier", author=people[author])
    assert holders(people, f"brokerage.{verb}", row) == {author} & WRITERS


@pytest.mark.parametrize("verb", ["change_task", "finish_task", "drop_task", "reopen_task"])
def test_a_task_is_moved_by_who_asked_who_does_it_and_the_manager(verb, people, deal, broker):
    people["its manager"] = broker
    task = Task(deal=deal, audience="all", author=people["officer"], assignee=people["sme"])
    assert holders(people, f"brokerage.{verb}", task) == {"officer", "sme", "its manager"}
    left = Task(deal=deal, audience="supplier", author=people["former"], assignee=people["sme"])
    assert holders(people, f"brokerage.{verb}", left) == {"its manager"}


@pytest.mark.parametrize("verb", ["tick", "untick"])
def test_whoever_writes_in_the_room_ticks(verb, people, deal, broker):
    people["its manager"] = broker
    assert holders(people, f"brokerage.{verb}", Tick(deal=deal)) == {*WRITERS, "sme", "its manager"}
    assert holders(people, "brokerage.add_task", Task(deal=deal, audience="seeker")) == {"sme", "its manager"}


@pytest.mark.parametrize("verb", ["edit_meeting", "keep_notes"])
def test_what_was_written_down_is_put_right_by_its_author_and_the_manager(verb, people, deal, broker):
    people["its manager"] = broker
    meeting = Meeting(deal=deal, audience="all", author=people["inventor"])
    row = meeting if verb == "edit_meeting" else MeetingNotes(meeting=meeting)
    assert holders(people, f"brokerage.{verb}", row) == {"inventor", "its manager"}


def test_who_decides_for_a_side_that_reads_them_acknowledges_notes(people, deal, broker):
    people["its manager"] = broker
    row = Meeting(deal=deal, audience="all", author=broker)
    assert holders(people, "brokerage.acknowledge_notes", row) == DECIDERS
    own = Meeting(deal=deal, audience="supplier", author=broker)
    assert holders(people, "brokerage.acknowledge_notes", own) == {"admin", "officer"}
    assert holders(people, "brokerage.write_meeting", own) == {*WRITERS, "its manager"}
