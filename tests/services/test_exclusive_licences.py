"""Two firms sign the exclusive licence of one achievement in the same second: one has it, the other is told.

Two guards hold this: the lock on what is licensed, and an exclusion constraint of PostgreSQL. Each is taken away to
see that the other holds alone, and that without both the achievement is licensed twice.
"""

import importlib
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from marketplace.contracts import exclusivity
from marketplace.contracts.models import Contract, LicenceScope
from marketplace.contracts.services import signing
from marketplace.core.errors import Conflict
from tests import factories
from tests.contracts import making
from tests.services.racing import HOLD, one_won, race, unlocked, winners

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
PAIRS = 100
MIGRATION = importlib.import_module("marketplace.contracts.migrations.0003_licences_exclude")


@pytest.fixture
def sides():
    """An owner, and two firms that want the same."""
    return factories.make_organisation("FIRM"), [making.make_small_firm() for _ in "ab"]


def rivals(seller, firms, **values):
    """Two contracts of one achievement, signed by the owner, that wait for their firms."""
    achievement = factories.make_achievement(seller)
    facts = {"seller": seller, "achievement": achievement, "licence_kind": "EXCLUSIVE"} | values
    contracts = [making.make_ready_contract(buyer=firm, **facts) for firm in firms]
    return [making.sign_as(contract, "SELLER") for contract in contracts]


def sign_together(contracts):
    return race(*(lambda contract=contract: making.sign_as(contract, "BUYER") for contract in contracts))


def all_meet(monkeypatch):
    """Whoever has found the licence free waits a moment for the other one to have found it free too."""
    have_looked, look = Barrier(2), exclusivity.is_taken

    def look_and_wait(*facts):
        found = look(*facts)
        with suppress(BrokenBarrierError):
            have_looked.wait(HOLD)
        return found

    monkeypatch.setattr(exclusivity, "is_taken", look_and_wait)


@contextmanager
def without_exclusion():
    """Take the constraint out of the database, and put it back when its rows are gone."""
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.DROP)
    try:
        yield
    finally:
        LicenceScope.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(MIGRATION.ADD)


def was_refused_clearly(result):
    return isinstance(result, Conflict) and result.code == "exclusive_conflict" and bool(str(result))


def test_of_each_pair_one_signs_and_the_other_is_told(sides):
    seller, firms = sides
    results = [sign_together(rivals(seller, firms)) for _ in range(PAIRS)]
    assert sum(one_won(pair) for pair in results) == PAIRS
    assert sum(was_refused_clearly(result) for pair in results for result in pair) == PAIRS
    assert Contract.objects.filter(state="signed").count() == PAIRS
    assert LicenceScope.objects.filter(is_live=True).count() == PAIRS


def test_who_was_refused_has_written_nothing(sides):
    contracts = rivals(*sides)
    sign_together(contracts)
    loser = Contract.objects.get(state="ready")
    assert (loser.signed_on, loser.signatures.count(), loser.facts.count(), loser.scopes.count()) == (None, 1, 0, 0)


def test_the_lock_alone_holds(sides, monkeypatch):
    with without_exclusion():
        contracts = rivals(*sides)
        all_meet(monkeypatch)
        assert one_won(sign_together(contracts))
        assert LicenceScope.objects.count() == 1


def test_the_database_alone_holds(sides, monkeypatch):
    monkeypatch.setattr(signing, "lock", unlocked)
    contracts = rivals(*sides)
    all_meet(monkeypatch)
    results = sign_together(contracts)
    assert one_won(results), results
    assert sum(was_refused_clearly(result) for result in results) == 1


def test_without_lock_and_constraint_it_is_licensed_twice(sides, monkeypatch):
    """This is the accident that the guards are for: the race is real, and the test would see it."""
    monkeypatch.setattr(signing, "lock", unlocked)
    with without_exclusion():
        contracts = rivals(*sides)
        all_meet(monkeypatch)
        assert winners(sign_together(contracts)) == 2
        assert LicenceScope.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [{"licence_kind": "ORDINARY"}, {"licence_kind": "ORDINARY", "territory": ["110000", "CN"]}],
)
def test_ordinary_licences_are_signed_side_by_side(values, sides):
    assert winners(sign_together(rivals(*sides, **values))) == 2


def test_achievements_that_share_their_rights_do_not_block_each_other(sides):
    """Subjects are locked in one order, whichever achievement a contract comes from."""
    seller, firms = sides
    contracts = [contract for _ in range(5) for contract in rivals(seller, firms, licence_kind="ORDINARY")]
    rights = [making.make_right(seller) for _ in range(3)]
    for contract in contracts:
        contract.achievement.rights.set(rights)
    assert winners(sign_together(contracts)) == len(contracts)
