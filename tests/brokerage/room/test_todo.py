"""Tasks and checklists in the room of a deal: who is asked, who is reminded, who ticked what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Task, Tick
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from marketplace.core.models import Letter, Notification
from marketplace.law import codes
from marketplace.parties import services as parties
from tests import factories
from tests.rows import reread

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def joined(deal, university_officer, sme):
    return services.join(services.join(deal, by=university_officer), by=sme)


def key(user):
    return user.memberships.get().public_id


def give(deal, *, by, assignee="manager", audience="all", days=5, **values):
    values = {"title": "寄样品", "due_on": TODAY() + timedelta(days=days)} | values
    return services.add_task(deal, values, audience=audience, assignee=assignee, by=by)


def told(user, start="room_task"):
    return Notification.objects.filter(user=user, key__startswith=start).count()


def sees(user, task):
    return Task.objects.visible_to(type(user).objects.get(pk=user.pk)).filter(pk=task.pk).exists()


# Given


def test_a_task_is_somebodys_of_the_room_until_a_day(joined, sme, inventor):
    task = give(joined, assignee=key(inventor), by=sme)
    assert (task.state, task.assignee, task.author) == ("open", inventor, sme)
    assert (told(inventor), told(sme)) == (1, 0)


def test_a_sides_own_task_is_nobodys_else(joined, sme, university_officer, broker, staff):
    task = give(joined, audience="seeker", assignee=key(sme), by=sme)
    assert [sees(each, task) for each in (sme, broker, university_officer, staff)] == [True, True, False, False]


@pytest.mark.parametrize("who", ["the other side's", "a reader", "an outsider", "nobody"])
def test_who_does_not_read_or_write_there_is_not_asked(who, joined, university, sme, university_officer, outsider):
    reader = factories.make_member(joined.seeker, "reader")
    keys = {"the other side's": key(university_officer), "a reader": key(reader), "an outsider": key(outsider)}
    with pytest.raises(Invalid) as fault:
        give(joined, audience="seeker", assignee=keys.get(who, "x"), by=sme)
    assert "assignee" in fault.value.fields


@pytest.mark.parametrize(("values", "field"), [({"title": ""}, "title"), ({"days": -1}, "due_on")])
def test_a_task_has_a_name_and_a_day_to_come(values, field, joined, sme):
    with pytest.raises(Invalid) as fault:
        give(joined, by=sme, **values)
    assert field in fault.value.fields


def test_only_who_writes_in_the_room_gives_tasks(joined, deal, outsider, staff):
    for person in (outsider, staff, factories.make_member(joined.supplier, "reader")):
        with pytest.raises(Forbidden):
            give(joined, by=person)


def test_before_both_have_met_tasks_stay_on_one_side(deal, university_officer, broker):
    with pytest.raises(Conflict) as fault:
        give(deal, by=university_officer)
    assert fault.value.code == "not_joined"
    assert give(deal, audience="supplier", by=university_officer).assignee == broker


# Changed, done, dropped


def test_another_person_is_told_that_it_is_theirs(joined, sme, inventor, broker):
    task = give(joined, by=sme)
    task = services.change_task(task, {"title": "寄两件样品"}, assignee=key(inventor), version=1, by=broker)
    assert (task.title, task.assignee, task.version) == ("寄两件样品", inventor, 2)
    assert told(inventor) == 1
    with pytest.raises(Stale):
        services.change_task(task, {"title": "x"}, version=1, by=sme)


def test_what_is_done_says_by_whom_and_who_asked_is_told(joined, sme, inventor):
    task = services.finish_task(give(joined, assignee=key(inventor), by=sme), by=inventor)
    assert (task.state, task.closed_by, told(sme)) == ("done", inventor, 1)
    for attempt in (services.finish_task, lambda row, by: services.change_task(row, {"title": "x"}, by=by)):
        with pytest.raises(Conflict):
            attempt(task, by=inventor)
    assert services.reopen_task(task, by=sme).closed_by is None


def test_what_is_dropped_says_why(joined, sme):
    with pytest.raises(Invalid):
        services.drop_task(give(joined, by=sme), " ", by=sme)
    assert services.drop_task(give(joined, by=sme), "不再需要。", by=sme).ending == "不再需要。"


def test_in_a_lost_deal_nothing_moves_any_more(joined, sme, broker):
    task = give(joined, by=sme)
    services.lose(joined, "TERMS_UNFIT", by=sme)
    for attempt in (services.finish_task, services.reopen_task):
        with pytest.raises(Conflict) as fault:
            attempt(task, by=broker)
        assert fault.value.code == "room_closed"
    assert services.remind_tasks(TODAY() + timedelta(days=9)) == 0


# The clock


@pytest.mark.parametrize(("left", "said"), [(4, 0), (3, 1), (0, 1), (-1, 1)])
def test_who_does_it_is_reminded_shortly_before_and_after_the_day(left, said, joined, sme, broker):
    task = give(joined, by=sme)
    Notification.objects.all().delete()
    for _ in range(2):
        services.remind_tasks(task.due_on - timedelta(days=left))
    assert told(broker) == said


def test_for_who_has_left_the_room_the_manager_is_told(joined, sme, inventor, broker, staff):
    give(joined, assignee=key(inventor), by=sme)
    parties.end_membership(inventor.memberships.get(), by=staff)
    Notification.objects.all().delete()
    services.remind_tasks(TODAY() + timedelta(days=6))
    assert (told(inventor), told(broker)) == (0, 1)


def test_news_carry_no_word_of_the_task(joined, sme):
    task = give(joined, title="CANARY", by=sme)
    services.remind_tasks(task.due_on)
    said = [str(vars(each)) for each in (*Notification.objects.all(), *Letter.objects.all())]
    assert said
    assert not [each for each in said if "CANARY" in each]


# Checklists


def test_each_stage_has_its_checklist_out_of_the_code_lists(joined):
    found = services.checklists(joined)
    assert [each.stage for each in found] == ["before_nda", "before_offer", "before_signing"]
    assert [len(each.lines) for each in found] == [len(codes.items(f"deal_checklist_{each.stage}")) for each in found]


def test_an_item_is_ticked_once_and_taken_back(joined, sme, university_officer):
    row = services.tick(joined, "before_offer", "RIGHTS", by=sme)
    with pytest.raises(Conflict) as fault:
        services.tick(joined, "before_offer", "RIGHTS", by=university_officer)
    assert fault.value.code == "ticked"
    assert services.checklists(joined)[1].done == 1
    services.untick(joined, "before_offer", "RIGHTS", by=university_officer)
    assert (reread(row).by, reread(row).cleared_by) == (sme, university_officer)
    assert services.checklists(joined)[1].done == 0
    services.tick(joined, "before_offer", "RIGHTS", by=university_officer)
    assert Tick.objects.count() == 2


def test_what_is_on_no_checklist_is_refused_by_name(joined, sme):
    for stage, code, field in (("before_lunch", "RIGHTS", "stage"), ("before_nda", "RIGHTS", "code")):
        with pytest.raises(Invalid) as fault:
            services.tick(joined, stage, code, by=sme)
        assert field in fault.value.fields
    with pytest.raises(NotFound):
        services.untick(joined, "before_nda", "SIDES", by=sme)


def test_before_both_have_met_only_the_manager_ticks(deal, broker, sme):
    assert services.tick(deal, "before_nda", "SIDES", by=broker).by == broker
    with pytest.raises(Conflict):
        services.tick(deal, "before_nda", "CONFLICT", by=sme)
