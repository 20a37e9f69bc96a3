"""A contract of a public owner with its terms agreed, and how it is decided, shown and cleared."""

import pytest
from django.utils import timezone

from marketplace.contracts import services
from tests.contracts import making
from tests.rows import reread

VOTE = {
    "meeting": "校长办公会",
    "attendees": ["林校长", "周处长", "陈教授"],
    "votes_for": 3,
    "resolution": "同意按本条款许可。",
}


@pytest.fixture
def contract(university):
    """Of a public owner, its terms agreed, nothing else done."""
    return making.make_agreed_contract(seller=university)


@pytest.fixture
def officer(contract):
    return making.decider_of(contract.seller)


def decide(contract, by, **values):
    facts = {**VOTE, "held_on": timezone.localdate()} | values
    return services.record_decision(contract, **facts, by=by)


def missing(contract):
    return {gap.code for gap in services.what_is_missing(reread(contract))}


def open_and_close(contract, by):
    making.close(services.open_price_notice(contract, by=by))
