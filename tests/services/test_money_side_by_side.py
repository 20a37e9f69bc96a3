"""Sixteen clients at the same money on PostgreSQL: one payment, one number, no update lost.

Each race is run a second time with its guard off, and is then lost: what refuses is the guard.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, models
from django.utils import timezone

from marketplace.contracts.models import Fact
from marketplace.core import acts
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Invalid
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Invoice, Journal, Obligation, Payment
from marketplace.settlement.services import payments
from marketplace.settlement.services.invoices import invoiced
from tests.contracts.living import ENTRY, make_licence
from tests.services.racing import HOLD, race, unlocked, winners
from tests.settlement.test_invoices import PAPER, facts

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
CLIENTS = 16
FEW = 4
"""So many show that a guard is off: whoever then waits for a row does it less long than the database allows."""


@pytest.fixture
def licence(postgres):
    return make_licence(lambda _day: None, ENTRY, signed_on=timezone.localdate())


@pytest.fixture(params=[True, False], ids=["guarded", "guard off"])
def guarded(request):
    return request.param


def let_readers_meet(monkeypatch, *, locked, people=CLIENTS):
    """Whoever reads a row waits a moment for the others to have read it too, which a lock prevents."""
    all_have_read, lock = Barrier(people), acts.lock

    def read(row):
        fresh = lock(row) if locked else unlocked(row)
        with suppress(BrokenBarrierError):
            all_have_read.wait(2 * HOLD)
        return fresh

    for name, module in list(sys.modules.items()):
        if name.startswith("marketplace.") and vars(module).get("lock") is lock:
            monkeypatch.setattr(module, "lock", read)


UNIQUE = """
    SELECT rows.indexname, rows.indexdef, rule.oid IS NOT NULL
      FROM pg_indexes rows LEFT JOIN pg_constraint rule ON rule.conname = rows.indexname AND rule.contype = 'u'
     WHERE rows.tablename = %s AND rows.indexdef LIKE 'CREATE UNIQUE%%'
"""


@contextmanager
def without_unique_rows(model: type[models.Model], *columns: str) -> Iterator[None]:
    """Take the unique rules that begin with these columns out; at the end the table is emptied and they are back."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE, [table])
        found = [each for each in cursor.fetchall() if any(f"({column}" in each[1] for column in columns)]
        for name, _how, is_rule in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}" if is_rule else f"DROP INDEX {name}")
    assert found
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            for name, how, is_rule in found:
                cursor.execute(how)
                if is_rule:
                    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")


def pay(licence, number=1, amount="100.00"):
    today = timezone.localdate()
    return services.record(licence.contract, amount, on=today, reference=f"T{number}", by=licence.seller)


# No double payment


def test_one_transfer_is_one_payment(licence, monkeypatch):
    let_readers_meet(monkeypatch, locked=True)
    results = race(*(lambda: pay(licence) for _ in range(CLIENTS)))
    assert {each.pk for each in results} == {Payment.objects.get().pk}
    assert Journal.objects.filter(kind="RECEIVED").count() == 1
    assert differences() == []


def test_without_lock_and_unique_rows_one_transfer_becomes_several_payments(licence, monkeypatch):
    """Rounds of billing that run at once take up what arrived: each makes a payment of it."""
    content = {"amount": "100.00", "reference": "T1"}
    Fact.objects.create(contract=licence.row, key="paid-1", kind="PAID", on=timezone.localdate(), content=content)
    let_readers_meet(monkeypatch, locked=False, people=FEW)
    with without_unique_rows(Payment, "fact_id", "contract_id"):
        race(*(lambda: services.bill(licence.contract, by=SYSTEM) for _ in range(FEW)))
        assert Payment.objects.standing().count() > 1


# No duplicate number


def keep_invoice(licence, number, net):
    return services.record_invoice(
        licence.contract, facts(net, number, on=timezone.localdate()), paper=PAPER, by=licence.seller
    )


@pytest.fixture
def licences(licence):
    """As many contracts of one licensor as there are clients: no lock of a contract helps here."""
    seller = licence.contract.seller
    others = [
        make_licence(lambda _day: None, ENTRY, seller=seller, signed_on=timezone.localdate())
        for _ in range(CLIENTS - 1)
    ]
    return [licence, *others]


def test_sixteen_contracts_claim_one_invoice_number(licences):
    results = race(*(lambda each=each: keep_invoice(each, 1, "100") for each in licences))
    assert winners(results) == Invoice.objects.count() == 1
    assert {each.code for each in results if isinstance(each, Conflict)} == {"number_used"}


def test_without_its_unique_row_a_number_is_kept_more_than_once(licences, monkeypatch):
    let_readers_meet(monkeypatch, locked=True)
    with without_unique_rows(Invoice, "issuer_id"):
        race(*(lambda each=each: keep_invoice(each, 1, "100") for each in licences))
        assert Invoice.objects.count() > 1


# No lost update


def test_sixteen_transfers_in_one_moment_are_all_booked(licence, monkeypatch, guarded):
    """Each is an act of the contract; whoever acts on what another has changed meanwhile takes that act back."""
    hands, before = CLIENTS if guarded else FEW, licence.contract.version
    let_readers_meet(monkeypatch, locked=guarded, people=hands)
    results = race(*(lambda n=n: pay(licence, n, f"{n + 1}.00") for n in range(hands)))
    assert (licence.contract.version == before + hands) is guarded, results
    if guarded:
        assert differences() == []
        assert Obligation.objects.get().paid == sum(range(1, CLIENTS + 1))


def test_sixteen_invoices_in_one_moment_are_for_no_more_than_is_owed(licence, monkeypatch, guarded):
    """Each is for a quarter of what is owed: four fit."""
    hands = CLIENTS if guarded else 2 * FEW
    let_readers_meet(monkeypatch, locked=guarded, people=hands)
    results = race(*(lambda n=n: keep_invoice(licence, n + 1, "11792.45") for n in range(hands)))
    owed = Obligation.objects.get().amount
    assert (invoiced(licence.contract)["upfront"] <= owed) is guarded, results
    if guarded:
        assert (winners(results), sum(isinstance(each, Invalid) for each in results)) == (4, CLIENTS - 4)


def test_one_claim_is_written_off_by_one_hand(licence, monkeypatch, guarded):
    hands = CLIENTS if guarded else FEW
    let_readers_meet(monkeypatch, locked=guarded, people=hands)
    if not guarded:  # it writes a row too, at which the others would wait
        monkeypatch.setattr(payments, "bill", lambda *_given, **_named: None)
    row = Obligation.objects.get()
    results = race(*(lambda: services.write_off(row, "办公会决定", by=licence.seller) for _ in range(hands)))
    assert (winners(results) == 1) is guarded, results
    assert Journal.objects.filter(kind="WRITTEN_OFF").count() == 1  # one booking per cause, in any case
