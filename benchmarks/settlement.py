"""What it costs to bill, to pay and to share out, beside merely inserting the rows that this leaves.

Contracts with an entry fee and royalties of many quarters that are reported and not paid: about twenty obligations
each. They are billed, then each is paid in one transfer for all that is owed, and each receipt is shared among three
inventors: proposed, approved by a second person, sent to the bank in batches and marked as paid. The bare inserts write
the rows that all this left into the same tables, a thousand a statement. Works on an SQLite file of its own that is
thrown away, or on the empty database that DATABASE_URL names; on PostgreSQL as a superuser, since the ledger lets
nobody else delete.

    python -m benchmarks.settlement [--obligations 10000]
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.contracts_as_of import Portfolio
from benchmarks.machine import machine, seconds, told
from benchmarks.publish_cost import owner

QUARTERS = 20
BATCH = 1000
OF_A_BATCH = 500


class Unpaid(Portfolio):
    """The same contracts of a private owner, who has no notice to wait for, with nothing paid and a signed plan."""

    def common(self) -> dict[str, Any]:
        found = super().common()
        self.sharers = Sharers(owner("丙", "FIRM", "93"))
        return found | {"seller": self.sharers.book}

    def facts(self, row: Any) -> Iterator[Any]:
        yield from (fact for fact in super().facts(row) if fact.kind != "PAID")

    def make(self) -> None:
        super().make()
        self.sharers.plan()


class Sharers:
    """An owner with three inventors, an officer and a second person who approves."""

    def __init__(self, book: Any) -> None:
        from marketplace.settlement import services

        self.book = book
        self.officer, self.approver, *users = (self.member(place) for place in range(5))
        self.payees = []
        for user in users:
            row = services.keep_payee(book, {"name": user.name, "user": user}, by=self.officer)
            account = {"holder": user.name, "bank": "某银行某支行", "account_number": f"62220000{row.pk:08d}"}
            self.payees.append(services.keep_account(row, **account, by=user))

    def member(self, place: int) -> Any:
        from marketplace.parties.models import Membership, User

        user = User.objects.create(email=f"person{place}@example.org", name=f"某人{place}")
        Membership.objects.create(user=user, organisation=self.book, role="admin" if place < 2 else "inventor")
        return user

    def plan(self) -> None:
        """A plan for each contract, as if all had signed it."""
        from django.utils import timezone

        from marketplace.contracts.models import Contract
        from marketplace.settlement.models import PlanLine, SharingPlan

        now, mark = timezone.now(), "0" * 64
        plans = SharingPlan.objects.bulk_create(
            SharingPlan(book=self.book, contract=contract, number=1, sha256=mark, state="signed", signed_on=now.date())
            for contract in Contract.objects.order_by("pk")
        )
        shares = {"numerator": 1, "denominator": 3, "role": "INVENTOR", "is_main": True}
        PlanLine.objects.bulk_create(
            [
                PlanLine(
                    plan=plan,
                    payee=payee,
                    name=payee.name,
                    signed_at=now,
                    signed_sha256=mark,
                    signed_by=payee.user,
                    **shares,
                )
                for plan in plans
                for payee in self.payees
            ],
            batch_size=BATCH,
        )


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


def share(sharers: Sharers) -> int:
    """Each receipt shared by its plan and paid out, so many in a batch for the bank."""
    from django.utils import timezone

    from marketplace.settlement import services
    from marketplace.settlement.models import Payment

    today, payments = timezone.localdate(), list(Payment.objects.order_by("pk"))
    for start in range(0, len(payments), OF_A_BATCH):
        told(f"sharing {start:,} of {len(payments):,}")
        for payment in payments[start : start + OF_A_BATCH]:
            services.approve(services.propose(payment, by=sharers.officer), by=sharers.approver)
        payout = services.make_payout(sharers.book, by=sharers.officer)
        services.take_file(payout, by=sharers.officer)
        services.mark_paid(payout, on=today, reference=f"B{start}", by=sharers.officer)
    return len(payments)


def last_rows() -> dict[Any, int]:
    """The last row of every table; rows after it are written by what is measured."""
    from django.apps import apps
    from django.db.models import AutoField, Max

    models = [each for each in apps.get_models(include_auto_created=True) if isinstance(each._meta.pk, AutoField)]
    return {model: model._base_manager.aggregate(last=Max("pk", default=0))["last"] for model in models}


def written(before: dict[Any, int]) -> dict[Any, list[Any]]:
    """Every row that was written since, by model."""
    found = {model: list(model._base_manager.filter(pk__gt=last).order_by("pk")) for model, last in before.items()}
    return {model: rows for model, rows in found.items() if rows}


class Inserting:
    """The same rows into the same tables, from which they were taken before. Undone at its end."""

    def __init__(self, found: dict[Any, list[Any]], before: dict[Any, int]) -> None:
        self.found, self.before = found, before

    def run(self) -> float:
        from django.db import transaction

        with transaction.atomic():
            empty({model: self.before[model] for model in self.found})
            took = seconds(self.insert)
            transaction.set_rollback(True)
        return took

    def insert(self) -> None:
        for model, rows in self.found.items():
            model._base_manager.bulk_create(rows, batch_size=BATCH)


def empty(models: dict[Any, int]) -> None:
    """PostgreSQL keeps the ledger and the journal from being deleted, so their triggers rest meanwhile."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model, last in models.items():
            meta = model._meta
            name, pk = (connection.ops.quote_name(each) for each in (meta.db_table, meta.pk.column))
            cursor.execute(f"DELETE FROM {name} WHERE {pk} > %s", [last])
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from marketplace.settlement.models import Obligation, Payment
    from marketplace.settlement.services.ledger import broken_bookings, trial_balance

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=StringIO())
    portfolio = Unpaid(options)
    portfolio.make()
    before = last_rows()
    told("billing")
    billed = seconds(bill)
    obligations = Obligation.objects.count()
    told("")
    say(f"{obligations:,} obligations of {options.contracts:,} contracts")
    say(f"Billed: {obligations / billed:,.0f} obligations a second")
    told("paying")
    paid = seconds(pay)
    payments = Payment.objects.count()
    told("")
    say(f"Paid: {payments / paid:,.0f} payments a second, {obligations / paid:,.0f} obligations")
    shared, whole = seconds(lambda: share(portfolio.sharers)), billed + paid
    told("")
    say(f"Billed and paid: {obligations / whole:,.0f} obligations a second")
    say(f"Shared and paid out: {payments / shared:,.0f} receipts a second, {obligations / shared:,.0f} obligations")
    whole += shared
    say(f"Billed, paid and shared: {obligations / whole:,.0f} obligations a second")
    assert sum(trial_balance(portfolio.sharers.book).values()) == 0, "the books do not add up"
    assert not list(broken_bookings()), "a booking does not add up"
    told("inserting")
    found = written(before)
    rows, bare = sum(len(each) for each in found.values()), Inserting(found, before).run()
    told("")
    say(f"The same {rows:,} rows inserted: {obligations / bare:,.0f} obligations a second; {whole / bare:.1f} times")


def say(line: str) -> None:
    """At once: a long run that is broken off has said what it measured."""
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--obligations", type=int, default=10_000)
    options = parser.parse_args()
    options.quarters = QUARTERS
    options.contracts = max(options.obligations // (QUARTERS + 1), 1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'settlement.sqlite3'}")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "", "LOG_LEVEL": "CRITICAL"}
        os.environ["EMAIL_URL"] = "dummymail://"  # letters are rows here; no server is asked
        import django

        django.setup()
        print(f"{options.obligations:,} obligations on {os.environ['DATABASE_URL'].partition(':')[0]}")
        print(machine())
        measure(options)


if __name__ == "__main__":
    main()
