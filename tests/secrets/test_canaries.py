"""A canary in every confidential field is found on no page, in no file, mail or log of anybody who may not read it."""

from pprint import pformat

import pytest

from marketplace.core.models import Entry, Letter, Notification

from .planting import TOKEN
from .registry import CONFIDENTIAL
from .walking import walk
from .world import PARTIES

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MAY_BE_NAMED = {"contracts.Contract.title"}
"""A letter says what it is about by its title, which its reader may see."""


OF_NOTICES = {"settlement.Payee.name", "settlement.Distribution.pool"}
"""In the owner's house a notice of a reward names who gets how much: it is shown so that somebody may object."""
STRANGERS = ("visitor", "outsider", "other_broker", "other_guarantor", "authority")
OF_A_PART = (
    *("officer", "inventor", "reader", "buyer", "seeker", "broker", "agent", "guarantor", "applicant", "registrar"),
    "staff",
)
"""One of each who may read something else than the others: approvers read what officers do, readers of a firm less."""


@pytest.mark.parametrize("role", [*STRANGERS, *OF_A_PART])
def test_nobody_sees_what_is_not_theirs_at_any_address(whole_scene, role, log):
    scene, found, seen = whole_scene, {}, set()
    person = scene.world.people[role]
    for sight in walk(person, scene.addresses):
        assert sight.status < 500, sight.address
        seen |= sight.canaries
        shown = OF_NOTICES if "/notices/" in sight.address else set()
        if leaks := {each for each in scene.leaks(person, sight) if each.split()[0] not in shown}:
            found[sight.address] = leaks
    assert found == {}, pformat(found, width=160)
    assert [line for line in log if TOKEN.search(line)] == []
    assert seen or role not in PARTIES  # who has a part in something sees what is theirs, so a leak would be seen


def test_every_confidential_text_has_a_canary(whole_scene):
    planted = {home.name for home, _people in whole_scene.texts.values()}
    wanted = {
        f"{label}.{name}"
        for label, groups in CONFIDENTIAL.items()
        for each in groups for name in each.texts.split()
    }  # fmt: skip
    assert wanted - planted == set()


def test_letters_and_notifications_hold_titles_alone(whole_scene):
    """Mail is read on its way: no confidential text, whoever gets it."""
    letters = [(row.user_id, row.subject + row.body) for row in Letter.objects.all()]
    told = [(row.user_id, " ".join([row.text_zh, row.text_en, row.about_zh, row.about_en, row.path]))
            for row in Notification.objects.all()]  # fmt: skip
    assert letters
    for user_id, text in (*letters, *told):
        for made in TOKEN.findall(text):
            home, people = whole_scene.texts[made.lower()]
            assert home.name in MAY_BE_NAMED
            assert user_id in people


def test_no_log_of_what_happened_holds_a_canary(whole_scene):
    assert [line for line in whole_scene.log if TOKEN.search(line)] == []


def test_copies_carry_the_canary_and_the_journal_none(whole_scene):
    """They are planted before a row is written, so copies are found too; entries name rows by their ids alone."""
    assert any(TOKEN.search(row.about_zh) for row in Notification.objects.all())
    entries = [row.subject_label + row.reason for row in Entry.objects.all()]
    assert entries
    assert [text for text in entries if TOKEN.search(text)] == []
