"""An act locks, asks, saves and leaves one journal line: all of it or nothing."""

import pytest
from django.db import transaction
from django.utils import translation

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from marketplace.core.models import Entry
from marketplace.listings import services
from marketplace.listings.models import Achievement, Right
from tests import factories
from tests.rows import reread


@pytest.fixture
def listing(university):
    return factories.make_achievement(university)


def last() -> Entry:
    return Entry.objects.order_by("-id").first()


def test_an_act_leaves_one_line_that_says_who_what_and_which_fields(listing, inventor):
    before = Entry.objects.count()
    services.edit(listing, {"description_zh": "全新的秘密配方", "trl": 5}, by=inventor)
    assert Entry.objects.count() == before + 1
    assert (last().actor, last().verb, last().subject_label) == (inventor, "listings.edit", listing.public_id)
    assert sorted(last().changed_fields) == ["description_zh", "trl"]


def test_the_journal_never_holds_the_text(listing, inventor):
    services.edit(listing, {"description_zh": "配方甲乙丙", "title_zh": "标题丁戊己"}, by=inventor)
    every = str(list(Entry.objects.values()))
    assert "甲乙丙" not in every
    assert "丁戊己" not in every


def test_a_move_is_written_with_the_state_before_and_after(listing, university_officer):
    services.submit(listing, by=university_officer)
    assert (last().from_state, last().to_state) == ("draft", "submitted")


def test_a_rollback_leaves_no_line_and_no_change(listing, inventor):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), act(listing, "listings.edit", by=inventor) as locked:
        locked.trl = 1 // 0
    assert (Entry.objects.count(), reread(listing).trl) == (before, 7)


def test_a_later_failure_takes_the_line_back_with_the_change(listing, inventor):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.edit(listing, {"trl": 1}, by=inventor).trl /= 0
    assert (Entry.objects.count(), reread(listing).trl) == (before, 7)


def test_each_act_raises_the_version_by_one(listing, inventor):
    first = lock(listing).version
    edited = services.edit(listing, {"trl": 6}, by=inventor)
    assert edited.version == first + 1


def test_a_stale_version_is_refused_and_changes_nothing(listing, inventor):
    seen = lock(listing).version
    services.edit(listing, {"trl": 6}, by=inventor, version=seen)
    with pytest.raises(Stale):
        services.edit(listing, {"trl": 1}, by=inventor, version=seen)
    assert reread(listing).trl == 6


def test_an_old_object_in_hand_never_overwrites_what_another_wrote(listing, inventor, university_officer):
    services.edit(listing, {"trl": 6}, by=university_officer)
    services.edit(listing, {"stage": "EARLY"}, by=inventor)  # `listing` still says 7
    listing = reread(listing)
    assert (listing.trl, listing.stage) == (6, "EARLY")


def test_a_row_that_is_gone_is_not_found(listing, inventor):
    Achievement.objects.filter(pk=listing.pk).delete()
    with pytest.raises(NotFound), act(listing, "listings.edit", by=inventor):
        pytest.fail("the body of the act was entered")


def test_a_move_that_the_states_do_not_allow_is_a_conflict(listing):
    with pytest.raises(Conflict), act(listing, "listings.publish", by=SYSTEM) as locked:
        locked.publish()


def test_permission_is_asked_before_the_version_is_told(listing, outsider):
    with pytest.raises(Forbidden):
        services.edit(listing, {"trl": 1}, by=outsider, version=999)


def test_nobody_acts_while_switched_off(listing, inventor):
    inventor.is_active = False
    with pytest.raises(Forbidden):
        services.edit(listing, {"trl": 1}, by=inventor)


def test_a_row_that_may_not_be_made_is_not_made(university, outsider):
    with pytest.raises(Forbidden):
        create(Right(owner=university, kind="01", title_zh="秘密"), "listings.add_right", by=outsider)
    assert not Right.objects.exists()


def test_the_system_is_written_as_nobody(listing):
    services.submit(listing, by=SYSTEM)
    assert last().actor is None


@pytest.mark.parametrize("reason", ["\x00", "a\x07b", "\ud800", "\u202e"])
def test_a_reason_with_control_characters_is_refused_with_a_sentence(listing, staff, reason):
    submitted = services.submit(listing, by=SYSTEM)
    with pytest.raises(Invalid) as fault, translation.override("en"):
        services.withdraw(submitted, by=staff, reason=reason)
    assert "control characters" in fault.value.fields["reason"][0]
    assert reread(submitted).state == "submitted"
