"""Twin worlds: who objected, how to reach them and what they wrote changes no byte of what others read."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.core.workspace import list_url, page_url
from marketplace.notices import services
from marketplace.notices.models import Notice, Objection
from tests import factories

pytestmark = pytest.mark.django_db
WORLDS = (
    {"name": "钱某", "contact": "13900000000", "organisation": "", "text": "与我处在先专利重复。"},
    {"name": "欧阳甲乙丙", "contact": "someone@example.org", "organisation": "某某研究所", "text": "价格过低。" * 200},
)
VARYING = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|"version": ?\d+|nonce="[^"]+"|"id": ?"[a-z0-9]{16}"'
    r"|/objection/\d+/|/entry/\d+/"  # PostgreSQL takes no number back when a world is undone
)


def addresses(notice):
    yield reverse("portal:notices")
    yield reverse("portal:notice", args=[notice.public_id])
    yield "/api/v1/notices/"
    yield f"/api/v1/notices/{notice.public_id}/"
    yield "/api/v1/objections/"
    yield "/workspace/"
    yield list_url(Notice)
    yield list_url(Objection)
    yield page_url(notice)
    yield reverse("admin:notices_notice_history", args=[notice.pk])
    yield reverse("admin:core_entry_changelist")


def seen_by(reader, notice):
    client = Client(headers={"accept-language": "en", "x-request-id": "the-same"})
    if reader is not None:
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    answers = (client.get(address) for address in addresses(notice))
    return [VARYING.sub("", answer.content.decode()) for answer in answers]


def world(notice, words, objector, reader):
    """What a reader sees after this objection, in a market that is then undone."""
    with transaction.atomic():
        services.object_to(notice, **words, by=objector)
        pages = seen_by(reader, notice)
        transaction.set_rollback(True)
    return pages


@pytest.fixture
def readers(university, inventor, outsider, broker):
    """Everybody but those who decide, staff, and the objectors themselves."""
    return [None, inventor, factories.make_member(university, "reader"), outsider, broker]


def test_another_objector_changes_nothing_for_others(market_notice, readers, university, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # pages print the minute
    colleague = factories.make_member(university, "inventor", name="colleague")
    for reader in readers:
        one = world(market_notice, WORLDS[0], AnonymousUser(), reader)
        two = world(market_notice, WORLDS[1], colleague, reader)
        for first, second in zip(one, two, strict=True):
            assert first == second


def test_those_who_decide_and_staff_read_it(market_notice, university_officer, staff):
    filed = services.object_to(market_notice, **WORLDS[0], by=AnonymousUser())
    for reader in (university_officer, staff):
        client = Client()
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        text = client.get(page_url(filed)).content.decode()
        assert "13900000000" in text
        assert "在先专利" in text
