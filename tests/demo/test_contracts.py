"""The contracts of the demonstration: each interesting state once, and the same the second time."""

import pytest
from django.utils import timezone

from marketplace.contracts.models import Contract, GuarantorStanding
from marketplace.contracts.reading import statement_of
from marketplace.demo.contracts import Contracts
from marketplace.demo.world import build
from marketplace.settlement.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def contracts(settings):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = build()
    made = Contracts(world.organisations, world.people)
    made.make()
    return made


def test_the_demonstration_shows_a_contract_in_each_interesting_state_and_making_it_twice_changes_nothing(contracts):
    states = {"screening", "negotiating", "guarantee_pending", "in_trial", "paying"}
    assert set(Contract.objects.values_list("state", flat=True)) == states
    before = list(Contract.objects.values_list("pk", "version")), Payment.objects.count()
    contracts.make()
    assert (list(Contract.objects.values_list("pk", "version")), Payment.objects.count()) == before
    paying = statement_of(Contract.objects.get(state="paying"), timezone.localdate())
    assert not paying.faults
    assert any(line.interest_paid for line in paying.lines)  # one was late
    assert GuarantorStanding.objects.exists()
