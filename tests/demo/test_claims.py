"""The claims of the demonstration: one waits for the guarantor, one was compensated and recovered in part."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.contracts.models import Contract
from marketplace.core.models import Entry
from marketplace.demo import claims
from marketplace.demo.contracts import Contracts
from marketplace.demo.world import build
from marketplace.settlement import exposure
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Claim, Recourse, Recovery

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOLIDAYS = [date(2027, 2, 20), date(2027, 3, 31), date(2027, 5, 7), date(2027, 11, 25), date(2028, 2, 29)]
"""Days before which due days, the days of a demand or a review fall into holidays or the end of February."""


def test_two_defaults_are_claimed_on_any_day_and_the_second_time_changes_nothing(settings, go):
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world, today = build(), timezone.localdate()
    Contracts(world.organisations, world.people).make()
    for day in HOLIDAYS:
        go(day)
        point = transaction.savepoint()
        claims.make(world.organisations, world.people)
        assert sorted(Claim.objects.values_list("state", flat=True)) == ["compensated", "filed"]
        transaction.savepoint_rollback(point)
    go(today)
    for _time in range(2):
        claims.make(world.organisations, world.people)
        waiting, paid = Claim.objects.get(state="filed"), Claim.objects.get(state="compensated")
        assert (waiting.filed_on, paid.filed_on) == (today - timedelta(days=3), today - timedelta(days=215))
        assert waiting.review_by > today
        recovery = Recovery.objects.get()
        assert (recovery.amount, recovery.passed_on) == (claims.RECOVERED, today - timedelta(days=80))
        assert Recourse.objects.get().paid == claims.RECOVERED - recovery.licensor_part
        assert paid.paid == paid.amount
        assert set(Contract.objects.in_default(today)) == {waiting.contract, paid.contract}
        found = exposure.exposure_on(world.organisations["guarantor"], today)
        assert found.total == 2 * claims.COVER["cover_amount"] - paid.paid
        assert differences() == []
    assert Entry.objects.filter(at__date=waiting.filed_on, verb="settlement.file_claim").count() == 1
