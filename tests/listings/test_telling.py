"""Owners are told that a listing came back and that its year ends: once, and only who decides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core import notifying
from marketplace.core.models import Letter, Notification
from marketplace.listings import services
from marketplace.listings.tasks import warn_owners
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_returned_listing_is_told_each_time_it_comes_back(university, university_officer, inventor, staff):
    row = factories.make_achievement(university)
    for _ in range(2):
        row = services.submit(row, by=university_officer)
        row = services.return_for_correction(row, "NO_FIGURES", "补充数据。", by=staff)
    assert notifying.unread_count(university_officer) == 2
    assert notifying.unread_count(inventor) == 0
    assert "补充数据" not in "".join(Letter.objects.values_list("body", flat=True))


def test_a_listing_in_its_last_fortnight_is_told_once(university, university_officer, time_machine):
    row = factories.make_published_achievement(university).achievement
    assert warn_owners() == 0
    time_machine.move_to(timezone.now() + timedelta(days=352))
    assert warn_owners() == 1
    time_machine.move_to(timezone.now() + timedelta(days=1))
    warn_owners()
    assert Notification.objects.filter(kind="listing_expiring").count() == 1
    assert str(row.expires_on) in Notification.objects.get(kind="listing_expiring").text
