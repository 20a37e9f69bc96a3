"""A published achievement of the university, a published demand of the firm, and what may follow from them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.discovery.models import Match
from tests import factories


@pytest.fixture
def achievement(university):
    return factories.make_published_achievement(university)


@pytest.fixture
def demand(firm):
    return factories.make_published_demand(firm)


@pytest.fixture
def match(achievement, demand):
    return Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)


@pytest.fixture
def lead(achievement, firm, sme):
    return services.express_interest(
        achievement,
        sender=firm,
        pitch="我们是一家机电企业。",
        why_fit="支架需要耐磨涂层。",
        question="能否试样?",
        by=sme,
    )


@pytest.fixture
def deal(match, broker):
    return services.open_deal(match, note="双方都在等。", by=broker)


@pytest.fixture
def joined(deal, university_officer, sme):
    """Both sides want to talk."""
    return services.join(services.join(deal, by=university_officer), by=sme)


@pytest.fixture
def nda(joined, broker):
    """An agreement of the deal that nobody has signed."""
    return services.draft_nda(joined, ends_on=timezone.localdate() + timedelta(days=90), by=broker)


@pytest.fixture
def in_force(nda, university_officer, sme):
    """The agreement, signed by both sides."""
    return sign(nda, university_officer, sme)


def sign(nda, *people):
    for person in people:
        nda = services.sign_nda(nda, sha256=nda.document.sha256, by=person)
    return nda
