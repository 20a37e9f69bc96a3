"""A stake of the demonstration: registered, held by two and the university, one of them earning the part over years."""

import pytest
from django.utils import timezone

from marketplace.demo import rewards, shares
from marketplace.demo.contracts import Contracts
from marketplace.demo.world import build
from marketplace.settlement import equity, services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Allotment, Stake

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_a_stake_is_registered_and_held_and_the_second_time_changes_nothing(settings):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = build()
    Contracts(world.organisations, world.people).make()
    rewards.make(world.organisations, world.people)
    for _time in range(2):
        shares.make(world.organisations, world.people)
        stake, row = Stake.objects.get(), Allotment.objects.get()
        assert (stake.state, row.state, services.what_blocks_shares(row)) == ("registered", "approved", [])
        held = equity.held(row, timezone.localdate())
        assert [each.units for each in held] == [1_000_000, 500_000, 1_500_000]
        assert [each.waiting > 0 for each in held] == [True, False, False]
        assert differences() == []
