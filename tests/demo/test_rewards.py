"""Rewards of the demonstration: one paid, one shown in public, more that wait; the books agree."""

import pytest

from marketplace.demo import rewards
from marketplace.demo.contracts import Contracts
from marketplace.demo.world import build
from marketplace.settlement import rewards_due
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Distribution, Payout, SharingPlan

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_a_plan_is_signed_one_receipt_is_paid_one_is_shown_and_the_second_time_changes_nothing(settings):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = build()
    Contracts(world.organisations, world.people).make()
    for _time in range(2):
        rewards.make(world.organisations, world.people)
        assert SharingPlan.objects.get().state == "signed"
        assert sorted(Distribution.objects.values_list("state", flat=True)) == ["paid", "proposed"]
        assert Payout.objects.get().state == "paid"
        assert Distribution.objects.get(state="proposed").notice.state == "open"
        assert rewards_due.not_shared().exists()
        assert differences() == []
