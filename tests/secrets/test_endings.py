"""What ends closes everything at once: open pages, kept addresses of files, tokens that were given."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Nda
from marketplace.core.access import SYSTEM
from marketplace.parties import services as parties
from marketplace.parties.models import TechnologyManager
from marketplace.register import services as register
from tests.api.test_tokens import make_client, token_of

from .test_canaries import MAY_BE_NAMED
from .walking import browser, look, walk

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def leave(person):
    """The role ends; where nobody else administers, the platform ends it."""
    for row in person.memberships.filter(ended_on=None):
        type(row).objects.filter(pk=row.pk).update(role="officer")
        parties.end_membership(row, by=SYSTEM)


def end_agreement(person):
    brokerage.terminate_nda(Nda.objects.get(state="in_force"), note="到此为止。", side="seeker", by=person)


def leave_register(person):
    entry = TechnologyManager.objects.get(user=person)
    register.remove(register.ask_removal(entry, "转岗。", by=person), "依本人申请。", by=SYSTEM)


ENDINGS = {
    "seeker": [leave, end_agreement],
    "guarantor": [leave],
    "agent": [leave],
    "broker": [leave_register],
    "inventor": [leave],
}


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", ENDINGS)
def test_what_ends_closes_everything_at_once(whole_scene, role, log):
    person = whole_scene.world.people[role]
    seen = list(walk(person, [each for each in whole_scene.addresses if "/do/" not in each]))
    for ending in ENDINGS[role]:
        with undone():
            ending(person)
            after = whole_scene.asked_anew(person)
        closing = [sight.address for sight in seen if after.leaks(person, sight)]
        with undone():
            page, program = browser(person), program_of(person)
            before = [look(client_for(each, page, program), each) for each in closing]
            ending(person)
            now = [look(client_for(each, page, program), each) for each in closing]
        assert closing, ending  # there was something to close
        assert [sight.address for sight in before if not after.leaks(person, sight)] == []
        assert {sight.address: left for sight in now if (left := left_of(after, person, sight))} == {}, ending


OF_REWARDS = {"contracts.Contract.title", "settlement.RewardRule.title"}
"""A reward does not end with the employment: its line names the contract and the rule that it comes from, no more."""


def left_of(after, person, sight):
    """What was told before stays told, by its title, like the letter of it; and one's own rewards stay one's own."""
    is_own = any(each in sight.address for each in ("/my-rewards/", "/stakes/", "/holds/"))
    named = MAY_BE_NAMED if "/notifications/" in sight.address else OF_REWARDS if is_own else set()
    return after.leaks(person, sight) - named


def program_of(person):
    """A program with a token that was given before."""
    token = token_of(make_client(person))
    return Client(
        headers={"authorization": f"Bearer {token}", "accept-language": "zh-hans", "x-request-id": "the-same"},
        raise_request_exception=False,
    )


def client_for(address, page, program):
    """The API is asked with the token, the pages in the session that was open."""
    return program if address.startswith("/api/") else page
