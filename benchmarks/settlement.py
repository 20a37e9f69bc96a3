"""What it costs to bill and to pay, beside merely inserting the rows that this leaves.

Contracts with an entry fee and royalties of many quarters that are reported and not paid: about twenty obligations
each. They are billed, then each is paid in one transfer for all that is owed. The bare inserts write the same rows
(obligations, payments, allocations, bookings and their lines, journal entries) into the same tables, a thousand a
statement. Works on an SQLite file of its own that is thrown away, or on the empty database that DATABASE_URL names.

    python -m benchmarks.settlement [--obligations 10000]
"""

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.contracts_as_of import Portfolio
from benchmarks.machine import machine, seconds, told

QUARTERS = 20
BATCH = 1000


class Unpaid(Portfolio):
    """The same contracts, with nothing paid under them."""

    def facts(self, row: Any) -> Iterator[Any]:
        yield from (fact for fact in super().facts(row) if fact.kind != "PAID")


def bill() -> int:
    """Obligations and bookings of every contract, each in a transaction of its own."""
    from django.utils import timezone

    from marketplace.settlement.services import bill_all

    return bill_all(timezone.localdate())


def pay() -> int:
    """One transfer for all that is owed under each contract."""
    from django.db.models import F, Sum
    from django.utils import timezone

    from marketplace.contracts.models import Contract
    from marketplace.core.access import SYSTEM
    from marketplace.settlement.services import record

    left = F("obligations__amount") + F("obligations__interest") - F("obligations__paid")
    owed = Contract.objects.filter(obligations__amount__gt=0).order_by("pk").annotate(owed=Sum(left))
    for number, contract in enumerate(owed.iterator()):
        record(contract, f"{contract.owed:.2f}", on=timezone.localdate(), reference=f"T{number}", by=SYSTEM)
    return number + 1


def written() -> dict[Any, list[Any]]:
    """Every row that billing and paying left, by model, in an order in which they can be inserted."""
    from marketplace.contracts.models import Fact
    from marketplace.core.models import Entry
    from marketplace.settlement.models import Account, Allocation, Billing, Journal, LedgerLine, Obligation, Payment

    models = (Account, Billing, Obligation, Fact, Payment, Journal, LedgerLine, Allocation, Entry)
    return {model: list(rows_of(model)) for model in models}


def rows_of(model: Any) -> Iterable[Any]:
    rows = model._default_manager.order_by("pk")
    return rows.filter(kind="PAID") if model.__name__ == "Fact" else rows


class Inserting:
    """The same rows into the same tables, emptied before. Undone at its end."""

    def __init__(self, found: dict[Any, list[Any]]) -> None:
        self.found = found

    def run(self) -> float:
        from django.db import transaction

        with transaction.atomic():
            empty(reversed(list(self.found)))
            took = seconds(self.insert)
            transaction.set_rollback(True)
        return took

    def insert(self) -> None:
        for model, rows in self.found.items():
            model._default_manager.bulk_create(rows, batch_size=BATCH)


def empty(models: Iterable[Any]) -> None:
    """PostgreSQL keeps the ledger and the journal from being deleted, so their triggers rest meanwhile."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in models:
            where = " WHERE kind = 'PAID'" if model.__name__ == "Fact" else ""
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}{where}")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from marketplace.settlement.models import Obligation, Payment

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=StringIO())
    Unpaid(options).make()
    told("billing")
    billed = seconds(bill)
    told("paying")
    paid = seconds(pay)
    told("inserting")
    found = written()
    bare = Inserting(found).run()
    told("")
    obligations, payments = Obligation.objects.count(), Payment.objects.count()
    rows = sum(len(each) for each in found.values())
    print(
        f"{obligations:,} obligations of {options.contracts:,} contracts, {payments:,} payments, {rows:,} rows written"
    )
    print(f"Billed: {obligations / billed:,.0f} obligations a second")
    print(f"Paid: {payments / paid:,.0f} payments a second, {obligations / paid:,.0f} obligations")
    print(f"Billed and paid: {obligations / (billed + paid):,.0f} obligations a second")
    print(f"The same rows inserted: {obligations / bare:,.0f} obligations a second; {(billed + paid) / bare:.1f} times")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--obligations", type=int, default=10_000)
    options = parser.parse_args()
    options.quarters = QUARTERS
    options.contracts = max(options.obligations // (QUARTERS + 1), 1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'settlement.sqlite3'}")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "", "LOG_LEVEL": "CRITICAL"}
        import django

        django.setup()
        print(f"{options.obligations:,} obligations on {os.environ['DATABASE_URL'].partition(':')[0]}")
        print(machine())
        measure(options)


if __name__ == "__main__":
    main()
