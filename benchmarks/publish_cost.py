"""What it costs to publish one listing and to find its matches, on a market of a given size.

Works on an SQLite file of its own that is thrown away, in one process without a queue: the figures are those of the
service and of the matcher, without the wait for a worker.

    python -m benchmarks.publish_cost [--size 2000] [--demands 200] [--rounds 20]
"""

import argparse
import os
import tempfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import machine, seconds, told
from benchmarks.made_up import listings as made_up

FACTS = {"field": "05", "region": "110000", "secrecy_level": "NONE", "is_secrecy_checked": True}
SUPPLY = {"trl": 6, "stage": "MIDDLE", "ip_status": "GRANTED", "advantage_zh": "与现有方案相比寿命提高一倍。"}
OFFERS = ({"mode": "ZERO_UPFRONT", "price_low": "200000.00", "price_high": "400000.00"},)
NEED = {"target_zh": "寿命不少于2000小时。", "acceptance_zh": "第三方检测,连续三批合格。"}


def values(document: Any, number: int) -> dict[str, Any]:
    return FACTS | {
        "title_zh": f"{document.title[:100]}({number})",
        "summary_zh": document.text[:200],
        "description_zh": document.text[:4000],
        "technology_keywords_zh": list(document.keywords),
        "source_id": str(number),
    }


class Market:
    """Two owners, and the listings that they put on the market. Made once Django is set up."""

    def __init__(self, options: argparse.Namespace) -> None:
        from marketplace.listings.models import Achievement, Demand

        self.options = options
        self.total = options.size + options.demands
        self.documents = made_up(self.total + 2 * options.rounds)
        need = NEED | {"deadline": date.today() + timedelta(days=180)}
        self.own = {Achievement: SUPPLY, Demand: need}
        self.owner = {Achievement: owner("甲", "UNIVERSITY", "12"), Demand: owner("乙", "FIRM", "91")}
        self.offers = {Achievement: OFFERS, Demand: ()}

    def values(self, model: Any, number: int) -> dict[str, Any]:
        return values(self.documents[number], number) | self.own[model]

    def crowd(self) -> list[Any]:
        """Everything that is on the market before the measurement."""
        from marketplace.listings.services import Newcomer

        models = list(self.own)
        return [
            Newcomer(model, self.owner[model], self.values(model, number), offers=self.offers[model])
            for number in range(self.total)
            for model in [models[number >= self.options.size]]
        ]

    def submitted(self, model: Any, number: int) -> Any:
        """One more listing, in review."""
        from marketplace.core.access import SYSTEM
        from marketplace.listings import services

        given = self.values(model, number)
        del given["source_id"]
        offers = {"offers": OFFERS} if self.offers[model] else {}
        return services.submit(services.draft(model, given, owner=self.owner[model], by=SYSTEM, **offers), by=SYSTEM)


def owner(name: str, kind: str, first: str) -> Any:
    from marketplace.core.access import SYSTEM
    from marketplace.parties import services
    from marketplace.parties.rules import make_check_digit

    body = f"{first}110000MA0000001"
    applied = {"name_zh": name, "kind": kind, "credit_code": body + make_check_digit(body), "region": "110000"}
    return services.verify(services.apply(applied, by=SYSTEM), by=SYSTEM)


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=StringIO())
    market = Market(options)
    measure_takeover(market)
    for place, model in enumerate(market.own):
        measure_one_by_one(market, model, market.total + place * options.rounds)


def measure_takeover(market: Market) -> None:
    from marketplace.core.access import SYSTEM
    from marketplace.discovery.services import sweep
    from marketplace.listings.services import take_over

    crowd = market.crowd()
    told("taking the market over")
    taken = seconds(lambda: complete(take_over(crowd, source="made up", by=SYSTEM)))
    told("matching it")
    matched = seconds(lambda: list(iter(sweep, 0)))
    told("")
    print(f"Taking over {market.total:,} listings: {taken:.1f} s; first index and all matches: {matched:.1f} s")


def complete(report: Any) -> None:
    if report.refused:
        raise SystemExit(f"Some made-up listings were refused: {dict(list(report.refused.items())[:3])}")


def measure_one_by_one(market: Market, model: Any, first: int) -> None:
    from marketplace.core.access import SYSTEM
    from marketplace.discovery.services import refresh
    from marketplace.listings.services import publish

    name, published, refreshed = model.__name__.lower(), [], []
    for number in range(first, first + market.options.rounds):
        told(f"{name} {number - first + 1} of {market.options.rounds}")
        listing = market.submitted(model, number)
        published.append(seconds(lambda listing=listing: publish(listing, by=SYSTEM)))
        row = type(listing).objects.get(pk=listing.pk).projection
        refreshed.append(seconds(lambda row=row: refresh(row.pk)))
    told("")
    costs = f"publishing {1000 * median(published):.0f} ms, its matches {1000 * median(refreshed):.0f} ms"
    print(f"One {name}: {costs} (medians of {market.options.rounds})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2000, help="achievements on the market (default: 2,000)")
    parser.add_argument("--demands", type=int, default=200, help="demands on the market (default: 200)")
    parser.add_argument("--rounds", type=int, default=20, help="listings published one by one (default: 20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # No broker answers at this address, so publishing pays for the wake-up that fails and matches nothing itself.
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'market.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "REDIS_URL": "",
            "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
            "LOG_LEVEL": "CRITICAL",
        }
        import django

        django.setup()
        print(f"A market of {options.size:,} achievements and {options.demands:,} demands on SQLite")
        print(machine())
        measure(options)


if __name__ == "__main__":
    main()
