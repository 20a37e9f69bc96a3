"""The ledger on real PostgreSQL: what the database refuses, and sixteen hands that record the same transfer."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from marketplace.contracts.models import Fact
from marketplace.core import acts
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Account, Journal, LedgerLine, Payment
from marketplace.settlement.services import billing, ledger
from tests import factories
from tests.contracts.living import ENTRY, make_licence
from tests.services.racing import HOLD, race, unlocked, winners

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
CLIENTS = 16


@pytest.fixture
def licence(postgres):
    return make_licence(lambda _day: None, ENTRY, signed_on=timezone.localdate())


@pytest.fixture
def journal(licence):
    return Journal.objects.get()


def run(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def line_of(journal, amount, account="account_id"):
    """SQL for one more line like those that are there."""
    return (
        f"INSERT INTO settlement_ledgerline (journal_id, account_id, amount) "
        f"SELECT journal_id, {account}, {amount} FROM settlement_ledgerline WHERE journal_id = {journal.pk} LIMIT 1"
    )


def journal_like(journal, cause, count):
    """SQL for another booking with so many lines announced; the lines come with it or not."""
    names = "book_id, kind, contract_id, recorded_by_id, reverses_id, version, created_at, changed_at"
    return (
        f'INSERT INTO settlement_journal (public_id, cause, "on", line_count, {names}) '
        f"SELECT '{cause:0>16}', '{cause}', \"on\", {count}, {names} FROM settlement_journal WHERE id = {journal.pk}"
    )


def lines_for(cause, *amounts):
    """SQL for lines of the booking of that cause, on accounts of its book one after the other."""
    rows = " UNION ALL ".join(f"SELECT {place}, {amount}" for place, amount in enumerate(amounts))
    return (
        f"INSERT INTO settlement_ledgerline (journal_id, account_id, amount) "
        f"SELECT j.id, a.id, v.amount FROM settlement_journal j, ({rows}) AS v(place, amount) "
        f"JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM settlement_account) a USING (place) "
        f"WHERE j.cause = '{cause}'"
    )


# What the database refuses


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE settlement_journal SET cause = 'x'",
        "UPDATE settlement_ledgerline SET amount = amount * 2",
        "UPDATE settlement_ledgerline SET amount = amount",
        "DELETE FROM settlement_ledgerline",
        "DELETE FROM settlement_journal",
    ],
)
def test_what_is_booked_is_neither_changed_nor_deleted(journal, sql):
    with pytest.raises(IntegrityError, match="never edited"):
        run(sql)


@pytest.mark.parametrize("table", ["settlement_ledgerline", "settlement_journal"])
def test_the_ledger_is_not_emptied(journal, table):
    with pytest.raises(IntegrityError, match="never edited"):
        run("SET LOCAL marketplace.may_truncate = 'off'", f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "amounts", [(), ("1.00",), ("1.00", "-0.99"), ("1.00", "1.00")], ids=["none", "one", "a fen short", "twice"]
)
def test_a_booking_that_does_not_balance_is_refused_at_commit(journal, amounts):
    rows = [lines_for("x", *amounts)] if amounts else []
    with pytest.raises(IntegrityError, match="does not balance"):
        run(journal_like(journal, "x", 2), *rows)
    assert not Journal.objects.filter(cause="x").exists()


def test_a_booking_that_balances_is_taken(journal):
    run(journal_like(journal, "x", 2), lines_for("x", "1.00", "-1.00"))
    assert Journal.objects.get(cause="x").lines.count() == 2


def test_a_balanced_pair_added_to_an_old_booking_is_refused(journal):
    with pytest.raises(IntegrityError, match="does not balance"):
        run(line_of(journal, "5.00"), line_of(journal, "-5.00"))


def test_a_line_in_the_books_of_somebody_else_is_refused(journal):
    stranger = factories.make_organisation()
    ids = [Account.objects.create(book=stranger, kind=kind).pk for kind in ("BANK", "INCOME")]
    lines = [
        f"INSERT INTO settlement_ledgerline (journal_id, account_id, amount) "
        f"SELECT id, {account}, {amount} FROM settlement_journal WHERE cause = 'x'"
        for account, amount in zip(ids, ("1.00", "-1.00"), strict=True)
    ]
    with pytest.raises(IntegrityError, match="lines in other books"):
        run(journal_like(journal, "x", 2), *lines)


def test_two_currencies_in_one_booking_are_refused(journal):
    other = Account.objects.create(book=journal.book, kind="BANK", currency="USD")
    with pytest.raises(IntegrityError, match="2 currencies"):
        run(
            journal_like(journal, "x", 2),
            "INSERT INTO settlement_ledgerline (journal_id, account_id, amount) "
            f"SELECT id, {other.pk}, 1 FROM settlement_journal WHERE cause = 'x'",
            lines_for("x", "-1.00"),
        )


# With a guard off, the attack succeeds: it is the guard that refuses


@contextmanager
def without_trigger(table: str, name: str) -> Iterator[None]:
    run(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        yield
    finally:
        run(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def test_without_its_trigger_a_line_could_be_edited(journal):
    with without_trigger("settlement_ledgerline", "line_is_never_edited"):
        run("UPDATE settlement_ledgerline SET amount = amount * 2")
    assert LedgerLine.objects.filter(amount=100_000).exists()
    assert differences() != []


def test_without_their_triggers_a_booking_need_not_balance(journal):
    with (
        without_trigger("settlement_journal", "journal_is_balanced"),
        without_trigger("settlement_ledgerline", "line_is_balanced"),
    ):
        run(journal_like(journal, "x", 2), lines_for("x", "1.00", "1.00"))
    assert [each.cause for each in ledger.broken_bookings()] == ["x"]


# Many hands


@pytest.fixture(params=[True, False], ids=["locked", "lock off"])
def locked(request, postgres, monkeypatch):
    """Both with the lock of the contract and without it; then only the unique rows of the database are left."""
    if not request.param:
        for module in ("marketplace.settlement.services.payments", "marketplace.settlement.services.billing"):
            monkeypatch.setattr(f"{module}.lock", unlocked)
        monkeypatch.setattr(acts, "lock", unlocked)
    return request.param


def pay(licence, reference="T1", amount="100.00"):
    today = timezone.localdate()
    return services.record(licence.contract, amount, on=today, reference=reference, by=licence.seller)


def test_sixteen_hands_record_the_same_transfer_and_it_is_one_payment(licence, locked):
    results = race(*(lambda: pay(licence) for _ in range(CLIENTS)))
    assert Payment.objects.count() == Fact.objects.filter(kind="PAID").count() == 1
    assert Journal.objects.filter(kind="RECEIVED").count() == 1
    if locked:
        assert {each.pk for each in results} == {Payment.objects.get().pk}
    else:
        assert winners(results) < CLIENTS  # the lock off: the unique rows refuse the others
    services.bill_all(timezone.localdate())
    assert differences() == []


def test_sixteen_transfers_in_one_moment_are_all_allocated(licence):
    results = race(*(lambda n=n: pay(licence, f"T{n}", f"{n + 1}.00") for n in range(CLIENTS)))
    assert winners(results) == CLIENTS, results
    assert differences() == []


def test_two_rounds_of_billing_take_a_payment_up_once(licence, monkeypatch, meets):
    """Without the lock both read that it is new; the unique row of the database then refuses the second."""
    content = {"amount": "100.00", "reference": "T1"}
    Fact.objects.create(contract=licence.row, key="paid-1", kind="PAID", on=timezone.localdate(), content=content)
    results = race(*(lambda: services.bill(licence.contract, by=SYSTEM) for _ in range(2)))
    assert (winners(results) == 2) is meets, results
    assert Payment.objects.count() == Journal.objects.filter(kind="RECEIVED").count() == 1
    assert differences() == []


@pytest.fixture(params=[True, False], ids=["locked", "lock off"])
def meets(request, licence, monkeypatch):
    """Who reads a contract to bill it waits for the other one to have read it too; a lock keeps that one from it."""
    both, lock = Barrier(2), billing.lock

    def read(row):
        fresh = lock(row) if request.param else unlocked(row)
        with suppress(BrokenBarrierError):
            both.wait(HOLD)
        return fresh

    monkeypatch.setattr(billing, "lock", read)
    return request.param


def test_a_payment_is_reversed_by_one_hand_of_sixteen(licence):
    payment = pay(licence)
    results = race(*(lambda: services.reverse_payment(payment, "退汇", by=licence.seller) for _ in range(CLIENTS)))
    assert winners(results) == 1
    assert sum(isinstance(each, Conflict) for each in results) == CLIENTS - 1
    assert Journal.objects.filter(kind="REVERSAL").count() == 1
    assert differences() == []


def test_a_night_of_billing_in_sixteen_processes_bills_once(licence):
    before = Journal.objects.count()
    race(*(lambda: services.bill_all(timezone.localdate()) for _ in range(CLIENTS)))
    assert Journal.objects.count() == before
    assert differences() == []
