"""What it costs to seal the journal and to verify it, beside merely inserting the same entries.

Rounds are interleaved: insert so many entries as many acts write them at once, seal them, verify the whole journal.
Works on an SQLite file of its own that is thrown away, or on the empty database that DATABASE_URL names.

    python -m benchmarks.sealing [--entries 20000] [--rounds 5]
"""

import argparse
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import machine, seconds, told

BATCH = 1000


def rows(count: int) -> list[Any]:
    """Entries as a publication writes them."""
    from marketplace.core.models import Entry

    return [
        Entry(
            verb="listings.publish",
            subject_type="listings.achievement",
            subject_id=number,
            subject_label=f"k2m{number:013}",
            from_state="submitted",
            to_state="published",
            reason="",
            changed_fields=["state", "published_on", "expires_on"],
            request_id=f"{number:032x}",
        )
        for number in range(count)
    ]


def insert(entries: list[Any]) -> None:
    from marketplace.core.models import Entry

    Entry.objects.bulk_create(entries, batch_size=BATCH)


def verify() -> int:
    """How many entries were verified."""
    from marketplace.core.sealing.verifying import Inspection

    walk = Inspection()
    if list(walk.faults()):
        raise SystemExit("The journal of this database is not sound: use an empty one.")
    return walk.entry_count


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from marketplace.core.sealing.blocks import seal_entries

    call_command("migrate", verbosity=0)
    seal_entries()
    times: dict[str, list[float]] = {"inserted": [], "sealed": [], "verified": []}
    for turn in range(options.rounds):
        told(f"round {turn + 1} of {options.rounds}")
        entries = rows(options.entries)
        times["inserted"].append(seconds(lambda entries=entries: insert(entries)) / options.entries)
        times["sealed"].append(seconds(seal_entries) / options.entries)
        start = verify()
        times["verified"].append(seconds(verify) / start)
    told("")
    inserted = median(times["inserted"])
    for name, each in times.items():
        print(
            f"{name:>8}: {1 / median(each):>9,.0f} entries a second, {inserted / median(each):.2f} × the bare inserts"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'sealing.sqlite3'}")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "", "SEAL_WITNESS": ""}
        import django

        django.setup()
        print(machine())
        measure(options)


if __name__ == "__main__":
    main()
