"""What it costs to bring contracts up to date, beside merely loading the rows that this needs.

Every contract has an entry fee and a quarterly royalty that has been reported and paid for years: about twenty
obligations. Works on an SQLite file of its own that is thrown away, or on the empty database that DATABASE_URL names.

    python -m benchmarks.contracts_as_of [--contracts 10000] [--quarters 20] [--rounds 3]
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import machine, seconds, told
from benchmarks.made_up import listings as made_up
from benchmarks.publish_cost import SUPPLY, owner, values

TODAY = date(2026, 7, 1)
BATCH = 500


def quarters(count: int) -> list[tuple[date, date]]:
    """The last so many whole quarters before TODAY, earliest first."""
    found, end = [], TODAY - timedelta(days=1)
    for _ in range(count):
        first = date(end.year, end.month - 2, 1)
        found.append((first, end))
        end = first - timedelta(days=1)
    return found[::-1]


class Portfolio:
    """So many signed contracts between two organisations. Made once Django is set up."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.periods = quarters(options.quarters)

    def make(self) -> None:
        from marketplace.contracts.models import Contract, Fact

        common = self.common()
        for numbers in batches(range(self.options.contracts)):
            told(f"contract {numbers[0]:,} of {self.options.contracts:,}")
            rows = Contract.objects.bulk_create([self.contract(number, common) for number in numbers])
            sheets = self.sheets(rows)
            for row, sheet in zip(rows, sheets, strict=True):
                row.sheet = sheet
            Contract.objects.bulk_update(rows, ["sheet"])
            Fact.objects.bulk_create([fact for row in rows for fact in self.facts(row)])
        told("")

    def common(self) -> dict[str, Any]:
        from marketplace.core.access import SYSTEM
        from marketplace.documents.models import Document
        from marketplace.listings.models import Achievement
        from marketplace.listings.services import draft

        seller, buyer = owner("甲", "UNIVERSITY", "12"), owner("乙", "FIRM", "91")
        text = Document.objects.create(
            kind="EVIDENCE",
            title="合同文本",
            filename="text.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
        )
        return {
            "achievement": draft(Achievement, values(made_up(1)[0], 1) | SUPPLY, owner=seller, by=SYSTEM, offers=()),
            "seller": seller,
            "buyer": buyer,
            "document": text,
        }

    def contract(self, number: int, common: dict[str, Any]) -> Any:
        """Not signed yet: the terms are a row of their own and come after."""
        from marketplace.contracts.models import Contract

        return Contract(
            title=f"许可合同 {number}",
            licence_kind="ORDINARY",
            sublicence="FORBIDDEN",
            territory=["CN"],
            fields_of_use=["*"],
            state="ready",
            signed_on=self.periods[0][0],
            law_on=self.periods[0][0],
            law_place="110000",
            **common,
        )

    def sheets(self, rows: list[Any]) -> list[Any]:
        from marketplace.contracts.models import TermSheet
        from marketplace.contracts.rules.modes import Figures, build
        from marketplace.contracts.rules.sheet import Mode
        from marketplace.contracts.rules.writing import fingerprint, write_sheet

        made = []
        for row in rows:
            entry = Decimal(100_000 + row.pk % 997)  # no two contracts on the same terms
            sheet = build(Mode.ENTRY_ROYALTY, Figures(upfront=entry, is_upfront_creditable=True))
            content, mark = write_sheet(sheet), fingerprint(sheet)
            made.append(TermSheet(contract=row, number=1, mode=sheet.mode, content=content, fingerprint=mark))
        return TermSheet.objects.bulk_create(made)

    def facts(self, row: Any) -> Iterator[Any]:
        from marketplace.contracts.models import Fact

        def fact(key: str, kind: str, on: date, **content: Any) -> Any:
            return Fact(contract=row, key=key, kind=kind, on=on, content=content)

        yield fact("signed", "SIGNED", row.signed_on)
        yield fact("delivered", "DELIVERED", row.signed_on)
        yield fact("first", "FIRST_SALE", row.signed_on)
        for number, (first, last) in enumerate(self.periods):
            span = {"royalty": "royalty", "from": first.isoformat(), "to": last.isoformat()}
            gross = f"{800_000 + 1000 * ((row.pk + number) % 400)}.00"
            yield fact(f"sales-{number}", "SALES", last + timedelta(days=20), gross=gross, **span)
            yield fact(f"paid-{number}", "PAID", last + timedelta(days=50), amount="20000.00")


def batches(numbers: range) -> Iterator[range]:
    yield from (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))


def load() -> int:
    """The rows and nothing else."""
    from marketplace.contracts.models import Contract, Fact

    count = 0
    for rows in chunks():
        count += len(list(Fact.objects.standing().filter(contract__in=[row.pk for row in rows]).order_by()))
    return count + Contract.objects.count()


def bring_up_to_date() -> int:
    """The same rows, and what is owed under each contract today."""
    from marketplace.contracts.reading import statements_of

    return sum(len(statement.lines) for rows in chunks() for _, statement in statements_of(rows, TODAY))


def chunks() -> Iterator[list[Any]]:
    from marketplace.contracts.models import Contract

    keys = list(Contract.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield list(Contract.objects.filter(pk__in=keys[start : start + BATCH]).select_related("sheet"))


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=StringIO())
    Portfolio(options).make()
    lines = bring_up_to_date()  # also the first reading of the law and of every module
    times: dict[str, list[float]] = {"loaded": [], "updated": []}
    for turn in range(options.rounds):
        told(f"round {turn + 1} of {options.rounds}")
        times["loaded"].append(seconds(load))
        times["updated"].append(seconds(bring_up_to_date))
    told("")
    loaded, updated = (1000 * median(times[name]) / options.contracts for name in ("loaded", "updated"))
    print(f"{lines / options.contracts:.1f} obligations a contract, {2 * options.quarters + 3} facts")
    print(f"Loading the rows of a contract: {loaded:.2f} ms")
    print(f"Loading it and computing what is owed today: {updated:.2f} ms, {updated / loaded:.1f} times as long")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=10_000)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'contracts.sqlite3'}")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "", "LOG_LEVEL": "CRITICAL"}
        import django

        django.setup()
        print(f"{options.contracts:,} contracts on {os.environ['DATABASE_URL'].partition(':')[0]}")
        print(machine())
        measure(options)


if __name__ == "__main__":
    main()
