"""Two workers send at the same moment: each letter leaves once; with the row lock off the test notices."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import models
from django.utils import timezone

from marketplace.core import letters, sending
from marketplace.core.models import Letter
from tests.services.racing import HOLD, race

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


def post(number, due_at):
    return letters.post(f"race:{number}", to=f"p{number}@example.org", subject="x", body="x", due_at=due_at)


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "lock off"])
def test_two_workers_take_up_one_letter(locked, monkeypatch):
    now = timezone.now() + timedelta(minutes=1)
    post(1, now - timedelta(seconds=1))
    both_have_read = Barrier(2)

    def meet():
        with suppress(BrokenBarrierError):
            both_have_read.wait(HOLD)
        return timezone.now()

    monkeypatch.setattr(sending, "timezone", SimpleNamespace(now=meet))
    if not locked:
        monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **_options: rows)
    race(*[lambda: sending.send_due(now)] * 2)
    assert (len(mail.outbox) == 1) is locked


def test_four_workers_share_forty_letters():
    now = timezone.now() + timedelta(minutes=1)
    for number in range(40):
        post(number, now - timedelta(seconds=1))
    results = race(*[lambda: sending.send_due(now)] * 4)
    assert sum(results) == len(mail.outbox) == 40
    assert not Letter.objects.exclude(sent_at__isnull=False, attempts=1).exists()
