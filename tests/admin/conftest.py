"""A small market in which every role of the workspace has something to see and to do."""

from types import SimpleNamespace

import pytest
from django.test import Client

from marketplace.brokerage import services as brokerage
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.documents import services as documents
from marketplace.listings import services as listings
from tests import factories

ROLES = ("staff", "university_officer", "inventor", "reader", "sme", "broker", "outsider")


@pytest.fixture
def reader(university):
    return factories.make_member(university, "reader", name="reader")


@pytest.fixture
def people(staff, university_officer, inventor, reader, sme, broker, outsider):
    return dict(zip(ROLES, (staff, university_officer, inventor, reader, sme, broker, outsider), strict=True))


@pytest.fixture
def enter():
    """Log a person in: `enter(staff)` is a browser of theirs, in English unless told."""

    def make(user, language="en"):
        client = Client(headers={"accept-language": language})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def market(university, firm, university_officer, sme, broker, staff):
    """One listing in each state that matters, a match, a lead and a deal."""
    supply = factories.make_published_achievement(university)
    need = factories.make_published_demand(firm)
    discovery.sweep()
    match = Match.objects.get(achievement=supply, demand=need)
    waiting = listings.submit(factories.make_achievement(university), by=university_officer)
    lead = brokerage.express_interest(supply, sender=firm, pitch="We coat.", why_fit="It fits.", by=sme)
    other = factories.make_published_demand(firm, title_zh="铝合金外壳陶瓷涂层")
    discovery.sweep()
    deal = brokerage.open_deal(Match.objects.get(achievement=supply, demand=other), by=broker)
    return SimpleNamespace(
        supply=supply, need=need, match=match, waiting=waiting, lead=lead, deal=deal,
        document=documents.keep_document(b"%PDF-1.7", filename="a", title="报告", readers=[university], by=staff),
        draft=factories.make_achievement(university), right=make_right(university, university_officer),
    )  # fmt: skip


def make_right(owner, by):
    return listings.add_right({"kind": "01", "title_zh": "涂层配方"}, owner=owner, by=by)
