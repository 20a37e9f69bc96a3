"""Two brokers sign an exclusive mandate for the same in the same second: one has it, the other is told.

Two guards hold this: the lock on the principal, and an exclusion constraint of PostgreSQL. Each is taken away to see
that the other holds alone, and that without both the same is mandated twice.
"""

import importlib
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from marketplace.brokerage import scopes
from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Mandate, MandateScope
from marketplace.brokerage.services import mandates
from marketplace.core.errors import Conflict
from tests import factories
from tests.brokerage.mandating import make_mandate
from tests.contracts.making import decider_of
from tests.services.racing import HOLD, one_won, race, unlocked, winners

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
PAIRS = 30
MIGRATION = importlib.import_module("marketplace.brokerage.migrations.0005_mandates_exclude")


@pytest.fixture
def principal():
    return factories.make_organisation("UNIVERSITY")


@pytest.fixture
def brokers():
    return [factories.make_technology_manager() for _ in "ab"]


def rivals(principal, brokers, **values):
    """Two mandates for the same, signed by the principal, that wait for their brokers."""
    found = [make_mandate(principal, manager=broker, **{"is_exclusive": True} | values) for broker in brokers]
    return [brokerage.sign_mandate(each, by=decider_of(principal)) for each in found]


def sign_together(found):
    return race(*(lambda each=each: brokerage.sign_mandate(each, by=each.manager) for each in found))


def all_meet(monkeypatch):
    """Whoever has found the scope free waits a moment for the other one to have found it free too."""
    have_looked, look = Barrier(2), scopes.is_taken

    def look_and_wait(mandate):
        found = look(mandate)
        with suppress(BrokenBarrierError):
            have_looked.wait(HOLD)
        return found

    monkeypatch.setattr(scopes, "is_taken", look_and_wait)


@contextmanager
def without_exclusion():
    """Take the constraint out of the database, and put it back when its rows are gone."""
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.DROP)
    try:
        yield
    finally:
        MandateScope.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(MIGRATION.ADD)


def was_refused_clearly(result):
    return isinstance(result, Conflict) and result.code == "E_EXCLUSIVE_MANDATE" and bool(str(result))


def test_of_each_pair_one_holds_and_the_other_is_told(brokers):
    results = [sign_together(rivals(factories.make_organisation(), brokers)) for _ in range(PAIRS)]
    assert sum(one_won(pair) for pair in results) == PAIRS
    assert sum(was_refused_clearly(result) for pair in results for result in pair) == PAIRS
    assert Mandate.objects.filter(state="active").count() == PAIRS
    assert MandateScope.objects.filter(is_live=True).count() == PAIRS


def test_who_was_refused_has_written_nothing(principal, brokers):
    sign_together(rivals(principal, brokers))
    loser = Mandate.objects.get(state="draft")
    assert (loser.broker_signed_at, loser.scopes.count()) == (None, 0)


def test_the_lock_alone_holds(principal, brokers, monkeypatch):
    with without_exclusion():
        found = rivals(principal, brokers)
        all_meet(monkeypatch)
        assert one_won(sign_together(found))
        assert MandateScope.objects.count() == 1


def test_the_database_alone_holds(principal, brokers, monkeypatch):
    monkeypatch.setattr(mandates, "lock", unlocked)
    found = rivals(principal, brokers)
    all_meet(monkeypatch)
    results = sign_together(found)
    assert one_won(results), results
    assert sum(was_refused_clearly(result) for result in results) == 1


def test_without_lock_and_constraint_it_is_mandated_twice(principal, brokers, monkeypatch):
    """This is the accident that the guards are for: the race is real, and the test would see it."""
    monkeypatch.setattr(mandates, "lock", unlocked)
    with without_exclusion():
        found = rivals(principal, brokers)
        all_meet(monkeypatch)
        assert winners(sign_together(found)) == 2
        assert MandateScope.objects.count() == 2


@pytest.mark.parametrize("values", [{"is_exclusive": False}, {"is_exclusive": False, "territory": ["110000", "CN"]}])
def test_mandates_that_are_not_exclusive_are_signed_side_by_side(values, principal, brokers):
    assert winners(sign_together(rivals(principal, brokers, **values))) == 2
